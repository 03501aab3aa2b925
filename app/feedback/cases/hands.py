"""Who had a hand in the answers to a case: whoever wrote on one, handed it on, gave it back, let it pass or sent it.

Nobody judges their own work: not before an answer goes, and not when its sender asks for another look.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.feedback.cases.kinds import Event
from app.feedback.cases.models import CaseAuthor, CaseEvent, CaseReply

DECIDING = (Event.SENT_FOR_APPROVAL, Event.ANSWER_RETURNED, Event.CLOSED, Event.REOPENING_REFUSED)


def wrote(session: Session, case_id: str, *officer_ids: int) -> None:
    """Keep who wrote on the answer in the making; drafts go, this stays. The caller has locked the case."""
    number = _next(session, case_id)
    for officer_id in officer_ids:
        if session.get(CaseAuthor, (case_id, number, officer_id)) is None:
            session.add(CaseAuthor(case_id=case_id, number=number, officer_id=officer_id))


def authors(session: Session, case_id: str, number: int | None = None) -> frozenset[int]:
    """Whoever wrote on the answer of a number, or on the one in the making."""
    wanted = _next(session, case_id) if number is None else number
    return frozenset(
        session.scalars(select(CaseAuthor.officer_id).where(CaseAuthor.case_id == case_id, CaseAuthor.number == wanted))
    )


def of_answers(session: Session, case_id: str, before: int | None = None) -> frozenset[int]:
    """Whoever had a hand in the answers that were sent, ``before`` a line of the history where one is named."""
    acts = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.event.in_(DECIDING))
    if before is not None:
        acts = acts.where(CaseEvent.sequence < before)
    lines = session.scalars(acts.order_by(CaseEvent.sequence)).all()
    sent = [
        number for one in lines if isinstance(number := one.detail.get("number"), int) and one.event is Event.CLOSED
    ]
    if not sent:
        return frozenset()
    wrote_them = select(CaseAuthor.officer_id).where(CaseAuthor.case_id == case_id, CaseAuthor.number <= max(sent))
    signed_them = select(CaseReply.written_by).where(CaseReply.case_id == case_id, CaseReply.number <= max(sent))
    acted = {one.officer_id for one in lines if one.officer_id is not None}
    return frozenset({*acted, *session.scalars(wrote_them.union(signed_them))})


def _next(session: Session, case_id: str) -> int:
    """The number of the answer in the making."""
    return (session.scalar(select(func.max(CaseReply.number)).where(CaseReply.case_id == case_id)) or 0) + 1
