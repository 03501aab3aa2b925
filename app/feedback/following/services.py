"""What senders do with their code. Their acts bear a date; callers own the transaction and have locked the session.

Each act asks ``possible`` again under the lock of the case: what was possible when the page was drawn may not be now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.crypto.types import in_row
from app.feedback.cases import deadlines, history, pauses
from app.feedback.cases.acting import turn
from app.feedback.cases.keys import code_index
from app.feedback.cases.kinds import Event, QuestionEnd, RequestKind
from app.feedback.cases.models import Case, CaseFile, CaseQuestion, CaseRating, CaseRequest, Reporter
from app.feedback.conflicts import services as conflicts
from app.feedback.denunciations.models import Denunciation
from app.feedback.following import possible, standing
from app.feedback.following.errors import NoLonger
from app.feedback.following.possible import May


class What(StrEnum):
    """Which of the two kinds of tables a code opens."""

    CASE = "case"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Followed:
    """What a code opens."""

    what: What
    id: str


def by_code(session: Session, code: str) -> Followed | None:
    """What a well-formed code opens. Both tables are always asked, so that the work is always the same."""
    index = code_index(code)
    case_id = session.scalar(select(Case.id).where(Case.code_index == index))
    information_id = session.scalar(select(Denunciation.id).where(Denunciation.code_index == index))
    if case_id is not None:
        return Followed(What.CASE, case_id)
    return None if information_id is None else Followed(What.INFORMATION, information_id)


def answer_question(session: Session, case_id: str, number: int, text: str, file_ids: Iterable[str] = ()) -> None:
    """Answer the unit's open question; the clock runs again from the midnight before today.

    Answering again with the same words and no file changes nothing.

    Raises
    ------
    NoLonger
        When the question was answered with other words, has expired or was withdrawn.
    """
    case, today = _locked(session, case_id), clock.local_date()
    question, ids = session.get(CaseQuestion, (case_id, number)), list(file_ids)
    was_answered = question is not None and question.ended_as is QuestionEnd.ANSWERED
    if question is not None and was_answered and question.answer == text and not ids:
        return
    if question is None or question.ended_as is not None or today > question.answer_until:
        raise NoLonger(possible.QUESTION_OVER)
    question.answer = in_row(text, case_id)
    question.ended_as, question.ended_on = QuestionEnd.ANSWERED, today
    history.append(session, case, Event.ANSWERED_BY_SENDER, shown=True, detail={"number": number})
    _attach(session, case, ids, today)
    pauses.end_by_sender(session, case, today)
    turn(session, case, "answered_by_sender")
    case.version += 1
    deadlines.refresh(session, case)
    conflicts.refresh(session, case)  # the answer may name somebody


def add_files(session: Session, case_id: str, file_ids: Iterable[str]) -> None:
    """Put files to a case that is not closed."""
    case = _locked(session, case_id)
    _attach(session, case, list(file_ids), clock.local_date())
    case.version += 1


def rate(session: Session, case_id: str, reply_number: int, score: int, text: str) -> None:
    """Say once what the answer is worth; the same again changes nothing."""
    case = _locked(session, case_id)
    given = session.get(CaseRating, (case_id, reply_number))
    if given is not None and (given.score, given.text or "") == (score, text):
        return
    may = possible.rating(standing.of(session, case, clock.local_date()))
    _require(may)
    if may.reply_number != reply_number:
        raise NoLonger(possible.NO_ANSWER)
    session.add(
        CaseRating(
            case_id=case_id,
            reply_number=reply_number,
            score=score,
            text=in_row(text, case_id) if text else None,
            rated_on=clock.local_date(),
        )
    )
    history.append(session, case, Event.RATED, shown=True, detail={"reply": reply_number})


def ask_reopening(session: Session, case_id: str, reason: str) -> None:
    """Ask the unit to look again; an officer must answer in words."""
    case = _locked(session, case_id)
    _require(possible.reopening(standing.of(session, case, clock.local_date())))
    _request(session, case, RequestKind.REOPENING, case.unit_id, reason)


def ask_second_stage(session: Session, case_id: str, reason: str) -> None:
    """Ask the level above the unit that handled the case."""
    case, today = _locked(session, case_id), clock.local_date()
    _require(possible.review(standing.of(session, case, today)))
    above = standing.unit_above(session, case.unit_id, today)
    if above is None:
        raise NoLonger(possible.NOBODY_ABOVE)
    _request(session, case, RequestKind.SECOND_STAGE, above, reason)


def choose_notices(session: Session, case_id: str, *, wanted: bool) -> None:
    """Begin or stop being told of news by message; the same again changes nothing.

    Raises
    ------
    NoLonger
        When no address was left, or it was erased.
    """
    case, found = _locked(session, case_id), session.get(Reporter, case_id)
    if found is None or not (found.phone or found.email):
        raise NoLonger(possible.NO_ADDRESS)
    if found.wants_notices != wanted:
        found.wants_notices = wanted
        history.append(session, case, Event.NOTICES_ASKED if wanted else Event.NOTICES_STOPPED, shown=True)


def _locked(session: Session, case_id: str) -> Case:
    """The case, which nobody else changes until the transaction ends."""
    return session.scalars(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _require(may: May) -> None:
    if not may.is_possible:
        raise NoLonger(may.why_not or possible.NOT_CLOSED)


def _attach(session: Session, case: Case, file_ids: Sequence[str], today: date) -> None:
    before = standing.file_count(session, case.id) + max(0, len(file_ids) - 1)
    if file_ids:
        _require(possible.adding_files(case.state, before))
    last = session.scalar(select(func.max(CaseFile.number)).where(CaseFile.case_id == case.id)) or 0
    for number, file_id in enumerate(file_ids, start=last + 1):
        session.add(CaseFile(file_id=file_id, case_id=case.id, number=number, added_on=today, added_by=None))
        history.append(session, case, Event.FILE_ADDED, shown=True, detail={"number": number})


def _request(session: Session, case: Case, kind: RequestKind, unit_id: int, reason: str) -> None:
    last = session.scalar(select(func.max(CaseRequest.number)).where(CaseRequest.case_id == case.id)) or 0
    session.add(
        CaseRequest(
            case_id=case.id,
            number=last + 1,
            kind=kind,
            unit_id=unit_id,
            reason=in_row(reason, case.id),
            asked_on=clock.local_date(),
        )
    )
    event = Event.REOPENING_ASKED if kind is RequestKind.REOPENING else Event.REVIEW_ASKED
    history.append(session, case, event, shown=True, detail={"number": last + 1})
    case.version += 1
    conflicts.refresh(session, case)  # nobody decides on what is said of them
