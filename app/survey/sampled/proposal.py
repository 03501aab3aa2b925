"""Propose what the columns of a file are, from their names and labels; the officer decides (pure)."""

import re
from collections import Counter
from collections.abc import Mapping

from app.files.answers import FileColumn, FileTable
from app.i18n.folding import fold_words
from app.survey.answer_types import type_of
from app.survey.definitions import QuestionSet
from app.survey.sampled.targets import ColumnMapping, Part, Target, targets

_PARTS: Mapping[Part, frozenset[str]] = {
    Part.UNIT: frozenset({"unit", "unit code", "don vi", "ma don vi", "co quan", "ma co quan"}),
    Part.STRATUM: frozenset({"stratum", "strata", "tang", "ma tang", "phan tang"}),
    Part.PSU: frozenset({"psu", "cum", "ma cum", "cluster", "don vi chon mau", "don vi chon mau bac 1", "dia ban"}),
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
        }
    ),
    Part.SECOND_POPULATION: frozenset(
        {"fpc2", "tong the bac 2", "so nguoi cua cum", "so nguoi trong cum", "tong so nguoi"}
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
    if not any(key.startswith("q:") for key in found.values()):
        found |= _by_order(table, question_set)
    return ColumnMapping(found)


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
