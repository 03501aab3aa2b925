"""The kinds of answer: what each asks in a set file, which template draws it, how many bytes it packs, how it is read.

To add one: an entry in ANSWER_TYPES and a template (docs/howto/add-an-answer-type.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.i18n.messages import message
from app.survey.codes import BLANK, NOT_APPLICABLE, NOT_TICKED, TICKED
from app.survey.definitions import Choice, Question, Text
from app.web import text_input

NA_VALUE = "na"
"""What the choice "Không có ý kiến / không áp dụng" posts."""


class ChoiceSource(StrEnum):
    """Where the choices of a question come from."""

    SCALE = "scale"  # the levels of a shared scale
    OWN = "own"  # listed at the question
    FIXED = "fixed"  # the same for every question of the type
    NONE = "none"  # nothing to tick


@dataclass(frozen=True, slots=True)
class Parsed:
    """One question's answer as read: packed codes, or a number, or a text; `error` is Vietnamese."""

    codes: tuple[int, ...] = ()
    number: Decimal | None = None
    text: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerType:
    """One kind of answer.

    `keys` are the further keys a question of this type may have in its file. `width` gives the packed bytes;
    numbers and texts have none, because a byte saying "wrote a comment" would tie the comment to the answers.
    `parse` reads the cleaned posted values. `many`: one byte per choice, ticked or not.
    """

    code: str
    template: str
    choices: ChoiceSource
    width: Callable[[Question], int]
    parse: Callable[[Question, Sequence[str]], Parsed]
    keys: frozenset[str] = frozenset()
    fixed: tuple[Choice, ...] = ()
    many: bool = False


def _one(_: Question) -> int:
    return 1


def _none(_: Question) -> int:
    return 0


def _per_choice(question: Question) -> int:
    return len(question.choices)


def _ticked(question: Question, values: Sequence[str]) -> tuple[set[int], bool, str | None]:
    """Return the ticked choices, whether "not applicable" was ticked, and an error."""
    given = [value for value in values if value]
    known = {str(choice.value): choice.value for choice in question.choices}
    na = question.allows_na and NA_VALUE in given
    if any(value not in known and not (na and value == NA_VALUE) for value in given) or len(set(given)) != len(given):
        return set(), False, message("Lựa chọn này không có trong phiếu. Xin Ông/Bà chọn lại.")
    return {known[value] for value in given if value != NA_VALUE}, na, None


def parse_one_choice(question: Question, values: Sequence[str]) -> Parsed:
    """Read a single tick: a choice, "na" where allowed, or nothing."""
    ticked, na, error = _ticked(question, values)
    if error is None and len(ticked) + na > 1:
        error = message("Xin Ông/Bà chỉ chọn một câu trả lời.")
    if error is not None:
        return Parsed((BLANK,), error=error)
    return Parsed((NOT_APPLICABLE,) if na else (ticked.pop(),) if ticked else (BLANK,))


def parse_many_choices(question: Question, values: Sequence[str]) -> Parsed:
    """Read any number of ticks, one code per choice. No tick at all is a blank, not a row of refusals."""
    width = len(question.choices)
    ticked, na, error = _ticked(question, values)
    if error is None and ticked and na:
        error = message("Ông/Bà đã chọn “không áp dụng” cùng với câu trả lời khác. Xin bỏ bớt một bên.")
    if error is not None:
        return Parsed((BLANK,) * width, error=error)
    if not ticked:
        return Parsed((NOT_APPLICABLE if na else BLANK,) * width)
    return Parsed(tuple(TICKED if choice.value in ticked else NOT_TICKED for choice in question.choices))


_GROUPED = re.compile(r"[+-]?\d{1,3}([. \u00a0]\d{3})+(,\d+)?", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)


def parse_number(question: Question, values: Sequence[str]) -> Parsed:
    """Read a number written the Vietnamese way (1.234,5) or plainly; limits and decimals as the set says."""
    given = [value.strip() for value in values if value.strip()]
    if not given:
        return Parsed()
    if len(given) > 1 or len(given[0]) > 30:
        return Parsed(error=message("Xin Ông/Bà ghi một con số."))
    text = given[0]
    if _GROUPED.fullmatch(text):
        number = Decimal(re.sub(r"[. \u00a0]", "", text).replace(",", "."))
    elif _PLAIN.fullmatch(text):
        number = Decimal(text.replace(",", "."))
    else:
        return Parsed(error=message("Xin Ông/Bà chỉ ghi chữ số, ví dụ 12."))
    error = _number_problem(question, number)
    return Parsed(error=error) if error else Parsed(number=number)


def _number_problem(question: Question, number: Decimal) -> str | None:
    if number != round(number, question.decimals):
        if not question.decimals:
            return message("Xin Ông/Bà ghi số nguyên.")
        return message("Xin Ông/Bà ghi tối đa %(digits)s chữ số sau dấu phẩy.", digits=question.decimals)
    if question.minimum is not None and number < question.minimum:
        return message("Số nhỏ nhất có thể ghi là %(number)s.", number=question.minimum)
    if question.maximum is not None and number > question.maximum:
        return message("Số lớn nhất có thể ghi là %(number)s.", number=question.maximum)
    return None


def parse_text(question: Question, values: Sequence[str]) -> Parsed:
    """Read a free text, trimmed; an empty one is no answer."""
    given = [value.strip() for value in values if value.strip()]
    if len(given) > 1:
        return Parsed(error=message("Biểu mẫu gửi lặp mục này. Xin Ông/Bà gửi lại."))
    if not given:
        return Parsed()
    error = text_input.problem(given[0], question.max_length)
    return Parsed(error=error) if error else Parsed(text=given[0])


def _choice(value: int, vi: str, en: str) -> Choice:
    return Choice(value=value, label=Text(vi, en), short=Text(vi, en))


ANSWER_TYPES: tuple[AnswerType, ...] = (
    AnswerType("rating", "answers/rating.html", ChoiceSource.SCALE, _one, parse_one_choice, frozenset({"scale"})),
    AnswerType(
        "single_choice", "answers/single_choice.html", ChoiceSource.OWN, _one, parse_one_choice, frozenset({"choices"})
    ),
    AnswerType(
        "multiple_choice",
        "answers/multiple_choice.html",
        ChoiceSource.OWN,
        _per_choice,
        parse_many_choices,
        frozenset({"choices"}),
        many=True,
    ),
    AnswerType(
        "yes_no",
        "answers/yes_no.html",
        ChoiceSource.FIXED,
        _one,
        parse_one_choice,
        fixed=(_choice(1, "Có", "Yes"), _choice(2, "Không", "No")),
    ),
    AnswerType(
        "number",
        "answers/number.html",
        ChoiceSource.NONE,
        _none,
        parse_number,
        frozenset({"minimum", "maximum", "decimals"}),
    ),
    AnswerType("text", "answers/text.html", ChoiceSource.NONE, _none, parse_text, frozenset({"max_length"})),
)

BY_CODE: dict[str, AnswerType] = {answer_type.code: answer_type for answer_type in ANSWER_TYPES}


def type_of(question: Question) -> AnswerType:
    """Return the answer type of a question. Raises KeyError for a type no set file could have loaded."""
    return BY_CODE[question.type]
