"""The rows of a file of cases: read in blocks, under the policy, in the order of the list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.exports.cases.columns import KIND_CODES, NO, PRIVATE, YES
from app.exports.definitions import Cell, Row
from app.feedback.cases import access, lateness, misses, origins
from app.feedback.cases.access import Viewer
from app.feedback.cases.answers import OUTCOMES
from app.feedback.cases.fields import FieldsOf, fields_of
from app.feedback.cases.kinds import Channel, Event
from app.feedback.cases.misses import Miss
from app.feedback.cases.models import Case, CaseEvent, CaseRating, CaseReply, Reporter
from app.feedback.handling import words
from app.rules.kinds import Kind
from app.units import queries as units
from app.units.models import Counter, Field, Procedure, Unit, counter_label
from app.web.permissions import Permission

AT_ONCE = 500
EXPORT, CONTACT = Permission.CASES_EXPORT, Permission.CASES_EXPORT_CONTACT


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around some cases, by their number or that of what they point to."""

    codes: Mapping[int, str]
    units: Mapping[int, str]
    counters: Mapping[int, str]
    procedures: Mapping[int, tuple[str, str]]
    fields_of: FieldsOf
    fields: Mapping[int, str]
    officers: Mapping[int, str]
    answers: Mapping[str, str]
    ratings: Mapping[str, int]
    reopened: Mapping[str, int]
    reviewed: Mapping[str, int]
    senders: Mapping[str, tuple[Cell, ...]]
    stands: Mapping[str, date]
    systems: Mapping[str, str]
    missed: Mapping[str, tuple[Miss, ...]]


def rows(
    session: Session, viewer: Viewer, on: date, case_ids: Sequence[str], *, with_contact: bool
) -> Iterator[Sequence[Cell]]:
    """One row for each of these cases that the viewer may take away; the policy is asked for every block anew."""
    for start in range(0, len(case_ids), AT_ONCE):
        block = case_ids[start : start + AT_ONCE]
        allowed = access.visible(session, viewer, on, EXPORT)
        found = {one.id: one for one in session.scalars(select(Case).where(Case.id.in_(block), allowed))}
        around = _around(session, viewer, list(found.values()), on, with_contact=with_contact)
        for key in block:
            if key in found:
                yield _cells(found[key], around, on, with_contact=with_contact)
        session.expunge_all()  # texts are opened for one block at a time


def of_these(session: Session, viewer: Viewer, on: date, case_ids: Sequence[str], permission: Permission) -> list[str]:
    """Those of some cases that a viewer may treat so now, in the same order."""
    found: set[str] = set()
    for start in range(0, len(case_ids), AT_ONCE):
        block = case_ids[start : start + AT_ONCE]
        found |= set(
            session.scalars(select(Case.id).where(Case.id.in_(block), access.visible(session, viewer, on, permission)))
        )
    return [one for one in case_ids if one in found]


def _cells(case: Case, around: _Around, on: date, *, with_contact: bool) -> Row:
    procedure = around.procedures.get(case.procedure_id or 0, ("", ""))
    field = around.fields.get(around.fields_of.of(case.procedure_id, case.counter_id) or 0)
    missed = max((one.days for one in around.missed.get(case.id, ())), default=0)
    is_late = case.closed_on is not None or lateness.is_late(case.state, case.due_on, on, around.stands.get(case.id))
    late = (case.closed_on or on) - case.due_on if case.due_on is not None and is_late else None
    cells: list[Cell] = [
        case.public_number,
        KIND_CODES[case.kind.value],
        words.KINDS[case.kind],
        YES if _has_form(case) else NO,
        2 if case.id in around.reviewed else 1,
        words.STATES[case.state],
        str(OUTCOMES[case.outcome]) if case.outcome else None,
        around.codes.get(case.unit_id),
        around.units.get(case.unit_id),
        around.units.get(case.concerned_unit_id),
        around.counters.get(case.counter_id or 0),
        *procedure,
        field,
        words.CHANNELS[case.channel],
        around.systems.get(case.id),
        case.received_on,
        case.due_on,
        case.closed_on,
        max(missed, late.days if late is not None else 0) or None,
        around.reopened.get(case.id),
        around.ratings.get(case.id),
        around.officers.get(case.assignee_id or 0),
        YES if case.is_anonymous else NO,
        PRIVATE if case.is_private else None,
        case.text,
        around.answers.get(case.id),
    ]
    return [*cells, *around.senders.get(case.id, (None,) * 4)] if with_contact else cells


def _has_form(case: Case) -> bool:
    """Whether it has the form of the law: a petition without a name is information, as its sender is told."""
    return case.meets_form and not (case.kind is Kind.PETITION and case.is_anonymous)


def _around(session: Session, viewer: Viewer, cases: Sequence[Case], on: date, *, with_contact: bool) -> _Around:
    ids = [case.id for case in cases]
    unit_ids = {case.unit_id for case in cases} | {case.concerned_unit_id for case in cases}
    counter_ids = {case.counter_id for case in cases if case.counter_id is not None}
    officer_ids = {case.assignee_id for case in cases if case.assignee_id is not None}
    counters = session.execute(select(Counter.id, Counter.number, Counter.name).where(Counter.id.in_(counter_ids)))
    return _Around(
        codes=_pairs(session, select(Unit.id, Unit.code).where(Unit.id.in_(unit_ids))),
        units=units.names_on(session, unit_ids, on),
        counters={row.id: counter_label(row.number, row.name) for row in counters},
        procedures=_procedures(session, {case.procedure_id for case in cases if case.procedure_id is not None}),
        fields_of=fields_of(session),
        fields=_pairs(session, select(Field.id, Field.name)),
        officers=_pairs(session, select(Officer.id, Officer.full_name).where(Officer.id.in_(officer_ids))),
        answers=_last(session, CaseReply.case_id, CaseReply.text, CaseReply.number, ids),
        ratings=_last(session, CaseRating.case_id, CaseRating.score, CaseRating.reply_number, ids),
        reopened=_times(session, ids, Event.REOPENED),
        reviewed=_times(session, ids, Event.REVIEW_TAKEN_UP),
        senders=_senders(session, viewer, ids, on) if with_contact else {},
        stands=lateness.standing_since(session, ids),
        systems=_systems(session, viewer, cases, on),
        missed=misses.of(session, ids),
    )


def _systems(session: Session, viewer: Viewer, cases: Sequence[Case], on: date) -> dict[str, str]:
    sent = [case.id for case in cases if case.channel is Channel.OTHER_SYSTEM]
    return origins.systems(session, viewer, sent, on) if sent else {}


def _pairs(session: Session, statement: Any) -> dict[Any, Any]:
    return dict(session.execute(statement).all())


def _times(session: Session, ids: Sequence[str], event: Event) -> dict[str, int]:
    """How often something happened, by case."""
    found = select(CaseEvent.case_id, func.count()).where(CaseEvent.case_id.in_(ids), CaseEvent.event == event)
    return _pairs(session, found.group_by(CaseEvent.case_id))


def _last(session: Session, key: Any, value: Any, number: Any, ids: Sequence[str]) -> dict[str, Any]:
    """The value with the highest number, by case."""
    return _pairs(session, select(key, value).where(key.in_(ids)).order_by(key, number))


def _procedures(session: Session, ids: set[int]) -> dict[int, tuple[str, str]]:
    """Code and name of procedures."""
    found = session.execute(select(Procedure.id, Procedure.code, Procedure.name).where(Procedure.id.in_(ids)))
    return {key: (code, name) for key, code, name in found}


def _senders(session: Session, viewer: Viewer, ids: Sequence[str], on: date) -> dict[str, tuple[Cell, ...]]:
    """Who sent the cases of which the viewer may take that away too."""
    allowed = select(Case.id).where(Case.id.in_(ids), access.visible(session, viewer, on, CONTACT))
    found = session.scalars(select(Reporter).where(Reporter.case_id.in_(allowed), Reporter.erased_on.is_(None)))
    return {one.case_id: (one.name, one.phone, one.email, one.address) for one in found}
