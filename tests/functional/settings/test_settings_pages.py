"""Settings in the browser: who may change them, what citizens see of them, what stays for ever."""

import time
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.accounts.roles import Role
from app.administration import environment
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.config import SETTINGS, Config, SmallNumbers
from app.db.session import Database
from app.settings import services, settings
from app.settings.known import AUTHORITY_NAME, HOTLINE, KNOWN, LEAST_PUBLIC
from app.settings.models import SettingChange
from app.web.pages import EXTENSION
from tests.factories.officers import token_of
from tests.factories.surveys import make_survey
from tests.factories.units import make_unit

HERE = "/officer/settings"


@pytest.fixture
def admin(clock, signed_in_client) -> FlaskClient:
    return signed_in_client()


def change(client: FlaskClient, name: str, value: str, reason: str = "Theo phân công của Sở"):
    token = token_of(client.get(HERE).text)
    return client.post(f"{HERE}/{name}/change", data={"csrf_token": token, "value": value, "reason": reason})


def test_a_change_shows_at_once_with_who_when_and_why(admin: FlaskClient, database: Database, clock) -> None:
    page = admin.get(HERE).text
    for one in KNOWN:
        assert one.label in page
        assert admin.get(f"{HERE}/{one.slug}").status_code == 200
        assert f'for="value">{one.label}' in admin.get(f"{HERE}/{one.slug}/change").text
    assert "Trang này để làm gì?" in page
    done = change(admin, "authority-name", "  Sở Nội vụ <tỉnh>  Quảng Ninh ")
    assert done.status_code == 303
    shown = admin.get(done.headers["Location"]).text
    assert "Đã đổi cài đặt" in shown
    assert "Sở Nội vụ &lt;tỉnh&gt; Quảng Ninh" in shown
    assert "09:00 21/11/2026" in shown
    assert "Theo phân công của Sở" in shown
    assert change(admin, "authority-name", "Sở Nội vụ").status_code == 303
    shown = admin.get(f"{HERE}/authority-name").text
    assert "&lt;tỉnh&gt;" in shown  # the history keeps it
    assert "done=same" in change(admin, "authority-name", "Sở Nội vụ").headers["Location"]
    assert change(admin, "authority-name", "").status_code == 303
    assert "(chưa đặt)" in admin.get(f"{HERE}/authority-name").text
    with database.reading() as session:
        rows = session.scalars(select(SettingChange).order_by(SettingChange.id)).all()
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.SETTING_CHANGE.value)).all()
    assert [row.value for row in rows] == ["Sở Nội vụ <tỉnh> Quảng Ninh", "Sở Nội vụ", None]
    assert [act.new_value["value"] for act in acts] == [row.value for row in rows]
    assert acts[1].old_value == {"value": "Sở Nội vụ <tỉnh> Quảng Ninh"}
    csv = admin.get(f"{HERE}/list.csv", buffered=True).text
    assert "Cơ quan chủ trì" in csv
    assert "Số câu trả lời ít nhất" not in admin.get(f"{HERE}?q=duong+day+nong").text


def test_citizens_see_who_is_responsible(admin: FlaskClient, app, database: Database, clock) -> None:
    survey = make_survey(database)
    citizen = app.test_client()
    assert "Cơ quan chủ trì" not in citizen.get(f"/q/{survey.token}").text
    for name, value in (
        ("authority-name", "Sở Nội vụ tỉnh Quảng Ninh"),
        ("authority-address", "Phường Hồng Hà"),
        ("authority-phone", "0203 3825 123"),
        ("hotline", "1022"),
    ):
        assert change(admin, name, value).status_code == 303
    for address in (f"/q/{survey.token}", "/results", "/q/unknown"):
        page = citizen.get(address)
        assert "Sở Nội vụ tỉnh Quảng Ninh" in page.text, address
        assert "0203 3825 123" in page.text
        assert "1022" in page.text
        assert "Set-Cookie" not in page.headers
    english = citizen.get(f"/q/{survey.token}?lang=en").text
    assert "Responsible authority" in english
    assert "Hotline" in english


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("hotline", "gọi đi", "chữ số"),
        ("hotline", "1" * 200, "chữ số"),
        ("authority-name", "x" * 201, "dài quá"),
        ("complaint-place", "x\n" * 900, "dài quá"),
        ("least-public", "9", "Không đặt được thấp hơn 10"),
        ("least-public", "1000", "từ 2 đến 100"),
        ("least-public", "mười", "từ 2 đến 100"),
        ("least-home-affairs", "4", "thấp hơn 5"),
        ("authority-name", "\ufffd", "ký tự bị hỏng"),
    ],
)
def test_what_is_no_value_is_said_at_the_field(admin: FlaskClient, name: str, value: str, message: str, clock) -> None:
    refused = change(admin, name, value)
    assert refused.status_code == 400
    assert 'href="#value"' in refused.text
    assert message in refused.text
    assert "Theo phân công" in refused.text


def test_a_reason_is_needed_and_what_was_typed_stays(admin: FlaskClient, database: Database, clock) -> None:
    refused = change(admin, "complaint-place", "Phòng 2\nTầng 1", "  ")
    assert refused.status_code == 400
    assert 'href="#reason"' in refused.text
    assert "Phòng 2\nTầng 1" in refused.text
    assert admin.post(f"{HERE}/hotline/change", data={"value": "1022", "reason": "x"}).status_code == 400
    assert admin.get(f"{HERE}/nothing").status_code == 404
    assert change(admin, "hotline", "1022\x00", "a\x00b").status_code in (303, 400)
    with database.reading() as session:
        assert session.scalars(select(SettingChange.name)).all() in ([], ["hotline"])


def test_the_rule_for_small_numbers_only_grows_stricter(admin: FlaskClient, app, database: Database, clock) -> None:
    def held() -> SmallNumbers:
        with app.app_context():
            return app.extensions[EXTENSION].small_numbers

    assert held() == SmallNumbers(10, 5)
    assert change(admin, "least-public", "20").status_code == 303
    assert held() == SmallNumbers(20, 5)
    assert change(admin, "least-home-affairs", "50").status_code == 303
    assert held() == SmallNumbers(20, 20)
    with database.reading() as session:  # an operator who asks for more later on wins
        assert settings.small_numbers(session, SmallNumbers(30, 7)) == SmallNumbers(30, 30)
        assert settings.small_numbers(session, SmallNumbers(90, 60)) == SmallNumbers(90, 60)


def test_a5_only_who_administers_everything_changes(
    admin: FlaskClient, signed_in_client, database: Database, clock
) -> None:
    with database.transaction() as session:
        unit = make_unit(session, "Tỉnh Quảng Ninh", code="22")
    for role, place, seen in (
        (Role.HOME_AFFAIRS, None, 403),
        (Role.AUDITOR, None, 403),
        (Role.ADMINISTRATOR, unit, 200),  # of a part of the tree: looks, but what is changed holds for all units
    ):
        other = signed_in_client(role=role, unit=place)
        for address in (HERE, f"{HERE}/hotline", f"{HERE}/list.csv"):
            assert other.get(address, buffered=True).status_code == seen, (role, address)
        assert "/change" not in other.get(f"{HERE}/hotline").text
        assert other.get(f"{HERE}/hotline/change").status_code == 403
        token = token_of(other.get("/officer/account").text)
        sent = other.post(f"{HERE}/hotline/change", data={"csrf_token": token, "value": "1", "reason": "x"})
        assert sent.status_code == 403
    clock.advance(minutes=11)
    assert "/officer/confirm" in admin.get(f"{HERE}/hotline/change").headers["Location"]
    assert admin.get(f"{HERE}/hotline").status_code == 200


def test_changes_are_never_changed_or_removed(database: Database, clock) -> None:
    with database.transaction() as session:
        services.change(session, 1, HOTLINE, "1022", "Thử", SmallNumbers())
    for statement in (update(SettingChange).values(value="1"), delete(SettingChange)):
        with pytest.raises(DBAPIError), database.transaction() as session:
            session.execute(statement)


def test_another_process_sees_a_change_within_seconds(database: Database, config: Config, clock) -> None:
    other = Database(config.database_url)
    try:
        with other.reading() as session:
            assert settings.value(session, AUTHORITY_NAME) == ""
        with database.transaction() as session:
            services.change(session, 1, AUTHORITY_NAME, "Sở Nội vụ", "Thử", SmallNumbers())
        with database.reading() as session:
            assert settings.value(session, AUTHORITY_NAME) == "Sở Nội vụ"
        deadline = time.monotonic() + 3 * settings.SECONDS_KEPT
        while time.monotonic() < deadline:
            with other.reading() as session:
                if settings.value(session, AUTHORITY_NAME) == "Sở Nội vụ":
                    break
            time.sleep(0.1)
        else:
            pytest.fail("the change was not seen")
        with other.reading() as session:
            assert settings.value(session, LEAST_PUBLIC) == 0
    finally:
        other.dispose()


def test_the_environment_is_shown_without_any_secret(config: Config) -> None:
    secret = replace(
        config,
        database_url="postgresql://user:hidden-word@host/db",
        encryption_keys="hidden-word",
        key_command="hidden-word",
    )
    lines = environment.lines(secret)
    assert {one.name.removeprefix("LANGNGHE_") for one in lines} == SETTINGS
    shown = " ".join(f"{one.value} {one.purpose} {one.origin}" for one in lines)
    assert "hidden-word" not in shown
    assert config.secret_key.decode() not in shown
    assert str(config.data_dir) not in shown
    by_name = {one.name: one for one in lines}
    assert by_name["LANGNGHE_PUBLIC_URL"].origin == "biến môi trường"
    assert by_name["LANGNGHE_SMALL_NUMBERS"] == environment.EnvironmentLine(
        "LANGNGHE_SMALL_NUMBERS", "Mức sàn của số câu trả lời ít nhất: công bố/nội vụ", "10/5", "mặc định"
    )
