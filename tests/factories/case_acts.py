"""What officers do with a case, on the version it has just now; and information with its code."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.feedback.answering import approvals, drafts
from app.feedback.answering.composing import WHOLE, Answer, Draft
from app.feedback.cases import outcomes
from app.feedback.cases.kinds import Decision, Outcome
from app.feedback.cases.models import Case, CaseRequest
from app.feedback.handling import closing
from app.feedback.handling import services as handling
from app.feedback.intake.services import Opened, Report, open_denunciation
from app.rules import law
from app.rules.kinds import Kind
from app.web.permissions import Permission
from tests.factories.cases import TEXT, Viewer
from tests.factories.officers import make_officer

EVERYTHING = frozenset(one for one in Permission if one.value.startswith("officer:cases:"))
ANSWER = "Đơn vị đã nhắc nhở và mở quầy đúng giờ."


def take_up(session: Session, handler: Viewer, case_id: str, **more: Any) -> Case:
    """Begin to handle a case."""
    return handling.take_up(session, handler, case_id, version(session, case_id), **more)


def ask(session: Session, handler: Viewer, case_id: str, until: date, text: str = "Lúc mấy giờ?") -> Case:
    """Ask its sender."""
    return handling.ask(session, handler, case_id, version(session, case_id), text, until)


def close(
    session: Session, handler: Viewer, case_id: str, outcome: Outcome = Outcome.SOLVED, text: str = ANSWER
) -> Case:
    """Answer and close it."""
    given = dict.fromkeys(outcomes.required(outcome), "Theo văn bản số 12 ngày 02/11/2026.")
    case = session.get_one(Case, case_id)
    saved = drafts.newest(session, case.id)
    draft = Draft(outcome, "", {WHOLE: Answer(text)}, given)
    number = drafts.save(session, handler, case.id, saved.number if saved else 0, draft)
    if approvals.is_needed(session, case):
        return _close_by_two(session, handler, case, number)
    return closing.send_draft(session, handler, case.id, case.version, number)


def _close_by_two(session: Session, author: Viewer, case: Case, number: int) -> Case:
    """Somebody else than its author lets the answer pass."""
    approvals.submit(session, author, case.id, case.version, number)
    found = session.scalars(select(Officer).where(Officer.username == "second.eyes")).one_or_none()
    second = Viewer((found or make_officer(session, "second.eyes")).id, author.scopes)
    return closing.approve_answer(session, second, case.id, case.version, number)


def decide(
    session: Session, handler: Viewer, case_id: str, decision: Decision, words: str = "Vì có tình tiết mới."
) -> Case:
    """Decide on the newest request of its sender."""
    number = session.scalars(
        select(CaseRequest.number).where(CaseRequest.case_id == case_id).order_by(CaseRequest.number.desc())
    ).first()
    assert number is not None
    return handling.decide(session, handler, case_id, version(session, case_id), number, decision, words)


def open_information(session: Session, unit_id: int, text: str = TEXT, **more: Any) -> Opened:
    """Information about a breach of law in a unit, with its code."""
    law.load(session)
    opened = open_denunciation(session, Report(Kind.DENUNCIATION, Kind.DENUNCIATION, text, unit_id, **more))
    session.flush()
    return opened


def version(session: Session, case_id: str) -> int:
    """The version of a case just now."""
    return session.get_one(Case, case_id).version
