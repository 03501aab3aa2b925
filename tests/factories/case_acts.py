"""What officers do with a case, on the version it has just now; and information with its code."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback.cases import outcomes
from app.feedback.cases.kinds import Decision, Outcome
from app.feedback.cases.models import Case, CaseRequest
from app.feedback.handling import services as handling
from app.feedback.intake.services import Opened, Report, open_denunciation
from app.rules import law
from app.rules.kinds import Kind
from app.web.permissions import Permission
from tests.factories.cases import TEXT, Viewer

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
    return handling.close(session, handler, case_id, version(session, case_id), outcome, text, given=given)


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
