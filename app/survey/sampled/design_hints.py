"""Signs that a part of the design was forgotten when the columns were chosen (pure)."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from app.files.answers import FileColumn, FileTable
from app.survey.sampled.cells import Factor, factor
from app.survey.sampled.proposal import names_commune, part_named
from app.survey.sampled.targets import ColumnMapping, Part

_PLACES = frozenset({Part.STRATUM, Part.PSU})
_COUNTS = frozenset({Part.FIRST_POPULATION, Part.SECOND_POPULATION})
_CODE = re.compile(r"(?=.*\d)(?=.*[^\W\d_]).{2,20}")
_NUMBER = re.compile(r"[1-9]\d{0,8}(?:\.0+)?", re.ASCII)
FEWEST_PLACES = 3
MOST_NAMED = 6


def design_dangers(table: FileTable, mapping: ColumnMapping, weights: Sequence[Fraction]) -> Iterator[str]:
    """Why intervals computed with this choice of columns may be wrong, in sentences for the officer.

    Parameters
    ----------
    weights
        The different weights of the file, as far as they could be read.
    """
    has = set(mapping.columns.values())
    if has >= _PLACES:
        return
    missing = " và ".join(
        words for part, words in ((Part.STRATUM, "cột tầng"), (Part.PSU, "cột cụm")) if part not in has
    )
    effect = (
        "khoảng tin cậy sẽ quá hẹp và sai" if Part.PSU not in has else "khoảng tin cậy sẽ sai vì thiếu việc phân tầng"
    )
    unused = [column for column in table.columns if column.name not in mapping.columns]
    named = _suspects(table, mapping, unused)
    if named:
        shown = ", ".join(f"“{name}”" for name in named[:MOST_NAMED]) + ("…" if len(named) > MOST_NAMED else "")
        yield (
            f"Chưa chọn {missing}, mà cột không dùng {shown} giống mã địa bàn, tầng, cụm hoặc số của tổng thể. Nếu mẫu "
            f"được chọn theo các cột này thì {effect}. Ông/Bà hãy hỏi người thiết kế mẫu rồi chọn lại các cột."
        )
    if not has & _PLACES and len(set(weights)) > 1:
        yield (
            "Trọng số khác nhau giữa các phiếu mà chưa chọn cột tầng hay cột cụm nào. Nếu người được hỏi được chọn "
            f"theo thôn, tổ hay cụm khác thì {effect}."
        )


def _suspects(table: FileTable, mapping: ColumnMapping, unused: Sequence[FileColumn]) -> list[str]:
    """Unused columns that look like places or strata, and numbers that are the same within each of these."""
    places = [column for column in unused if _looks_like_place(column)]
    chosen = [column for column in table.columns if mapping.columns.get(column.name) in _PLACES]
    groups = [factor(column.values) for column in (*places, *chosen)]
    found = {column.name for column in places}
    for column in unused:
        if column.name not in found and (part_named(column) in _COUNTS or _is_count(column, groups)):
            found.add(column.name)
    return [column.name for column in unused if column.name in found]


def _looks_like_place(column: FileColumn) -> bool:
    """By its name, or because few codes such as C01V02 stand in many rows each."""
    if not any(column.values):
        return False
    if part_named(column) in _PLACES or names_commune(column):
        return True
    different = set(column.values)
    is_repeated = FEWEST_PLACES <= len(different) <= len(column.values) / 2
    return is_repeated and all(_CODE.fullmatch(value) for value in different)


def _is_count(column: FileColumn, groups: Sequence[Factor]) -> bool:
    """Whole numbers that differ, but never within the places of one of the groups."""
    if len(set(column.values)) < FEWEST_PLACES or not all(_NUMBER.fullmatch(value) for value in set(column.values)):
        return False
    own = factor(column.values)
    return any(_is_constant_within(own, group) for group in groups)


def _is_constant_within(own: Factor, group: Factor) -> bool:
    if 2 * len(group.labels) > len(group.places):
        return False  # groups of one row prove nothing
    pairs = np.unique(group.places * len(own.labels) + own.places)
    return len(pairs) == len(group.labels)
