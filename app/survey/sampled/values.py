"""What a value in a file means: a level, a choice, no answer, not applicable (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.i18n.folding import fold_words
from app.survey.answer_types import type_of
from app.survey.codes import BLANK, NOT_APPLICABLE, NOT_TICKED, TICKED
from app.survey.definitions import Choice, Question

NA, NO_ANSWER = "na", "blank"
NA_WORDS = "Không áp dụng"
NO_ANSWER_WORDS = "Không trả lời"

_NUMBER = re.compile(r"\d{1,3}(?:[.,]0+)?")
_NUMBERED = re.compile(
    r"(?:\D*?)(\d{1,3})[ .:)(-]+(?P<words>.*[^\W\d].*)|(?P<before>[^\d]*[^\W\d][^\d]*)[ (-]+(\d{1,3})\)?"
)
_NO_ANSWER = frozenset(
    {"khong tra loi", "bo trong", "trong", "khong co", "missing", "null", "nan", "none", "99", "999"}
)
_NO_ANSWER_SIGNS = frozenset({"-", "--", ".", "-1", "-9", "-99", "-999", "?", "#N/A", "#NULL!"})
_NOT_APPLICABLE = frozenset(
    {"khong ap dung", "khong co y kien", "khong co y kien khong ap dung", "khong su dung", "khong lien quan",
     "na", "n a", "not applicable", "kad"}
)  # fmt: skip
_TICKED = frozenset({"1", "x", "co", "yes", "true", "v", "chon", "da chon"})
_NOT_TICKED = frozenset({"0", "2", "khong", "no", "false", "khong chon"})


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """Questions whose values are read in the same way: those of one scale, yes/no, the ticks of multiple choices."""

    key: str
    title: str
    choices: tuple[Choice, ...]
    allows_na: bool
    is_tick: bool = False

    @property
    def readings(self) -> dict[str, tuple[int, str]]:
        """Every reading a value can have: its key → the packed code and the words."""
        if self.is_tick:
            found = {"1": (NOT_TICKED, "Không chọn"), "2": (TICKED, "Có chọn")}
        else:
            found = {str(one.value): (one.value, f"{one.value} – {one.label.vi}") for one in self.choices}
        found[NO_ANSWER] = (BLANK, NO_ANSWER_WORDS)
        return found | ({NA: (NOT_APPLICABLE, NA_WORDS)} if self.allows_na else {})


def group_key(question: Question) -> str:
    """The group of values a question belongs to."""
    if type_of(question).many:
        return "ticks"
    if question.scale is not None:
        return f"scale:{question.scale}"
    return "yes-no" if question.type == "yes_no" else f"q:{question.id}"


def group_of(questions: list[Question]) -> ValueGroup:
    """The group that some questions with the same ``group_key`` make."""
    first = questions[0]
    key = group_key(first)
    is_tick = key == "ticks"
    numbers = ", ".join(question.number or question.id for question in questions[:6])
    more = "" if len(questions) <= 6 else f" và {len(questions) - 6} câu khác"
    allows_na = not is_tick and any(question.allows_na for question in questions)
    title = f"Câu {numbers}{more}" if len(questions) > 1 else f"Câu {numbers}: {first.text.vi}"
    return ValueGroup(key, title, first.choices, allows_na, is_tick)


def read_value(text: str, group: ValueGroup, words: str = "", *, is_missing: bool = False) -> str | None:
    """The reading of a value by itself; None when only a person can say. ``words``: its label in an SPSS file.

    A label outranks a number, because files exist that count the levels from the other end.
    """
    if not text:
        return NO_ANSWER
    for said in (words, text):
        found = _by_words(said, group) if said else None
        if found is not None:
            return found
    if is_missing:
        return NO_ANSWER
    # A label that was not understood says something about the value: never guess past it.
    return None if words and _has_words(words) else _by_number(text, group)


def _by_number(text: str, group: ValueGroup) -> str | None:
    if group.is_tick:
        return _tick(fold_words(text))
    number = level_of(text)
    if number is not None and any(one.value == number for one in group.choices):
        return str(number)
    return NO_ANSWER if fold_words(text) in _NO_ANSWER or text in _NO_ANSWER_SIGNS else None


def level_of(text: str) -> int | None:
    """The whole number a value is, such as "4" or "4.0"."""
    return int(re.split("[.,]", text)[0]) if _NUMBER.fullmatch(text) else None


def _tick(folded: str) -> str | None:
    if folded in _TICKED:
        return "2"
    return "1" if folded in _NOT_TICKED else None


def _by_words(text: str, group: ValueGroup) -> str | None:
    """The reading of words such as "Rất hài lòng", also behind or before the number of the level."""
    folded = fold_words(text)
    if group.allows_na and folded in _NOT_APPLICABLE:
        return NA
    if folded in _NO_ANSWER and _has_words(text):
        return NO_ANSWER
    if group.is_tick:
        return None
    exact = {words.casefold(): str(one.value) for one in group.choices for words in (one.label.vi, one.label.en)}
    by_label = _labels(group)
    same = by_label.get(folded) or (None if text.isdecimal() else exact.get(text.casefold()))
    if same:
        return same
    match = _NUMBERED.fullmatch(text)
    return by_label.get(fold_words(match["words"] or match["before"] or "")) if match else None


def _labels(group: ValueGroup) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for one in group.choices:
        for words in (one.label.vi, one.label.en, one.short.vi, one.short.en):
            folded = fold_words(words)
            if folded and not folded.isdecimal():
                found.setdefault(folded, str(one.value))
    return found


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
