"""Terms that ended without an answer. A case once late stays late, whatever term it is given afterwards.

Opening a case again, treating it as another kind or accepting it gives it another due date, which would wipe out that
the one before had gone by. So a missed term is written down by the clock (``upkeep``) and by the first act after it,
with the unit that held the case and the kind it then was. Only a corrected calendar takes such a line back: then the
date was never missed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Select, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, by_value
from app.db.types import Code, LocalDate
from app.feedback.cases import lateness
from app.feedback.cases.models import CASE, CLUSTERED, Case
from app.i18n.formats import format_date
from app.rules.kinds import Kind


class CaseMissedTerm(Base):
    """A due date that passed without an answer; ``until_on``: when the term ended, or of the last act until then."""

    __tablename__ = "case_missed_term"
    __table_args__ = (CheckConstraint("until_on > due_on", name="days_in_order"), CLUSTERED)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    due_on: Mapped[LocalDate] = mapped_column(primary_key=True)
    until_on: Mapped[LocalDate]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), comment="held the case when the date passed")
    kind: Mapped[Kind] = mapped_column(by_value(Kind, "kind"), comment="of the case then")


@dataclass(frozen=True, slots=True)
class Miss:
    """A term that was missed, by how many days so far, and as which kind of case."""

    due_on: date
    until_on: date
    kind: Kind

    @property
    def days(self) -> int:
        """How many days after the due date it ended."""
        return (self.until_on - self.due_on).days


def note(session: Session, case: Case, today: date) -> None:
    """Write down that the present term is missed, if it is; again: until when."""
    since = lateness.standing_since(session, [case.id]).get(case.id) if case.state in lateness.STANDING else None
    if case.due_on is None or not lateness.is_late(case.state, case.due_on, today, since):
        return
    found = session.get(CaseMissedTerm, (case.id, case.due_on))
    until = min(today, since or today)
    if found is not None:
        found.until_on = max(found.until_on, until)
        return
    session.add(
        CaseMissedTerm(case_id=case.id, due_on=case.due_on, until_on=until, unit_id=case.unit_id, kind=case.kind)
    )


def take_back(session: Session, case: Case, due_on: date | None) -> None:
    """Forget the miss of a date that a corrected calendar has moved."""
    if due_on is not None and due_on != case.due_on:
        session.execute(
            delete(CaseMissedTerm).where(CaseMissedTerm.case_id == case.id, CaseMissedTerm.due_on == due_on)
        )


def any_of() -> ColumnElement[bool]:
    """Cases that missed a term, for conditions on cases."""
    return exists().where(CaseMissedTerm.case_id == Case.id)


def of(session: Session, case_ids: Collection[str]) -> Mapping[str, tuple[Miss, ...]]:
    """The missed terms of some cases, by day; cases without any are absent."""
    found: dict[str, tuple[Miss, ...]] = {}
    rows = session.scalars(
        select(CaseMissedTerm).where(CaseMissedTerm.case_id.in_(case_ids)).order_by(CaseMissedTerm.due_on)
    )
    for row in rows:
        found[row.case_id] = (*found.get(row.case_id, ()), Miss(row.due_on, row.until_on, row.kind))
    return found


def kinds_of(session: Session, cases: Select[str]) -> Mapping[str, frozenset[Kind]]:
    """As which kinds some cases missed a term; ``cases`` selects their ids."""
    found: dict[str, frozenset[Kind]] = {}
    chosen = select(CaseMissedTerm.case_id, CaseMissedTerm.kind).where(CaseMissedTerm.case_id.in_(cases))
    for case_id, kind in session.execute(chosen):
        found[case_id] = found.get(case_id, frozenset()) | {kind}
    return found


def sentences(session: Session, case: Case) -> list[str]:
    """What the page of a case says of terms it missed before the present one."""
    return [
        f"Đã quá hạn một lần: hạn {format_date(one.due_on)}, quá {one.days} ngày. Số liệu vẫn tính là trễ."
        for one in of(session, [case.id]).get(case.id, ())
        if one.due_on != case.due_on
    ]
