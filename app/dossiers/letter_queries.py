"""The register of letters of apology, and what one letter needs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar.words import day_words
from app.dossiers.errors import UnknownDossier
from app.dossiers.models import ApologyLetter, Dossier, DossierApplicant
from app.rules.content import ApologyRule
from app.rules.queries import Rule
from app.units import queries as units
from app.units.models import Procedure


class LetterState(StrEnum):
    """Where a letter stands on a day."""

    OWED = "owed"
    LATE = "late"
    SENT = "sent"
    SENT_LATE = "sent_late"


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter as the register shows it; no name."""

    dossier_id: int
    number: int
    code: str
    unit_id: int
    unit_name: str
    procedure: str
    due_on: date | None
    owed_by: date
    sent_on: date | None
    new_due_on: date | None
    state: LetterState


@dataclass(frozen=True, slots=True)
class LetterView:
    """Everything the page of a dossier's letters shows."""

    dossier: Dossier
    unit_name: str
    procedure: str
    letters: tuple[ApologyLetter, ...]
    name: str
    address: str

    @property
    def owed(self) -> ApologyLetter | None:
        """The letter still to be sent."""
        return next((one for one in self.letters if one.sent_on is None), None)

    @property
    def due_on(self) -> date | None:
        """The day the applicant was told last."""
        told = [one.new_due_on for one in self.letters if one.new_due_on is not None]
        return max(told) if told else self.dossier.due_on


def letters(session: Session, allowed: frozenset[int] | None, today: date) -> list[LetterLine]:
    """All letters of these units (None: all): those still owed first, by their day; then those sent, latest first."""
    statement = (
        select(ApologyLetter, Dossier, Procedure.name)
        .join(Dossier, Dossier.id == ApologyLetter.dossier_id)
        .outerjoin(Procedure, Procedure.id == Dossier.procedure_id)
    )
    if allowed is not None:
        statement = statement.where(Dossier.unit_id.in_(allowed))
    rows = session.execute(statement).all()
    names = units.names_on(session, {dossier.unit_id for _, dossier, _ in rows}, today)
    lines = [
        LetterLine(
            dossier_id=dossier.id,
            number=letter.number,
            code=dossier.code,
            unit_id=dossier.unit_id,
            unit_name=names.get(dossier.unit_id, ""),
            procedure=procedure or "",
            due_on=dossier.due_on,
            owed_by=letter.owed_by,
            sent_on=letter.sent_on,
            new_due_on=letter.new_due_on,
            state=state_of(letter, today),
        )
        for letter, dossier, procedure in rows
    ]
    return sorted(lines, key=_order)


def view(session: Session, allowed: frozenset[int] | None, dossier_id: int, today: date) -> LetterView:
    """A dossier with its letters; raises ``UnknownDossier`` also for one of other units."""
    dossier = session.get(Dossier, dossier_id)
    if dossier is None or (allowed is not None and dossier.unit_id not in allowed):
        raise UnknownDossier("Không tìm thấy hồ sơ này trong các đơn vị Ông/Bà được giao.")
    found = session.scalars(
        select(ApologyLetter).where(ApologyLetter.dossier_id == dossier_id).order_by(ApologyLetter.number)
    )
    applicant = session.get(DossierApplicant, dossier_id)
    procedure = session.get(Procedure, dossier.procedure_id) if dossier.procedure_id else None
    return LetterView(
        dossier=dossier,
        unit_name=units.name_on(session, dossier.unit_id, today),
        procedure=procedure.name if procedure else "",
        letters=tuple(found),
        name=applicant.name if applicant else "",
        address=(applicant.address or "") if applicant else "",
    )


def why(found: LetterView, rule: Rule[ApologyRule]) -> list[str]:
    """Why the letter that is owed must be sent by its day; the rule is told where it is the one the day came from."""
    if found.owed is None or found.due_on is None:
        return []
    sentences = [f"Hồ sơ hẹn trả {day_words(found.due_on)}."]
    if found.owed.rule_version_id == rule.id:
        before = rule.content.before_due.words
        sentences.append(f"Văn bản xin lỗi phải gửi trước ngày ấy {before}, theo {rule.legal_basis}.")
    return [*sentences, f"Vì vậy hạn là hết {day_words(found.owed.owed_by)}."]


def state_of(letter: ApologyLetter, today: date) -> LetterState:
    """Where a letter stands on a day."""
    if letter.sent_on is None:
        return LetterState.LATE if letter.owed_by < today else LetterState.OWED
    return LetterState.SENT if letter.sent_on <= letter.owed_by else LetterState.SENT_LATE


def _order(line: LetterLine) -> tuple[bool, int, int, int]:
    day = line.owed_by.toordinal() if line.sent_on is None else -line.sent_on.toordinal()
    return (line.sent_on is not None, day, line.dossier_id, line.number)
