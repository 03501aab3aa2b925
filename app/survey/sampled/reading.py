"""Apply a mapping to the columns of a file: packed answers, units, strata, clusters, weights, counts (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
import numpy.typing as npt

from app.files.answers import FileColumn, FileTable
from app.survey import packing
from app.survey.codes import BLANK, NOT_APPLICABLE, NOT_TICKED, TICKED
from app.survey.definitions import Question, QuestionSet
from app.survey.sampled.cells import Factor, factor, missing_as_zero, read_count, read_each, read_label, weight_reader
from app.survey.sampled.faults import Faults
from app.survey.sampled.targets import ColumnMapping, Part, Target, targets
from app.survey.sampled.values import NA, NO_ANSWER, ValueGroup, group_key, group_of, level_of, read_value
from app.units.import_cells import BadCell

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Reading:
    """All rows of a file as read; what could not be read is 0 or None and stands among the faults.

    ``weights``: the different weights and each row's place among them, None without a column. ``first`` and
    ``second``: population counts, None without a column. Labels of a part that has no column are all empty.
    """

    answers: Codes
    unit_ids: Ints
    stratum: Factor
    psu: Factor
    weights: tuple[tuple[Fraction | None, ...], Ints] | None
    first: Ints | None
    second: Ints | None
    respondent: Factor | None
    groups: tuple["GroupValues", ...]


@dataclass(frozen=True, slots=True)
class SeenValue:
    """A value that occurs in the columns of a group: its text, the file's label for it, in how many cells.

    ``reading``: how it is read; None when it is not, or when its columns read it in different ways.
    """

    text: str
    label: str
    cells: int
    reading: str | None

    @property
    def key(self) -> str:
        """By what a mapping overrules its reading: the same code under another label is another value."""
        return value_key(self.text, self.label)


@dataclass(frozen=True, slots=True)
class GroupValues:
    """The values of one group that occur."""

    group: ValueGroup
    values: tuple[SeenValue, ...]


def value_key(text: str, label: str) -> str:
    """A value and what the file calls it, as one text."""
    return f"{text} – {label}" if label else text


def read_table(
    table: FileTable,
    mapping: ColumnMapping,
    question_set: QuestionSet,
    unit_ids: Mapping[str, int],
    whole_unit: int,
    faults: Faults,
) -> Reading:
    """Read every mapped column; faults are added to ``faults``.

    Parameters
    ----------
    unit_ids
        The units that may be spoken of, by code.
    whole_unit
        The unit of all rows when no column names one.
    """
    known = targets(question_set)
    chosen = {key: column for name, key in mapping.columns.items() if (column := table.column(name)) and key in known}
    none = Factor(("",), np.zeros(len(table.rows), dtype=np.int64))
    answers, groups = _answers(question_set, {known[key]: column for key, column in chosen.items()}, mapping, faults)
    respondent = chosen.get(Part.RESPONDENT)
    return Reading(
        answers=answers,
        unit_ids=_units(chosen.get(Part.UNIT), unit_ids, whole_unit, faults),
        stratum=_labels(chosen.get(Part.STRATUM), faults) or none,
        psu=_labels(chosen.get(Part.PSU), faults) or none,
        weights=_weights(chosen.get(Part.WEIGHT), faults),
        first=_counts(chosen.get(Part.FIRST_POPULATION), table.source, faults),
        second=_counts(chosen.get(Part.SECOND_POPULATION), table.source, faults),
        respondent=None if respondent is None else factor(respondent.values),
        groups=groups,
    )


def _units(column: FileColumn | None, unit_ids: Mapping[str, int], whole_unit: int, faults: Faults) -> Ints:
    if column is None:
        return np.full(len(faults.numbers), whole_unit, dtype=np.int64)

    def read(code: str) -> int:
        if code in unit_ids:
            return unit_ids[code]
        if not code:
            raise BadCell("Ô đang để trống. Ông/Bà hãy ghi mã đơn vị cho mọi dòng.")
        raise BadCell(
            f"Không có đơn vị mã “{code[:40]}” trong phạm vi của đợt khảo sát. "
            "Ông/Bà hãy sửa mã theo danh sách đơn vị, hoặc thêm đơn vị trước."
        )

    found = factor(column.values)
    return missing_as_zero(read_each(column.name, found, faults, read))[found.places]


def _labels(column: FileColumn | None, faults: Faults) -> Factor | None:
    if column is None:
        return None
    found = factor(column.values)
    read_each(column.name, found, faults, read_label)
    return found


def _counts(column: FileColumn | None, source: str, faults: Faults) -> Ints | None:
    if column is None:
        return None
    found = factor(column.values)
    # Text files group thousands with points; Excel and SPSS hold numbers, where a point begins the decimals.
    reader = partial(read_count, is_grouped=source == "csv")
    return missing_as_zero(read_each(column.name, found, faults, reader))[found.places]


def _weights(column: FileColumn | None, faults: Faults) -> tuple[tuple[Fraction | None, ...], Ints] | None:
    if column is None:
        return None
    found = factor(column.values)
    return tuple(read_each(column.name, found, faults, weight_reader(found.labels))), found.places


def _answers(
    question_set: QuestionSet, chosen: Mapping[Target, FileColumn], mapping: ColumnMapping, faults: Faults
) -> tuple[Codes, tuple[GroupValues, ...]]:
    where = packing.layout(question_set)
    matrix = np.zeros((len(faults.numbers), where.width), dtype=np.uint8)
    by_group: dict[str, list[tuple[Target, FileColumn, Question]]] = {}
    for target, column in chosen.items():
        if target.question is not None:
            by_group.setdefault(group_key(target.question), []).append((target, column, target.question))
    found = []
    for key, members in by_group.items():
        group = group_of(list(dict.fromkeys(question for _, _, question in members)))
        seen: dict[str, SeenValue] = {}
        for target, column, question in members:
            codes = _read_column(column, question, group, mapping.values.get(key, {}), seen, faults)
            matrix[:, where.slices[question.id].start + (target.choice or 1) - 1] = codes
        found.append(GroupValues(group, tuple(sorted(seen.values(), key=_by_number))))
    for question_id in {target.question.id for target in chosen if target.question and target.choice is not None}:
        place = where.slices[question_id]
        matrix[:, place] = _whole_ticks(matrix[:, place])
    return matrix, tuple(found)


def _read_column(
    column: FileColumn,
    question: Question,
    group: ValueGroup,
    chosen: Mapping[str, str],
    seen: dict[str, SeenValue],
    faults: Faults,
) -> Codes:
    """The codes of one column; its values are counted in ``seen``."""
    found = factor(column.values)
    rows = np.bincount(found.places, minlength=len(found.labels)).tolist()
    automatic = automatic_readings(column, found.labels, group)
    labels = column.value_labels
    readings = {text: chosen.get(value_key(text, labels.get(text, "")), automatic[text]) for text in found.labels}
    for text, count in zip(found.labels, rows, strict=True):
        value = SeenValue(text, labels.get(text, ""), count, readings[text])
        before = seen.get(value.key)
        if before is not None:
            reading = value.reading if value.reading == before.reading else None
            value = SeenValue(text, value.label, before.cells + count, reading)
        seen[value.key] = value

    def read(text: str) -> int:
        reading = readings[text]
        if reading not in group.readings:
            raise BadCell(_not_read(text, group))
        code = group.readings[reading][0]
        if code == NOT_APPLICABLE and not question.allows_na:
            raise BadCell("Câu này không có lựa chọn “không áp dụng”. Ông/Bà hãy sửa ô này hoặc đọc là không trả lời.")
        return code

    return missing_as_zero(read_each(column.name, found, faults, read)).astype(np.uint8)[found.places]


def automatic_readings(column: FileColumn, texts: tuple[str, ...], group: ValueGroup) -> dict[str, str | None]:
    """How the values of a column are read by themselves.

    Where a label of the file says that a number is another level (a scale counted from the other end), numbers
    without a label are left to a person.
    """
    labels = column.value_labels
    found = {text: read_value(text, group, labels.get(text, ""), is_missing=text in column.missing) for text in texts}
    is_turned = any(
        level_of(text) is not None and read_value("?", group, words) not in (None, NO_ANSWER, NA, str(level_of(text)))
        for text, words in labels.items()
        if words
    )
    if not is_turned:
        return found
    return {text: None if level_of(text) is not None and not labels.get(text) else found[text] for text in texts}


def _not_read(text: str, group: ValueGroup) -> str:
    if group.is_tick:
        levels = "1 (có chọn), 0 (không chọn)"
    else:
        first, last = group.choices[0], group.choices[-1]
        levels = f"{first.value} ({first.label.vi}) đến {last.value} ({last.label.vi})"
    return (
        f"“{text[:40]}” không thuộc các mức {levels}. Ông/Bà hãy sửa ô này, "
        "hoặc chọn cách đọc giá trị này ở phần “Cách đọc giá trị”."
    )


def _whole_ticks(ticks: Codes) -> Codes:
    """Choices of one question: nobody who ticked something left the rest blank, and no tick at all is no answer."""
    has_tick = (ticks == TICKED).any(axis=1, keepdims=True)
    return np.where(has_tick, np.where(ticks == TICKED, TICKED, NOT_TICKED), BLANK).astype(np.uint8)


def _by_number(value: SeenValue) -> tuple[int, int, str]:
    number = level_of(value.text)
    return (0, number, value.key) if number is not None else (1, 0, value.key)
