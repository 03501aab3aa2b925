"""A table of 2019 with real defects is shown with its two rows that do not add up, and nothing of it is stored."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.analysis.models import RollupCell
from app.db.session import Database
from tests.factories.officers import token_of

ADDRESS = "/officer/results/check-counts"
HUE_2019 = """Nơi đón tiếp;2063;2137;150;48,94;50,6;3,55
Thái độ phục vụ, hướng dẫn;1983;2128;104;47,04;50,4;2,46
Thái độ tiếp nhận, trả kết quả\t1886\t2232\t97\t44,74\t52,95\t2,3
Thời gian;1.991;2.135;89;47,23;50,65;2,11
Hồ sơ;1825;2281;99;43,29;54,11;2,34"""


def test_the_two_rows_that_do_not_add_up_are_shown(
    signed_in_client: Callable[..., FlaskClient], database: Database
) -> None:
    client = signed_in_client(Role.HOME_AFFAIRS)
    page = client.get(ADDRESS)
    assert page.status_code == 200
    sent = {"levels": "3", "total": "4.215", "issued": "5.326", "table": HUE_2019, "csrf_token": token_of(page.text)}
    checked = client.post(ADDRESS, data=sent)
    assert checked.status_code == 200
    assert "2 dòng cộng không khớp" in checked.text
    assert "các mức cộng lại là 4.350 phiếu" in checked.text
    assert "các mức cộng lại là 4.205 phiếu" in checked.text
    assert "bị cắt bớt, chưa làm tròn" in checked.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RollupCell)) == 0


def test_what_cannot_be_read_is_named_and_kept(signed_in_client: Callable[..., FlaskClient]) -> None:
    client = signed_in_client(Role.HOME_AFFAIRS)
    token = token_of(client.get(ADDRESS).text)
    for table, said in (("A;1;2", "cột số"), ("A;x;2;3", "không phải số phiếu"), ("", "Xin dán")):
        page = client.post(ADDRESS, data={"levels": "3", "total": "6", "table": table, "csrf_token": token})
        assert page.status_code == 400
        assert said in page.text
        assert table in page.text
    page = client.post(ADDRESS, data={"levels": "9", "total": "-1", "table": "A;1", "csrf_token": token})
    assert page.status_code == 400
