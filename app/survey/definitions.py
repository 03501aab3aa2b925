"""What a question set is: frozen values, without reading or checking a file (that is loading.py).

A question set is one version of one questionnaire. Its text never changes after publication, so every
response can point at the exact words it answered. The packed order of answers is the order of `questions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

UNIT_PLACEHOLDER = "[đơn vị]"
"""Stands in a text where the official name of the counter's unit is filled in at rendering."""

TRANSLATION_NOTE = "bản dịch của Lắng Nghe, không chính thức"
"""Every English text of a question set is our own; pages that show one say so with these words."""


class Role(StrEnum):
    """What a question is for; it decides where the page shows it and whether results may use it."""

    OVERALL = "overall"  # the one-tap question; never in the index
    RESPONDENT_KIND = "respondent_kind"  # individual, organisation or business; results may be filtered by it
    CRITERION = "criterion"
    PERCEPTION = "perception"
    NEED = "need"
    RESPONDENT = "respondent"  # sex, age band and other facts about the person
    COMMENT = "comment"


class Mode(StrEnum):
    """How people come to answer."""

    OPEN_QR = "open_qr"  # anybody who scans the code at the counter
    KIOSK = "kiosk"  # a shared tablet at the counter
    VERIFIED_QR = "verified_qr"  # a one-use code printed on the dossier receipt
    SAMPLED = "sampled"  # people drawn at random
    PAPER = "paper"  # paper forms of a sampled round, keyed in later


SENSITIVE_MODES = frozenset({Mode.SAMPLED, Mode.PAPER})
"""Only a sampled round may ask sensitive questions (Decree 356/2025/NĐ-CP Article 4: ethnic origin)."""


class Wording(StrEnum):
    """Whether the Vietnamese words were seen in the source, or written from memory."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Vietnamese (the authority) and in our own unofficial English, empty until translated."""

    vi: str
    en: str

    def render(self, language: str = "vi", *, unit_name: str = "") -> str:
        """Return the text in `language` ("en" or Vietnamese), the unit's name put in place of its placeholder."""
        text = (self.en or self.vi) if language == "en" else self.vi
        return text.replace(UNIT_PLACEHOLDER, unit_name) if unit_name else text


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a person may tick.

    `value` is 1…n, as packed and as posted. `short` fits a narrow cell. `points` is set where the source
    gives points (0–2 in the former Decree 61/2018). `with_text` marks "other: …".
    """

    value: int
    label: Text
    short: Text
    points: int | None = None
    with_text: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Ordered levels shared by several questions, lowest first. Levels from `satisfied_from` on count as satisfied."""

    id: str
    levels: tuple[Choice, ...]
    satisfied_from: int | None = None


@dataclass(frozen=True, slots=True)
class Factor:
    """A group of criteria whose mean is published, such as "Tiếp cận dịch vụ". `number` is as printed ("A")."""

    id: str
    number: str
    name: Text


@dataclass(frozen=True, slots=True)
class Component:
    """One of the large parts of the index, holding factors in order."""

    id: str
    number: str
    name: Text
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A heading that several questions share, such as "Câu 1. …": `number` and the stem asked before the items."""

    id: str
    number: str
    text: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One question or one item under a stem.

    `number` is as printed ("24"), may be empty. `choices` are resolved: the levels of the scale, the question's own
    choices, yes/no, or none for numbers and texts. `minimum`, `maximum`, `decimals` belong to numbers;
    `max_length` (characters) to texts. `source` says where the Vietnamese wording was seen.
    """

    id: str
    type: str
    role: Role
    number: str
    text: Text
    choices: tuple[Choice, ...]
    scale: str | None
    factor: str | None
    group: str | None
    in_index: bool
    allows_na: bool
    sensitive: bool
    wording: Wording
    source: str
    minimum: int | None = None
    maximum: int | None = None
    decimals: int = 0
    max_length: int = 2000

    @property
    def field(self) -> str:
        """Name of the form field; prefixed so that no question can collide with the form's own fields."""
        return f"q_{self.id}"

    @property
    def other_field(self) -> str:
        """Name of the form field for the text of "other"."""
        return f"q_{self.id}_other"

    @property
    def other_choice(self) -> Choice | None:
        """The choice that asks for a text, if there is one."""
        return next((choice for choice in self.choices if choice.with_text), None)


@dataclass(frozen=True, slots=True)
class SkipRule:
    """If `question` got one of the choices `when`, the questions in `skip` (all later) are not asked."""

    question: str
    when: tuple[int, ...]
    skip: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class QuestionSet:
    """One version of a questionnaire. Two sets are the same exactly when their content hashes are.

    `index_title` is the only name under which results may be shown; `decision` names the legal source.
    """

    code: str
    version: int
    content_hash: str
    title: Text
    index_title: Text
    decision: str
    wording: Wording
    sources: tuple[tuple[str, str], ...]
    modes: frozenset[Mode]
    scales: tuple[Scale, ...]
    components: tuple[Component, ...]
    groups: tuple[Group, ...]
    questions: tuple[Question, ...]
    skip_rules: tuple[SkipRule, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, QuestionSet) and self.content_hash == other.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    @property
    def key(self) -> str:
        """Code and version joined, also the name of the file: "sipas_counter_2023"."""
        return f"{self.code}_{self.version}"

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """All factors in the order of the components."""
        return tuple(factor for component in self.components for factor in component.factors)

    @cached_property
    def criteria(self) -> tuple[Question, ...]:
        """The criteria that count in the index, in order."""
        return tuple(question for question in self.questions if question.in_index)

    @cached_property
    def overall(self) -> Question | None:
        """The one-tap question."""
        return next(self.with_role(Role.OVERALL), None)

    @cached_property
    def respondent_kind(self) -> Question | None:
        """The question whether a person, an organisation or a business answers."""
        return next(self.with_role(Role.RESPONDENT_KIND), None)

    @cached_property
    def comment(self) -> Question | None:
        """The free comment."""
        return next(self.with_role(Role.COMMENT), None)

    def with_role(self, role: Role) -> Iterator[Question]:
        """Yield the questions of one role, in order."""
        return (question for question in self.questions if question.role is role)

    def question(self, question_id: str) -> Question:
        """Return one question. Raises KeyError when the set has none of that id."""
        return self._by_id[question_id]

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    def factor_criteria(self, factor_id: str) -> tuple[Question, ...]:
        """The index criteria of one factor, in order."""
        return tuple(question for question in self.criteria if question.factor == factor_id)

    def unverified(self) -> tuple[str, ...]:
        """Ids of the questions whose wording nobody has seen in a source."""
        return tuple(question.id for question in self.questions if question.wording is Wording.UNVERIFIED)

    def can_be_published(self) -> bool:
        """Whether the set as a whole and every question in it are verified; otherwise it stays a draft."""
        return self.wording is Wording.VERIFIED and not self.unverified()

    def has_sensitive(self) -> bool:
        """Whether any question asks for sensitive personal data."""
        return any(question.sensitive for question in self.questions)

    def can_attach_to(self, mode: Mode | str) -> bool:
        """Whether the set may be used in `mode`: allowed by its file, and no sensitive question outside samples."""
        wanted = Mode(mode)
        return wanted in self.modes and (wanted in SENSITIVE_MODES or not self.has_sensitive())
