"""The dashboard of casework: the figures of the cases one may see, and no others."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.crypto.types import in_row
from app.db.session import Database
from app.feedback.cases import history, likeness, upkeep
from app.feedback.cases.kinds import Event, Outcome, State
from app.feedback.cases.models import Case, CaseExclusion, CaseRating, CaseReply
from app.rules.kinds import Kind
from app.units.counter_services import CounterForm, create_counter
from app.units.models import Field, Unit
from app.units.procedure_services import ProcedureEntry, create_procedure
from app.units.types import Level
from tests.factories.cases import make_case
from tests.factories.dossiers import deliver, row
from tests.factories.law import load_law
from tests.factories.officers import make_officer
from tests.factories.units import make_unit
from tests.support.clock import SettableClock

SignIn = Callable[..., FlaskClient]
TWO_TIERS = date(2025, 7, 1)


@pytest.fixture
def units(database: Database, clock: SettableClock) -> dict[str, Unit]:
    load_law(database)
    with database.transaction() as session:
        province = make_unit(session, "Tỉnh Quảng Ngãi", code="P")
        one = make_unit(session, "Xã Mộ Đức", code="A", type_code="commune", parent=province, valid_from=TWO_TIERS)
        two = make_unit(session, "Xã Long Phụng", code="B", type_code="commune", parent=province, valid_from=TWO_TIERS)
        session.expunge_all()
    return {"P": province, "A": one, "B": two}


def _answered(
    database: Database,
    unit: Unit,
    answer: str,
    score: int | None = None,
    *,
    late: bool = False,
    is_marked: bool = True,
) -> str:
    with database.transaction() as session:
        writer = session.scalar(select(func.count()).select_from(Case))
        case = make_case(session, unit_id=unit.id)
        officer = make_officer(session, f"viet.{writer}", role=Role.CASE_OFFICER, unit=session.get_one(Unit, unit.id))
        session.flush()
        due = case.received_on - timedelta(days=1) if late else case.due_on
        session.execute(
            update(Case)
            .where(Case.id == case.id)
            .values(state=State.CLOSED, outcome=Outcome.SOLVED, closed_on=case.received_on, due_on=due)
        )
        session.add(CaseReply(case_id=case.id, number=1, outcome=Outcome.SOLVED, text=in_row(answer, case.id),
                              likeness=likeness.mark_of(answer) if is_marked else None, written_by=officer.id, answered_at=officer.created_at))  # fmt: skip
        if score is not None:
            session.add(CaseRating(case_id=case.id, reply_number=1, score=score, text=None, rated_on=case.received_on))
        return case.id


def test_home_affairs_sees_every_unit_and_the_way_down(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit]
) -> None:
    for number in range(5):
        _answered(database, units["A"], f"Đã nhắc nhở cán bộ, văn bản số {number}.", 5)
    _answered(database, units["B"], "Đã kiểm tra.", 1, late=True)
    client = signed_in_client(Role.HOME_AFFAIRS)
    page = client.get("/officer/case-figures").text
    assert "766" in client.get("/officer/case-figures?kind=petition").text
    assert re.search(rf'href="/officer/cases\?period=2026&amp;unit={units["A"].id}">5<', page)
    assert re.search(r'href="/officer/cases\?period=2026&amp;channel=website">6<', page)
    assert "100,0\u00a0% (5)" in page
    assert "0,0\u00a0% (1)" in page
    assert "4,3 (6)" in page
    assert page.count("ít phiếu") >= 2  # one rating would name its sender, also as what is left of all
    assert "83,3\u00a0% (6)" in page  # A of 766: five of six in time
    assert "5 việc: “Đã nhắc nhở cán bộ" in page
    with database.transaction() as session:
        session.execute(update(Case).values(kind=Kind.SUGGESTION))
    of_suggestions = client.get("/officer/case-figures?kind=suggestion").text
    assert "Đã nhắc nhở cán bộ" in of_suggestions
    assert "766" not in of_suggestions  # it is about petitions


def test_answers_of_before_the_marks_are_compared_once_the_job_has_run(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit], clock: SettableClock
) -> None:
    same = [_answered(database, units["A"], f"Đã nhắc nhở, văn bản {one}.", is_marked=False) for one in range(2)]
    same.append(_answered(database, units["B"], "ĐÃ NHẮC NHỞ; văn bản 12"))
    client = signed_in_client(Role.HOME_AFFAIRS)
    assert "3 việc" not in client.get("/officer/case-figures").text
    assert upkeep.run(database, clock.today).endswith("answers marked 2")
    assert upkeep.run(database, clock.today).endswith("answers marked 0")
    page = client.get("/officer/case-figures").text
    assert "3 việc: “Đã nhắc nhở" in page or "3 việc: “ĐÃ NHẮC NHỞ" in page
    assert all(f'href="/officer/cases/{case_id}"' in page for case_id in same)
    assert "2 việc" not in signed_in_client(Role.UNIT_LEADER, units["A"]).get("/officer/case-figures").text


def test_a_neighbour_and_an_excluded_officer_see_no_trace(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit]
) -> None:
    case_id = _answered(database, units["B"], "Đã kiểm tra.", 1)
    neighbour = signed_in_client(Role.UNIT_LEADER, units["A"]).get("/officer/case-figures").text
    assert "Không có việc nào trong kỳ này" in neighbour
    assert "Long Phụng" not in neighbour
    leader = signed_in_client(Role.UNIT_LEADER, units["B"])
    assert "Long Phụng" in leader.get("/officer/case-figures").text
    with database.transaction() as session:
        for officer in session.scalars(select(Officer)).all():
            session.add(
                CaseExclusion(case_id=case_id, officer_id=officer.id, rule="concerned", since=officer.created_at)
            )
    assert "Không có việc nào trong kỳ này" in leader.get("/officer/case-figures").text


@pytest.mark.parametrize(
    "query", ["period=x", "period=9999-12", "kind=denunciation", "period=2026&kind=petition", "period=%00"]
)
def test_odd_addresses_never_break_the_page(signed_in_client: SignIn, units: dict[str, Unit], query: str) -> None:
    assert signed_in_client(Role.HOME_AFFAIRS).get(f"/officer/case-figures?{query}").status_code == 200


def test_a_period_without_cases_says_so(signed_in_client: SignIn, database: Database, units: dict[str, Unit]) -> None:
    _answered(database, units["A"], "Đã kiểm tra.")
    client = signed_in_client(Role.HOME_AFFAIRS)
    assert "Không có việc nào trong kỳ này" in client.get("/officer/case-figures?period=2025").text
    assert "Không có việc nào trong kỳ này" in client.get(f"/officer/case-figures?kind={Kind.COMPLAINT.value}").text


def test_f7_few_cases_do_not_tell_who_was_dissatisfied(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit]
) -> None:
    _answered(database, units["A"], "Đã kiểm tra.", 1)
    page = signed_in_client(Role.UNIT_LEADER, units["A"]).get("/officer/case-figures").text
    assert "ít việc, không hiện" in page
    assert 'figure">0,0' not in page


@dataclass(frozen=True)
class Year:
    """Cases of some months in every standing, with and without procedure."""

    province: FlaskClient
    commune: FlaskClient


@pytest.fixture
def year(signed_in_client: SignIn, database: Database, units: dict[str, Unit], clock: SettableClock) -> Year:
    for number in range(4):
        _answered(database, units["A"], f"Đã nhắc nhở lần {number}.", 4, late=number == 0)
    with database.transaction() as session:
        procedures = [
            create_procedure(session, f"1.00{one}", ProcedureEntry(name, field, Level.COMMUNE))
            for one, (name, field) in enumerate((("Đăng ký khai sinh", "Hộ tịch"), ("Cấp giấy", "Đất đai")))
        ]
        session.flush()
        keys = [one.id for one in procedures]
        made = [
            make_case(session, unit_id=units[unit].id, procedure_id=keys[place], kind=kind)
            for unit, place, kind in (("A", 0, Kind.PETITION), ("A", 1, Kind.PETITION), ("B", 0, Kind.SUGGESTION))
        ]
        history.append(session, made[0], Event.REOPENED, shown=True)
        made[1].state, made[1].outcome, made[1].closed_on = State.CLOSED, Outcome.NOT_COMPETENT, clock.today
    clock.next_day(40)
    with database.transaction() as session:
        make_case(session, unit_id=units["B"].id)
        make_case(session, unit_id=units["B"].id, kind=Kind.SUGGESTION, procedure_id=keys[1])
    clock.next_day(25)
    return Year(signed_in_client(Role.HOME_AFFAIRS), signed_in_client(Role.UNIT_LEADER, units["A"]))


@pytest.mark.parametrize(
    ("query", "least"),
    [("?period=2026", 30), ("?kind=petition&period=2026", 15), ("?period=2026-11", 15), ("?period=2027-H1", 0)],
)
def test_every_count_leads_to_a_list_of_as_many(year: Year, query: str, least: int) -> None:
    """In the line of all, of each unit, each field and each month, for the province and for one commune."""
    for client in (year.province, year.commune):
        page = client.get(f"/officer/case-figures{query}").text
        links = re.findall(r'href="(/officer/cases\?[^"]+)">([0-9.]+)</a>', page)
        assert len(links) >= (least if client is year.province else least // 3), page
        for address, number in dict(links).items():
            listed = client.get(address.replace("&amp;", "&")).text
            assert f"{number} dòng" in listed, address


def test_the_group_of_766_counts_what_is_within_competence_and_figures_tell_their_n(year: Year) -> None:
    page = year.province.get("/officer/case-figures?period=2026").text
    # Seven petitions are judged: five answered (one late), one passed on to whose matter it is, one open past its day.
    assert "3 đúng hạn / 6 thuộc thẩm quyền" in page
    assert "50,0\u00a0% (6)" in page
    assert "0,0 (5)" in page  # median of working days, of five answers


def test_f7_a_rating_is_not_told_by_what_is_left_of_the_whole(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit]
) -> None:
    for number in range(12):
        _answered(database, units["A"], f"Đã sửa {number}.", 5)
    _answered(database, units["B"], "Đã kiểm tra.", 1)
    page = signed_in_client(Role.HOME_AFFAIRS).get("/officer/case-figures").text
    assert "4,7 (13)" in page  # all of them
    assert "5,0 (12)" not in page  # 13 less 12 would be one sender
    assert page.count("ít phiếu") >= 2


def test_share_c_is_made_of_dossiers_and_never_stands_beside_sipas(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit]
) -> None:
    _answered(database, units["A"], "Đã kiểm tra.")
    client = signed_in_client(Role.HOME_AFFAIRS)
    assert "chưa có số liệu hồ sơ của kỳ này" in client.get("/officer/case-figures").text
    with database.transaction() as session:
        officer = session.scalars(select(Officer.id)).first()
        rows = [row(number, "A", "01/10/2026", "10/10/2026", "09/10/2026") for number in range(1, 9)]
        rows += [row(9, "A", "01/10/2026", "10/10/2026", "12/10/2026"), row(10, "A", "01/10/2026", "10/10/2026")]
        deliver(session, officer or 0, rows, SettableClock().today)
    page = client.get("/officer/case-figures").text
    assert "(10 − 2 trễ hạn − 0 phản ánh có nêu thủ tục) / 10" in page
    assert "80,0\u00a0% (10)" in page
    assert "SIPAS" not in "".join(re.findall(r"<table>.*?</table>", page, re.DOTALL))


def test_the_field_is_that_of_the_procedure_or_the_only_one_of_the_counter(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit]
) -> None:
    entries = (("1", "Đất đai", ("Đất đai",)), ("2", "Hộ tịch – Chứng thực", ("Hộ tịch", "Chứng thực")))
    with database.transaction() as session:
        forms = [CounterForm(number, name, fields) for number, name, fields in entries]
        land, shared = (create_counter(session, units["A"].id, form, TWO_TIERS).id for form in forms)
        birth = create_procedure(session, "1.001193", ProcedureEntry("Khai sinh", "Hộ tịch", Level.COMMUNE)).id
        for counter_id, procedure_id in ((land, None), (land, birth), (shared, None), (shared, birth), (None, None)):
            make_case(session, unit_id=units["A"].id, counter_id=counter_id).procedure_id = procedure_id
        fields = {one.name: one.id for one in session.scalars(select(Field))}
    client = signed_in_client(Role.HOME_AFFAIRS)
    page = client.get("/officer/case-figures?period=2026").text
    for field_id, count in ((fields["Đất đai"], 1), (fields["Hộ tịch"], 2), (0, 2)):
        assert re.search(rf'href="/officer/cases\?period=2026&amp;field={field_id}">{count}<', page)
        found = client.get(f"/officer/cases?period=2026&field={field_id}").text
        assert f"{count} dòng" in found
