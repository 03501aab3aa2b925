"""Turn the statistics office's conversion table of 2025-07-01 into successions.

The table has one row for every pair of an old commune and a new one, with a note saying how much of the old one went
over. A code that contradicts the name beside it is settled by the name when exactly one unit of that district bears it.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tools.official_lists import ListedUnit, spelling_key, split_full_name, tidy

_CODE_IN_BRACKETS = re.compile(r"\((\d+)\)\s*$")
_EXTENTS = {
    "nhập toàn bộ": "whole",
    "giữ nguyên": "whole",
    "đổi tên": "whole",
    "đổi loại hình": "whole",
    "nhập toàn bộ diện tích": "whole_area",
    "nhập một phần": "part",
    "nhập một phần diện tích": "part_area",
    "nhâp một phần diện tích": "part_area",
    "nhập một phần diện tích, toàn bộ dân số": "part_area_all_people",
    "nhập một phần dân số": "part_people",
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """One row of the table: codes and full names as printed, ``old_code`` empty for a district without communes."""

    new_code: str
    new_name: str
    province_code: str
    old_code: str
    old_name: str
    district_code: str
    extent: str


@dataclass(frozen=True, slots=True)
class Succession:
    """One old unit followed by one new unit, or by none when it was dissolved."""

    old_code: str
    old_level: str
    new_code: str
    new_level: str
    kind: str
    extent: str


@dataclass(frozen=True, slots=True)
class Lists:
    """The units of the day before and of the day itself, by code."""

    old_communes: Mapping[str, ListedUnit]
    old_districts: Mapping[str, ListedUnit]
    old_provinces: Mapping[str, ListedUnit]
    new_communes: Mapping[str, ListedUnit]
    new_provinces: Mapping[str, ListedUnit]


def extent_of(note: str) -> str:
    """Return how much of the old unit a note says went over; an unknown note is a ValueError."""
    text = tidy(note).casefold()
    if text in _EXTENTS:
        return _EXTENTS[text]
    if text.startswith("sắp xếp toàn bộ"):
        return "whole"
    if "một phần" in text:  # "renamed from a part of …", "what remains after a part went to …"
        return "part"
    raise ValueError(f"unknown note {note!r}")


def read_conversions(path: Path) -> tuple[Conversion, ...]:
    """Read the table; heading rows, which have no code of a new unit, are left out."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [[tidy(cell) for cell in row] for row in csv.reader(stream)]
    return tuple(_conversion(row) for row in rows if row[2].isdigit())


def _conversion(row: list[str]) -> Conversion:
    province, new_name, new_code, old_name, old_code, note, district = row[:7]
    extent = extent_of(note)
    return Conversion(new_code, new_name, _bracketed(province), old_code, old_name, _bracketed(district), extent)


def _bracketed(text: str) -> str:
    found = _CODE_IN_BRACKETS.search(text)
    if found is None:
        raise ValueError(f"no code in {text!r}")
    return found.group(1)


def settle(rows: Iterable[Conversion], lists: Lists) -> tuple[list[Conversion], list[str]]:
    """Return the rows with codes that exist in both lists, and one line for every row changed or left out."""
    kept, remarks = [], []
    for row in rows:
        settled = _settle_new(_settle_old(row, lists), lists)
        if settled is None:
            remarks.append(f"left out: {row.new_code} {row.new_name} from {row.old_code or '(no code)'} {row.old_name}")
            continue
        if settled != row:
            remarks.append(_remark(row, settled))
        kept.append(settled)
    return kept, remarks


def _remark(row: Conversion, settled: Conversion) -> str:
    if settled.old_code != row.old_code:
        old = f"{row.old_code or '(none)'} read as {settled.old_code}: {row.old_name or 'the district'}"
        return f"old code {old}, to {row.new_code} {row.new_name}"
    return f"new code {row.new_code} read as {settled.new_code}: {row.new_name}, from {row.old_code} {row.old_name}"


def other_spellings(rows: Iterable[Conversion], lists: Lists) -> list[str]:
    """One line for every old commune whose name or type the table writes otherwise than the old list."""
    communes = ((lists.old_communes[row.old_code], row.old_name) for row in rows if row.old_code in lists.old_communes)
    found = {unit.code: (unit, name) for unit, name in communes if not _bears(unit, name)}
    return [f"{code} {unit.name} ({unit.type}), in the table {name}" for code, (unit, name) in sorted(found.items())]


def _settle_old(row: Conversion, lists: Lists) -> Conversion | None:
    listed = lists.old_communes.get(row.old_code)
    if listed is not None and _bears(listed, row.old_name):
        return row
    in_district = [u for u in lists.old_communes.values() if u.parent_code == row.district_code]
    namesakes = [u for u in in_district if _bears(u, row.old_name)]
    if len(namesakes) == 1:
        return replace(row, old_code=namesakes[0].code)
    if listed is not None:  # another spelling of the same unit
        return row
    if not in_district and row.district_code in lists.old_districts:  # an island district that had no communes
        return replace(row, old_code=row.district_code)
    return None


def _settle_new(row: Conversion | None, lists: Lists) -> Conversion | None:
    if row is None or row.new_code in lists.new_communes:
        return row
    namesakes = [
        u for u in lists.new_communes.values() if u.parent_code == row.province_code and _bears(u, row.new_name)
    ]
    return replace(row, new_code=namesakes[0].code) if len(namesakes) == 1 else None


def _bears(unit: ListedUnit, full_name: str) -> bool:
    try:
        type_code, name = split_full_name(full_name, "commune")
    except ValueError:  # the table leaves the type out in a few rows
        return spelling_key(unit.name) == spelling_key(full_name)
    return unit.type == type_code and spelling_key(unit.name) == spelling_key(name)


def succession_kind(old: ListedUnit, new: ListedUnit, extent: str, *, is_only_part: bool) -> str:
    """Return keep, rename, merge or split; ``is_only_part`` says that the new unit has no other predecessor.

    A unit that goes over whole and alone keeps its name or is renamed; a new type is a new name too ("Xã" to "Phường").
    """
    if extent != "whole":
        return "split"
    if not is_only_part:
        return "merge"
    is_same = old.type == new.type and spelling_key(old.name) == spelling_key(new.name)
    return "keep" if is_same else "rename"


def commune_successions(rows: Iterable[Conversion], lists: Lists) -> list[Succession]:
    """Successions of communes, and of island districts that had none."""
    listed = list(rows)
    predecessors = Counter(row.new_code for row in listed)
    found = []
    for row in listed:
        old = lists.old_communes.get(row.old_code) or lists.old_districts[row.old_code]
        new = lists.new_communes[row.new_code]
        kind = succession_kind(old, new, row.extent, is_only_part=predecessors[row.new_code] == 1)
        found.append(Succession(old.code, old.level, new.code, new.level, kind, row.extent))
    return found


def district_successions(communes: Iterable[Succession], lists: Lists) -> list[Succession]:
    """Every district was dissolved, except those that became a special zone as they were."""
    continued = {s.old_code for s in communes if s.old_level == "district"}
    ended = [code for code in lists.old_districts if code not in continued]
    return [Succession(code, "district", "", "", "dissolve", "") for code in ended]


def province_successions(communes: Iterable[Succession], lists: Lists) -> list[Succession]:
    """Successions of provinces, from where their communes went; a province whose communes parted is a ValueError."""
    heirs: dict[str, set[str]] = defaultdict(set)
    for s in communes:
        district = lists.old_districts[
            s.old_code if s.old_level == "district" else lists.old_communes[s.old_code].parent_code or ""
        ]
        heirs[district.parent_code or ""].add(lists.new_communes[s.new_code].parent_code or "")
    parted = sorted(code for code, new in heirs.items() if len(new) != 1)
    if parted:
        raise ValueError(f"communes of these provinces went to several provinces: {parted}")
    successor = {old: next(iter(new)) for old, new in heirs.items()}
    predecessors = Counter(successor.values())
    found = []
    for old_code, new_code in successor.items():
        old, new = lists.old_provinces[old_code], lists.new_provinces[new_code]
        kind = succession_kind(old, new, "whole", is_only_part=predecessors[new_code] == 1)
        found.append(Succession(old_code, "province", new_code, "province", kind, "whole"))
    return found
