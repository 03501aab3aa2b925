"""Who is concerned by a case, by the rule of the day it came: those on duty, named, registering, and their superior."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights.grants import Holder
from app.feedback.cases import hands
from app.feedback.cases.holding import reaching
from app.feedback.cases.kinds import CLASS_OF, Event, StateClass
from app.feedback.cases.models import Case, CaseEvent, CaseRequest
from app.feedback.cases.sender_words import words_of_sender
from app.feedback.conflicts import roster
from app.feedback.conflicts.kinds import Reason
from app.feedback.conflicts.models import CounterDuty
from app.feedback.conflicts.naming import Text, same_person
from app.rules.content import ConflictRule
from app.rules.kinds import Kind
from app.units import queries as units
from app.web.permissions import Permission

Concerned = Mapping[int, Reason]


def concerned(session: Session, case: Case, rule: ConflictRule, on: date, *, is_standing: bool = False) -> Concerned:
    """The officers whom a case concerns, each with the surest reason.

    The words of a closed case are opened again while its sender waits for a decision; else only the roster is followed.
    ``is_standing``: as if lines that were withdrawn had never been.
    """
    lines = roster.lines_for(session, case, rule.roster_days_back)
    if is_standing:
        lines = [one for one in lines if one.withdrawn_at is None]
    found: dict[int, Reason] = _on_roster(session, case, lines, on)
    there = roster.officers_of(session, lines, on)
    if rule.excludes_named and _is_looked_at(session, case):
        for officer_id in _named(session, case, there, on):
            found.setdefault(officer_id, Reason.NAMED)
    if rule.excludes_registrar and case.registered_by in there and case.registered_by is not None:
        found.setdefault(case.registered_by, Reason.REGISTERED)
    answered = _answered_before(session, case)
    for officer_id in answered:
        found.setdefault(officer_id, Reason.ANSWERED)
    for officer_id in _twins(session, found):
        found.setdefault(officer_id, Reason.SAME_NAME)
    for officer_id in _superiors(session, case, rule, found, on):
        found.setdefault(officer_id, Reason.SUPERIOR_RULE)
    for officer_id in _twins(session, found):
        found.setdefault(officer_id, Reason.SAME_NAME)
    return found | dict.fromkeys(answered, Reason.ANSWERED)  # holds even for whom another reason was lifted


def _on_roster(session: Session, case: Case, lines: list[CounterDuty], on: date) -> dict[int, Reason]:
    there, is_known = roster.of_the_day(lines, case.happened_on)
    reason = Reason.ON_DUTY if is_known else Reason.ON_ROSTER
    return dict.fromkeys(sorted(roster.officers_of(session, there, on)), reason)


def _named(session: Session, case: Case, there: set[int], on: date) -> list[int]:
    """Whoever holds a role around the unit and is named in full; of the counter's people also by the last name."""
    text = Text("\n".join(words_of_sender(session, case)))
    people = roster.around(session, case.concerned_unit_id, on)
    return [
        officer_id
        for officer_id, name in sorted(people.items())
        if text.names(name) or (officer_id in there and text.calls(name))
    ]


def _is_looked_at(session: Session, case: Case) -> bool:
    """Whether somebody handles a case, or has to decide what its sender asked for after the end."""
    if CLASS_OF[case.state] is not StateClass.DONE:
        return True
    undecided = (CaseRequest.case_id == case.id, CaseRequest.decision.is_(None))
    return session.scalar(select(CaseRequest.number).where(*undecided).limit(1)) is not None


def _answered_before(session: Session, case: Case) -> list[int]:
    """Whoever had a hand in the answers that the level above looks into: nobody reviews their own decision."""
    taken_up = (CaseEvent.case_id == case.id, CaseEvent.event == Event.REVIEW_TAKEN_UP)
    review = session.scalar(select(func.max(CaseEvent.sequence)).where(*taken_up))
    return [] if review is None else sorted(hands.of_answers(session, case.id, review))


def _twins(session: Session, found: Concerned) -> list[int]:
    """Whoever bears the full name of somebody concerned in the same unit: most likely their other account."""
    if not found:
        return []
    named = dict(session.execute(select(Officer.id, Officer.full_name).where(Officer.id.in_(sorted(found)))).all())
    theirs = aliased(RoleAssignment)
    beside = session.execute(
        select(RoleAssignment.officer_id, theirs.officer_id, Officer.full_name)
        .join(theirs, theirs.unit_id == RoleAssignment.unit_id)
        .join(Officer, Officer.id == RoleAssignment.officer_id)
        .where(theirs.officer_id.in_(sorted(found)), RoleAssignment.officer_id.not_in(sorted(found)), Officer.is_active)
        .distinct()
    )
    return sorted({key for key, concerned_id, name in beside if same_person(name, named[concerned_id])})


def _superiors(session: Session, case: Case, rule: ConflictRule, found: Concerned, on: date) -> list[int]:
    """All heads of each unit where somebody concerned works, where the rule takes them for implicated.

    A head stands up for their own people; where a head is concerned, the other heads would judge a peer. Who answered
    before is concerned as a person only: looking once more at what their people did is what superiors are for.
    """
    is_for_heads = case.kind is Kind.COMPLAINT and not rule.excludes_only_head_complaints
    places = _places(session, case, found, on)
    implicated: set[int] = set()
    for unit_id, is_superior in sorted(places.items()):
        heads = heads_of(session, unit_id, on)
        if not heads.isdisjoint(found):
            implicated |= heads if rule.excludes_other_heads else set()
        elif is_superior and rule.excludes_only_head and not is_for_heads:
            implicated |= heads
    return sorted(implicated)


def _places(session: Session, case: Case, found: Concerned, on: date) -> dict[int, bool]:
    """The units where those concerned hold roles of their own; whether its heads stand above them in this matter.

    The unit that a case speaks of is among them where somebody of it is concerned: serves at its counter, or works in
    it or below it.
    """
    roles = session.execute(
        select(RoleAssignment.unit_id, RoleAssignment.officer_id).where(
            RoleAssignment.officer_id.in_(sorted(found)),
            units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, on),
        )
    )
    places: dict[int, bool] = {}
    for unit_id, officer_id in roles:
        if unit_id is None:
            continue
        places[unit_id] = places.get(unit_id, False) or found[officer_id] is not Reason.ANSWERED
    is_served_there = any(one in (Reason.ON_DUTY, Reason.ON_ROSTER) for one in found.values())
    if is_served_there or not places.keys().isdisjoint(units.subtree_ids(session, case.concerned_unit_id, on)):
        places[case.concerned_unit_id] = True
    return places


def heads_of(session: Session, unit_id: int, on: date) -> set[int]:
    """Who decides in a unit by a role of their own: the holders nearest to it, below those who hold it everywhere."""
    lines = [line for line in reaching(session, unit_id, Permission.CASES_APPROVE, on) if _is_own_and_local(line)]
    path = units.path_ids(session, unit_id, on)
    places = [line.grant.unit_id for line in lines if line.grant.unit_id in path]
    nearest = min(places, key=path.index, default=None)
    return {line.officer.id for line in lines if line.grant.unit_id == nearest}


def _is_own_and_local(line: Holder) -> bool:
    return line.grant.delegation_id is None and line.grant.unit_id is not None
