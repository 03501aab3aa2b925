"""Print how our list of units differs from other lists, as the Markdown kept in docs/units-official-list.md.

    python -m tools.compare_official_units "NAME=path.json" … [--three-level] [--on 2025-07-01]

Exit code 0 whatever is found: lists differ, and a person judges.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from app.units.official import OLD_LIST_ENDED_ON, old_units, units_on
from tools.official_lists import ListedUnit, read_units, spelling_key, tidy

LEVELS = ("province", "district", "commune")
SHOWN = 40

Key = tuple[str, str]
Listing = Mapping[Key, ListedUnit]


def own_units(on: date) -> tuple[ListedUnit, ...]:
    """Our list as of a day, in the form in which other lists are read."""
    listed = old_units() if on <= OLD_LIST_ENDED_ON else units_on(on)
    return tuple(ListedUnit(u.code, u.level.value, u.type, u.name, u.parent_code) for u in listed)


def keyed(units: Iterable[ListedUnit]) -> dict[Key, ListedUnit]:
    """Units by level and code."""
    return {(unit.level, unit.code): unit for unit in units}


def counts(units: Iterable[ListedUnit]) -> Counter[tuple[str, str]]:
    """Number of units by level and type."""
    return Counter((unit.level, unit.type) for unit in units)


def is_same_name(one: ListedUnit, other: ListedUnit) -> bool:
    """Whether the names are equal but for case and the place of the tone mark."""
    return spelling_key(one.name) == spelling_key(other.name)


def moved_codes(ours: Listing, theirs: Listing) -> list[tuple[ListedUnit, ListedUnit]]:
    """Pairs of the same name, type and parent under another code, where that leaves only one candidate."""
    free = [unit for key, unit in theirs.items() if key not in ours or not is_same_name(ours[key], unit)]
    pairs = []
    for key, unit in ours.items():
        if key in theirs and is_same_name(unit, theirs[key]):
            continue
        found = [u for u in free if u.parent_code == unit.parent_code and u.type == unit.type and is_same_name(u, unit)]
        if len(found) == 1:
            pairs.append((unit, found[0]))
    return pairs


def compare(ours: Listing, theirs: Listing) -> Iterator[tuple[str, list[str]]]:
    """Yield a heading and its lines for each kind of difference."""
    moved = moved_codes(ours, theirs)
    ours_moved = {(a.level, a.code) for a, _ in moved}
    theirs_moved = {(b.level, b.code) for _, b in moved}
    common = sorted((ours.keys() & theirs.keys()) - ours_moved - theirs_moved)
    yield "same unit under another code", [f"{_full(a)}: {a.code}, there {b.code}" for a, b in moved]
    only_ours, only_theirs = ours.keys() - theirs.keys() - ours_moved, theirs.keys() - ours.keys() - theirs_moved
    yield "only in our list", [_full(ours[k]) for k in sorted(only_ours)]
    yield "only in the other list", [_full(theirs[k]) for k in sorted(only_theirs)]
    yield "another type", [_both(ours[k], theirs[k]) for k in common if ours[k].type != theirs[k].type]
    yield "another parent", [_both(ours[k], theirs[k]) for k in common if ours[k].parent_code != theirs[k].parent_code]
    yield "another name", [_both(ours[k], theirs[k]) for k in common if not is_same_name(ours[k], theirs[k])]
    spelled = [k for k in common if is_same_name(ours[k], theirs[k]) and tidy(ours[k].name) != tidy(theirs[k].name)]
    yield "only another place of the tone mark or another capital", [_both(ours[k], theirs[k]) for k in spelled]


def _full(unit: ListedUnit) -> str:
    return f"{unit.code} {unit.name} ({unit.type}, in {unit.parent_code or 'the country'})"


def _both(ours: ListedUnit, theirs: ListedUnit) -> str:
    return f"{_full(ours)} / {theirs.name} ({theirs.type}, in {theirs.parent_code or 'the country'})"


def report(title: str, ours: Listing, theirs: Listing) -> Iterator[str]:
    """The lines of one comparison; long groups are cut at SHOWN with the number left out."""
    yield f"### {title}"
    yield ""
    own, other = counts(ours.values()), counts(theirs.values())
    yield "| level | type | ours | there |"
    yield "|---|---|---|---|"
    for level, type_code in sorted(own | other, key=lambda pair: (LEVELS.index(pair[0]), pair[1])):
        yield f"| {level} | {type_code} | {own[level, type_code]} | {other[level, type_code]} |"
    yield ""
    for heading, lines in compare(ours, theirs):
        yield f"- {heading}: {len(lines)}"
        yield from (f"  - {line}" for line in lines[:SHOWN])
        if len(lines) > SHOWN:
            yield f"  - and {len(lines) - SHOWN} more"
    yield ""


def main() -> None:
    """Read the arguments and print one comparison a list."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lists", nargs="+", metavar="NAME=PATH")
    parser.add_argument("--on", type=date.fromisoformat, default=date(2025, 7, 1))
    parser.add_argument("--three-level", action="store_true", help="compare the units that ended on 2025-06-30")
    given = parser.parse_args()
    on = OLD_LIST_ENDED_ON if given.three_level else given.on
    for item in given.lists:
        name, path = item.split("=", 1)
        theirs = keyed(read_units(Path(path)))
        print("\n".join(report(f"{name}, against our list of {on.isoformat()}", keyed(own_units(on)), theirs)))


if __name__ == "__main__":
    main()
