"""What officers do with a case: on the version they saw, from the states of the table, with what must be said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock as product_clock
from app.accounts.roles import Role
from app.audit import services as audit
from app.audit.models import AuditEvent
from app.calendar.days import DayUnit, Limit
from app.crypto.types import in_row
from app.feedback.answering import approvals, points
from app.feedback.cases import access, history
from app.feedback.cases.errors import FieldMissing, NotInThisState, StaleCase, UnknownCase
from app.feedback.cases.kinds import Decision, Event, Outcome, RequestKind, State
from app.feedback.cases.models import Case, CaseQuestion, CaseReply, CaseRequest
from app.feedback.cases.workflow import MOVES, Move
from app.feedback.conflicts import services as conflicts
from app.feedback.handling import services as handling
from app.feedback.routing import services as routing
from app.feedback.routing.rules import Why
from app.rules.kinds import Kind
from app.units.models import Unit
from app.web.permissions import Permission
from tests.factories import case_acts as acts
from tests.factories.cases import CONTACT, Viewer, make_case, viewer
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

ARGUMENTS = {
    "take_up": (),
    "requalify": (Kind.SUGGESTION, "Không đúng loại"),
    "ask": ("Lúc mấy giờ?", date(2026, 11, 30)),
    "withdraw_question": (),
    "pause": ("Công văn 5",),
    "suspend": ("Quyết định 6",),
    "resume": (),
    "extend": (Limit(5, DayUnit.CALENDAR), "Chủ tịch", "Quyết định 7"),
    "decide": (1, Decision.REFUSED, "Không có tình tiết mới"),
    "set_private": ("Có thông tin riêng",),
    "unset_private": ("Không còn",),
    "exclude": (1, "counter"),
    "set_points": ("Ý một\n\nÝ hai",),
    "return_answer": ("Thiếu căn cứ",),
    "take_back_answer": (),
    "assign": (999,),
    "unassign": (),
    "take": (),
    "transfer": (1, Why.BESIDE, "Không thuộc địa bàn"),
    "send_back": ("Không thuộc địa bàn",),
    "lift_exclusion": (999, "Loại nhầm"),
}
ROOMS = (handling, points, approvals, routing, conflicts)


def act_of(move: Move) -> Callable[..., Case]:
    """The service of a move, in whichever room it stands."""
    return next(getattr(room, move.name) for room in ROOMS if hasattr(room, move.name))


@dataclass(frozen=True)
class Office:
    ward: Unit
    leader: Viewer
    province: Unit


@pytest.fixture
def office(session: Session, clock: SettableClock) -> Office:
    province = make_unit(session, "22", type_code="province")
    ward = make_unit(session, "2201", parent=province)
    officer = make_officer(session, "lan.tran")
    return Office(ward, viewer(officer.id, ward.id, permissions=acts.EVERYTHING), province)


def put_into(session: Session, case: Case, state: State) -> None:
    """Bring a case into a state without the services."""
    case.state = state
    case.outcome, case.closed_on = (Outcome.SOLVED, date(2026, 11, 21)) if state is State.CLOSED else (None, None)
    session.flush()


def asked_for(session: Session, case: Case, unit_id: int, kind: RequestKind = RequestKind.REOPENING) -> None:
    session.add(
        CaseRequest(
            case_id=case.id,
            number=1,
            kind=kind,
            unit_id=unit_id,
            reason=in_row("Chưa thỏa đáng", case.id),
            asked_on=product_clock.local_date(),
        )
    )
    session.flush()


def test_the_arguments_here_are_those_of_every_move() -> None:
    assert set(ARGUMENTS) == {move.name for move in MOVES}


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_g3_a_form_of_an_older_version_is_refused(session: Session, office: Office, move: Move) -> None:
    case = make_case(session, unit_id=office.ward.id)
    put_into(session, case, min(move.from_states))
    act = act_of(move)
    for version in (0, 2):
        with pytest.raises(StaleCase):
            act(session, office.leader, case.id, version, *ARGUMENTS[move.name])
    assert case.version == 1


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_a_move_begins_in_its_states_only_and_with_its_permission_only(
    session: Session, office: Office, move: Move
) -> None:
    case = make_case(session, unit_id=office.ward.id)
    act = act_of(move)
    for state in set(State) - move.from_states:
        put_into(session, case, state)
        with pytest.raises(NotInThisState):
            act(session, office.leader, case.id, 1, *ARGUMENTS[move.name])
    put_into(session, case, min(move.from_states))
    for missing in {Permission.CASES_READ, move.permission}:
        other = viewer(office.leader.officer_id, office.ward.id, permissions=acts.EVERYTHING - {missing})
        with pytest.raises(UnknownCase):
            act(session, other, case.id, 1, *ARGUMENTS[move.name])


@pytest.mark.parametrize("move", [move for move in MOVES if move.fields], ids=lambda move: move.name)
def test_a_move_needs_its_words(session: Session, office: Office, move: Move) -> None:
    case = make_case(session, unit_id=office.ward.id)
    put_into(session, case, max(move.from_states))
    asked_for(session, case, office.ward.id)
    empty = [" \n" if isinstance(value, str) and type(value) is str else value for value in ARGUMENTS[move.name]]
    with pytest.raises(FieldMissing) as caught:
        act_of(move)(session, office.leader, case.id, 1, *empty)
    assert caught.value.field in move.fields
    assert case.version == 1


def test_a_case_is_taken_up_asked_answered_and_closed(session: Session, office: Office, clock: SettableClock) -> None:
    case = make_case(session, unit_id=office.ward.id)
    acts.take_up(session, office.leader, case.id, role="unit_leader")
    assert (case.state, case.assignee_id, case.version) == (State.IN_PROGRESS, office.leader.officer_id, 2)
    acts.ask(session, office.leader, case.id, clock.today.replace(day=30))
    with pytest.raises(NotInThisState):  # one question at a time
        acts.ask(session, office.leader, case.id, clock.today.replace(day=30))
    handling.withdraw_question(session, office.leader, case.id, case.version)
    acts.close(session, office.leader, case.id, Outcome.PARTLY_SOLVED, "Đã nhắc nhở")
    assert (case.state, case.outcome, case.closed_on) == (State.CLOSED, Outcome.PARTLY_SOLVED, clock.today)
    reply = session.scalars(select(CaseReply)).one()
    assert (reply.text, reply.written_by) == ("Đã nhắc nhở", office.leader.officer_id)
    lines = history.lines(session, case.id, shown_only=False)
    assert [line.event for line in lines if line.officer_id] == [
        Event.TAKEN_UP,
        Event.ASKED,
        Event.QUESTION_WITHDRAWN,
        Event.CLOSED,
    ]
    assert all(line.at is not None for line in lines if line.officer_id)
    assert all(line.officer_id is None for line in history.lines(session, case.id, shown_only=True))
    assert len(session.scalars(select(CaseQuestion)).all()) == 1


def test_every_act_is_on_the_record_without_words(session: Session, office: Office) -> None:
    case = make_case(session, unit_id=office.ward.id, text="nội-dung-riêng")
    handling.requalify(session, office.leader, case.id, 1, Kind.SUGGESTION, "lý-do-riêng", role="unit_leader")
    acts.close(session, office.leader, case.id, text="trả-lời-riêng")
    audit.write(session)
    rows = session.scalars(select(AuditEvent).where(AuditEvent.subject == f"case:{case.id}")).all()
    assert [row.action for row in rows] == ["case:requalify", "case:close"]
    assert all(row.actor_id == office.leader.officer_id and row.unit_id == office.ward.id for row in rows)
    assert rows[0].role == "unit_leader"
    assert "riêng" not in "".join(f"{row.detail} {row.reason} {row.new_value} {row.folded}" for row in rows)


def test_a_reason_for_another_kind_is_told_to_the_sender(session: Session, office: Office) -> None:
    case = make_case(session, unit_id=office.ward.id, contact=CONTACT)
    handling.requalify(session, office.leader, case.id, 1, Kind.COMPLAINT, "Là khiếu nại quyết định số 8")
    (line,) = [one for one in history.lines(session, case.id, shown_only=True) if one.event is Event.REQUALIFIED]
    assert line.words == "Là khiếu nại quyết định số 8"
    assert line.detail == {"from": "petition", "to": "complaint"}
    assert (case.kind, case.kind_asked, case.meets_form) == (Kind.COMPLAINT, Kind.PETITION, True)


def test_what_asks_for_identity_and_has_none_becomes_information(session: Session, office: Office) -> None:
    case = make_case(session, unit_id=office.ward.id)
    handling.requalify(session, office.leader, case.id, 1, Kind.COMPLAINT, "Là khiếu nại")
    assert (case.meets_form, case.due_on) == (False, None)
    handling.requalify(session, office.leader, case.id, 2, Kind.PETITION, "Là phản ánh")
    assert (case.meets_form, case.due_on) == (True, date(2026, 12, 11))


def test_no_case_becomes_a_denunciation(session: Session, office: Office) -> None:
    case = make_case(session, unit_id=office.ward.id)
    with pytest.raises(FieldMissing, match="Tố cáo không xử lý"):
        handling.requalify(session, office.leader, case.id, 1, Kind.DENUNCIATION, "Là tố cáo")


def test_a_review_is_decided_one_level_up_and_not_by_the_unit_itself(session: Session, office: Office) -> None:
    case = make_case(session, unit_id=office.ward.id)
    acts.close(session, office.leader, case.id, Outcome.NOT_ACCEPTED)
    asked_for(session, case, office.province.id, RequestKind.SECOND_STAGE)
    with pytest.raises(NotInThisState, match="cấp trên"):
        handling.decide(session, office.leader, case.id, case.version, 1, Decision.REFUSED, "Không")
    above = viewer(make_officer(session, "hoa.le").id, office.province.id, permissions=acts.EVERYTHING)
    handling.decide(session, above, case.id, case.version, 1, Decision.ACCEPTED, "Xem xét")
    assert (case.unit_id, case.state) == (office.province.id, State.IN_PROGRESS)
    assert not access.may(session, office.leader, case.id, product_clock.local_date(), Permission.CASES_READ)
    with pytest.raises(NotInThisState):  # decided once
        handling.decide(session, above, case.id, case.version, 1, Decision.REFUSED, "Không")


def test_a_refused_reopening_leaves_the_case_closed(session: Session, office: Office) -> None:
    case = make_case(session, unit_id=office.ward.id)
    acts.close(session, office.leader, case.id)
    asked_for(session, case, office.ward.id)
    handling.decide(session, office.leader, case.id, case.version, 1, Decision.REFUSED, "Không có tình tiết mới")
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.SOLVED)
    line = history.lines(session, case.id, shown_only=True)[-1]
    assert (line.event, line.words) == (Event.REOPENING_REFUSED, "Không có tình tiết mới")


def test_an_excluded_officer_loses_the_case_at_once(session: Session, office: Office) -> None:
    case = make_case(session, unit_id=office.ward.id)
    other = make_officer(session, "hoa.le")
    theirs = viewer(other.id, office.ward.id)
    acts.take_up(session, theirs, case.id)
    handling.exclude(session, office.leader, case.id, case.version, other.id, "counter")
    assert case.assignee_id is None
    with pytest.raises(UnknownCase):
        access.find(session, theirs, case.id, product_clock.local_date())
    assert history.lines(session, case.id, shown_only=True)[-1].event is Event.TAKEN_UP
    handling.set_private(session, office.leader, case.id, case.version, "Có thông tin riêng")
    without = viewer(make_officer(session, "mai.vu").id, office.ward.id, permissions={Permission.CASES_READ})
    with pytest.raises(UnknownCase):
        access.find(session, without, case.id, product_clock.local_date())


def test_nobody_hides_a_case_from_those_above(session: Session, office: Office) -> None:
    case = make_case(session, unit_id=office.ward.id)
    above = (
        make_officer(session, "so.noi.vu", role=Role.HOME_AFFAIRS),
        make_officer(session, "chu.tich", role=Role.UNIT_LEADER, unit=office.province),
    )
    for officer in above:
        with pytest.raises(FieldMissing, match="cấp trên"):
            handling.exclude(session, office.leader, case.id, 1, officer.id, "counter")
    mine = make_officer(session, "can.bo", role=Role.CASE_OFFICER, unit=office.ward)
    handling.exclude(session, office.leader, case.id, 1, mine.id, "counter")
    everywhere = viewer(office.leader.officer_id, permissions=acts.EVERYTHING)
    handling.exclude(session, everywhere, case.id, 2, above[1].id, "superior")
