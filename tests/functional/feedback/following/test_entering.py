"""B1–B8 for codes of cases: what is typed, what is told, what is counted, what the session is."""

import re
import time
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from app.db.session import Database
from app.feedback.cases.codes import ENTROPY_BITS, new_code, printed
from app.feedback.cases.models import Case, CitizenSession, CodeAttempt
from app.feedback.following.services import by_code
from app.feedback.intake import sessions
from app.feedback.intake.services import Opened
from app.feedback.intake.sessions import Purpose
from tests.factories.case_acts import open_information
from tests.functional.feedback.following.conftest import Place, Sender, form_ids
from tests.support.clock import SettableClock
from tests.support.limits import end_minute

VARYING = re.compile(r'name="form_id" value="[^"]+"|value="[0-9A-Z -]{10,}"')


def refused(database: Database) -> int:
    with database.reading() as session:
        return sum(session.scalars(select(CodeAttempt.refused)).all())


def test_b1_a_code_has_eighty_bits_and_only_its_derivation_is_stored(place: Place, database: Database) -> None:
    assert ENTROPY_BITS >= 80
    opened = place.case()
    with database.reading() as session:
        row = session.get_one(Case, opened.case_id)
        assert opened.code.encode() not in row.code_index
        for table in session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table'")
            if database.is_sqlite
            else text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        ):
            dump = repr(session.execute(text(f'SELECT * FROM "{table}"')).all())
            assert opened.code not in dump, table
            assert printed(opened.code) not in dump, table


def test_b1_the_public_number_opens_nothing(app: Flask, place: Place, opened: Opened) -> None:
    made = Sender(app.test_client(), opened.code)
    assert made.enter(opened.public_number).status_code == 400
    assert made.client.get("/follow/case").headers["Location"] == "/follow?why=ended"


@pytest.mark.parametrize("how", ["grouped", "lower", "spaces", "dots", "look-alikes", "full-width"])
def test_a_code_is_understood_however_it_is_typed(app: Flask, place: Place, opened: Opened, how: str) -> None:
    code = opened.code
    typed = {
        "grouped": printed(code),
        "lower": printed(code).lower(),
        "spaces": "  " + " ".join(code) + "\u00a0",
        "dots": printed(code).replace("-", "."),
        "look-alikes": code.translate(str.maketrans("5286VQ", "SZBGUO")),
        "full-width": "".join(chr(ord(sign) + 0xFEE0) for sign in code),
    }[how]
    assert Sender(app.test_client(), code).enter(typed).status_code == 303


def test_a_slip_of_the_pen_is_told_at_once_and_what_was_typed_stays(app: Flask, place: Place, opened: Opened) -> None:
    made = Sender(app.test_client(), opened.code)
    wrong = opened.code[:-1] + ("2" if opened.code[-1] != "2" else "3")
    page = made.enter(wrong)
    assert page.status_code == 400
    assert "ký tự kiểm tra không khớp" in page.text
    assert wrong in page.text
    assert "Ông/Bà đã gõ 12" in made.enter(opened.code[:12]).text
    assert made.enter(" - ").status_code == 400


@pytest.mark.parametrize("typed", ["x" * 1_000_000, "\x00\x01", "🙂" * 20, "%s%n", "' OR 1=1 --", "٣" * 20])
def test_nothing_that_is_typed_makes_an_error(app: Flask, place: Place, typed: str) -> None:
    page = Sender(app.test_client(), "").enter(typed)
    assert page.status_code in (400, 404)
    assert "<script" not in page.text


def test_b2_unknown_codes_get_one_answer_whatever_they_are(
    app: Flask, place: Place, opened: Opened, database: Database
) -> None:
    """Never made, made and gone, of information that is gone: same body, status and headers, one counted try each."""
    with database.transaction() as session:
        session.get_one(Case, opened.case_id).code_index = None  # the code of a case that nobody follows any more
    answers = [Sender(app.test_client(), "").enter(code) for code in (new_code(), new_code(), opened.code)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({VARYING.sub("", answer.text) for answer in answers}) == 1
    assert len({tuple(sorted(set(answer.headers.keys()) - {"X-Request-Id"})) for answer in answers}) == 1
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert refused(database) == 3


def test_b2_the_same_questions_are_asked_whatever_a_code_opens(place: Place, database: Database) -> None:
    with database.transaction() as session:
        hidden = open_information(session, place.unit_id).code
    asked: dict[str, list[str]] = {}
    for name, code in (("case", place.case().code), ("information", hidden), ("nothing", new_code())):
        statements = asked.setdefault(name, [])

        def note(*arguments: object, into: list[str] = statements) -> None:
            into.append(str(arguments[2]))

        event.listen(database.engine, "before_cursor_execute", note)
        with database.reading() as session:
            by_code(session, code)
        event.remove(database.engine, "before_cursor_execute", note)
    assert asked["case"] == asked["information"] == asked["nothing"]
    assert len([one for one in asked["nothing"] if one.startswith("SELECT")]) == 2


def test_b2_the_time_tells_nothing(app: Flask, place: Place, opened: Opened, database: Database) -> None:
    """Timing band: a code that was never made, one whose case is gone, and the next one of these, within a half."""
    with database.transaction() as session:
        session.get_one(Case, opened.case_id).code_index = None
    codes = {"never": new_code(), "gone": opened.code, "other": new_code()}

    def quickest() -> dict[str, float]:
        times: dict[str, list[float]] = {name: [] for name in codes}
        for _ in range(12):
            end_minute(app)
            for name, code in codes.items():
                client = app.test_client()
                form_id = form_ids(client.get("/follow"))["/follow"]
                began = time.perf_counter()
                assert client.post("/follow", data={"form_id": form_id, "code": code}).status_code == 404
                times[name].append(time.perf_counter() - began)
        return {name: min(found) for name, found in times.items()}  # other work of the machine only adds

    found = [quickest() for _ in range(3)]
    assert any(max(one.values()) - min(one.values()) < 0.5 * max(one.values()) for one in found), found


def test_b5_a_refused_try_leaves_a_committed_row_without_what_was_typed(
    app: Flask, place: Place, database: Database, clock: SettableClock
) -> None:
    made = Sender(app.test_client(), "")
    code = new_code()
    for typed in (code, code, "abc"):
        made.enter(typed)
    clock.advance(hours=1)
    made.enter(code)
    with database.reading() as session:
        found = session.scalars(select(CodeAttempt).order_by(CodeAttempt.hour)).all()
        assert [row.refused for row in found] == [3, 1]
        assert {column.name for column in CodeAttempt.__table__.columns} == {"hour", "refused"}
        assert all(row.hour.minute == row.hour.second == 0 for row in found)


def test_b4_a_device_that_tries_on_is_asked_to_wait_and_may_then_go_on(
    app: Flask, place: Place, opened: Opened
) -> None:
    client = app.test_client()
    form_id = form_ids(client.get("/follow"))["/follow"]
    found = [client.post("/follow", data={"form_id": form_id, "code": new_code()}).status_code for _ in range(13)]
    assert found == [404] * 12 + [429]
    slowed = client.post("/follow", data={"form_id": form_id, "code": opened.code})
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "60")
    assert opened.code in slowed.text  # nothing typed is lost
    other = Sender(app.test_client(), opened.code)
    assert other.enter().status_code == 303  # nobody else is slowed by it
    end_minute(app)
    assert client.post("/follow", data={"form_id": form_id, "code": opened.code}).status_code == 303


def test_b4_two_hundred_people_behind_one_address_get_through(app: Flask, place: Place) -> None:
    codes = [place.case().code for _ in range(20)]
    found = {Sender(app.test_client(), codes[number % 20]).enter().status_code for number in range(200)}
    assert found == {303}


def test_b3_a_forged_address_dodges_no_limit(app: Flask, place: Place) -> None:
    client = app.test_client()
    form_id = form_ids(client.get("/follow"))["/follow"]
    found = [
        client.post(
            "/follow",
            data={"form_id": form_id, "code": new_code()},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        ).status_code
        for number in range(13)
    ]
    assert found[-1] == 429


def test_b6_a_form_of_another_purpose_enters_nothing(app: Flask, place: Place, opened: Opened, sender: Sender) -> None:
    foreign = form_ids(sender.page())["/follow/files"]
    client = app.test_client()
    answer = client.post("/follow", data={"form_id": foreign, "code": opened.code})
    assert (answer.status_code, opened.code in answer.text) == (400, True)


@pytest.mark.parametrize("purpose", [Purpose.INTAKE, Purpose.SENT])
def test_b6_a_session_of_another_purpose_opens_no_case(
    app: Flask, place: Place, opened: Opened, database: Database, purpose: Purpose
) -> None:
    with database.transaction() as session:
        token = sessions.begin(session, purpose, {"what": "case", "id": opened.case_id})
    client = app.test_client()
    client.set_cookie("follow", token, path="/follow")
    for path in ("/follow/case", "/follow/calendar"):
        assert client.get(path).headers["Location"] == "/follow?why=ended"
    assert client.get("/follow/files/1").status_code == 404


def test_b7_the_session_is_new_at_each_entry_and_ended_by_a_post_only(
    app: Flask, place: Place, opened: Opened, database: Database
) -> None:
    made = Sender(app.test_client(), opened.code)
    first = cookie(made.enter())
    second = cookie(made.enter())
    assert first != second
    with database.reading() as session:
        assert len(session.scalars(select(CitizenSession)).all()) == 1  # the old one is over
    assert made.client.get("/follow/end").status_code == 405
    assert made.page().status_code == 200
    ended = made.client.post("/follow/end")
    assert ended.headers["Location"] == "/follow?why=left"
    assert "Max-Age=0" in ended.headers["Set-Cookie"]
    old = app.test_client()
    old.set_cookie("follow", second, path="/follow")
    assert old.get("/follow/case").headers["Location"] == "/follow?why=ended"


def test_b7_a_session_ends_by_itself_and_lives_on_while_it_is_used(
    sender: Sender, clock: SettableClock, database: Database
) -> None:
    for _ in range(5):
        clock.advance(minutes=19)
        assert sender.page().status_code == 200
    clock.advance(minutes=31)
    assert sender.page().status_code == 303
    assert sender.client.get("/follow/calendar").status_code == 303


def test_b8_the_code_is_in_no_cookie_address_header_or_later_page(
    app: Flask, place: Place, opened: Opened, capfd: pytest.CaptureFixture[str]
) -> None:
    made = Sender(app.test_client(), opened.code)
    entered = made.enter()
    pages = [entered, made.page(), made.client.get("/follow/calendar"), made.client.get("/follow/files/1")]
    pages += [made.post("files"), made.client.post("/follow/end")]
    for page in pages:
        for spelling in (opened.code, printed(opened.code)):
            assert spelling not in page.text
            assert spelling not in str(page.headers)
    cookies = re.findall(r"follow=([^;]+);([^\n]+)", str(entered.headers))
    assert cookies
    assert all(flag in cookies[0][1] for flag in ("HttpOnly", "SameSite=Strict", "Path=/follow"))
    assert entered.headers["Referrer-Policy"] == "no-referrer"
    assert opened.code not in "".join(capfd.readouterr())


def test_no_get_sets_a_cookie(sender: Sender) -> None:
    for path in ("/follow", "/follow/case", "/follow/calendar", "/follow/files/1", "/receipts", "/receipts/keys"):
        assert "Set-Cookie" not in sender.client.get(path, buffered=True).headers, path


def test_a_stale_or_trapped_page_keeps_what_was_typed(
    app: Flask, place: Place, opened: Opened, clock: SettableClock
) -> None:
    made = Sender(app.test_client(), opened.code)
    form_id = form_ids(made.client.get("/follow"))["/follow"]
    assert made.enter(website="x").status_code == 400
    clock.advance(hours=25)
    answer = made.client.post("/follow", data={"form_id": form_id, "code": opened.code})
    assert (answer.status_code, opened.code in answer.text) == (400, True)
    assert made.client.post("/follow", data={"x": "y"}).status_code == 400
    assert made.client.post("/follow", data="{}", content_type="application/json").status_code == 415


def cookie(answer) -> str:
    found = re.search(r"follow=([^;]+)", answer.headers["Set-Cookie"])
    assert found, answer.headers
    return found[1]


def test_the_session_ends_on_a_round_minute(sender: Sender, database: Database, clock: SettableClock) -> None:
    with database.reading() as session:
        ends = session.scalars(select(CitizenSession.expires_at)).one()
    assert ends.minute % 10 == 0
    assert timedelta(minutes=20) <= ends - clock() <= timedelta(minutes=30)
    assert date(2026, 11, 21) == clock.today
