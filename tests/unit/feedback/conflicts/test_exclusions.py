"""Conflicts of interest by rule: who is excluded, when a case goes a level up, who may lift it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleAssignment
from app.accounts.rights.models import Delegation
from app.accounts.roles import Role
from app.audit import services as audit
from app.audit.models import AuditEvent
from app.crypto.types import in_row
from app.feedback.answering import approvals, drafts
from app.feedback.answering.composing import WHOLE, Answer, Draft
from app.feedback.cases import access, history
from app.feedback.cases.errors import FieldMissing, NotInThisState, UnknownCase
from app.feedback.cases.kinds import Decision, Event, Outcome, RequestKind
from app.feedback.cases.models import Case, CaseExclusion, CaseRequest
from app.feedback.conflicts import services
from app.feedback.conflicts.kinds import Reason
from app.feedback.following import services as following
from app.feedback.handling import closing
from app.feedback.handling import services as handling
from app.rules.kinds import Kind
from app.units.models import Counter, Unit
from app.web.permissions import Permission
from tests.factories import case_acts
from tests.factories.cases import CONTACT, make_case
from tests.factories.duty import as_viewer, make_duty, make_person
from tests.factories.places import make_counter, make_unit
from tests.support.clock import SettableClock


@dataclass
class District:
    """A province, a commune with a counter, people of both."""

    session: Session
    today: date
    province: Unit
    commune: Unit
    counter: Counter
    above: int
    head: int
    handler: int
    clerk: int
    home_affairs: int

    def sees(self, officer_id: int, case: Case) -> bool:
        return access.may(self.session, as_viewer(self.session, officer_id), case.id, self.today, Permission.CASES_READ)

    def open(self, **more: object) -> Case:
        return make_case(self.session, unit_id=self.commune.id, counter_id=self.counter.id, **more)

    def duty(self, who: int | str, **more: object) -> None:
        make_duty(self.session, self.counter.id, who, by=self.above, **more)

    def reasons(self, case: Case) -> dict[int, str]:
        rows = self.session.scalars(select(CaseExclusion).where(CaseExclusion.case_id == case.id))
        return {row.officer_id: row.rule for row in rows if row.lifted_at is None}


@pytest.fixture
def district(session: Session, clock: SettableClock) -> District:
    province = make_unit(session, "51", name="Tỉnh Quảng Ngãi", type_code="province")
    commune = make_unit(session, "5101", name="Xã Mộ Đức", parent=province)
    return District(
        session=session,
        today=clock.today,
        province=province,
        commune=commune,
        counter=make_counter(session, commune),
        above=make_person(session, "Phạm Thị Trên", Role.UNIT_LEADER, province),
        head=make_person(session, "Trần Văn Đầu", Role.UNIT_LEADER, commune),
        handler=make_person(session, "Lê Thị Xử Lý", Role.CASE_OFFICER, commune),
        clerk=make_person(session, "Võ Minh Quầy", Role.CASE_OFFICER, commune),
        home_affairs=make_person(session, "Đỗ Nội Vụ", Role.HOME_AFFAIRS, None),
    )


def second_head(district: District) -> int:
    return make_person(district.session, "Ngô Văn Phó", Role.UNIT_LEADER, district.commune)


def test_without_a_roster_nobody_is_excluded_and_nothing_moves(district: District) -> None:
    case = district.open()
    assert district.reasons(case) == {}
    assert case.unit_id == district.commune.id
    assert district.sees(district.clerk, case)


def test_a5_whoever_was_on_duty_that_day_does_not_have_the_case_and_a_single_head_neither(district: District) -> None:
    district.duty(district.clerk, weekdays=1 << district.today.weekday())
    case = district.open(happened_on=district.today)
    due = case.due_on
    assert district.reasons(case) == {district.clerk: Reason.ON_DUTY, district.head: Reason.SUPERIOR_RULE}
    assert case.unit_id == district.province.id
    assert case.due_on == due is not None
    assert [district.sees(one, case) for one in (district.clerk, district.head, district.handler)] == [False] * 3
    assert district.sees(district.above, case)
    assert district.sees(district.home_affairs, case)
    lines = history.lines(district.session, case.id, shown_only=False)
    assert [line.event for line in lines] == [Event.RECEIVED, Event.EXCLUDED, Event.EXCLUDED, Event.MOVED]
    assert lines[-1].detail == {"from": district.commune.id, "to": district.province.id, "why": "conflict"}
    shown = history.lines(district.session, case.id, shown_only=True)
    assert [line.event for line in shown] == [Event.RECEIVED, Event.MOVED]
    audit.write(district.session)
    acts = district.session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"case:{case.id}")).all()
    assert sorted(acts) == ["case:exclude", "case:exclude", "case:move-up"]


def test_two_heads_are_both_superiors_and_so_are_those_of_every_unit_where_the_accused_holds_a_role(
    district: District,
) -> None:
    other = second_head(district)
    district.duty(district.clerk)
    superiors = {district.head: Reason.SUPERIOR_RULE, other: Reason.SUPERIOR_RULE}
    case = district.open(happened_on=district.today)
    assert district.reasons(case) == {district.clerk: Reason.ON_DUTY} | superiors
    assert case.unit_id == district.province.id
    # The counter is that of a centre, whose head is not the only superior of somebody lent by the commune.
    centre = make_unit(district.session, "5101T", name="Trung tâm", parent=district.commune)
    of_centre = make_person(district.session, "Mai Thị Tâm", Role.UNIT_LEADER, centre)
    counter = make_counter(district.session, centre)
    make_duty(district.session, counter.id, district.clerk, by=district.above)
    lent = make_case(district.session, unit_id=centre.id, counter_id=counter.id)
    everybody = {district.clerk: Reason.ON_ROSTER, of_centre: Reason.SUPERIOR_RULE} | superiors
    assert (district.reasons(lent), lent.unit_id) == (everybody, district.province.id)


def test_a5_a_second_account_of_somebody_concerned_is_excluded_as_well_a_namesake_elsewhere_is_not(
    district: District,
) -> None:
    twin = make_person(district.session, "VÕ MINH  QUẦY", Role.COUNTER_CLERK, district.commune)
    beside = make_unit(district.session, "5102", name="Xã bên", parent=district.province)
    namesake = make_person(district.session, "Võ Minh QUẦY", Role.CASE_OFFICER, beside)
    district.duty(district.clerk)
    case = district.open(happened_on=district.today)
    assert district.reasons(case)[twin] == Reason.SAME_NAME
    assert namesake not in district.reasons(case)


def test_a_head_on_the_roster_takes_the_other_heads_along(district: District) -> None:
    other = second_head(district)
    district.duty(district.head)
    case = district.open(happened_on=district.today)
    assert district.reasons(case) == {district.head: Reason.ON_DUTY, other: Reason.SUPERIOR_RULE}
    assert case.unit_id == district.province.id


def test_another_day_concerns_nobody_and_an_unknown_day_the_whole_roster(district: District) -> None:
    superiors = {district.head: Reason.SUPERIOR_RULE}
    yesterday = district.today - timedelta(days=1)
    district.duty(district.clerk, weekdays=1 << yesterday.weekday())
    district.duty(district.handler, weekdays=1 << district.today.weekday())
    assert district.reasons(district.open(happened_on=yesterday)) == {district.clerk: Reason.ON_DUTY} | superiors
    everybody = {district.clerk: Reason.ON_ROSTER, district.handler: Reason.ON_ROSTER} | superiors
    unknown = district.open()
    assert district.reasons(unknown) == everybody
    nobody_there = district.today - timedelta(days=2)
    assert district.reasons(district.open(happened_on=nobody_there)) == everybody


def test_whoever_is_named_is_excluded_and_a_name_without_account_once_there_is_one(district: District) -> None:
    superiors = {district.head: Reason.SUPERIOR_RULE}
    by_full_name = district.open(text="Hôm đó le thi xu ly bảo tôi về.")
    assert district.reasons(by_full_name) == {district.handler: Reason.NAMED} | superiors
    district.duty("Bùi Thị Hoa", last=district.today - timedelta(days=1))
    district.duty(district.clerk, last=district.today - timedelta(days=200))
    assert district.reasons(district.open(text="Anh Quầy không có mặt.")) == {}  # that long ago he has left
    later = district.open()
    assert district.reasons(later) == {}
    hoa = make_person(district.session, "BÙI THỊ HOA", Role.CASE_OFFICER, district.commune)
    version = later.version
    assert len(services.refresh_all(district.session, [later.id, by_full_name.id]).shut) == 2
    assert district.reasons(later) == {hoa: Reason.ON_ROSTER} | superiors
    assert later.version == version + 1
    assert not services.refresh(district.session, later)  # the same again changes nothing


def test_a_first_complaint_stays_with_the_head_whom_the_law_names(district: District) -> None:
    district.duty(district.clerk)
    case = district.open(kind=Kind.COMPLAINT, contact=CONTACT, happened_on=district.today)
    assert district.reasons(case) == {district.clerk: Reason.ON_DUTY}
    assert case.unit_id == district.commune.id


def test_nobody_can_exclude_everybody(district: District) -> None:
    names = "Phạm Thị Trên, Trần Văn Đầu, Lê Thị Xử Lý, Võ Minh Quầy, Đỗ Nội Vụ đều biết."
    case = district.open(text=names)
    left = [
        one
        for one in (district.above, district.head, district.handler, district.clerk, district.home_affairs)
        if district.sees(one, case)
    ]
    assert len(left) >= 1
    assert case.unit_id == district.province.id


def test_a_deputy_of_somebody_excluded_has_only_what_is_their_own(district: District) -> None:
    session = district.session
    other = make_person(session, "Hồ Văn Thay", Role.COUNTER_CLERK, district.commune)
    lent = session.scalars(select(RoleAssignment).where(RoleAssignment.officer_id == district.head)).one()
    free = district.open()
    district.duty(district.clerk)
    case = district.open(happened_on=district.today)
    case.unit_id = district.commune.id  # as if the level above had sent it back
    for deputy in (other, district.handler):
        session.add(
            Delegation(
                assignment_id=lent.id,
                to_officer_id=deputy,
                unit_id=None,
                valid_from=district.today,
                valid_to=district.today,
                created_at=session.get_one(CaseExclusion, (case.id, district.head)).since,
                reason="nghỉ phép",
            )
        )
    session.flush()
    assert district.sees(other, free)
    assert not district.sees(other, case)
    assert district.sees(district.handler, case)
    who = as_viewer(session, district.handler)
    assert access.may(session, who, free.id, district.today, Permission.CASES_APPROVE)
    assert not access.may(session, who, case.id, district.today, Permission.CASES_APPROVE)


def test_an_exclusion_is_lifted_from_above_in_words_only(district: District) -> None:
    district.duty(district.clerk)
    case = district.open(happened_on=district.today)
    session = district.session
    with pytest.raises(UnknownCase):
        services.lift_exclusion(session, as_viewer(session, district.head), case.id, case.version, district.clerk, "x")
    above = as_viewer(session, district.above)
    with pytest.raises(FieldMissing):
        services.lift_exclusion(session, above, case.id, case.version, district.clerk, "  ")
    services.lift_exclusion(session, above, case.id, case.version, district.clerk, "Hôm ấy nghỉ phép.")
    assert district.reasons(case) == {district.head: Reason.SUPERIOR_RULE}
    line = history.lines(session, case.id, shown_only=False)[-1]
    assert (line.event, line.words, line.is_shown) == (Event.EXCLUSION_LIFTED, "Hôm ấy nghỉ phép.", False)
    assert not services.refresh(session, case)  # what was lifted is not found again
    case.unit_id = district.commune.id
    assert district.sees(district.clerk, case)
    # Whom the commune's own head excluded, the commune's own head cannot let in again.
    second = second_head(district)
    free = make_case(session, unit_id=district.commune.id)
    mine = as_viewer(session, second)
    handling.exclude(session, mine, free.id, free.version, district.handler, "family")
    with pytest.raises(FieldMissing):
        services.lift_exclusion(session, mine, free.id, free.version, district.handler, "Nhầm.")
    services.lift_exclusion(session, above, free.id, free.version, district.handler, "Nhầm.")
    handling.exclude(session, mine, free.id, free.version, district.handler, "family")
    assert not district.sees(district.handler, free)


def test_excluding_the_last_one_by_hand_moves_the_case_up(district: District) -> None:
    case = make_case(district.session, unit_id=district.commune.id)
    mine = as_viewer(district.session, district.head)
    handling.exclude(district.session, mine, case.id, case.version, district.handler, "concerned")
    assert case.unit_id == district.commune.id
    above = as_viewer(district.session, district.above)
    handling.exclude(district.session, above, case.id, case.version, district.head, "superior")
    assert case.unit_id == district.province.id


def ask_review(district: District, case: Case, unit: Unit) -> None:
    district.session.add(
        CaseRequest(
            case_id=case.id,
            number=1,
            kind=RequestKind.SECOND_STAGE,
            unit_id=unit.id,
            reason=in_row("Chưa thỏa đáng", case.id),
            asked_on=district.today,
        )
    )
    district.session.flush()


def test_nobody_reviews_an_answer_in_which_they_had_a_hand_nor_decides_whether_it_is_reviewed(
    district: District,
) -> None:
    """Written by a deputy of the province, changed by one full stop, handed on and let pass by three others."""
    session = district.session
    deputy = make_person(session, "Cao Thị Soạn", Role.UNIT_LEADER, district.province)
    case = make_case(session, unit_id=district.commune.id, kind=Kind.COMPLAINT, contact=CONTACT)
    author, handler, head, above = (
        as_viewer(session, one) for one in (deputy, district.handler, district.head, district.above)
    )
    handling.take_up(session, author, case.id, case.version)
    assert case.assignee_id == deputy
    draft = Draft(Outcome.SOLVED, "", {WHOLE: Answer("Không đúng")})
    base = drafts.save(session, author, case.id, 0, draft)
    number = drafts.save(session, handler, case.id, base, replace(draft, answers={WHOLE: Answer("Không đúng.")}))
    approvals.submit(session, handler, case.id, case.version, number)
    with pytest.raises(NotInThisState):
        closing.approve_answer(session, author, case.id, case.version, number)
    closing.approve_answer(session, head, case.id, case.version, number)
    ask_review(district, case, district.province)
    with pytest.raises(NotInThisState):
        handling.decide(session, author, case.id, case.version, 1, Decision.REFUSED, "Không cần")
    handling.decide(session, above, case.id, case.version, 1, Decision.ACCEPTED, "Xem xét lại")
    assert [case.unit_id, case.assignee_id] == [district.province.id, None]
    hands = {deputy: Reason.ANSWERED, district.handler: Reason.ANSWERED, district.head: Reason.ANSWERED}
    assert {key: why for key, why in district.reasons(case).items() if key in hands} == hands
    assert not district.sees(deputy, case)


def test_a_lifted_exclusion_says_nothing_of_what_somebody_decided_since(district: District) -> None:
    session, above = district.session, as_viewer(district.session, district.above)
    make_person(session, "Cao Thị Soạn", Role.UNIT_LEADER, district.province)
    case = make_case(session, unit_id=district.commune.id)
    handling.exclude(session, above, case.id, case.version, district.handler, "family")
    services.lift_exclusion(session, above, case.id, case.version, district.handler, "Nhầm.")
    case_acts.close(session, as_viewer(session, district.handler), case.id, Outcome.NOT_ACCEPTED, "Không đúng.")
    ask_review(district, case, district.province)
    handling.decide(session, above, case.id, case.version, 1, Decision.ACCEPTED, "Xem xét lại")
    assert district.reasons(case)[district.handler] == Reason.ANSWERED


def test_a5_whoever_is_named_in_an_answer_or_a_request_of_the_sender_is_excluded_at_once(district: District) -> None:
    session = district.session
    case = make_case(session, unit_id=district.commune.id)
    case_acts.ask(session, as_viewer(session, district.head), case.id, district.today + timedelta(days=5), "Ai?")
    assert district.sees(district.handler, case)
    following.answer_question(session, case.id, 1, "Đó là bà Lê Thị Xử Lý ở bộ phận hồ sơ.")
    assert district.reasons(case) == {district.handler: Reason.NAMED, district.head: Reason.SUPERIOR_RULE}
    assert case.unit_id == district.province.id
    other = make_case(session, unit_id=district.commune.id)
    case_acts.close(session, as_viewer(session, district.handler), other.id, Outcome.SOLVED, "Đã xong.")
    following.ask_reopening(session, other.id, "Ông Trần Văn Đầu nói sai.")
    assert district.reasons(other) == {district.head: Reason.NAMED}
    assert (other.unit_id, district.sees(district.above, other)) == (district.commune.id, True)
