"""Due dates of cases: what they rest on, what moves them, what is written down when one is missed."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock as product_clock
from app.calendar.days import DayUnit, Limit
from app.calendar.models import EntryKind
from app.calendar.reckoning import StepKind
from app.calendar.services import Entry, change_days
from app.calendar.sources import Status
from app.crypto.types import in_row
from app.feedback.cases import deadlines, history, upkeep
from app.feedback.cases.errors import FieldMissing
from app.feedback.cases.kinds import Decision, Event, Outcome, QuestionEnd, RequestKind, State
from app.feedback.cases.models import Case, CaseEvent, CaseQuestion, CaseRequest
from app.feedback.following import services as following
from app.feedback.handling import services as handling
from app.rules.kinds import Kind
from app.rules.queries import counting_on, kind_rule_on
from app.rules.services import add_version
from app.units.models import Unit
from tests.factories import case_acts as acts
from tests.factories.cases import CONTACT, Viewer, make_case, viewer
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

MONDAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Office:
    """A ward under a province, and somebody who may do everything in it."""

    ward: Unit
    province: Unit
    leader: Viewer


@pytest.fixture
def office(session: Session, clock: SettableClock) -> Office:
    clock.set_local(MONDAY)
    province = make_unit(session, "22", type_code="province")
    ward = make_unit(session, "2201", parent=province)
    officer = make_officer(session, "lan.tran")
    return Office(ward, province, viewer(officer.id, province.id, permissions=acts.EVERYTHING))


def events(session: Session, case: Case) -> list[Event]:
    return [line.event for line in history.lines(session, case.id, shown_only=False)]


def test_the_steps_lead_from_receipt_to_the_due_date(session: Session, office: Office) -> None:
    case = make_case(session, unit_id=office.ward.id)
    found = deadlines.reckoning(session, case)
    assert found is not None
    assert (found.received_on, found.due_on, case.due_on) == (MONDAY, date(2026, 12, 14), date(2026, 12, 14))
    assert found.due_on.toordinal() - MONDAY.toordinal() == sum(step.days for step in found.steps)
    assert StepKind.MOVED in {step.kind for step in found.steps}  # 13/12 is a Sunday


def test_a_complaint_has_ten_days_to_be_accepted_and_then_thirty(
    session: Session, office: Office, clock: SettableClock
) -> None:
    case = make_case(session, unit_id=office.ward.id, kind=Kind.COMPLAINT, contact=CONTACT)
    assert case.due_on == date(2026, 12, 3)
    clock.next_day(7)
    acts.take_up(session, office.leader, case.id)
    assert case.due_on == date(2026, 12, 30)
    assert events(session, case)[-2:] == [Event.TAKEN_UP, Event.DUE_RECKONED]


@pytest.mark.parametrize("way", ["answered", "expired", "withdrawn", "resumed"])
def test_what_stood_still_before_it_was_accepted_can_still_be_accepted(
    session: Session, office: Office, clock: SettableClock, way: str
) -> None:
    case = make_case(session, unit_id=office.ward.id, kind=Kind.COMPLAINT, contact=CONTACT)
    if way == "resumed":
        handling.pause(session, office.leader, case.id, case.version, "Công văn 12/UBND")
    else:
        acts.ask(session, office.leader, case.id, date(2026, 11, 26))
    clock.next_day(1 if way != "expired" else 4)
    if way == "answered":
        following.answer_question(session, case.id, 1, "Quyết định số 8.")
    elif way == "expired":
        assert upkeep.expire_questions(session, clock.today) == 1
    else:
        (handling.resume if way == "resumed" else handling.withdraw_question)(
            session, office.leader, case.id, case.version
        )
    assert case.state is State.RECEIVED
    acts.take_up(session, office.leader, case.id)
    assert (case.state, deadlines.term_of(session, case)) == (
        State.IN_PROGRESS,
        deadlines.Term(clock.today, Limit(30, DayUnit.CALENDAR)),
    )
    acts.ask(session, office.leader, case.id, clock.today + timedelta(days=1))
    handling.withdraw_question(session, office.leader, case.id, case.version)
    assert case.state is State.IN_PROGRESS


def test_g2_an_answer_of_the_sender_ends_the_pause_with_its_day(
    session: Session, office: Office, clock: SettableClock
) -> None:
    case = make_case(session, unit_id=office.ward.id)
    acts.take_up(session, office.leader, case.id)
    acts.ask(session, office.leader, case.id, date(2026, 12, 3))
    assert (case.state, case.due_on) == (State.WAITING_FOR_SENDER, date(2026, 12, 14))
    clock.set_local(date(2026, 12, 4), time(3))
    assert upkeep.expire_questions(session, clock.today) == 1
    question = session.scalars(select(CaseQuestion)).one()
    assert (question.ended_as, question.ended_on, case.state) == (
        QuestionEnd.EXPIRED,
        date(2026, 12, 3),
        State.IN_PROGRESS,
    )
    assert case.due_on == date(2026, 12, 23)  # 24/11 to 3/12 ended while the clock stood
    assert upkeep.expire_questions(session, clock.today) == 0


def test_g2_another_kind_keeps_earlier_pauses_and_the_day_of_receipt(
    session: Session, office: Office, clock: SettableClock
) -> None:
    case = make_case(session, unit_id=office.ward.id)
    acts.take_up(session, office.leader, case.id)
    handling.pause(session, office.leader, case.id, case.version, "Công văn 12/UBND")
    clock.next_day(5)
    handling.resume(session, office.leader, case.id, case.version)
    assert case.due_on == date(2026, 12, 17)  # 24/11 to 27/11 ended while the clock stood
    handling.requalify(session, office.leader, case.id, case.version, Kind.SUGGESTION, "Chỉ là góp ý")
    found = deadlines.reckoning(session, case)
    assert found is not None
    # 15 working days after 23/11, without 24/11 and the three working days on which the clock stood
    assert (found.received_on, case.due_on) == (MONDAY, date(2026, 12, 18))
    assert [step.document for step in found.steps if step.kind is StepKind.PAUSE] == ["Công văn 12/UBND"]
    assert deadlines.reckoning(session, case) == found


def test_an_extension_is_what_the_law_allows_and_no_more(session: Session, office: Office) -> None:
    petition = make_case(session, unit_id=office.ward.id)
    with pytest.raises(FieldMissing, match="không cho gia hạn"):
        handling.extend(session, office.leader, petition.id, 1, Limit(5, DayUnit.CALENDAR), "Chủ tịch", "QĐ 1")
    case = make_case(session, unit_id=office.ward.id, kind=Kind.COMPLAINT, contact=CONTACT)
    acts.take_up(session, office.leader, case.id)
    for limit in (Limit(16, DayUnit.CALENDAR), Limit(5, DayUnit.WORKING)):
        with pytest.raises(FieldMissing, match="15 ngày"):
            handling.extend(session, office.leader, case.id, case.version, limit, "Chủ tịch", "QĐ 1")
    handling.extend(session, office.leader, case.id, case.version, Limit(15, DayUnit.CALENDAR), "Chủ tịch Bình", "QĐ 1")
    assert case.due_on == date(2027, 1, 7)
    said = history.lines(session, case.id, shown_only=True)
    assert any(line.event is Event.EXTENDED and line.words == "QĐ 1\nNgười ký: Chủ tịch Bình" for line in said)
    with pytest.raises(FieldMissing, match="đủ số lần"):
        handling.extend(session, office.leader, case.id, case.version, Limit(1, DayUnit.CALENDAR), "Chủ tịch", "QĐ 2")


def test_a_miss_is_one_line_for_each_due_date(session: Session, office: Office, clock: SettableClock) -> None:
    case, paused = (make_case(session, unit_id=office.ward.id) for _ in range(2))
    handling.pause(session, office.leader, paused.id, paused.version, "Công văn")
    clock.set_local(date(2026, 12, 14))
    assert upkeep.note_misses(session, clock.today) == (0, None)
    clock.next_day()
    assert upkeep.note_misses(session, clock.today) == (1, None)
    clock.next_day(3)
    assert upkeep.note_misses(session, clock.today) == (0, None)
    (miss,) = session.scalars(select(CaseEvent).where(CaseEvent.event == Event.DUE_MISSED))
    assert (miss.case_id, miss.detail, miss.at, miss.is_shown) == (case.id, {"due_on": "2026-12-14"}, None, True)
    case.due_on = date(2026, 12, 17)
    session.flush()
    assert upkeep.note_misses(session, clock.today) == (1, None)


def test_misses_are_noted_in_portions(session: Session, office: Office, clock: SettableClock) -> None:
    for _ in range(5):
        make_case(session, unit_id=office.ward.id)
    clock.next_day(60)
    found, after = [], ""
    while after is not None:
        count, after = upkeep.note_misses(session, clock.today, after, most=2)
        found.append(count)
    assert found == [2, 2, 1]


def test_a_new_calendar_moves_the_dates_that_rest_on_it(session: Session, office: Office, clock: SettableClock) -> None:
    case = make_case(session, unit_id=office.ward.id)
    before = case.calendar_version
    add_holiday(session, date(2026, 12, 14))
    assert upkeep.follow_calendar(session) == 1
    assert (case.due_on, case.calendar_version) == (date(2026, 12, 15), before + 1)
    assert upkeep.follow_calendar(session) == 0
    (line,) = [one for one in history.lines(session, case.id, shown_only=True) if one.event is Event.DUE_RECKONED]
    assert line.detail == {"from": "2026-12-14", "to": "2026-12-15", "calendar": before + 1}


def test_a_case_opened_again_has_a_term_of_its_own(session: Session, office: Office, clock: SettableClock) -> None:
    case = make_case(session, unit_id=office.ward.id)
    acts.close(session, office.leader, case.id, Outcome.NOT_ACCEPTED)
    clock.next_day(10)
    ask_again(session, case, RequestKind.SECOND_STAGE, office.province)
    handling.decide(session, office.leader, case.id, case.version, 1, Decision.ACCEPTED, "Xem xét lại")
    assert (case.state, case.outcome, case.unit_id) == (State.IN_PROGRESS, None, office.province.id)
    assert case.due_on == date(2026, 12, 23)
    # Whoever gave the answer takes no part in the review of it.
    assert events(session, case)[-3:] == [Event.REVIEW_TAKEN_UP, Event.DUE_RECKONED, Event.EXCLUDED]


def add_holiday(session: Session, day: date) -> None:
    holiday = Entry(day, EntryKind.OFF, "Nghỉ bù", source="Thông báo 1")
    change_days(session, None, [holiday], "Theo thông báo")


def ask_again(session: Session, case: Case, kind: RequestKind, unit: Unit) -> None:
    session.add(
        CaseRequest(
            case_id=case.id,
            number=1,
            kind=kind,
            unit_id=unit.id,
            reason=in_row("Chưa thỏa đáng", case.id),
            asked_on=product_clock.local_date(),
        )
    )
    session.flush()


def test_a_rule_that_begins_today_leaves_this_morning_alone(
    session: Session, office: Office, clock: SettableClock
) -> None:
    case = make_case(session, unit_id=office.ward.id)
    for matter, content in (
        ("counting", replace(counting_on(session, MONDAY).content, first_day_counts=True)),
        (
            Kind.PETITION.matter,
            replace(kind_rule_on(session, Kind.PETITION, MONDAY).content, resolve=Limit(5, DayUnit.WORKING)),
        ),
    ):
        add_version(
            session,
            None,
            matter,
            content,
            valid_from=MONDAY,
            legal_basis="Luật mới",
            status=Status.OWN,
            reason="Đổi luật",
        )
    session.flush()
    before = deadlines.reckoning(session, case)
    add_holiday(session, date(2026, 12, 14))
    upkeep.follow_calendar(session)
    assert case.due_on == date(2026, 12, 15)
    after = deadlines.reckoning(session, case)
    assert before is not None
    assert after is not None
    assert before.due_on == date(2026, 12, 14)
    assert before.limit == after.limit == Limit(20, DayUnit.CALENDAR)
    assert make_case(session, unit_id=office.ward.id).due_on == date(2026, 11, 30)  # the first day counts, 24/11 is off
