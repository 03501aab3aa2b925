"""The list of kinds of unit."""

from datetime import date

import pytest

from app.i18n.folding import fold_words
from app.units.spans import Span
from app.units.types import (
    FIRST_DAY_OF_TWO_TIERS,
    LAST_DAY_OF_DISTRICTS,
    UNIT_TYPES,
    Level,
    UnitType,
    may_exist,
    may_stand_throughout,
    may_stand_under,
    unit_type,
)

BEFORE = LAST_DAY_OF_DISTRICTS
AFTER = FIRST_DAY_OF_TWO_TIERS


@pytest.mark.parametrize("kind", UNIT_TYPES, ids=lambda kind: kind.code)
def test_every_kind_is_sound(kind: UnitType) -> None:
    assert unit_type(kind.code) is kind
    assert kind.name
    assert kind.level.label
    assert not kind.span.is_backward
    assert kind.may_be_root or kind.parents
    for rule in kind.parents:
        common = unit_type(rule.type).span.meet(rule.span)
        assert common is not None
        assert common.overlaps(kind.span), f"{kind.code} can never stand under {rule.type}"


def test_codes_and_names_are_unique_even_without_marks() -> None:
    assert len({kind.code for kind in UNIT_TYPES}) == len(UNIT_TYPES)
    assert len({fold_words(kind.name) for kind in UNIT_TYPES}) == len(UNIT_TYPES)


@pytest.mark.parametrize("kind", UNIT_TYPES, ids=lambda kind: kind.code)
def test_every_kind_reaches_a_root(kind: UnitType) -> None:
    seen = {kind.code}
    frontier = [kind]
    while not any(item.may_be_root for item in frontier):
        frontier = [unit_type(rule.type) for item in frontier for rule in item.parents if rule.type not in seen]
        assert frontier
        seen.update(item.code for item in frontier)


def test_district_kinds_ended_with_the_district_level() -> None:
    districts = [kind for kind in UNIT_TYPES if kind.level is Level.DISTRICT]
    assert {kind.name for kind in districts} >= {"Huyện", "Quận", "Thị xã", "Thành phố thuộc tỉnh"}
    assert all(kind.span.end == date(2025, 6, 30) for kind in districts)


@pytest.mark.parametrize(
    ("child", "parent", "on", "allowed"),
    [
        ("commune", "rural_district", BEFORE, True),
        ("commune", "rural_district", AFTER, False),
        ("commune", "province", AFTER, True),
        ("commune", "province", BEFORE, False),
        ("special_zone", "province", BEFORE, False),
        ("special_zone", "province", AFTER, True),
        ("township", "province", AFTER, False),
        ("urban_district", "province", BEFORE, False),
        ("urban_district", "central_city", BEFORE, True),
        ("communal_service_centre", "ward", AFTER, True),
        ("province", "commune", AFTER, False),
        ("province", None, AFTER, True),
        ("commune", None, AFTER, False),
    ],
)
def test_who_may_stand_under_whom(*, child: str, parent: str | None, on: date, allowed: bool) -> None:
    assert may_stand_under(child, parent, on) is allowed


def test_a_rule_must_hold_on_every_day() -> None:
    assert not may_stand_throughout("commune", "rural_district", Span(date(2020, 1, 1), None))
    assert may_stand_throughout("commune", "rural_district", Span(date(2020, 1, 1), BEFORE))
    assert not may_exist("town", Span(BEFORE, AFTER))
    assert may_exist("commune", Span())
