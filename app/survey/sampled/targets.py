"""What a column of an uploaded file can be: a part of the design, or a question of the set (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.survey.answer_types import type_of
from app.survey.definitions import Question, QuestionSet

LONGEST_LABEL = 100
"""Characters of the name of a stratum or cluster."""


class Part(StrEnum):
    """A part of the design. ``respondent`` only finds people entered twice; it is never stored."""

    UNIT = "unit"
    STRATUM = "stratum"
    PSU = "psu"
    WEIGHT = "weight"
    FIRST_POPULATION = "first-population"
    SECOND_POPULATION = "second-population"
    RESPONDENT = "respondent"


PART_WORDS: Mapping[Part, str] = {
    Part.UNIT: "Mã đơn vị được đánh giá",
    Part.STRATUM: "Tầng",
    Part.PSU: "Cụm (đơn vị chọn mẫu bậc 1)",
    Part.WEIGHT: "Trọng số",
    Part.FIRST_POPULATION: "Tổng thể bậc 1: số cụm của tầng (hoặc số người của tầng nếu không chọn cụm)",
    Part.SECOND_POPULATION: "Tổng thể bậc 2: số người của cụm",
    Part.RESPONDENT: "Số phiếu, chỉ để tìm phiếu trùng, không lưu",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a column is: a part of the design, or a question and, of a multiple choice, which choice."""

    key: str
    words: str
    part: Part | None = None
    question: Question | None = None
    choice: int | None = None


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How a file is read.

    ``columns``: name of the column → key of its target. ``values``: group of values → text in the file → reading
    ("1", "2", …, "na", "blank"), only where the automatic reading is overruled. ``nested``: numbers of clusters begin
    anew in every stratum.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    nested: bool = False

    def column_of(self, key: str) -> str | None:
        """The column that holds a target."""
        return next((name for name, target in self.columns.items() if target == key), None)

    def to_json(self) -> dict[str, object]:
        """The form that is stored."""
        return {
            "columns": dict(self.columns),
            "values": {group: dict(texts) for group, texts in self.values.items()},
            "nested": self.nested,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "ColumnMapping":
        """Read the stored form."""
        return cls(
            dict(content["columns"]),
            {key: dict(texts) for key, texts in content["values"].items()},
            bool(content["nested"]),
        )


def targets(question_set: QuestionSet) -> dict[str, Target]:
    """Everything a column can be, by key.

    Questions answered in words or numbers are left out: they are never imported, because what people write may say
    who they are.
    """
    parts = (Target(part.value, PART_WORDS[part], part=part) for part in Part)
    return {target.key: target for target in (*parts, *_questions(question_set))}


def _questions(question_set: QuestionSet) -> Iterator[Target]:
    for question in question_set.questions:
        kind = type_of(question)
        words = f"{question.number or question.id}. {question.text.vi}"
        if kind.many:
            for choice in question.choices:
                key = f"q:{question.id}:{choice.value}"
                yield Target(key, f"{words} – {choice.label.vi}", question=question, choice=choice.value)
        elif question.choices:
            yield Target(f"q:{question.id}", words, question=question)


def mapping_problems(mapping: ColumnMapping, known: Mapping[str, Target]) -> list[str]:
    """What is wrong with a choice of columns before a single row is read."""
    chosen = list(mapping.columns.values())
    found = [
        f"“{known[key].words}” được chọn cho {chosen.count(key)} cột. Mỗi nội dung chỉ lấy từ một cột."
        for key in dict.fromkeys(chosen)
        if chosen.count(key) > 1
    ]
    if not any(known[key].question for key in chosen):
        found.append("Chưa có cột nào được chọn là câu hỏi. Ông/Bà hãy chọn ít nhất một câu hỏi.")
    has = set(chosen)
    if Part.SECOND_POPULATION in has and Part.PSU not in has:
        found.append("Đã chọn tổng thể bậc 2 mà chưa chọn cột cụm. Ông/Bà hãy chọn cột cụm, hoặc bỏ tổng thể bậc 2.")
    if Part.SECOND_POPULATION in has and Part.FIRST_POPULATION not in has:
        found.append("Đã chọn tổng thể bậc 2 mà chưa chọn tổng thể bậc 1. Ông/Bà hãy chọn cả hai.")
    if mapping.nested and not {Part.PSU, Part.STRATUM} <= has:
        found.append("Số cụm đánh lại trong từng tầng chỉ có nghĩa khi đã chọn cả cột tầng và cột cụm.")
    return found + _incomplete_choices(has, known)


def _incomplete_choices(has: set[str], known: Mapping[str, Target]) -> list[str]:
    """A multiple choice is read whole or not at all: an unmapped choice would look like one nobody ticked."""
    many: dict[str, list[Target]] = {}
    for target in known.values():
        if target.choice is not None and target.question is not None:
            many.setdefault(target.question.id, []).append(target)
    return [
        f"Câu {group[0].question.number or name} có {len(group)} lựa chọn nhưng mới chọn cột cho "
        f"{sum(one.key in has for one in group)}. Ông/Bà hãy chọn đủ cột hoặc bỏ cả câu."
        for name, group in many.items()
        if group[0].question is not None and 0 < sum(one.key in has for one in group) < len(group)
    ]
