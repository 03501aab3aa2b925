"""The list of units that take what citizens send although nobody may act on it."""

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient

from app.accounts.roles import Role
from app.db.session import Database
from tests.factories.officers import make_officer
from tests.factories.units import make_counter, make_unit
from tests.support.clock import SettableClock

PAGE = "/officer/rights/gaps"


def test_a_unit_stands_in_the_list_until_somebody_may_act(
    signed_in_client: Callable[..., FlaskClient], database: Database, clock: SettableClock
) -> None:
    with database.transaction() as session:
        province = make_unit(session, "Tỉnh Quảng Ngãi", code="P")
        commune = make_unit(
            session, "Xã Mộ Đức", code="A", type_code="commune", parent=province, valid_from=date(2025, 7, 1)
        )
        make_counter(session, commune.id)
    client = signed_in_client(Role.ADMINISTRATOR)
    listed = client.get(PAGE).text
    assert "Xã Mộ Đức" in listed
    assert "xử lý phản ánh; quyết định đề nghị xem lại; xem xét lần hai" in listed
    with database.transaction() as session:
        make_officer(session, "lanh.dao", role=Role.UNIT_LEADER, unit=session.merge(commune))
    assert "xử lý phản ánh;" not in client.get(PAGE).text
    assert "đọc tin tố cáo" in client.get(PAGE).text
    with database.transaction() as session:
        above = make_officer(session, "lanh.dao.tinh", role=Role.UNIT_LEADER, unit=session.merge(province))
    assert "Đơn vị nào cũng có người xử lý" in client.get(PAGE).text
    with database.transaction() as session:
        session.merge(above).is_active = False
    assert "đọc tin tố cáo" in client.get(PAGE).text
    assert "Xã Mộ Đức" in client.get(f"{PAGE}/list.csv?q=mo+duc").text
