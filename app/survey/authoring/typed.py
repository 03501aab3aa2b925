"""What came back from the form of translations, cleaned and checked field by field (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.survey.definitions import QuestionSet
from app.survey.set_files.checks import PLACEHOLDER_IN_BOTH, is_same_placeholder, text_problems
from app.survey.set_files.tables import LONGEST_TEXT
from app.survey.set_files.texts import SetText, texts_of
from app.web import text_input

PREFIX = "t."
MOST_REASON = 300


@dataclass(frozen=True, slots=True)
class Typed:
    """The English of the fields that came back, by key, and what is wrong with some of them."""

    english: Mapping[str, str]
    problems: Mapping[str, str]

    @staticmethod
    def reason(form: Mapping[str, str]) -> str:
        """The reason typed, on one line and cut to length."""
        return " ".join(text_input.clean(form.get("reason", "")).split())[:MOST_REASON]


def read_typed(form: Mapping[str, str], question_set: QuestionSet) -> Typed:
    """Read the fields of the texts that the set has; others are passed over, missing ones stay as they are."""
    known = {one.key: one for one in texts_of(question_set)}
    english = {key: _cleaned(form[f"{PREFIX}{key}"], one) for key, one in known.items() if f"{PREFIX}{key}" in form}
    problems = {key: found for key, words in english.items() if (found := _problem(known[key], words))}
    return Typed(english, problems)


def _cleaned(raw: str, one: SetText) -> str:
    words = text_input.clean(raw).strip()
    if "\n" not in one.text.vi:
        words = words.replace("\n", " ")
    # Browsers and keyboards lose the unbroken blank; nobody meant to change that.
    return one.text.en if words.replace("\u00a0", " ") == one.text.en.replace("\u00a0", " ") else words


def _problem(one: SetText, words: str) -> str:
    if len(words) > LONGEST_TEXT:
        return f"{one.where}: bản dịch dài quá {LONGEST_TEXT} ký tự."
    if words and not is_same_placeholder(one.text.vi, words):
        return f"{one.where}: {PLACEHOLDER_IN_BOTH}."
    found = next(text_problems(words), "") or text_input.problem(words, LONGEST_TEXT) or ""
    return f"{one.where}: {found}" if found else ""
