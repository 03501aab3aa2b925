"""Public copies as officers see them: what may be published, what is, and every version with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.db.pages import Matching
from app.feedback.answering.spotting import spots
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case, CaseReply
from app.feedback.publishing.copies import Act, Basis, Copy
from app.feedback.publishing.models import PublicAnswer, PublicAnswerVersion
from app.feedback.redaction.queries import newest_text
from app.rules.kinds import Kind
from app.units import queries as units
from app.web.permissions import Permission

PERMISSION = Permission.CASES_PUBLISH


class Standing(StrEnum):
    """Where the public copy of a closed case stands."""

    NONE = "none"
    SHOWN = "shown"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ClosedLine:
    """A closed case whose answer may be published, or is."""

    case_id: str
    public_number: str
    kind: Kind
    unit_id: int
    closed_on: date | None
    standing: Standing
    title: str
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One act on a public copy."""

    number: int
    act: Act
    by: str
    at: datetime
    copy: Copy | None
    reason: str


def standing_of(case: Case, found: PublicAnswer | None) -> Standing:
    """``HIDDEN``: shown by its unit, but its case was opened again or made private."""
    if found is None:
        return Standing.NONE
    if not found.is_shown:
        return Standing.WITHDRAWN
    return Standing.SHOWN if case.state is State.CLOSED and not case.is_private else Standing.HIDDEN


def closed_cases(
    session: Session, viewer: Viewer, on: date, *, standing: Standing | None = None, words: Sequence[str] = ()
) -> Matching[ClosedLine]:
    """Closed cases whose answers this viewer may publish, and those already published, last closed first."""
    statement = (
        select(Case, PublicAnswer)
        .outerjoin(PublicAnswer, PublicAnswer.case_id == Case.id)
        .where(
            access.visible(session, viewer, on, PERMISSION), (Case.state == State.CLOSED) | PublicAnswer.id.is_not(None)
        )
        .order_by(Case.closed_on.is_(None), Case.closed_on.desc(), Case.public_number)
    )
    statement = _standing_in(statement, standing)
    for word in words:
        statement = statement.where(
            units.holds(PublicAnswer.folded, word) | units.holds(Case.public_number, word.upper())  # type: ignore[arg-type]
        )
    return Matching(session, statement, lambda row: _line(row[0], row[1]))


def named(session: Session, lines: Sequence[ClosedLine], on: date) -> list[ClosedLine]:
    """The lines with the names of their units."""
    names = units.names_on(session, {line.unit_id for line in lines}, on)
    return [
        ClosedLine(
            line.case_id,
            line.public_number,
            line.kind,
            line.unit_id,
            line.closed_on,
            line.standing,
            line.title,
            names.get(line.unit_id, ""),
        )
        for line in lines
    ]


def copy_of(session: Session, case_id: str) -> PublicAnswer | None:
    """The public copy of a case, whether shown or not."""
    return session.scalar(select(PublicAnswer).where(PublicAnswer.case_id == case_id))


def versions(session: Session, case_id: str) -> list[VersionLine]:
    """All acts on it, newest first."""
    rows = session.execute(
        select(PublicAnswerVersion, Officer.full_name)
        .join(Officer, Officer.id == PublicAnswerVersion.made_by)
        .where(PublicAnswerVersion.case_id == case_id)
        .order_by(PublicAnswerVersion.number.desc())
    )
    return [VersionLine(row.number, row.act, name, row.made_at, _copy(row), row.reason or "") for row, name in rows]


def last_reply(session: Session, case_id: str) -> CaseReply | None:
    """The answer that would be published."""
    return session.scalar(
        select(CaseReply).where(CaseReply.case_id == case_id).order_by(CaseReply.number.desc()).limit(1)
    )


def proposed(session: Session, case: Case) -> Copy:
    """What the form begins with: the last version, else the texts with what looks personal taken out."""
    last = next((one.copy for one in versions(session, case.id) if one.copy is not None), None)
    if last is not None:
        return last
    reply = last_reply(session, case.id)
    question = newest_text(session, case.id) or without_spots(case.text)
    return Copy("", question, "" if reply is None else without_spots(reply.text))


def without_spots(text: str) -> str:
    """The text, with words in brackets in the place of what looks personal."""
    made, place = [], 0
    for spot in spots(text):
        made += [text[place : spot.start], f"[đã bỏ {spot.words}]"]
        place = spot.end
    return "".join((*made, text[place:]))


def _copy(row: PublicAnswerVersion) -> Copy | None:
    if row.answer is None or row.question is None or row.title is None:
        return None
    return Copy(
        row.title,
        row.question,
        row.answer,
        row.basis or Basis.ANONYMISED,
        row.agreement or "",
        files=tuple(row.files or ()),
    )


def _standing_in(statement: Select[Case, PublicAnswer], standing: Standing | None) -> Select[Case, PublicAnswer]:
    is_open = (Case.state == State.CLOSED) & Case.is_private.is_(False)
    conditions = {
        Standing.NONE: PublicAnswer.id.is_(None),
        Standing.SHOWN: PublicAnswer.is_shown & is_open,
        Standing.HIDDEN: PublicAnswer.is_shown & ~is_open,
        Standing.WITHDRAWN: PublicAnswer.is_shown.is_(False),
    }
    return statement if standing is None else statement.where(conditions[standing])


def _line(case: Case, found: PublicAnswer | None) -> ClosedLine:
    return ClosedLine(
        case_id=case.id,
        public_number=case.public_number,
        kind=case.kind,
        unit_id=case.unit_id,
        closed_on=case.closed_on,
        standing=standing_of(case, found),
        title="" if found is None else found.title or "",
    )
