"""Reads what a citizen posted for a question set: a closed list of fields and values, nothing compulsory.

Works on plain mappings, so that the form, the keyed-in paper and the tests use one reading.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.i18n.messages import message
from app.survey.answer_types import Parsed, type_of
from app.survey.codes import BLANK, NOT_SHOWN, NOT_TICKED, TICKED
from app.survey.definitions import Question, QuestionSet
from app.web import text_input
from app.web.privacy_hints import Hint, find_hints

OTHER_TEXT_LENGTH = 200
UNKNOWN_FIELD = message("Biểu mẫu có mục không thuộc phiếu này. Xin Ông/Bà mở lại phiếu và gửi lại.")


@dataclass(slots=True)
class Answers:
    """Answers by question id: packed codes (shown questions only), and apart from them numbers and texts."""

    codes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    other_texts: dict[str, str] = field(default_factory=dict)

    def answered(self) -> int:
        """How many questions got an answer, "not applicable" included."""
        coded = sum(1 for codes in self.codes.values() if not set(codes) <= {NOT_SHOWN, BLANK})
        return coded + len(self.numbers) + len(self.texts)


@dataclass(slots=True)
class Reading:
    """What came of one post.

    `errors`: field name → Vietnamese message. `typed`: field name → cleaned values, to show the page again as it
    was filled in. `hints`: field name → what looks like personal data. `skipped`: questions a rule took out.
    """

    answers: Answers = field(default_factory=Answers)
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hints: dict[str, tuple[Hint, ...]] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()

    @property
    def is_valid(self) -> bool:
        """Whether the answers may be stored."""
        return not self.errors


def read_answers(
    question_set: QuestionSet,
    posted: Mapping[str, Sequence[str]],
    *,
    shown: Collection[str] | None = None,
    earlier: Mapping[str, Sequence[int]] | None = None,
    ignore: Collection[str] = (),
) -> Reading:
    """Read a posted form.

    `posted`: field name → all its values, as in `request.form.lists()`. `shown`: ids of the questions on the page
    (all by default). `earlier`: codes stored by an earlier page of the same response, which skip rules may look
    at. `ignore`: the form's own fields, such as the form id. Raises KeyError when `shown` names an unknown question.
    """
    wanted = {question.id for question in question_set.questions} if shown is None else set(shown)
    for question_id in wanted:
        question_set.question(question_id)
    questions = [question for question in question_set.questions if question.id in wanted]
    reading = Reading()
    _take_typed(reading, questions, posted, frozenset(ignore))
    parsed = {question.id: _parse(reading, question) for question in questions}
    reading.skipped = skipped_questions(
        question_set, {**(earlier or {}), **{question_id: result.codes for question_id, result in parsed.items()}}
    )
    for question in questions:
        _keep(reading, question, parsed[question.id])
    return reading


def skipped_questions(question_set: QuestionSet, codes: Mapping[str, Sequence[int]]) -> frozenset[str]:
    """Return the ids the set's rules take out, given the codes. A question that is itself skipped triggers no rule."""
    skipped: set[str] = set()
    order = {question.id: place for place, question in enumerate(question_set.questions)}
    for rule in sorted(question_set.skip_rules, key=lambda rule: order[rule.question]):
        given = codes.get(rule.question, ())
        if rule.question not in skipped and _chosen(question_set.question(rule.question), given) & set(rule.when):
            skipped.update(rule.skip)
    return frozenset(skipped)


def _chosen(question: Question, codes: Sequence[int]) -> set[int]:
    if type_of(question).many:
        return {choice.value for choice, code in zip(question.choices, codes, strict=False) if code == TICKED}
    return set(codes)


def _take_typed(
    reading: Reading, questions: Sequence[Question], posted: Mapping[str, Sequence[str]], ignore: frozenset[str]
) -> None:
    known = {question.field for question in questions}
    known |= {question.other_field for question in questions if question.other_choice}
    for name, values in posted.items():
        if name in known:
            reading.typed[name] = tuple(text_input.clean(value) for value in values)
        elif name not in ignore:
            reading.errors[text_input.clean(name)[:80]] = UNKNOWN_FIELD


def _parse(reading: Reading, question: Question) -> Parsed:
    parsed = type_of(question).parse(question, reading.typed.get(question.field, ()))
    other = _other_text(reading, question)
    choice = question.other_choice
    if not other or choice is None or parsed.error:
        return parsed
    # Somebody who wrote into the "other" box meant it, even without ticking it.
    if type_of(question).many:
        codes = [code if code in (TICKED, NOT_TICKED) else NOT_TICKED for code in parsed.codes]
        codes[choice.value - 1] = TICKED
        return Parsed(tuple(codes))
    if parsed.codes == (BLANK,):
        return Parsed((choice.value,))
    if parsed.codes != (choice.value,):
        return Parsed(parsed.codes, error=message("Ông/Bà đã ghi thêm nội dung nhưng chưa chọn mục “khác”."))
    return parsed


def _other_text(reading: Reading, question: Question) -> str:
    given = [value.strip() for value in reading.typed.get(question.other_field, ()) if value.strip()]
    return " ".join(given)


def _keep(reading: Reading, question: Question, parsed: Parsed) -> None:
    answers, width = reading.answers, type_of(question).width(question)
    if question.id in reading.skipped:
        # What was typed into a skipped question is not an answer and cannot be wrong.
        if width:
            answers.codes[question.id] = (NOT_SHOWN,) * width
        return
    if parsed.error:
        reading.errors[question.field] = parsed.error
    if width:
        answers.codes[question.id] = parsed.codes
    if parsed.number is not None:
        answers.numbers[question.id] = parsed.number
    if parsed.text is not None:
        answers.texts[question.id] = parsed.text
        _note_hints(reading, question.field, parsed.text)
    if question.other_choice and (other := _other_text(reading, question)):
        if too_long := text_input.problem(other, OTHER_TEXT_LENGTH):
            reading.errors[question.other_field] = too_long
            return
        if not parsed.error:
            answers.other_texts[question.id] = other
        _note_hints(reading, question.other_field, other)


def _note_hints(reading: Reading, name: str, text: str) -> None:
    if hints := find_hints(text):
        reading.hints[name] = hints
