"""Anonymous answers: month instead of day, few answers without their place, no order, texts apart."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.survey.models import Response
from app.units.models import Unit
from tests.factories.places import make_unit
from tests.functional.exports.conftest import Give, Officer
from tests.support.citizen import Citizen

Read = Callable[..., list[dict[str, str]]]
LEVEL = "24. "


def level_of(row: dict[str, str]) -> str:
    return next(value for name, value in row.items() if name.startswith(LEVEL))


def test_every_answer_is_there_without_its_day(
    answered: Give, home_affairs: Officer, read_csv: Read, read_xlsx: Read
) -> None:
    response = home_affairs.get("/officer/exports/answers/1.csv")
    rows = read_csv(response)
    assert Counter(map(level_of, rows)) == {"4": 14, "2": 6, "5": 12, "3": 11, "1": 3}
    assert {row["Tháng"] for row in rows} == {"2026-10", "2026-11"}
    for day in ("2026-10-10", "10/10/2026", "2026-11-10", "10/11/2026"):
        assert day not in response.text
    assert Counter(row["Người trả lời"] for row in rows) == {"Cá nhân": 34, "Doanh nghiệp": 12}
    typed = read_xlsx(home_affairs.get("/officer/exports/answers/1.xlsx"))
    assert Counter(map(level_of, typed)) == {4: 14, 2: 6, 5: 12, 3: 11, 1: 3}


def test_counter_with_few_answers_is_not_named_nor_told_by_subtraction(
    answered: Give, home_affairs: Officer, read_csv: Read
) -> None:
    rows = read_csv(home_affairs.get("/officer/exports/answers/1.csv"))
    found = Counter((row["Tháng"], row["Quầy"]) for row in rows)
    assert found == {
        ("2026-10", "Quầy 1 – Hộ tịch"): 20,
        ("2026-10", "Quầy 2 – Hộ tịch"): 12,
        ("2026-11", ""): 14,  # three of the third counter, and the eleven that stand beside them
    }
    assert {row["Mã đơn vị"] for row in rows} == {"06652.HCC"}


def test_unit_with_few_answers_is_not_named(give: Give, home_affairs: Officer, read_csv: Read, clock) -> None:
    give(3)
    give.close()
    assert read_csv(home_affairs.get("/officer/exports/answers/1.csv")) == []
    give(4)
    give.close()
    rows = read_csv(home_affairs.get("/officer/exports/answers/1.csv"))
    assert {(row["Phạm vi đợt"], row["Đơn vị"] != "") for row in rows} == {("Tỉnh Quảng Ninh", True)}


def test_blank_not_applicable_and_not_asked_are_told_apart(give: Give, home_affairs: Officer, read_csv: Read) -> None:
    give(5, q_c31="", q_c32="na")
    Citizen(give.app.test_client(), give.survey.token).tap(5)
    give.close()
    rows = read_csv(home_affairs.get("/officer/exports/answers/1.csv"))
    blank = Counter(next(value for name, value in row.items() if name.startswith("31. ")) for row in rows)
    assert blank == {"bỏ trống": 5, "": 1}
    na = Counter(next(value for name, value in row.items() if name.startswith("32. ")) for row in rows)
    assert na == {"không áp dụng": 5, "": 1}


def test_order_is_random_and_new_every_time(
    answered: Give, home_affairs: Officer, read_csv: Read, database: Database
) -> None:
    orders = [list(map(level_of, read_csv(home_affairs.get("/officer/exports/answers/1.csv")))) for _ in range(4)]
    assert all(one != other for one, other in pairwise(orders))
    with database.reading() as session:
        stored = [str(answers[2]) for answers in session.scalars(select(Response.answers))]
    assert stored not in orders


def test_texts_stand_in_a_file_of_their_own_without_a_key(
    give: Give, home_affairs: Officer, read_csv: Read, read_xlsx: Read
) -> None:
    comments = [f"Ý kiến số {number}" for number in range(6)] + ["=1+1", "gọi 0912 345 678"]
    for comment in comments:
        give(1, q_comment=comment, send_as_is="1")
    give.close()
    answers = home_affairs.get("/officer/exports/answers/1.csv").text
    assert not any(comment in answers for comment in comments)
    rows = read_csv(home_affairs.get("/officer/exports/written/1.csv"))
    assert sorted(row["Nội dung"] for row in rows) == sorted(["'=1+1" if "=" in one else one for one in comments])
    assert set(rows[0]) == {
        "Phạm vi đợt",
        "Tháng",
        "Mã đơn vị",
        "Đơn vị",
        "Câu hỏi",
        "Nội dung",
        "Có thể có dữ liệu cá nhân",
    }
    assert {row["Mã đơn vị"] for row in rows} == {"06652.HCC"}
    assert {row["Có thể có dữ liệu cá nhân"] for row in rows} == {"", "số điện thoại"}
    assert len(read_xlsx(home_affairs.get("/officer/exports/written/1.xlsx"))) == len(comments)


def test_few_texts_are_not_exported(give: Give, home_affairs: Officer, read_csv: Read) -> None:
    give(4, q_comment="ít")
    give(6)
    give.close()
    assert read_csv(home_affairs.get("/officer/exports/written/1.csv")) == []


def test_administrator_and_strangers_get_no_answers(
    answered: Give, signed_in_client: Callable[..., FlaskClient]
) -> None:
    administrator = signed_in_client(role=Role.ADMINISTRATOR)
    assert administrator.get("/officer/exports/answers/1.csv").status_code == 403
    assert administrator.get("/officer/exports/written/1.csv").status_code == 403
    assert "/officer/exports/answers" not in administrator.get("/officer/exports").text


def test_home_affairs_of_one_part_gets_the_answers_of_that_part(
    answered: Give, signed_in_client: Callable[..., FlaskClient], database: Database, read_csv: Read
) -> None:

    with database.transaction() as session:
        other = make_unit(session, "09999", name="Phường Xa", parent=session.get_one(Unit, answered.survey.province_id))
        far = make_unit(session, "99", name="Tỉnh Xa")
        own = session.get_one(Unit, answered.survey.commune_id)
    path = "/officer/exports/answers/1.csv"
    assert len(read_csv(signed_in_client(role=Role.HOME_AFFAIRS, unit=own).get(path))) == 46
    assert read_csv(signed_in_client(role=Role.HOME_AFFAIRS, unit=other).get(path)) == []
    stranger = signed_in_client(role=Role.HOME_AFFAIRS, unit=far)
    assert stranger.get(path).status_code == stranger.get("/officer/exports/answers/77.csv").status_code == 404


def test_export_of_answers_is_recorded(answered: Give, home_affairs: Officer, database: Database) -> None:
    home_affairs.get("/officer/exports/answers/1.csv")
    with database.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.ANSWERS_EXPORT)).one()
    assert (event.subject, event.detail["rows"], event.detail["format"]) == ("round:1", 46, "csv")
