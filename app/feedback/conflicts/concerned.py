"""Who is concerned by a case, by the rule of the day it came: those on duty, named, registering, and their superior."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleAssignment
from app.accounts.rights.grants import Holder
from app.clock import VIETNAM
from app.feedback.cases.holding import reaching
from app.feedback.cases.kinds import CLASS_OF, Event, RequestKind, StateClass
from app.feedback.cases.models import Case, CaseEvent, CaseReply, CaseRequest
from app.feedback.conflicts import roster
from app.feedback.conflicts.kinds import Reason
from app.feedback.conflicts.models import CounterDuty
from app.feedback.conflicts.naming import Text
from app.rules.content import ConflictRule
from app.rules.kinds import Kind
from app.units import queries as units
from app.web.permissions import Permission

Concerned = Mapping[int, Reason]


def concerned(session: Session, case: Case, rule: ConflictRule, on: date, *, is_standing: bool = False) -> Concerned:
    """The officers whom a case concerns, each with the surest reason.

    The text of a closed case is not opened again: only the roster is followed. ``is_standing``: as if lines that were
    withdrawn had never been.
    """
    lines = roster.lines_for(session, case, rule.roster_days_back)
    if is_standing:
        lines = [one for one in lines if one.withdrawn_at is None]
    found = _on_roster(session, case, lines, on)
    there = roster.officers_of(session, lines, on)
    if CLASS_OF[case.state] is not StateClass.DONE and rule.excludes_named:
        for officer_id in _named(session, case, there, on):
            found.setdefault(officer_id, Reason.NAMED)
    if rule.excludes_registrar and case.registered_by in there and case.registered_by is not None:
        found.setdefault(case.registered_by, Reason.REGISTERED)
    for officer_id in _answered_before(session, case):
        found.setdefault(officer_id, Reason.ANSWERED)
    for officer_id in _superiors(session, case, rule, found, on):
        found.setdefault(officer_id, Reason.SUPERIOR_RULE)
    return found


def _on_roster(session: Session, case: Case, lines: list[CounterDuty], on: date) -> dict[int, Reason]:
    there, is_known = roster.of_the_day(lines, case.happened_on)
    reason = Reason.ON_DUTY if is_known else Reason.ON_ROSTER
    return dict.fromkeys(sorted(roster.officers_of(session, there, on)), reason)


def _named(session: Session, case: Case, there: set[int], on: date) -> list[int]:
    """Whoever holds a role around the unit and is named in full; of the counter's people also by the last name."""
    text = Text(case.text)
    people = roster.around(session, case.concerned_unit_id, on)
    return [
        officer_id
        for officer_id, name in sorted(people.items())
        if text.names(name) or (officer_id in there and text.calls(name))
    ]


def _answered_before(session: Session, case: Case) -> list[int]:
    """Whoever answered a case that the level above looks into once more: nobody reviews their own decision."""
    reviewed = (CaseEvent.case_id == case.id, CaseEvent.event == Event.REVIEW_TAKEN_UP)
    if session.scalar(select(CaseEvent.case_id).where(*reviewed).limit(1)) is None:
        return []
    asked = select(CaseRequest.asked_on).where(
        CaseRequest.case_id == case.id, CaseRequest.kind == RequestKind.SECOND_STAGE
    )
    first = min(session.scalars(asked), default=None)
    replies = session.scalars(select(CaseReply).where(CaseReply.case_id == case.id))
    return [
        one.written_by for one in replies if first is not None and one.answered_at.astimezone(VIETNAM).date() <= first
    ]


def _superiors(session: Session, case: Case, rule: ConflictRule, found: Concerned, on: date) -> list[int]:
    """The heads of the unit, where the rule takes them for implicated.

    A single head is the superior of everybody concerned; where a head is concerned, the other heads would judge a peer.
    What concerns nobody of the unit implicates no head.
    """
    heads = heads_of(session, case.concerned_unit_id, on)
    if not heads or not _any_of_unit(session, case, heads, found, on):
        return []
    if rule.excludes_other_heads and not heads.isdisjoint(found):
        return sorted(heads)
    if len(heads) > 1 or not rule.excludes_only_head:
        return []
    is_for_head = case.kind is Kind.COMPLAINT and not rule.excludes_only_head_complaints
    return [] if is_for_head else sorted(heads)


def heads_of(session: Session, unit_id: int, on: date) -> set[int]:
    """Who decides in a unit by a role of their own: the holders nearest to it, below those who hold it everywhere."""
    lines = [line for line in reaching(session, unit_id, Permission.CASES_APPROVE, on) if _is_own_and_local(line)]
    path = units.path_ids(session, unit_id, on)
    places = [line.grant.unit_id for line in lines if line.grant.unit_id in path]
    nearest = min(places, key=path.index, default=None)
    return {line.officer.id for line in lines if line.grant.unit_id == nearest}


def _is_own_and_local(line: Holder) -> bool:
    return line.grant.delegation_id is None and line.grant.unit_id is not None


def _any_of_unit(session: Session, case: Case, heads: set[int], found: Concerned, on: date) -> bool:
    """Whether somebody concerned works under these heads: serves at the counter, or holds a role in the unit."""
    if not heads.isdisjoint(found) or any(one in (Reason.ON_DUTY, Reason.ON_ROSTER) for one in found.values()):
        return True
    below = units.subtree_ids(session, case.concerned_unit_id, on)
    theirs = select(RoleAssignment.id).where(
        RoleAssignment.officer_id.in_(sorted(found)),
        RoleAssignment.unit_id.in_(below),
        units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, on),
    )
    return session.scalar(theirs.limit(1)) is not None
