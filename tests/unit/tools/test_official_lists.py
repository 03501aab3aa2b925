"""Reading public lists of units: names, codes, both dialects."""

import json
import unicodedata
from pathlib import Path

import pytest

from tools.official_lists import ListedUnit, padded, read_units, spelling_key, split_full_name, tidy


@pytest.mark.parametrize(
    ("full_name", "level", "parent_type", "expected"),
    [
        ("Phường Hồng Gai", "commune", "province", ("ward", "Hồng Gai")),
        ("xã Bắc Sơn", "commune", "province", ("commune", "Bắc Sơn")),
        ("Xã  Phú Hữu ", "commune", "central_city", ("commune", "Phú Hữu")),
        ("Đặc khu Vân Đồn", "commune", "province", ("special_zone", "Vân Đồn")),
        ("Thị trấn Ba Chẽ", "commune", "rural_district", ("township", "Ba Chẽ")),
        ("Xã Đại áng", "commune", "rural_district", ("commune", "Đại Áng")),
        ("Xã é Tòng", "commune", "rural_district", ("commune", "É Tòng")),
        ("Phường 14", "commune", "urban_district", ("ward", "14")),
        ("Thị xã Quảng Yên", "district", "province", ("town", "Quảng Yên")),
        ("Thành phố Hạ Long", "district", "province", ("provincial_city", "Hạ Long")),
        ("Thành phố Thủ Đức", "district", "central_city", ("municipal_city", "Thủ Đức")),
        ("Quận 1", "district", "central_city", ("urban_district", "1")),
        ("Thành phố Huế", "province", None, ("central_city", "Huế")),
        ("Tỉnh Quảng Ninh", "province", None, ("province", "Quảng Ninh")),
        ("Cao Bằng", "province", None, ("province", "Cao Bằng")),
    ],
)
def test_a_full_name_is_split_into_type_and_name(
    full_name: str, level: str, parent_type: str | None, expected: tuple[str, str]
) -> None:
    assert split_full_name(full_name, level, parent_type) == expected
    assert split_full_name(unicodedata.normalize("NFD", full_name), level, parent_type) == expected


def test_a_commune_without_a_type_is_refused() -> None:
    with pytest.raises(ValueError, match="no type"):
        split_full_name("Xuân Phước", "commune")


def test_tidy_makes_one_form() -> None:
    assert tidy(" Ea  H’Leo ") == "Ea H'Leo"
    assert tidy("Chân Mây – Lăng Cô") == "Chân Mây - Lăng Cô"


@pytest.mark.parametrize(("one", "other"), [("Hòa An", "Hoà An"), ("Nguyễn Úy", "Nguyễn Uý"), ("Ea H'Leo", "Ea H’leo")])
def test_the_place_of_the_tone_mark_does_not_matter(one: str, other: str) -> None:
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(("one", "other"), [("Phó Bảng", "Phố Bảng"), ("Sa Lý", "Sá Lý"), ("Cổ Đạm", "Cỗ Đạm")])
def test_another_letter_or_tone_does(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)


def test_codes_have_the_digits_of_their_level() -> None:
    assert (padded(4, "commune"), padded("22", "province"), padded(1, "district")) == ("00004", "22", "001")


def test_both_dialects_are_read_alike(tmp_path: Path) -> None:
    worded = [{"Code": "22", "FullName": "Tỉnh Quảng Ninh", "Wards": [{"Code": "06652", "FullName": "Phường Hạ Long"}]}]
    numbered = [{"code": 22, "name": "Quảng Ninh", "wards": [{"code": 6652, "name": "Phường Hạ Long"}]}]
    expected = (
        ListedUnit("22", "province", "province", "Quảng Ninh", None),
        ListedUnit("06652", "commune", "ward", "Hạ Long", "22"),
    )
    for number, content in enumerate((worded, numbered)):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        assert read_units(path) == expected


def test_districts_come_between(tmp_path: Path) -> None:
    commune = {"Code": "26794", "FullName": "Phường Linh Xuân"}
    district = {"Code": "769", "FullName": "Thành phố Thủ Đức", "Ward": [commune]}
    island = {"Code": "755", "FullName": "Huyện Côn Đảo", "Ward": None}
    city = {"Code": "79", "FullName": "Thành phố Hồ Chí Minh", "District": [district, island]}
    path = tmp_path / "list.json"
    path.write_text(json.dumps([city]), encoding="utf-8")
    assert [(u.code, u.type, u.parent_code) for u in read_units(path)] == [
        ("79", "central_city", None),
        ("769", "municipal_city", "79"),
        ("26794", "ward", "769"),
        ("755", "rural_district", "79"),
    ]
