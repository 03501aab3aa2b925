"""More than a page of everything that officers see as a list, with Vietnamese names; some of it apart, to be found."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock as app_clock
from app.accounts import services
from app.accounts.contacts import services as contacts
from app.accounts.models import RoleAssignment
from app.accounts.proof import invitations
from app.accounts.rights import delegations
from app.accounts.roles import Role
from app.feedback.routing.models import DeskRoute
from app.messages.models import OutboxMessage
from app.messages.services import enqueue
from app.messages.states import Channel as Way
from app.messages.states import MessageState
from app.qr.models import Channel
from app.qr.services import issue, retire
from app.rules.kinds import Kind
from app.survey import sets
from app.survey.models import Aggregation, IndexFormula, QuestionSetVersion, SampleKind
from app.survey.rounds import open_round
from app.units.models import Unit
from app.units.procedure_services import ProcedureEntry, create_field, create_procedure, end_procedure
from app.units.types import Level
from tests.factories.officers import make_officer
from tests.factories.places import make_counter, make_unit
from tests.support.clock import SettableClock

MANY = 60  # more than a page
NASTY = "=HYPERLINK(1)"
LEADER_PASSWORD = "bốn con cò bay lả bay la"


def fill_lists(session: Session, clock: SettableClock) -> Unit:
    today = clock.today
    province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province")
    ward = make_unit(session, "hotay", name="Phường Hồ Tây", parent=province)
    make_unit(session, "datmui", name="Xã Đất Mũi", parent=province, type_code="commune")
    make_unit(session, "nguy", name=NASTY, parent=province)
    others = [make_unit(session, f"so{one}", name=f"Phường Số {one}", parent=province) for one in range(1, MANY + 1)]
    hotich = create_field(session, "Hộ tịch")
    session.flush()
    assert hotich.id == 1
    first = make_counter(session, ward, "1", name="Hộ tịch")
    first.fields = [hotich]
    issue(session, first.id, today=today, channel=Channel.QR)
    for number, unit in enumerate(others, start=1):
        counter = make_counter(session, unit, "1", name=f"Đất đai {number}")
        create_field(session, f"Lĩnh vực {number}")
        create_procedure(session, f"1.{number:03}", ProcedureEntry(f"Cấp giấy {number}", "Hộ tịch", Level.COMMUNE))
        if number != 7:
            code = issue(session, counter.id, today=today, channel=Channel.QR)
            session.flush()
            if number == 8:
                retire(session, code.id, today=today)
    create_procedure(session, "2.001", ProcedureEntry("Đăng ký khai sinh", "Hộ tịch", Level.COMMUNE))
    ended = create_procedure(session, "3.001", ProcedureEntry("Thủ tục đã bãi bỏ", "Hộ tịch", Level.COMMUNE))
    end_procedure(session, ended.id, today - timedelta(days=1))
    _fill_rounds(session, clock, ward, others)
    _fill_people(session, clock, province, ward, others)
    return ward


def _fill_rounds(session: Session, clock: SettableClock, ward: Unit, others: list[Unit]) -> None:
    sets.register_files(session)
    session.flush()
    version = session.scalars(select(QuestionSetVersion).where(QuestionSetVersion.code == "sipas_counter")).one()
    sets.publish(version)
    named = [(f"Đợt {one} ", unit, 0) for one, unit in enumerate(others, start=1)]
    for name, unit, days in [*named, ("Đợt đầu năm", ward, 0), ("Đợt sang năm", ward, 90)]:
        start = clock.today + timedelta(days=days)
        open_round(
            session,
            name=name,
            version=version,
            unit_id=unit.id,
            sample_kind=SampleKind.OPEN,
            index_formula=IndexFormula.TOP2,
            aggregation=Aggregation.MEAN_OF_CRITERIA,
            starts_on=start,
            ends_on=start + timedelta(days=30),
        )
        session.flush()


def _fill_people(session: Session, clock: SettableClock, province: Unit, ward: Unit, others: list[Unit]) -> None:
    admin = make_officer(session, "quan.tri", role=Role.ADMINISTRATOR, full_name="Quản Trị")
    services.assign_role(session, None, admin.id, Role.HOME_AFFAIRS, None)
    mai = make_officer(session, "duong.mai", role=Role.UNIT_LEADER, unit=ward, full_name="Dương Thị Mãi")
    nobody = make_officer(session, "khong.ai", role=Role.UNIT_LEADER, unit=others[0], full_name="Lê Không Ai")
    session.flush()
    held = session.scalars(select(RoleAssignment).where(RoleAssignment.officer_id == mai.id)).one()
    held.valid_from = clock.today - timedelta(days=500)  # so long a leader without a review
    invitations.accept(session, invitations.invite(session, None, mai.id), LEADER_PASSWORD)
    for number, unit in enumerate(others, start=1):
        officer = services.add_officer(  # without a password: hashing sixty takes a minute
            session,
            None,
            username=f"can.bo.{number:02}",
            full_name=f"Cán bộ {number}",
            role=Role.SURVEYOR,
            unit_id=unit.id,
        )
        services.assign_role(session, None, officer.id, Role.CASE_OFFICER, ward.id)
        if number > 1:
            services.assign_role(session, None, officer.id, Role.UNIT_LEADER, unit.id)
        invitations.invite(session, None, officer.id)
        lent = delegations.Period(clock.today, clock.today + timedelta(days=1))
        if number == 1:
            own = session.scalars(select(RoleAssignment.id).where(RoleAssignment.officer_id == nobody.id)).one()
            delegations.delegate(session, nobody.id, own, officer.id, None, lent, "việc riêng")
        else:
            made = delegations.delegate(session, mai.id, held.id, officer.id, None, lent, f"nghỉ lần {number}")
            made.ended_at = app_clock.now() if number == 7 else None
    session.flush()
    contacts.enter(session, admin.id, mai.id, Way.EMAIL, "mai@tinh.example.vn")
    _fill_routes_and_messages(session, clock, admin.id, ward, others)


def _fill_routes_and_messages(
    session: Session, clock: SettableClock, admin_id: int, ward: Unit, others: list[Unit]
) -> None:
    session.add_all(
        DeskRoute(
            unit_id=one.id,
            field_id=None,
            kind=Kind.COMPLAINT if one is ward else None,
            to_unit_id=ward.id if one is ward else others[8].id,
            assignee_id=None,
            set_by=admin_id,
            set_at=clock(),
            ended_by=None,
            ended_at=None,
        )
        for one in (ward, *others)
    )
    late = {"number": "PA-7KQ2M-9XF3H", "due": "20/11/2026", "unit": "Phường Số 7"}
    for number in range(1, MANY):  # with the code of a contact: as many as officers have things
        template, values = ("officer-news", {"number": late["number"]}) if number == 7 else ("officer-late", late)
        enqueue(session, Way.EMAIL, template, "a@tinh.example.vn", values, once=f"{number}")
        state = MessageState.CANCELLED if number == 7 else MessageState.WAITING
        this = update(OutboxMessage).where(OutboxMessage.once == f"{number}")
        session.execute(this.values(tries=number, state=state))
