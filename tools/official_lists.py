"""Read public lists of administrative units into one form.

Two JSON dialects are known: that of vietnamese-provinces-database (``Code``, ``FullName``, ``Wards``) and that of
vietnam-provinces (``code``, ``name``, ``wards``, numbers for codes). Both nest communes in provinces and, for the
three-level period, in districts.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CODE_DIGITS = {"province": 2, "district": 3, "commune": 5}

# Longest first where one prefix begins another. "Thành phố" is decided by level and by the parent's type.
_PREFIXES = (
    ("thị trấn", "township"),
    ("thị xã", "town"),
    ("đặc khu", "special_zone"),
    ("phường", "ward"),
    ("huyện", "rural_district"),
    ("quận", "urban_district"),
    ("tỉnh", "province"),
    ("xã", "commune"),
)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """One unit as a list states it: ``name`` is without its type, ``parent_code`` is None for a province."""

    code: str
    level: str
    type: str
    name: str
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class _Dialect:
    code: str
    name: str
    districts: str
    communes_of_province: str
    communes_of_district: str


_DIALECTS = (
    _Dialect("Code", "FullName", "District", "Wards", "Ward"),
    _Dialect("code", "name", "districts", "wards", "wards"),
)


def tidy(text: str) -> str:
    """Return the text in NFC with single spaces, straight apostrophes and plain hyphens."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'").replace("–", "-")
    return " ".join(plain.split())


def spelling_key(text: str) -> str:
    """Return a key that is equal for names that differ only in case or in which vowel carries the tone (Hoà, Hòa)."""
    return " ".join(_tone_last(word) for word in tidy(text).casefold().split())


def _tone_last(word: str) -> str:
    marks = unicodedata.normalize("NFD", word)
    return "".join(c for c in marks if c not in _TONES) + "".join(c for c in marks if c in _TONES)


def split_full_name(full_name: str, level: str, parent_type: str | None = None) -> tuple[str, str]:
    """Split "Phường Hồng Gai" into its type and its name: ("ward", "Hồng Gai").

    ``parent_type`` tells a city of a province from a city of a central city. A province without its type ("Cao Bằng")
    is a province; for other levels a missing type is a ValueError.
    """
    full = _capitals_restored(tidy(full_name))
    lowered = full.casefold()
    if lowered.startswith("thành phố "):
        return _city_type(level, parent_type), full[len("thành phố ") :]
    for prefix, type_code in _PREFIXES:
        if lowered.startswith(prefix + " "):
            return type_code, full[len(prefix) + 1 :]
    if level == "province":
        return "province", full
    raise ValueError(f"no type in the name {full_name!r}")


def _capitals_restored(name: str) -> str:
    """Old code pages had no capitals with marks, so that "Đại Áng" still stands in lists as "Đại áng"."""
    return " ".join(word if word[:1].isascii() else word[0].upper() + word[1:] for word in name.split(" "))


def _city_type(level: str, parent_type: str | None) -> str:
    if level == "province":
        return "central_city"
    return "municipal_city" if parent_type == "central_city" else "provincial_city"


def padded(code: object, level: str) -> str:
    """Return a code with the number of digits of its level: 22 → "22", 4 → "00004" for a commune."""
    return str(code).zfill(CODE_DIGITS[level])


def read_units(path: Path) -> tuple[ListedUnit, ...]:
    """Read a nested JSON list of either dialect; units come in the order province, district, commune of the file."""
    provinces = json.loads(path.read_text(encoding="utf-8"))
    dialect = next(d for d in _DIALECTS if d.code in provinces[0])
    return tuple(unit for province in provinces for unit in _province(province, dialect))


def _province(entry: Mapping[str, Any], dialect: _Dialect) -> Iterator[ListedUnit]:
    province = _unit(entry, dialect, "province", None)
    yield province
    districts = entry.get(dialect.districts)
    if districts is None:
        yield from (_unit(c, dialect, "commune", province) for c in entry[dialect.communes_of_province] or ())
        return
    for item in districts:
        district = _unit(item, dialect, "district", province)
        yield district
        yield from (_unit(c, dialect, "commune", district) for c in item.get(dialect.communes_of_district) or ())


def _unit(entry: Mapping[str, Any], dialect: _Dialect, level: str, parent: ListedUnit | None) -> ListedUnit:
    type_code, name = split_full_name(entry[dialect.name], level, parent.type if parent else None)
    return ListedUnit(padded(entry[dialect.code], level), level, type_code, name, parent.code if parent else None)
