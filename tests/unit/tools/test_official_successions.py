"""Conversion rows become successions; wrong codes are settled by the names beside them."""

from pathlib import Path

import pytest

from tools.official_lists import ListedUnit
from tools.official_successions import (
    Conversion,
    Lists,
    Succession,
    commune_successions,
    district_successions,
    extent_of,
    other_spellings,
    province_successions,
    read_conversions,
    settle,
    succession_kind,
)

HONG_QUANG = ListedUnit("01615", "commune", "commune", "Hồng Quang", "049")
MY_HUNG = ListedUnit("01651", "commune", "commune", "Mỹ Hưng", "049")
PHUC_HOA = ListedUnit("01648", "commune", "commune", "Phục Hòa", "04")
CON_DAO = ListedUnit("26732", "commune", "special_zone", "Côn Đảo", "79")


def _lists() -> Lists:
    old_districts = {
        "049": ListedUnit("049", "district", "rural_district", "Quảng Hòa", "04"),
        "755": ListedUnit("755", "district", "rural_district", "Côn Đảo", "77"),
    }
    provinces = {
        "04": ListedUnit("04", "province", "province", "Cao Bằng", None),
        "77": ListedUnit("77", "province", "province", "Bà Rịa - Vũng Tàu", None),
        "79": ListedUnit("79", "province", "central_city", "Hồ Chí Minh", None),
    }
    old = {unit.code: unit for unit in (HONG_QUANG, MY_HUNG)}
    new = {unit.code: unit for unit in (PHUC_HOA, CON_DAO)}
    return Lists(old, old_districts, provinces, new, provinces)


def _row(old_code: str, old_name: str, new_code: str = "01648", district: str = "049") -> Conversion:
    return Conversion(new_code, "Xã Phục Hòa", "04", old_code, old_name, district, "whole")


ISLAND = Conversion("26732", "Đặc khu Côn Đảo", "79", "", "", "755", "whole")


@pytest.mark.parametrize(
    ("note", "extent"),
    [
        ("Nhập toàn bộ", "whole"),
        ("Giữ nguyên", "whole"),
        ("Sắp xếp toàn bộ huyện Lý Sơn thành đặc khu Lý Sơn", "whole"),
        ("Nhập một phần", "part"),
        ("Đổi tên từ một phần Phường 15", "part"),
        ("Nhập một phần diện tích, toàn bộ dân số", "part_area_all_people"),
    ],
)
def test_notes_say_how_much_went_over(note: str, extent: str) -> None:
    assert extent_of(note) == extent


def test_an_unknown_note_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown note"):
        extent_of("Chưa rõ")


def test_a_code_that_contradicts_its_name_is_settled_by_the_name() -> None:
    rows, remarks = settle([_row("01615", "Xã Hồng Quang"), _row("01615", "Xã Mỹ Hưng")], _lists())
    assert [row.old_code for row in rows] == ["01615", "01651"]
    assert remarks == ["old code 01615 read as 01651: Xã Mỹ Hưng, to 01648 Xã Phục Hòa"]


def test_another_spelling_keeps_its_code_and_is_reported() -> None:
    rows, remarks = settle([_row("01615", "Xã Hồng Quan")], _lists())
    assert (rows[0].old_code, remarks) == ("01615", [])
    assert other_spellings(rows, _lists()) == ["01615 Hồng Quang (commune), in the table Xã Hồng Quan"]


def test_a_new_code_is_settled_by_name_and_province() -> None:
    rows, remarks = settle([_row("01615", "Xã Hồng Quang", new_code="99999")], _lists())
    assert rows[0].new_code == "01648"
    assert len(remarks) == 1


def test_a_row_that_names_no_unit_is_left_out() -> None:
    rows, remarks = settle([_row("", "Khu vực bãi bồi")], _lists())
    assert rows == []
    assert remarks[0].startswith("left out")


def test_the_kind_follows_from_extent_and_company() -> None:
    ward = ListedUnit("01615", "commune", "ward", "Hồng Quang", "04")
    renamed = ListedUnit("01615", "commune", "commune", "Bác Hồ", "04")
    assert succession_kind(HONG_QUANG, HONG_QUANG, "whole", is_only_part=True) == "keep"
    assert succession_kind(HONG_QUANG, ward, "whole", is_only_part=True) == "rename"
    assert succession_kind(HONG_QUANG, renamed, "whole", is_only_part=True) == "rename"
    assert succession_kind(HONG_QUANG, HONG_QUANG, "whole", is_only_part=False) == "merge"
    assert succession_kind(HONG_QUANG, HONG_QUANG, "part", is_only_part=True) == "split"


def test_all_levels_end() -> None:
    lists = _lists()
    rows, _ = settle([_row("01615", "Xã Hồng Quang"), _row("01651", "Xã Mỹ Hưng"), ISLAND], lists)
    communes = commune_successions(rows, lists)
    assert communes == [
        Succession("01615", "commune", "01648", "commune", "merge", "whole"),
        Succession("01651", "commune", "01648", "commune", "merge", "whole"),
        Succession("755", "district", "26732", "commune", "rename", "whole"),
    ]
    assert district_successions(communes, lists) == [Succession("049", "district", "", "", "dissolve", "")]
    assert province_successions(communes, lists) == [
        Succession("04", "province", "04", "province", "keep", "whole"),
        Succession("77", "province", "79", "province", "rename", "whole"),
    ]


def test_the_table_is_read_without_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "Đơn vị hành chính từ ngày 01/7/2025,,,Trước ngày 01/7/2025,,,,,\n"
        '"Tỉnh, thành phố",Tên Xã mới,Mã Xã mới,Tên Xã cũ,Mã Xã cũ,Ghi chú,Quận/huyện,Tỉnh cũ,\n'
        "CAO BẰNG,,,,,,,,\n"
        "Tỉnh Cao Bằng (04),Xã Phục Hòa,01648,Xã Mỹ Hưng,01615,Nhập toàn bộ,Huyện Quảng Hòa (049),Tỉnh Cao Bằng (04),\n",
        encoding="utf-8-sig",
    )
    assert read_conversions(path) == (_row("01615", "Xã Mỹ Hưng"),)
