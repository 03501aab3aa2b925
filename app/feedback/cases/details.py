"""All that the page of one case shows, and apart from it who sent it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.calendar.reckoning import Reckoning
from app.feedback.cases import access, deadlines, history
from app.feedback.cases.access import Viewer
from app.feedback.cases.history import HistoryLine
from app.feedback.cases.kinds import Channel, Decision, Outcome, QuestionEnd, RequestKind, State
from app.feedback.cases.models import (
    Case,
    CaseExclusion,
    CaseFile,
    CaseQuestion,
    CaseRating,
    CaseReply,
    CaseRequest,
    Reporter,
)
from app.feedback.cases.readings import openers_by_role
from app.feedback.cases.reporters import Contact
from app.files.gate.models import CheckedFile
from app.rules.kinds import Kind
from app.units import queries as units
from app.units.models import Counter, Procedure, counter_label
from app.web.permissions import Permission


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question to the sender and what became of it."""

    number: int
    text: str
    asked_at: datetime
    answer_until: date
    answer: str | None
    ended_as: QuestionEnd | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """An answer that closed the case, with what the sender thinks of it."""

    number: int
    outcome: Outcome
    text: str
    answered_at: datetime
    score: int | None
    rating_text: str | None


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What the sender asked for after a closing."""

    number: int
    kind: RequestKind
    unit_id: int
    unit_name: str
    reason: str
    asked_on: date
    decision: Decision | None
    words: str | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its page shows it. ``files`` are numbered; ``names`` are those of the officers in the history."""

    case_id: str
    public_number: str
    version: int
    kind: Kind
    kind_asked: Kind
    meets_form: bool
    state: State
    outcome: Outcome | None
    unit_id: int
    unit_name: str
    concerned_unit_name: str
    counter_name: str
    procedure_name: str
    channel: Channel
    language: str
    is_anonymous: bool
    is_private: bool
    is_remote: bool
    received_on: date
    happened_on: date | None
    closed_on: date | None
    text: str
    due_on: date | None
    reckoning: Reckoning | None
    awaits_acceptance: bool
    assignee_id: int | None
    registered_by: int | None
    has_contact: bool
    contact_erased_on: date | None
    files: tuple[tuple[int, CheckedFile], ...]
    history: tuple[HistoryLine, ...]
    questions: tuple[QuestionLine, ...]
    replies: tuple[ReplyLine, ...]
    requests: tuple[RequestLine, ...]
    openers: Mapping[str, int]
    exclusions: int
    names: Mapping[int, str]


def one(session: Session, viewer: Viewer, case_id: str, on: date) -> CaseView:
    """Everything about a case but who sent it; raises ``UnknownCase``."""
    return of(session, access.find(session, viewer, case_id, on), on)


def of(session: Session, case: Case, on: date) -> CaseView:
    """The same of a case that ``access`` gave just now."""
    lines = history.lines(session, case.id, shown_only=False)
    reporter = session.execute(
        select(Reporter.case_id, Reporter.erased_on).where(Reporter.case_id == case.id)
    ).one_or_none()
    officers = {line.officer_id for line in lines} | {case.assignee_id, case.registered_by}
    requests = _asked(session, case.id)
    places = units.names_on(
        session, {case.unit_id, case.concerned_unit_id} | {request.unit_id for request in requests}, on
    )
    reckoning, awaits_acceptance = deadlines.standing(session, case, clock.now())
    return CaseView(
        case_id=case.id,
        public_number=case.public_number,
        version=case.version,
        kind=case.kind,
        kind_asked=case.kind_asked,
        meets_form=case.meets_form,
        state=case.state,
        outcome=case.outcome,
        unit_id=case.unit_id,
        unit_name=places.get(case.unit_id, ""),
        concerned_unit_name=places.get(case.concerned_unit_id, ""),
        counter_name=_counter_name(session, case),
        procedure_name=_procedure_name(session, case),
        channel=case.channel,
        language=case.language,
        is_anonymous=case.is_anonymous,
        is_private=case.is_private,
        is_remote=case.is_remote,
        received_on=case.received_on,
        happened_on=case.happened_on,
        closed_on=case.closed_on,
        text=case.text,
        due_on=case.due_on,
        reckoning=reckoning,
        awaits_acceptance=awaits_acceptance,
        assignee_id=case.assignee_id,
        registered_by=case.registered_by,
        has_contact=reporter is not None and reporter.erased_on is None,
        contact_erased_on=None if reporter is None else reporter.erased_on,
        files=tuple(files_of(session, case.id)),
        history=tuple(lines),
        questions=tuple(_questions(session, case.id)),
        replies=tuple(_replies(session, case.id)),
        requests=tuple(_requests(requests, places)),
        openers=openers_by_role(session, case.id),
        exclusions=_exclusions(session, case.id),
        names=_names(session, [one for one in officers if one is not None]),
    )


def contact(session: Session, viewer: Viewer, case_id: str, on: date) -> Contact | None:
    """Who sent a case, for whoever may know; None when nobody was named or they have been erased."""
    case = access.find(session, viewer, case_id, on, Permission.CASES_READ_CONTACT)
    found = session.get(Reporter, case.id)
    if found is None or found.erased_on is not None:
        return None
    return Contact(found.name or "", found.phone or "", found.email or "", found.address or "")


def files_of(session: Session, case_id: str) -> list[tuple[int, CheckedFile]]:
    """The files of a case under their numbers."""
    rows = session.execute(
        select(CaseFile.number, CheckedFile)
        .join(CheckedFile, CheckedFile.id == CaseFile.file_id)
        .where(CaseFile.case_id == case_id)
        .order_by(CaseFile.number)
    )
    return list(rows.all())


def _counter_name(session: Session, case: Case) -> str:
    counter = None if case.counter_id is None else session.get(Counter, case.counter_id)
    return "" if counter is None else counter_label(counter.number, counter.name)


def _procedure_name(session: Session, case: Case) -> str:
    procedure = None if case.procedure_id is None else session.get(Procedure, case.procedure_id)
    return "" if procedure is None else procedure.name


def _questions(session: Session, case_id: str) -> list[QuestionLine]:
    rows = session.scalars(select(CaseQuestion).where(CaseQuestion.case_id == case_id).order_by(CaseQuestion.number))
    return [
        QuestionLine(row.number, row.text, row.asked_at, row.answer_until, row.answer, row.ended_as, row.ended_on)
        for row in rows
    ]


def _replies(session: Session, case_id: str) -> list[ReplyLine]:
    ratings = {
        row.reply_number: row for row in session.scalars(select(CaseRating).where(CaseRating.case_id == case_id))
    }
    rows = session.scalars(select(CaseReply).where(CaseReply.case_id == case_id).order_by(CaseReply.number))
    return [
        ReplyLine(
            number=row.number,
            outcome=row.outcome,
            text=row.text,
            answered_at=row.answered_at,
            score=None if (given := ratings.get(row.number)) is None else given.score,
            rating_text=None if given is None else given.text,
        )
        for row in rows
    ]


def _asked(session: Session, case_id: str) -> Sequence[CaseRequest]:
    return session.scalars(select(CaseRequest).where(CaseRequest.case_id == case_id).order_by(CaseRequest.number)).all()


def _requests(rows: Sequence[CaseRequest], names: Mapping[int, str]) -> list[RequestLine]:
    return [
        RequestLine(
            row.number,
            row.kind,
            row.unit_id,
            names.get(row.unit_id, ""),
            row.reason,
            row.asked_on,
            row.decision,
            row.words,
        )
        for row in rows
    ]


def _exclusions(session: Session, case_id: str) -> int:
    in_force = (CaseExclusion.case_id == case_id, CaseExclusion.lifted_at.is_(None))
    return session.scalar(select(func.count()).select_from(CaseExclusion).where(*in_force)) or 0


def _names(session: Session, officer_ids: Sequence[int]) -> Mapping[int, str]:
    rows = session.execute(select(Officer.id, Officer.full_name).where(Officer.id.in_(officer_ids)))
    return dict(rows.all())
