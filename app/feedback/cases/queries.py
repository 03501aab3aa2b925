"""Cases as officers see them: lists, counts and search, all under the one policy of ``access``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLCoreOperations

from app.accounts.models import Officer
from app.calendar.periods import parse_period
from app.calendar.queries import latest_version
from app.feedback.cases import access, deadlines, fields, lateness, misses
from app.feedback.cases.access import Viewer
from app.feedback.cases.details import CaseView, contact, one
from app.feedback.cases.kinds import CLASS_OF, Channel, Event, State, StateClass
from app.feedback.cases.models import Case, CaseEvent, CaseRequest
from app.i18n.folding import fold
from app.rules.kinds import Kind
from app.units import queries as units
from app.units.models import Counter, counter_label
from app.web.permissions import Permission

__all__ = [
    "CaseLine", "CasePage", "CaseView", "Due", "Filters", "Measure", "Summary", "contact", "count", "ids_matching",
    "matching", "one", "page", "summary", "units_with_cases",
]  # fmt: skip

PAGE_SIZE = 25
READ_AT_ONCE = 500
FIRST_WORDS = 160
SOON = 5  # working days


class Due(StrEnum):
    """Which due dates a list is narrowed to."""

    LATE = "late"
    SOON = "soon"
    NONE = "none"


class Measure(StrEnum):
    """What the figures count, so that each of them leads to the list it counted."""

    KEPT = "kept"
    MISSED = "missed"
    UNFINISHED = "unfinished"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to. ``due`` is a value of ``Due``; ``sort`` is "" (due date), "received" or "unit".

    ``is_asked``: only those with a request of the sender that the viewer may decide. ``period``: the address of the
    period they were received in; ``field_id``: of administration, 0 for none; ``measure`` a value of ``Measure``.
    ``is_unassigned``: only those that nobody has been given.
    """

    search: str = ""
    unit_id: int | None = None
    kind: Kind | None = None
    state: State | None = None
    state_class: StateClass | None = None
    due: str | None = None
    assignee_id: int | None = None
    is_asked: bool = False
    period: str = ""
    field_id: int | None = None
    measure: str | None = None
    is_unassigned: bool = False
    channel: Channel | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as a list shows it. ``asked_on``: since when a request of the sender waits for this viewer."""

    case_id: str
    public_number: str
    version: int
    kind: Kind
    state: State
    unit_id: int
    unit_name: str
    counter_name: str
    received_on: date
    due_on: date | None
    first_words: str
    channel: Channel
    is_private: bool
    meets_form: bool
    assignee_id: int | None
    assignee_name: str
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases; ``total`` counts all that match, ``number`` begins at 1."""

    lines: tuple[CaseLine, ...]
    number: int
    total: int

    @property
    def last_number(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


def page(
    session: Session,
    viewer: Viewer,
    on: date,
    filters: Filters,
    number: int,
    *,
    visible: ColumnElement[bool] | None = None,
    total: int | None = None,
) -> CasePage:
    """One page of the cases that exist for a viewer.

    ``visible``: the policy, and ``total``: how many there are, where the caller has asked already.

    Texts are encrypted, so a search opens every text that the viewer may read, and no other; it is compared with text
    and public number, without tone marks.
    """
    to_decide = access.to_decide(session, viewer, on)
    conditions, order = matching(session, viewer, on, filters, to_decide=to_decide, visible=visible)
    number = max(1, number)
    offset = (number - 1) * PAGE_SIZE
    if sought := fold(filters.search.strip()):
        found = _ids_with(session, conditions, order, sought)
        total = len(found)
        ids: Sequence[str] = found[offset : offset + PAGE_SIZE]
    else:
        total = count(session, conditions) if total is None else total
        # The keys alone are put in order: whole rows, with their long texts, would be sorted along.
        ids = session.scalars(select(Case.id).where(*conditions).order_by(*order).limit(PAGE_SIZE).offset(offset)).all()
    by_id = {row.id: row for row in session.scalars(select(Case).where(Case.id.in_(ids)))}
    rows = [by_id[key] for key in ids if key in by_id]
    return CasePage(tuple(_lines(session, rows, on, _asked_on(session, rows, to_decide))), number, total)


def matching(
    session: Session,
    viewer: Viewer,
    on: date,
    filters: Filters,
    permission: Permission = Permission.CASES_READ,
    *,
    to_decide: ColumnElement[bool] | None = None,
    visible: ColumnElement[bool] | None = None,
) -> tuple[list[ColumnElement[bool]], tuple[SQLCoreOperations[Any], ...]]:
    """The conditions of a list and its order, but for the search; with another permission, of that part of the list.

    ``to_decide``, ``visible``: those of the policy, where the caller has asked already.
    """
    if visible is None:
        visible = access.visible(session, viewer, on, permission)
    conditions = [visible, *_narrowed(session, filters, on)]
    if to_decide is None:
        to_decide = access.to_decide(session, viewer, on)
    is_asked = Case.id.in_(select(CaseRequest.case_id).where(to_decide))
    if filters.is_asked:
        conditions.append(is_asked)
    return conditions, _order(filters.sort, is_asked)


def ids_matching(
    session: Session, viewer: Viewer, on: date, filters: Filters, permission: Permission = Permission.CASES_READ
) -> list[str]:
    """Every case of a list that a viewer may treat so, in the order of the list."""
    conditions, order = matching(session, viewer, on, filters, permission)
    if sought := fold(filters.search.strip()):
        return _ids_with(session, conditions, order, sought)
    return list(session.scalars(select(Case.id).where(*conditions).order_by(*order)))


def count(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    """How many cases meet conditions, of which one is that of the policy."""
    return session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0


@dataclass(frozen=True, slots=True)
class Summary:
    """How many cases stand in each of some lists, and the units that handle any that exist for the viewer, by name."""

    counts: Sequence[int]
    units: Sequence[tuple[int, str]]


def summary(
    session: Session,
    on: date,
    lists: Sequence[Filters],
    visible: ColumnElement[bool],
    to_decide: ColumnElement[bool] | None = None,
) -> Summary:
    """Both in one question, under the policy given; searches are not looked at, requests only with ``to_decide``."""
    asked = true() if to_decide is None else Case.id.in_(select(CaseRequest.case_id).where(to_decide))
    columns = [
        func.count(case((and_(asked if one.is_asked else true(), *_narrowed(session, one, on)), 1))) for one in lists
    ]
    rows = session.execute(select(Case.unit_id, *columns).where(visible).group_by(Case.unit_id)).all()
    counts = [sum(row[place] for row in rows) for place in range(1, len(lists) + 1)]
    return Summary(counts, _by_name(session, [row.unit_id for row in rows], on))


def units_with_cases(session: Session, viewer: Viewer, on: date) -> list[tuple[int, str]]:
    """The units that handle a case which exists for the viewer, with their names, by name."""
    found = session.scalars(select(Case.unit_id).where(access.visible(session, viewer, on)).distinct()).all()
    return _by_name(session, found, on)


def _by_name(session: Session, unit_ids: Sequence[int], on: date) -> list[tuple[int, str]]:
    return sorted(units.names_on(session, unit_ids, on).items(), key=lambda item: (fold(item[1]), item[0]))


def _narrowed(session: Session, filters: Filters, on: date) -> list[ColumnElement[bool]]:
    equal = (
        (Case.unit_id, filters.unit_id),
        (Case.kind, filters.kind),
        (Case.state, filters.state),
        (Case.assignee_id, filters.assignee_id),
        (Case.channel, filters.channel),
    )
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if filters.is_unassigned:
        conditions.append(Case.assignee_id.is_(None))
    if filters.state_class is not None:
        conditions.append(Case.state.in_(_states(filters.state_class)))
    if filters.due == Due.NONE:
        conditions.append(Case.due_on.is_(None))
    elif filters.due == Due.LATE:
        conditions.append(lateness.late(on))
    elif filters.due == Due.SOON:
        conditions.append(Case.state.in_(_states(StateClass.OPEN)))
        conditions.append(Case.due_on.between(on, _soon(session, on)))
    return [*conditions, *_counted(filters, on)]


def _counted(filters: Filters, on: date) -> list[ColumnElement[bool]]:
    """The conditions of what figures count: period, field, and what became of a case."""
    conditions: list[ColumnElement[bool]] = []
    if filters.period:
        period = parse_period(filters.period)
        conditions.append(Case.received_on.between(period.first_day, period.last_day))
    if filters.field_id is not None:
        conditions.append(fields.is_about(filters.field_id))
    if filters.measure is not None:
        conditions.append(_measured(Measure(filters.measure), on))
    return conditions


def _measured(measure: Measure, on: date) -> ColumnElement[bool]:
    reopened = select(CaseEvent.case_id).where(CaseEvent.event == Event.REOPENED)
    found: Mapping[Measure, ColumnElement[bool]] = {
        Measure.KEPT: and_(Case.closed_on <= Case.due_on, ~misses.any_of()),
        Measure.MISSED: or_(Case.due_on < Case.closed_on, lateness.late(on), misses.any_of()),
        Measure.UNFINISHED: Case.closed_on.is_(None),
        Measure.REOPENED: Case.id.in_(reopened),
    }
    return found[measure]


def _states(kind: StateClass) -> list[State]:
    return [state for state, own in CLASS_OF.items() if own is kind]


def _soon(session: Session, on: date) -> date:
    """The last of the working days that count as soon; before a calendar is loaded there is no case to be due."""
    if not latest_version(session):
        return on
    working, day, left = deadlines.calendar_of(session), on, SOON
    while left:
        day += timedelta(days=1)
        left -= working.is_working_day(day)
    return day


def _order(sort: str, is_asked: ColumnElement[bool]) -> tuple[SQLCoreOperations[Any], ...]:
    """A closed case about which something is to be decided stands with the unfinished ones."""
    due = (and_(Case.state == State.CLOSED, ~is_asked), Case.due_on.is_(None), Case.due_on)
    last = (Case.received_on.desc(), Case.public_number)
    if sort == "received":
        return last
    return (Case.unit_id, *due, *last) if sort == "unit" else (*due, *last)


def _ids_with(
    session: Session, conditions: Sequence[ColumnElement[bool]], order: Sequence[SQLCoreOperations[Any]], sought: str
) -> list[str]:
    """The cases that hold the folded words, in order. No text is kept."""
    rows = session.execute(
        select(Case.id, Case.public_number, Case.text)
        .where(*conditions)
        .order_by(*order)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    return [key for key, number, text in rows if sought in number.lower() or sought in fold(text)]


def _asked_on(session: Session, rows: Sequence[Case], to_decide: ColumnElement[bool]) -> dict[str, date]:
    """Since when requests about some cases wait, by case."""
    found = session.execute(
        select(CaseRequest.case_id, func.min(CaseRequest.asked_on).label("since"))
        .where(to_decide, CaseRequest.case_id.in_([row.id for row in rows]))
        .group_by(CaseRequest.case_id)
    )
    return {row.case_id: row.since for row in found}


def _lines(session: Session, rows: Sequence[Case], on: date, asked_on: Mapping[str, date]) -> list[CaseLine]:
    names = units.names_on(session, {row.unit_id for row in rows}, on)
    given = {row.assignee_id for row in rows if row.assignee_id is not None}
    people = dict(session.execute(select(Officer.id, Officer.full_name).where(Officer.id.in_(given))).all())
    ids = {row.counter_id for row in rows if row.counter_id is not None}
    counters = {
        row.id: counter_label(row.number, row.name)
        for row in session.execute(select(Counter.id, Counter.number, Counter.name).where(Counter.id.in_(ids)))
    }
    return [
        CaseLine(
            case_id=row.id,
            public_number=row.public_number,
            version=row.version,
            kind=row.kind,
            state=row.state,
            unit_id=row.unit_id,
            unit_name=names.get(row.unit_id, ""),
            counter_name=counters.get(row.counter_id or 0, ""),
            received_on=row.received_on,
            due_on=row.due_on,
            first_words=" ".join(row.text[: 2 * FIRST_WORDS].split())[:FIRST_WORDS],
            channel=row.channel,
            is_private=row.is_private,
            meets_form=row.meets_form,
            assignee_id=row.assignee_id,
            assignee_name=people.get(row.assignee_id or 0, ""),
            asked_on=asked_on.get(row.id),
        )
        for row in rows
    ]
