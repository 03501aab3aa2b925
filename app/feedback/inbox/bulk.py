"""One act on many cases: each through the policy, its version and the table of moves, in a transaction of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db.session import Database
from app.errors import DomainError
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.errors import StaleCase
from app.feedback.cases.models import Case
from app.feedback.cases.workflow import BY_NAME
from app.feedback.handling.act_steps import At, perform
from app.feedback.routing import pages, people
from app.web.permissions import Permission

MOST = 100
ACTS = tuple(
    (name, label, BY_NAME[name].permission)
    for name, label in (("take_up", "Nhận xử lý"), ("assign", "Giao người xử lý"), ("transfer", "Chuyển đơn vị"))
)
"""What can be done with many cases at once: the move, its words on the list, whom it is offered to."""

NAMES = frozenset(name for name, _, _ in ACTS)
STALE = "Vừa có người khác cập nhật đơn này. Xin mở đơn xem lại, rồi làm lại nếu vẫn đúng."
GONE = "Không tìm thấy đơn này, hoặc Ông/Bà không còn được làm việc này với đơn."


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case as it was chosen: on which version."""

    case_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one case: ``problem`` is empty when it was done; no number for a case that is not there."""

    case_id: str
    public_number: str
    problem: str


def chosen(values: Iterable[str]) -> list[Chosen]:
    """The cases that were ticked, each once; what is no case of a list is left out."""
    found: dict[str, Chosen] = {}
    for value in list(values)[:MOST]:
        case_id, _, version = value.partition(".")
        if case_id.isascii() and case_id.isalnum() and version.isascii() and version.isdecimal() and len(version) < 10:
            found.setdefault(case_id, Chosen(case_id, int(version)))
    return list(found.values())


def known(session: Session, viewer: Viewer, picked: Sequence[Chosen], permission: Permission, on: date) -> list[Case]:
    """Those of them with which the viewer may do this."""
    ids = [one.case_id for one in picked]
    return list(
        session.scalars(
            select(Case)
            .where(Case.id.in_(ids), access.visible(session, viewer, on, permission))
            .order_by(Case.due_on.is_(None), Case.due_on, Case.public_number)
        )
    )


def officers(session: Session, viewer: Viewer, cases: Sequence[Case], on: date) -> tuple[tuple[str, str], ...]:
    """Who may handle every one of the cases, with how much they have to do: what is offered is not refused."""
    each = [people.handlers(session, case, on) for case in cases]
    found = {key: one for key, one in each[0].items() if all(key in other for other in each)} if each else {}
    return (("", "Chọn người xử lý"), *pages.officers(session, viewer, found, on))


def do_each(
    database: Database, viewer: Viewer, name: str, picked: Sequence[Chosen], typed: Mapping[str, str], role: str
) -> list[Done]:
    """Do it with one after the other; what one refuses does not touch the others."""
    return [_do(database, At(viewer, one.case_id, one.version, role), name, typed) for one in picked]


def _do(database: Database, at: At, name: str, typed: Mapping[str, str]) -> Done:
    try:
        with database.transaction() as session:
            perform(session, at, name, typed)
    except DomainError as error:
        with database.reading() as session:
            number = _number(session, at)
        words = STALE if type(error) is StaleCase else error.message
        return Done(at.case_id, number, words if number else GONE)
    return Done(at.case_id, "", "")


def _number(session: Session, at: At) -> str:
    """The public number of a case that the viewer may see; empty for any other."""
    if not access.may(session, at.viewer, at.case_id, clock.local_date(), Permission.CASES_READ):
        return ""
    return session.get_one(Case, at.case_id).public_number
