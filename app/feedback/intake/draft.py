"""What a citizen has told so far (pure): the state of one intake between its pages, as plain values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from app.feedback.cases.promises import Part
from app.feedback.intake.door import Answer
from app.rules.kinds import Kind


@dataclass(frozen=True, slots=True)
class Draft:
    """One intake. Empty values are those not told; ``is_anonymous`` is None until the step was passed.

    ``typed_unit`` and ``typed_procedure`` are words sought; ``last_page`` is the form id of the last post of files.
    """

    text: str = ""
    answers: tuple[str, ...] = ()
    kind: str = ""
    has_read_guidance: bool = False
    code: str = ""
    is_shared: bool = False
    unit_id: int | None = None
    counter_id: int | None = None
    procedure_id: int | None = None
    happened_on: str = ""
    is_remote: bool = False
    typed_unit: str = ""
    typed_procedure: str = ""
    has_place: bool = False
    has_files: bool = False
    has_signed_letter: bool = False
    is_anonymous: bool | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    wants_notices: bool = False
    refused_files: tuple[tuple[str, str], ...] = ()
    last_page: str = ""

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Draft":
        """The draft that a session holds; values of an older release that are no longer known are left out."""
        known = {one.name for one in fields(cls)}
        kept = {name: value for name, value in state.items() if name in known}
        kept["answers"] = tuple(kept.get("answers", ()))
        kept["refused_files"] = tuple((name, words) for name, words in kept.get("refused_files", ()))
        return cls(**kept)

    @property
    def state(self) -> dict[str, Any]:
        """What the session holds."""
        return asdict(self)

    @property
    def told(self) -> frozenset[Answer]:
        """What the citizen said it is about."""
        return frozenset(Answer(one) for one in self.answers)

    @property
    def chosen(self) -> Kind | None:
        """The track that was chosen."""
        return Kind(self.kind) if self.kind else None

    @property
    def day(self) -> date | None:
        """When it happened."""
        return date.fromisoformat(self.happened_on) if self.happened_on else None

    @property
    def is_information(self) -> bool:
        """Whether it goes the way on which no identity exists."""
        return self.kind == Kind.DENUNCIATION

    def meets_form(self, *, has_files: bool) -> bool:
        """Whether a complaint has what the law asks of one: name, address and, among the files, the signed petition."""
        return not self.missing(has_files=has_files)

    def missing(self, *, has_files: bool) -> tuple[Part, ...]:
        """What a complaint lacks of that; nothing for the other tracks."""
        if self.chosen is not Kind.COMPLAINT:
            return ()
        there = {
            Part.NAME: bool(self.name),
            Part.ADDRESS: bool(self.address),
            Part.LETTER: self.has_signed_letter and has_files,
        }
        return tuple(part for part, is_there in there.items() if not is_there)

    @property
    def needs_no_letter_back(self) -> bool:
        """Whether the unit owes no answer in writing, for nobody is named."""
        return self.chosen is Kind.PETITION and self.is_anonymous is True

    def choosing(self, kind: Kind) -> "Draft":
        """The draft on a track. On the one without identity everything typed as contact before is dropped."""
        changed = replace(self, kind=kind.value, has_read_guidance=self.has_read_guidance and kind.value == self.kind)
        if kind is not Kind.DENUNCIATION:
            return changed
        return replace(
            changed,
            is_anonymous=True,
            has_signed_letter=False,
            name="",
            phone="",
            email="",
            address="",
            wants_notices=False,
        )
