"""Whether a message that waits may still go: asked by the worker in the transaction that takes it.

``about`` names a case and who is told of it. An officer who lost the case, was excluded from it, left, or changed the
address or the choice gets nothing, though the message was right when it was written; nor does a sender whose contact
was erased or who no longer wants to be told.
"""

from sqlalchemy.orm import Session

from app import clock
from app.accounts.contacts import queries as contacts
from app.accounts.rights import grants
from app.feedback.cases import access
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case, Reporter
from app.feedback.notices.people import Somebody
from app.feedback.notices.senders import way_to
from app.messages.worker import Waiting
from app.web.permissions import Permission

CASE, SENDER, OFFICER = "case", "sender", "officer"
TO_ASSIGNEE = frozenset({"officer-assigned", "officer-due", "officer-due-today"})


def about_officer(case: Case, officer_id: int) -> str:
    """What a message to an officer about a case is marked with."""
    return f"{CASE}:{case.id}:{officer_id}"


def about_sender(case: Case) -> str:
    """What a message to the sender of a case is marked with."""
    return f"{SENDER}:{case.id}"


def about_digest(officer_id: int) -> str:
    """What the digest of an officer is marked with."""
    return f"{OFFICER}:{officer_id}"


def may_go(session: Session, waiting: Waiting) -> bool:
    """Whether it may; what is about something else is not for this room to judge."""
    kind, _, rest = waiting.about.partition(":")
    if kind == SENDER:
        return _may_go_to_sender(session, rest, waiting)
    if kind == OFFICER:
        return rest.isdecimal() and _is_reached(session, int(rest), waiting, single=False)
    if kind == CASE:
        case_id, _, officer_id = rest.partition(":")
        return officer_id.isdecimal() and _may_go_to_officer(session, case_id, int(officer_id), waiting)
    return True


def _may_go_to_officer(session: Session, case_id: str, officer_id: int, waiting: Waiting) -> bool:
    today = clock.local_date()
    who = Somebody(officer_id, grants.scopes(session, officer_id, today))
    if not access.may(session, who, case_id, today, Permission.CASES_READ):
        return False
    case = session.get_one(Case, case_id)
    if case.state is State.CLOSED and waiting.template != "officer-news":
        return False
    if waiting.template in TO_ASSIGNEE and case.assignee_id != officer_id:
        return False
    return _is_reached(session, officer_id, waiting, single=True)


def _is_reached(session: Session, officer_id: int, waiting: Waiting, *, single: bool) -> bool:
    return contacts.is_current(session, officer_id, waiting.channel, waiting.recipient, single=single)


def _may_go_to_sender(session: Session, case_id: str, waiting: Waiting) -> bool:
    found = session.get(Reporter, case_id)
    return found is not None and way_to(found) == (waiting.channel, waiting.recipient)
