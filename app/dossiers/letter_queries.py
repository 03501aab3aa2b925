"""The register of letters of apology, and what one letter needs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.calendar.queries import calendar
from app.calendar.words import day_words
from app.dossiers.errors import UnknownDossier
from app.dossiers.letters import promised_again
from app.dossiers.models import ApologyLetter, Dossier, DossierApplicant
from app.dossiers.owing import last_working_day, may_promise_again
from app.rules.content import ApologyRule
from app.rules.queries import Rule, apology_on
from app.units import queries as units
from app.units.models import Procedure, Unit
from app.units.types import Level, unit_type


class LetterState(StrEnum):
    """Where a letter stands on a day."""

    OWED = "owed"
    LATE = "late"
    SENT = "sent"
    SENT_LATE = "sent_late"


@dataclass(frozen=True, slots=True)
class LettersOwed:
    """Letters of a unit: owed and not sent, of these already past their day; sent, of these in time."""

    owed: int = 0
    owed_late: int = 0
    sent: int = 0
    sent_in_time: int = 0

    @classmethod
    def of(cls, state: LetterState) -> "LettersOwed":
        """One letter."""
        is_sent = state in {LetterState.SENT, LetterState.SENT_LATE}
        return cls(not is_sent, state is LetterState.LATE, is_sent, state is LetterState.SENT)

    def __add__(self, other: "LettersOwed") -> "LettersOwed":
        return LettersOwed(
            self.owed + other.owed,
            self.owed_late + other.owed_late,
            self.sent + other.sent,
            self.sent_in_time + other.sent_in_time,
        )


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter as the register shows it; no name. ``work_by``: the last working day on which it can be sent in time."""

    dossier_id: int
    number: int
    code: str
    unit_id: int
    unit_name: str
    level: Level
    procedure: str
    due_on: date | None
    owed_by: date
    work_by: date
    sent_on: date | None
    new_due_on: date | None
    state: LetterState


@dataclass(frozen=True, slots=True)
class LetterView:
    """Everything the page of a dossier's letters shows. ``may_promise``: the letter owed names a new day."""

    dossier: Dossier
    unit_name: str
    procedure: str
    letters: tuple[ApologyLetter, ...]
    name: str
    address: str
    may_promise: bool

    @property
    def owed(self) -> ApologyLetter | None:
        """The letter still to be sent."""
        return next((one for one in self.letters if one.sent_on is None), None)

    @property
    def due_on(self) -> date | None:
        """The day the applicant was told last."""
        told = [one.new_due_on for one in self.letters if one.new_due_on is not None]
        return max(told) if told else self.dossier.due_on


def letters(session: Session, allowed: frozenset[int] | None, on: date) -> list[LetterLine]:
    """The register of these units (None: all) as it stood on a day, or stands today.

    Of an earlier day: what had to be sent by then, and whether it was; a letter sent later counts as owed. Those owed
    come first, by their day; then those sent, latest first.
    """
    columns = (ApologyLetter.dossier_id, ApologyLetter.number, ApologyLetter.owed_by, ApologyLetter.sent_on)
    of_dossier = (ApologyLetter.new_due_on, Dossier.code, Dossier.unit_id, Dossier.due_on)
    statement = (
        select(*columns, *of_dossier, Procedure.name.label("procedure"), Unit.type)
        .join(Dossier, Dossier.id == ApologyLetter.dossier_id)
        .join(Unit, Unit.id == Dossier.unit_id)
        .outerjoin(Procedure, Procedure.id == Dossier.procedure_id)
    )
    today = clock.local_date()
    if on < today:
        statement = statement.where(ApologyLetter.owed_by <= on)
    if allowed is not None:
        statement = statement.where(Dossier.unit_id.in_(allowed))
    rows = session.execute(statement).all()
    if not rows:
        return []
    names = units.names_on(session, {row.unit_id for row in rows}, today)
    working = calendar(session)
    lines = []
    for row in rows:
        sent_on = row.sent_on if row.sent_on is not None and row.sent_on <= on else None
        lines.append(
            LetterLine(
                dossier_id=row.dossier_id,
                number=row.number,
                code=row.code,
                unit_id=row.unit_id,
                unit_name=names.get(row.unit_id, ""),
                level=unit_type(row.type).level,
                procedure=row.procedure or "",
                due_on=row.due_on,
                owed_by=row.owed_by,
                work_by=last_working_day(row.owed_by, working.is_working_day),
                sent_on=sent_on,
                new_due_on=row.new_due_on if sent_on else None,
                state=state_of(row.owed_by, sent_on, on),
            )
        )
    return sorted(lines, key=_order)


def units_with_letters(session: Session, allowed: frozenset[int] | None, today: date) -> dict[int, str]:
    """The units among these (None: all) that owe or sent any letter, with their names."""
    found = select(Dossier.unit_id).join(ApologyLetter, ApologyLetter.dossier_id == Dossier.id).distinct()
    if allowed is not None:
        found = found.where(Dossier.unit_id.in_(allowed))
    return units.names_on(session, set(session.scalars(found)), today)


def by_unit(lines: Iterable[LetterLine]) -> dict[int, LettersOwed]:
    """The letters of each unit, counted from the lines of the register."""
    found: dict[int, LettersOwed] = defaultdict(LettersOwed)
    for line in lines:
        found[line.unit_id] += LettersOwed.of(line.state)
    return dict(found)


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
    times, _ = promised_again(session, dossier_id)
    most = apology_on(session, today).content.extensions_most
    return LetterView(
        dossier=dossier,
        unit_name=units.name_on(session, dossier.unit_id, today),
        procedure=procedure.name if procedure else "",
        letters=tuple(found),
        name=applicant.name if applicant else "",
        address=(applicant.address or "") if applicant else "",
        may_promise=may_promise_again(dossier.status, times, most),
    )


def why(found: LetterView, rule: Rule[ApologyRule], work_by: date) -> list[str]:
    """Why the letter that is owed must be sent by its day; the rule is told where it is the one the day came from.

    ``work_by``: the last working day up to that day.
    """
    if found.owed is None or found.due_on is None:
        return []
    sentences = [f"Hồ sơ hẹn trả {day_words(found.due_on)}."]
    if found.owed.rule_version_id == rule.id:
        before = rule.content.before_due.words
        sentences.append(f"Văn bản xin lỗi phải gửi trước ngày ấy {before}, theo {rule.legal_basis}.")
    sentences.append(f"Vì vậy hạn là hết {day_words(found.owed.owed_by)}.")
    if work_by < found.owed.owed_by:
        sentences.append(f"Ngày ấy là ngày nghỉ: nên gửi chậm nhất {day_words(work_by)}.")
    return sentences


def state_of(owed_by: date, sent_on: date | None, on: date) -> LetterState:
    """Where a letter stands on a day."""
    if sent_on is None:
        return LetterState.LATE if owed_by < on else LetterState.OWED
    return LetterState.SENT if sent_on <= owed_by else LetterState.SENT_LATE


def _order(line: LetterLine) -> tuple[bool, int, int, int]:
    day = line.owed_by.toordinal() if line.sent_on is None else -line.sent_on.toordinal()
    return (line.sent_on is not None, day, line.dossier_id, line.number)
