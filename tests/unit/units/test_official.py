"""The official list: complete, consistent, and right where it can be checked by hand."""

import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise

import pytest

from app.units.official import (
    Change,
    Extent,
    OfficialSuccession,
    OfficialUnit,
    old_units,
    successions,
    units,
    units_on,
)
from app.units.types import Level, may_stand_under

LAST_DAY_OF_THREE_LEVELS = date(2025, 6, 30)
FIRST_DAY = date(2025, 7, 1)
DONG_NAI_BECAME_A_CITY = date(2026, 4, 30)
DAYS = (LAST_DAY_OF_THREE_LEVELS, FIRST_DAY, date(2026, 4, 29), DONG_NAI_BECAME_A_CITY, date(2026, 11, 21))
A_TYPE = re.compile(r"(tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)\s", re.IGNORECASE)
DIGITS = {Level.PROVINCE: 2, Level.DISTRICT: 3, Level.COMMUNE: 5}


def _by_key(day: date) -> dict[tuple[Level, str], OfficialUnit]:
    return {(unit.level, unit.code): unit for unit in units_on(day)}


def _types(day: date, level: Level) -> dict[str, int]:
    return dict(Counter(unit.type for unit in units_on(day) if unit.level is level))


@pytest.fixture(scope="module")
def listed() -> tuple[OfficialSuccession, ...]:
    return successions()


@pytest.mark.parametrize(
    ("day", "cities", "communes", "wards"),
    [(FIRST_DAY, 6, 2621, 687), (date(2026, 4, 29), 6, 2621, 687), (DONG_NAI_BECAME_A_CITY, 7, 2611, 697)],
)
def test_two_levels_have_34_provinces_and_3321_communes(day: date, cities: int, communes: int, wards: int) -> None:
    assert _types(day, Level.PROVINCE) == {"province": 34 - cities, "central_city": cities}
    assert _types(day, Level.COMMUNE) == {"commune": communes, "ward": wards, "special_zone": 13}
    assert communes + wards + 13 == 3321
    assert _types(day, Level.DISTRICT) == {}


def test_three_levels_have_63_provinces_696_districts_10035_communes() -> None:
    assert Counter(unit.level for unit in old_units()) == {
        Level.PROVINCE: 63,
        Level.DISTRICT: 696,
        Level.COMMUNE: 10035,
    }
    assert all(unit.valid_to == LAST_DAY_OF_THREE_LEVELS for unit in old_units())


@pytest.mark.parametrize("day", DAYS)
def test_codes_are_unique_and_have_the_digits_of_their_level(day: date) -> None:
    listed = units_on(day)
    assert len(_by_key(day)) == len(listed)
    assert all(re.fullmatch(rf"\d{{{DIGITS[unit.level]}}}", unit.code) for unit in listed)


@pytest.mark.parametrize("day", DAYS)
def test_every_unit_stands_under_a_kind_it_may_stand_under(day: date) -> None:
    by_key = _by_key(day)
    above = {Level.DISTRICT: Level.PROVINCE, Level.COMMUNE: Level.PROVINCE if day >= FIRST_DAY else Level.DISTRICT}
    for unit in by_key.values():
        if unit.level is Level.PROVINCE:
            assert unit.parent_code is None
            continue
        assert unit.parent_code is not None
        parent = by_key[above[unit.level], unit.parent_code]
        assert may_stand_under(unit.type, parent.type, day), unit


def test_names_are_nfc_and_without_their_type() -> None:
    for unit in (*units(), *old_units()):
        assert unit.name == unicodedata.normalize("NFC", unit.name) == " ".join(unit.name.split())
        assert unit.name[0] == unit.name[0].upper()
        assert unit.name == "Phường Đúc" or not A_TYPE.match(unit.name)  # phường Phường Đúc in Huế is really called so


def test_forms_of_one_unit_follow_each_other_without_a_gap() -> None:
    forms = defaultdict(list)
    for unit in units():
        forms[unit.level, unit.code].append(unit)
    for dated in forms.values():
        assert dated[0].valid_from == FIRST_DAY
        assert dated[-1].valid_to is None
        for before, after in pairwise(dated):
            assert before.valid_to is not None
            assert after.valid_from is not None
            assert (after.valid_from - before.valid_to).days == 1


def test_quang_ninh_has_its_54_units() -> None:
    names = {u.full_name: u.code for u in units_on(FIRST_DAY) if u.parent_code == "22"}
    assert _by_key(FIRST_DAY)[Level.PROVINCE, "22"].full_name == "Tỉnh Quảng Ninh"
    assert len(names) == 54
    assert Counter(name.split()[0] for name in names) == {"Phường": 30, "Xã": 22, "Đặc": 2}
    assert {"Phường Hồng Gai", "Phường Bãi Cháy", "Phường Uông Bí", "Phường Móng Cái 1"} <= names.keys()
    assert {"Đặc khu Vân Đồn", "Đặc khu Cô Tô", "Xã Ba Chẽ"} <= names.keys()
    assert names["Xã Ba Chẽ"] == "06970"


def test_eleven_provinces_went_on_unchanged(listed: tuple[OfficialSuccession, ...]) -> None:
    kept = {s.old_code for s in listed if s.old_level is Level.PROVINCE and s.kind is Change.KEEP}
    names = {u.name for u in old_units() if u.level is Level.PROVINCE and u.code in kept}
    assert names == {
        *("Hà Nội", "Huế", "Lai Châu", "Điện Biên", "Sơn La", "Lạng Sơn"),
        *("Quảng Ninh", "Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Cao Bằng"),
    }


def test_both_ends_of_every_succession_exist(listed: tuple[OfficialSuccession, ...]) -> None:
    before = {FIRST_DAY: _by_key(LAST_DAY_OF_THREE_LEVELS), DONG_NAI_BECAME_A_CITY: _by_key(date(2026, 4, 29))}
    after = {day: _by_key(day) for day in before}
    for item in listed:
        assert (item.old_level, item.old_code) in before[item.on]
        if item.kind is Change.DISSOLVE:
            assert (item.new_code, item.new_level, item.extent) == (None, None, None)
        else:
            assert item.new_level is not None
            assert item.new_code is not None
            assert (item.new_level, item.new_code) in after[item.on]


def test_successions_are_listed_once(listed: tuple[OfficialSuccession, ...]) -> None:
    keys = Counter((s.on, s.old_level, s.old_code, s.new_level, s.new_code) for s in listed)
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_old_unit_has_an_end_and_every_new_unit_a_beginning(listed: tuple[OfficialSuccession, ...]) -> None:
    on_first_day = [s for s in listed if s.on == FIRST_DAY]
    assert {(s.old_level, s.old_code) for s in on_first_day} == {(u.level, u.code) for u in old_units()}
    begun = {(s.new_level, s.new_code) for s in on_first_day if s.new_code}
    assert begun == {(u.level, u.code) for u in units_on(FIRST_DAY)}


def test_kinds_agree_with_the_number_of_ends(listed: tuple[OfficialSuccession, ...]) -> None:
    predecessors = Counter((s.on, s.new_level, s.new_code) for s in listed)
    for item in listed:
        alone = predecessors[item.on, item.new_level, item.new_code] == 1
        if item.kind in (Change.KEEP, Change.RENAME):
            assert alone
        elif item.kind is Change.MERGE:
            assert not alone
        assert (item.share == 1.0) == (item.kind in (Change.KEEP, Change.RENAME, Change.MERGE))


def test_known_successions(listed: tuple[OfficialSuccession, ...]) -> None:
    ends = {(s.old_level, s.old_code, s.new_code): s for s in listed if s.on == FIRST_DAY}
    assert ends[Level.PROVINCE, "77", "79"].kind is Change.MERGE  # Bà Rịa - Vũng Tàu into Hồ Chí Minh City
    assert ends[Level.DISTRICT, "755", "26732"].kind is Change.RENAME  # huyện Côn Đảo, which had no communes
    assert ends[Level.DISTRICT, "193", None].kind is Change.DISSOLVE  # thành phố Hạ Long
    assert ends[Level.COMMUNE, "00016", "00008"].extent is Extent.PART


def test_dong_nai_becomes_a_city_with_ten_more_wards(listed: tuple[OfficialSuccession, ...]) -> None:
    changed = [s for s in listed if s.on == DONG_NAI_BECAME_A_CITY]
    now = _by_key(DONG_NAI_BECAME_A_CITY)
    assert Counter(s.old_level for s in changed) == {Level.PROVINCE: 1, Level.COMMUNE: 10}
    assert all(s.kind is Change.RENAME and s.old_code == s.new_code for s in changed)
    assert now[Level.PROVINCE, "75"].full_name == "Thành phố Đồng Nai"
    assert now[Level.COMMUNE, "26368"].full_name == "Phường Long Thành"
