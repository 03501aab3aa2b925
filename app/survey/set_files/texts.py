"""Every text of a question set under a key that stays the same from version to version (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.survey.answer_types import BY_CODE, ChoiceSource
from app.survey.definitions import Choice, Question, QuestionSet, Text
from app.survey.set_files.lines import Path

SHORT = "short_"


@dataclass(frozen=True, slots=True)
class SetText:
    """One text: `key` names it for people and files ("question.age.2"), `path` says where in the file it stands.

    `where` tells people what it is; `prefix` is "short_" for the short form of a choice, else empty.
    """

    key: str
    where: str
    path: Path
    text: Text
    prefix: str = ""

    def place(self, language: str) -> Path:
        """Return the path of the words in one language."""
        return (*self.path, f"{self.prefix}{language}")


def texts_of(question_set: QuestionSet) -> Iterator[SetText]:
    """Yield every text that the file of the set holds, in the order in which people read them."""
    yield SetText("title", "Tên bộ câu hỏi", ("title",), question_set.title)
    yield SetText("index_title", "Tên chỉ số", ("index_title",), question_set.index_title)
    for i, component in enumerate(question_set.components):
        where = _numbered("Thành phần", component.number)
        yield SetText(f"component.{component.id}", where, ("component", i), component.name)
        for j, factor in enumerate(component.factors):
            where = _numbered("Yếu tố", factor.number)
            yield SetText(f"factor.{factor.id}", where, ("component", i, "factor", j), factor.name)
    for i, scale in enumerate(question_set.scales):
        yield from _choices(f"scale.{scale.id}", f"Thang đo {scale.id}", ("scale", i, "levels"), scale.levels)
    for i, group in enumerate(question_set.groups):
        where = _numbered("Nhóm câu", group.number)
        yield SetText(f"group.{group.id}", where, ("group", i), group.text)
    for i, question in enumerate(question_set.questions):
        where = question_words(question)
        yield SetText(f"question.{question.id}", where, ("question", i), question.text)
        if _has_own_choices(question):
            yield from _choices(f"question.{question.id}", where, ("question", i, "choices"), question.choices)


def untranslated(question_set: QuestionSet) -> tuple[SetText, ...]:
    """Return the texts without English."""
    return tuple(one for one in texts_of(question_set) if not one.text.en.strip())


def question_words(question: Question) -> str:
    """Return what people call a question: "Câu 24", or its id where it has no number."""
    return _numbered("Câu", question.number or question.id)


def _numbered(kind: str, number: str) -> str:
    """Return kind and number; some forms print "Câu 1" as the number itself."""
    is_named = number.casefold().startswith("câu")
    return number if is_named and kind == "Câu" else f"{kind} {number.removeprefix('Câu ')}".strip()


def _has_own_choices(question: Question) -> bool:
    kind = BY_CODE.get(question.type)
    return kind is not None and kind.choices is ChoiceSource.OWN


def _choices(key: str, where: str, path: Path, choices: tuple[Choice, ...]) -> Iterator[SetText]:
    for position, choice in enumerate(choices):
        words = f"{where}, lựa chọn {choice.value}"
        yield SetText(f"{key}.{choice.value}", words, (*path, position), choice.label)
        if choice.short is not choice.label:  # where the file gives none, the label itself stands there
            yield SetText(f"{key}.{choice.value}.short", f"{words}, chữ ngắn", (*path, position), choice.short, SHORT)
