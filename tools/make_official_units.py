"""Write app/units/official_list/*.csv from public lists. How to get them: docs/units-official-list.md.

    python -m tools.make_official_units --before B --first F --latest L --latest-on 2026-04-30 --conversion C

B is the three-level list (JSON) of the last day of June 2025, F that of 2025-07-01, L the newest one, C the conversion
table (CSV).
The same input gives the same bytes. Rows of C that had to be read differently are printed.
"""

import argparse
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from tools.official_lists import ListedUnit, read_units, spelling_key
from tools.official_successions import (
    Lists,
    Succession,
    commune_successions,
    district_successions,
    other_spellings,
    province_successions,
    read_conversions,
    settle,
)

FIRST_DAY = date(2025, 7, 1)
OUTPUT = Path(__file__).resolve().parent.parent / "app" / "units" / "official_list"
UNIT_COLUMNS = ("code", "level", "name", "type", "parent_code", "valid_from", "valid_to")
SUCCESSION_COLUMNS = ("old_code", "old_level", "new_code", "new_level", "kind", "on", "extent")
LEVELS = ("province", "district", "commune")

# Codes of the first and newest list that the statistics office's register and conversion table both give otherwise.
CORRECTED_CODES = {"06978": "06970"}  # xã Ba Chẽ, Quảng Ninh

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to read, and the day from which the newest list differs from the first one."""

    before: Path
    first: Path
    latest: Path
    latest_on: date
    conversion: Path


def corrected(units: Iterable[ListedUnit]) -> dict[str, ListedUnit]:
    """Return the units by code, with CORRECTED_CODES applied; a code listed twice is a ValueError."""
    found: dict[str, ListedUnit] = {}
    for unit in units:
        code = CORRECTED_CODES.get(unit.code, unit.code)
        if code in found:
            raise ValueError(f"code {code} is listed twice")
        found[code] = replace(unit, code=code)
    return found


def of_level(units: Iterable[ListedUnit], level: str) -> dict[str, ListedUnit]:
    """Return the units of one level by code."""
    return {unit.code: unit for unit in units if unit.level == level}


def with_later_names(first: dict[str, ListedUnit], latest: dict[str, ListedUnit]) -> dict[str, ListedUnit]:
    """Take over names that the newest list corrects: another name under the same type, beyond tone placement."""
    return {
        code: replace(unit, name=latest[code].name)
        if unit.type == latest[code].type and spelling_key(unit.name) != spelling_key(latest[code].name)
        else unit
        for code, unit in first.items()
    }


def dated_rows(first: dict[str, ListedUnit], latest: dict[str, ListedUnit], latest_on: date) -> list[Row]:
    """One row a unit; two where the newest list gives another type, the second one from ``latest_on``."""
    if first.keys() != latest.keys():
        raise ValueError(f"the lists have different codes: {sorted(first.keys() ^ latest.keys())}")
    rows = []
    for code, unit in sorted(first.items()):
        is_changed = unit.type != latest[code].type
        rows.append(unit_row(unit, FIRST_DAY, latest_on - timedelta(days=1) if is_changed else None))
        if is_changed:
            rows.append(unit_row(replace(unit, type=latest[code].type), latest_on, None))
    return rows


def unit_row(unit: ListedUnit, valid_from: date | None, valid_to: date | None) -> Row:
    """A row of UNIT_COLUMNS; an unknown or open date is empty."""
    dates = (day.isoformat() if day else "" for day in (valid_from, valid_to))
    return (unit.code, unit.level, unit.name, unit.type, unit.parent_code or "", *dates)


def succession_row(item: Succession, on: date) -> Row:
    """A row of SUCCESSION_COLUMNS."""
    return (item.old_code, item.old_level, item.new_code, item.new_level, item.kind, on.isoformat(), item.extent)


def retyped(first: dict[str, ListedUnit], latest: dict[str, ListedUnit]) -> list[Succession]:
    """A change of type is a change of name: "Xã Lộc Ninh" becomes "Phường Lộc Ninh"."""
    changed = [u for code, u in sorted(first.items()) if u.type != latest[code].type]
    return [Succession(u.code, u.level, u.code, u.level, "rename", "whole") for u in changed]


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write UTF-8 without byte-order mark, LF, comma."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def make(sources: Sources, out: Path) -> tuple[list[str], list[str]]:
    """Write the four files into ``out``; return the conversion rows read differently, and other spellings there."""
    old = read_units(sources.before)
    newest = corrected(read_units(sources.latest))
    new = with_later_names(corrected(read_units(sources.first)), newest)
    lists = Lists(
        of_level(old, "commune"),
        of_level(old, "district"),
        of_level(old, "province"),
        of_level(new.values(), "commune"),
        of_level(new.values(), "province"),
    )
    rows, remarks = settle(read_conversions(sources.conversion), lists)
    communes = commune_successions(rows, lists)
    ended = [*province_successions(communes, lists), *district_successions(communes, lists), *communes]
    successions = [succession_row(item, FIRST_DAY) for item in _sorted(ended)]
    successions += [succession_row(item, sources.latest_on) for item in _sorted(retyped(new, newest))]
    all_rows = dated_rows(new, newest, sources.latest_on)
    write_csv(out / "provinces.csv", UNIT_COLUMNS, [row for row in all_rows if row[1] == "province"])
    write_csv(out / "communes.csv", UNIT_COLUMNS, [row for row in all_rows if row[1] == "commune"])
    old_sorted = sorted(old, key=lambda unit: (LEVELS.index(unit.level), unit.code))
    last_day = FIRST_DAY - timedelta(days=1)
    write_csv(out / "old_units.csv", UNIT_COLUMNS, [unit_row(unit, None, last_day) for unit in old_sorted])
    write_csv(out / "successions.csv", SUCCESSION_COLUMNS, successions)
    return remarks, other_spellings(rows, lists)


def _sorted(items: Iterable[Succession]) -> list[Succession]:
    return sorted(items, key=lambda item: (LEVELS.index(item.old_level), item.old_code, item.new_code))


def main() -> None:
    """Read the arguments, write the files, print the remarks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("before", "first", "latest", "conversion"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--latest-on", type=date.fromisoformat, required=True)
    parser.add_argument("--out", type=Path, default=OUTPUT)
    given = parser.parse_args()
    sources = Sources(given.before, given.first, given.latest, given.latest_on, given.conversion)
    remarks, spellings = make(sources, given.out)
    print("\n".join(["Rows of the conversion table read differently:", *remarks]))
    print("\n".join([f"Old names or types written otherwise there: {len(spellings)}", *spellings]))


if __name__ == "__main__":
    main()
