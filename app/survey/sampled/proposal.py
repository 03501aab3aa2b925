"""Propose what the columns of a file are, from their names and labels; the officer decides (pure)."""

import re
from collections import Counter
from collections.abc import Mapping

from app.files.answers import FileColumn, FileTable
from app.files.sheets import BadTable
from app.i18n.folding import fold_words
from app.survey.answer_types import type_of
from app.survey.definitions import QuestionSet
from app.survey.sampled.targets import ColumnMapping, Part, Target, targets

COMMUNES = frozenset({"commune", "communes", "ward", "xa", "ma xa", "phuong", "ma phuong", "xa phuong", "phuong xa"})
"""A stratum where villages were drawn in it; without a column of villages they may as well be the clusters."""

VILLAGES = frozenset(
    {"village", "villages", "hamlet", "thon", "ma thon", "to", "to dan pho", "thon to", "ban", "khu pho"}
)
_COUNTED = ("n", "so", "tong so", "number of")

_PARTS: Mapping[Part, frozenset[str]] = {
    Part.UNIT: frozenset({"unit", "unit code", "don vi", "ma don vi", "co quan", "ma co quan"}),
    Part.STRATUM: frozenset({"stratum", "strata", "tang", "ma tang", "phan tang"}),
    Part.PSU: frozenset(
        {"psu", "cum", "ma cum", "cluster", "don vi chon mau", "don vi chon mau bac 1", "dia ban", *VILLAGES}
    ),
    Part.WEIGHT: frozenset({"weight", "weights", "trong so", "quyen so", "w", "wt"}),
    Part.FIRST_POPULATION: frozenset(
        {
            "fpc",
            "fpc1",
            "tong the bac 1",
            "tong so cum",
            "so cum cua tang",
            "so cum trong tang",
            "tong so nguoi cua tang",
            *(f"{word} {village}" for village in VILLAGES for word in _COUNTED),
            "n psu",
            "n cum",
        }
    ),
    Part.SECOND_POPULATION: frozenset(
        {
            "fpc2",
            "tong the bac 2",
            "so nguoi cua cum",
            "so nguoi trong cum",
            "tong so nguoi",
            "m dossiers",
            "m people",
            "m persons",
        }
    ),
    Part.RESPONDENT: frozenset({"resp", "respondent", "id", "stt", "so phieu", "ma phieu", "phieu", "so thu tu"}),
}
_QUESTION_NAME = re.compile(r"(?:q|c|cau|v|var|item|tieu chi|tc)? ?0*(\d{1,3})(?: (\d{1,2}))?")


def propose(table: FileTable, question_set: QuestionSet) -> ColumnMapping:
    """A target for each column that names one; every target is proposed once, for the first column that names it."""
    known = targets(question_set)
    names = _names(question_set, known)
    found: dict[str, str] = {}
    for column in table.columns:
        key = _target(column, names)
        if key is not None and key not in found.values():
            found[column.name] = key
    _propose_stratum(table, found)
    _leave_out_lonely_counts(found)
    if not any(key.startswith("q:") for key in found.values()):
        found |= _by_order(table, question_set)
    return ColumnMapping(found)


def refuse_nonsense(table: FileTable, question_set: QuestionSet) -> None:
    """Refuse a file of one column or one row that names no question: hardly a table of answers.

    Raises
    ------
    BadTable
        With what such a file should look like.
    """
    if len(table.columns) > 1 and len(table.rows) > 1:
        return
    if any(key.startswith("q:") for key in propose(table, question_set).columns.values()):
        return
    raise BadTable(
        f"Tệp chỉ có {len(table.columns)} cột và {len(table.rows)} dòng dữ liệu, không có cột nào là câu hỏi của đợt. "
        "Tệp phiếu có một dòng tiêu đề, mỗi câu hỏi một cột, mỗi người trả lời một dòng; các cột của tệp CSV cách nhau "
        "bằng dấu phẩy, chấm phẩy hoặc tab."
    )


def part_named(column: FileColumn) -> Part | None:
    """The part of the design that a column names."""
    headings = [fold_words(heading) for heading in (column.name, column.label)]
    return next((part for heading in headings for part, words in _PARTS.items() if heading in words), None)


def names_commune(column: FileColumn) -> bool:
    """Whether a column names communes, which are strata in one survey and clusters in another."""
    return not COMMUNES.isdisjoint((fold_words(column.name), fold_words(column.label)))


def _propose_stratum(table: FileTable, found: dict[str, str]) -> None:
    """Communes are proposed as strata where villages are the clusters; the officer may say otherwise."""
    if Part.PSU not in found.values() or Part.STRATUM in found.values():
        return
    commune = next((column.name for column in table.columns if names_commune(column)), None)
    if commune is not None and commune not in found:
        found[commune] = Part.STRATUM.value


def _leave_out_lonely_counts(found: dict[str, str]) -> None:
    """A count of the second stage means nothing without clusters and a count of the first."""
    if {Part.PSU, Part.FIRST_POPULATION} <= set(found.values()):
        return
    for name in [name for name, key in found.items() if key == Part.SECOND_POPULATION]:
        del found[name]


def _target(column: FileColumn, names: Mapping[str, str]) -> str | None:
    for heading in (column.name, column.label):
        folded = fold_words(heading)
        if not folded:
            continue
        if folded in names:
            return names[folded]
        part = next((part.value for part, words in _PARTS.items() if folded in words), None)
        if part is not None:
            return part
        match = _QUESTION_NAME.fullmatch(folded)
        if match and (key := names.get(f"#{match[1]}" + (f" {match[2]}" if match[2] else ""))):
            return key
    return None


def _names(question_set: QuestionSet, known: Mapping[str, Target]) -> dict[str, str]:
    """Folded words → key of a target: ids and texts of questions, and numbers as "#7", where they say one thing."""
    numbers = Counter(question.number for question in question_set.questions if question.number)
    texts = Counter(fold_words(question.text.vi) for question in question_set.questions)
    found: dict[str, str] = {}
    for key, target in known.items():
        question = target.question
        if question is None:
            continue
        behind = "" if target.choice is None else f" {target.choice}"
        found[fold_words(question.id) + behind] = key
        if type_of(question).many:
            found.setdefault(
                fold_words(f"{question.text.vi} {question.choices[(target.choice or 1) - 1].label.vi}"), key
            )
        elif texts[fold_words(question.text.vi)] == 1:
            found.setdefault(fold_words(question.text.vi), key)
        if question.number.isdecimal() and numbers[question.number] == 1:
            found[f"#{int(question.number)}{behind}"] = key
    return found


def _by_order(table: FileTable, question_set: QuestionSet) -> dict[str, str]:
    """Columns q1…qk to the criteria in their order, when there are exactly as many."""
    numbered: dict[int, str] = {}
    for column in table.columns:
        match = re.fullmatch(r"[qc]0*(\d{1,3})", fold_words(column.name))
        if match:
            numbered[int(match[1])] = column.name
    criteria = question_set.criteria
    if sorted(numbered) != list(range(1, len(criteria) + 1)):
        return {}
    return {numbered[place]: f"q:{question.id}" for place, question in enumerate(criteria, start=1)}
