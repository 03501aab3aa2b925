"""Routes, assignment, passing on and back: who may, where to, and what stays as it was."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.feedback.cases import access, history
from app.feedback.cases.errors import FieldMissing, NotInThisState, StaleCase, UnknownCase
from app.feedback.cases.kinds import Event, State
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.routing import people, table
from app.feedback.routing import services as routing
from app.feedback.routing.pages import unit_meant
from app.feedback.routing.rules import Why
from app.feedback.routing.steps import ACCEPT, TELL, due_steps
from app.rules.kinds import Kind
from app.units.models import Field, Unit
from app.web.permissions import Permission
from tests.factories import case_acts as acts
from tests.factories.cases import CONTACT, Viewer, make_case, viewer
from tests.factories.officers import make_officer
from tests.factories.places import make_counter, make_unit
from tests.support.clock import SettableClock

REASON = "Việc này do phường kia phụ trách."


@dataclass(frozen=True)
class Town:
    """A province, two wards under it with an officer each, a third without anybody."""

    province: Unit
    ward: Unit
    other: Unit
    empty: Unit
    leader: Viewer
    other_leader: Viewer
    officer: Officer
    other_officer: Officer


@pytest.fixture
def town(session: Session, clock: SettableClock) -> Town:
    province = make_unit(session, "22", name="Tỉnh Quảng Ngãi", type_code="province")
    ward, other, empty = (make_unit(session, f"220{n}", name=f"Phường {n}", parent=province) for n in (1, 2, 3))
    head = make_officer(session, "lan.tran", role=Role.UNIT_LEADER, unit=ward)
    other_head = make_officer(session, "hoa.le", role=Role.UNIT_LEADER, unit=other)
    officer = make_officer(session, "binh.vo", role=Role.CASE_OFFICER, unit=ward, full_name="Võ Bình")
    other_officer = make_officer(session, "an.do", role=Role.CASE_OFFICER, unit=other, full_name="Đỗ An")
    session.flush()
    return Town(
        province,
        ward,
        other,
        empty,
        viewer(head.id, ward.id, permissions=acts.EVERYTHING),
        viewer(other_head.id, other.id, permissions=acts.EVERYTHING),
        officer,
        other_officer,
    )


def events(session: Session, case: Case, *, shown_only: bool = False) -> list[Event]:
    return [line.event for line in history.lines(session, case.id, shown_only=shown_only)]


def manager(session: Session) -> Viewer:
    """Home Affairs: everywhere."""
    return viewer(make_officer(session, "noi.vu", role=Role.HOME_AFFAIRS).id, permissions=acts.EVERYTHING)


def test_a_case_takes_its_route_when_it_comes(session: Session, town: Town) -> None:
    field = Field(name="Hộ tịch", folded="ho tich")
    session.add(field)
    counter = make_counter(session, town.ward)
    counter.fields = [field]
    by = manager(session)
    table.set_route(session, by, table.Wanted(town.ward.id, None, None, town.ward.id, town.officer.id))
    table.set_route(session, by, table.Wanted(town.ward.id, field.id, None, town.other.id, town.other_officer.id))
    plain, of_field = (
        make_case(session, unit_id=town.ward.id),
        make_case(session, unit_id=town.ward.id, counter_id=counter.id),
    )
    assert (plain.unit_id, plain.assignee_id) == (town.ward.id, town.officer.id)
    assert events(session, plain) == [Event.RECEIVED, Event.ASSIGNED]
    assert (of_field.unit_id, of_field.assignee_id) == (town.other.id, town.other_officer.id)
    assert of_field.concerned_unit_id == town.ward.id
    assert events(session, of_field, shown_only=True) == [Event.RECEIVED, Event.MOVED]
    assert of_field.version == 1


def test_a_route_to_somebody_who_cannot_handle_it_is_left_aside(session: Session, town: Town) -> None:
    by = manager(session)
    with pytest.raises(FieldMissing):
        table.set_route(session, by, table.Wanted(town.ward.id, None, None, town.empty.id, None))
    with pytest.raises(FieldMissing):
        table.set_route(session, by, table.Wanted(town.ward.id, None, None, town.ward.id, town.other_officer.id))
    table.set_route(session, by, table.Wanted(town.ward.id, None, None, town.ward.id, town.officer.id))
    town.officer.is_active = False
    session.flush()
    case = make_case(session, unit_id=town.ward.id)
    assert (case.unit_id, case.assignee_id) == (town.ward.id, None)


def test_a7_a_route_needs_the_right_at_both_ends_and_ends_without_being_changed(session: Session, town: Town) -> None:
    wanted = table.Wanted(town.ward.id, None, None, town.other.id, None)
    for one in (town.leader, town.other_leader):
        with pytest.raises(FieldMissing):
            table.set_route(session, one, wanted)
    own = table.Wanted(town.ward.id, None, Kind.PETITION, town.ward.id, town.officer.id)
    first = table.set_route(session, town.leader, own)
    second = table.set_route(session, town.leader, table.Wanted(town.ward.id, None, Kind.PETITION, town.ward.id, None))
    assert first.ended_at is not None
    assert (second.ended_at, first.assignee_id) == (None, town.officer.id)
    with pytest.raises(table.UnknownRoute):
        table.end_route(session, town.other_leader, second.id)
    table.end_route(session, town.leader, second.id)
    with pytest.raises(table.UnknownRoute):
        table.end_route(session, town.leader, second.id)
    assert make_case(session, unit_id=town.ward.id).assignee_id is None


def test_a7_only_who_may_handle_a_case_can_be_given_it(session: Session, town: Town) -> None:
    case = make_case(session, unit_id=town.ward.id)
    for stranger in (town.other_officer.id, 0, 10**9):
        with pytest.raises(FieldMissing):
            routing.assign(session, town.leader, case.id, 1, stranger)
    routing.assign(session, town.leader, case.id, 1, town.officer.id)
    assert case.assignee_id == town.officer.id
    with pytest.raises(FieldMissing):
        routing.assign(session, town.leader, case.id, 2, town.officer.id)
    acts.take_up(session, town.leader, case.id)
    with pytest.raises(NotInThisState):
        routing.take(session, town.leader, case.id, case.version)
    routing.unassign(session, town.leader, case.id, case.version)
    assert events(session, case)[-1] is Event.UNASSIGNED
    assert events(session, case, shown_only=True)[0] is Event.RECEIVED
    assert Event.ASSIGNED not in events(session, case, shown_only=True)
    session.add(CaseExclusion(case_id=case.id, officer_id=town.officer.id, rule="concerned", since=SettableClock()()))
    session.flush()
    with pytest.raises(FieldMissing):
        routing.assign(session, town.leader, case.id, case.version, town.officer.id)
    assert town.officer.id not in people.handlers(session, case, SettableClock().today)


def test_a4_workload_counts_what_the_asker_may_see(session: Session, town: Town) -> None:
    today = SettableClock().today
    for unit in (town.ward, town.other):
        make_case(session, unit_id=unit.id).assignee_id = town.officer.id
    session.flush()
    assert people.workload(session, town.leader, today, [town.officer.id]) == {town.officer.id: 1}
    assert people.workload(session, manager(session), today, [town.officer.id]) == {town.officer.id: 2}


def test_a9_a_case_passed_on_is_gone_from_its_unit_and_its_clock_goes_on(
    session: Session, town: Town, clock: SettableClock
) -> None:
    case = make_case(session, unit_id=town.ward.id)
    acts.take_up(session, town.leader, case.id)
    due, versions = case.due_on, (case.rule_version_id, case.counting_version_id)
    clock.next_day(3)
    routing.transfer(session, town.leader, case.id, 2, town.other.id, Why.BESIDE, REASON)
    assert (case.unit_id, case.assignee_id, case.state) == (town.other.id, None, State.RECEIVED)
    assert (case.due_on, (case.rule_version_id, case.counting_version_id)) == (due, versions)
    today = clock.today
    assert not access.may(session, town.leader, case.id, today, Permission.CASES_READ)
    assert access.may(session, town.other_leader, case.id, today, Permission.CASES_HANDLE)
    with pytest.raises(UnknownCase):
        routing.assign(session, town.leader, case.id, 3, town.officer.id)
    line = history.lines(session, case.id, shown_only=True)[-1]
    assert (line.event, line.words) == (Event.MOVED, REASON)
    assert line.detail == {"from": town.ward.id, "to": town.other.id, "why": "beside"}
    routing.send_back(session, town.other_leader, case.id, 3, "Không thuộc phường 2.")
    assert (case.unit_id, case.state, case.due_on) == (town.ward.id, State.RECEIVED, due)
    said = [line.words for line in history.lines(session, case.id, shown_only=True)]
    assert "Không thuộc phường 2." not in said
    with pytest.raises(NotInThisState):
        routing.send_back(session, town.leader, case.id, 4, "Không có gì để trả lại.")


def test_a7_a_case_goes_only_where_somebody_independent_can_handle_it(session: Session, town: Town) -> None:
    case = make_case(session, unit_id=town.ward.id)

    def refused(to: int, ground: Why = Why.COMPETENCE, reason: str = REASON) -> str:
        with pytest.raises(FieldMissing) as error:
            routing.transfer(session, town.leader, case.id, case.version, to, ground, reason)
        return error.value.field

    assert refused(town.ward.id) == "to"
    assert refused(town.empty.id) == "to"
    assert refused(10**9) == "to"
    assert refused(town.other.id, Why.ABOVE) == "ground"
    assert refused(town.province.id, Why.BESIDE) == "ground"
    assert refused(town.other.id, Why.ROUTE) == "ground"
    assert refused(town.other.id, reason=" ") == "reason"
    for officer_id in (town.other_leader.officer_id, town.other_officer.id):
        session.add(CaseExclusion(case_id=case.id, officer_id=officer_id, rule="concerned", since=SettableClock()()))
    session.flush()
    assert refused(town.other.id) == "to"
    without = viewer(town.leader.officer_id, town.ward.id, permissions=acts.EVERYTHING - {Permission.CASES_TRANSFER})
    with pytest.raises(UnknownCase):
        routing.transfer(session, without, case.id, 1, town.other.id, Why.COMPETENCE, REASON)
    with pytest.raises(StaleCase):
        routing.transfer(session, town.leader, case.id, 9, town.other.id, Why.COMPETENCE, REASON)
    assert session.scalars(select(Case.unit_id).where(Case.id == case.id)).one() == town.ward.id


def test_the_unit_meant_is_the_chosen_or_the_named_one(session: Session, town: Town) -> None:
    today = SettableClock().today
    assert unit_meant(session, {"to": str(town.other.id)}, today) == town.other.id
    assert unit_meant(session, {"to": "", "to_typed": "phuong 2"}, today) == town.other.id
    for typed in ({}, {"to": "x"}, {"to": "1", "to_typed": "phường"}, {"to_typed": "phuong"}, {"to_typed": "Huyện A"}):
        with pytest.raises(FieldMissing):
            unit_meant(session, typed, today)


def test_what_the_law_wants_done_before_the_answer_is_shown_with_its_days(
    session: Session, town: Town, clock: SettableClock
) -> None:
    complaint = make_case(session, unit_id=town.ward.id, kind=Kind.COMPLAINT, contact=CONTACT)
    accept = due_steps(session, complaint, clock.today)[0]
    assert (accept.label, accept.day, accept.is_late) == (ACCEPT, complaint.due_on, False)
    acts.take_up(session, town.leader, complaint.id)
    assert [step.label for step in due_steps(session, complaint, clock.today) if step.label == ACCEPT] == []
    petition = make_case(session, unit_id=town.ward.id)
    (tell,) = due_steps(session, petition, clock.today)
    assert (tell.label, tell.day) == (TELL, date(2026, 11, 30))  # seven days end on a Saturday
    clock.next_day(10)
    assert due_steps(session, petition, clock.today)[0].is_late
    acts.take_up(session, town.leader, petition.id)
    assert not due_steps(session, petition, clock.today)[0].is_late
    acts.close(session, town.leader, petition.id)
    assert due_steps(session, petition, clock.today) == []
