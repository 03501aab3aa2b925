"""The official list of administrative units, read from the files in ``official_list/``.

Three files of units and one of successions; where they come from and what is uncertain: docs/units-official-list.md.
A code alone does not name a unit: 00004 was phường Trúc Bạch to 2025-06-30 and is phường Ba Đình from 2025-07-01.
Code, level and day do.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from app.units.types import LAST_DAY_OF_DISTRICTS, Level

OFFICIAL_LIST = Path(__file__).parent / "official_list"
OLD_LIST_ENDED_ON = LAST_DAY_OF_DISTRICTS

_PREFIXES = {
    "province": "Tỉnh",
    "central_city": "Thành phố",
    "rural_district": "Huyện",
    "urban_district": "Quận",
    "town": "Thị xã",
    "provincial_city": "Thành phố",
    "municipal_city": "Thành phố",
    "commune": "Xã",
    "ward": "Phường",
    "township": "Thị trấn",
    "special_zone": "Đặc khu",
}


class Change(StrEnum):
    """What became of a unit.

    ``KEEP``: went on under the same type and name; ``RENAME``: went on whole and alone under another name or type;
    ``MERGE``: went whole into a unit with more predecessors; ``SPLIT``: a part went over; ``DISSOLVE``: no successor.
    """

    KEEP = "keep"
    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    DISSOLVE = "dissolve"


class Extent(StrEnum):
    """How much of the old unit went over, as the conversion table words it."""

    WHOLE = "whole"
    WHOLE_AREA = "whole_area"
    PART = "part"
    PART_AREA = "part_area"
    PART_AREA_ALL_PEOPLE = "part_area_all_people"
    PART_PEOPLE = "part_people"


@dataclass(frozen=True, slots=True)
class OfficialUnit:
    """A unit on the days from ``valid_from`` (None: the list does not say) to ``valid_to`` inclusive (None: still)."""

    code: str
    level: Level
    name: str
    type: str
    parent_code: str | None
    valid_from: date | None
    valid_to: date | None

    @property
    def full_name(self) -> str:
        """The name with its type: "Phường Hồng Gai"."""
        return f"{_PREFIXES[self.type]} {self.name}"

    def is_valid_on(self, day: date) -> bool:
        """Whether the unit existed in this form on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class OfficialSuccession:
    """An old unit, valid on the day before ``on``, and the unit after it, valid on ``on``; both None when dissolved."""

    old_code: str
    old_level: Level
    new_code: str | None
    new_level: Level | None
    kind: Change
    on: date
    extent: Extent | None

    @property
    def share(self) -> float | None:
        """The part that went over: 1.0 for the whole, None where the list gives no size."""
        return 1.0 if self.extent is Extent.WHOLE else None


def units() -> tuple[OfficialUnit, ...]:
    """Provinces, then communes, of the two-level period: one row for each form a unit had, by code and date."""
    return (*_read_units("provinces.csv"), *_read_units("communes.csv"))


def old_units() -> tuple[OfficialUnit, ...]:
    """Provinces, then districts, then communes of the last day of the three-level period."""
    return tuple(_read_units("old_units.csv"))


def units_on(day: date) -> tuple[OfficialUnit, ...]:
    """The units as they were on a day of either period; codes are unique within a level.

    The lists know the three-level period by its last state only, so earlier days give that state too.
    """
    source = old_units() if day <= OLD_LIST_ENDED_ON else units()
    return tuple(unit for unit in source if unit.is_valid_on(day))


def successions() -> tuple[OfficialSuccession, ...]:
    """Every succession, by date, level and code."""
    return tuple(_succession(row) for row in _rows("successions.csv"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (OFFICIAL_LIST / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _read_units(name: str) -> Iterator[OfficialUnit]:
    for row in _rows(name):
        yield OfficialUnit(
            code=row["code"],
            level=Level(row["level"]),
            name=row["name"],
            type=row["type"],
            parent_code=row["parent_code"] or None,
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
        )


def _succession(row: dict[str, str]) -> OfficialSuccession:
    return OfficialSuccession(
        old_code=row["old_code"],
        old_level=Level(row["old_level"]),
        new_code=row["new_code"] or None,
        new_level=Level(row["new_level"]) if row["new_level"] else None,
        kind=Change(row["kind"]),
        on=date.fromisoformat(row["on"]),
        extent=Extent(row["extent"]) if row["extent"] else None,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
