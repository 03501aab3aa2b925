"""A form that meets an ended session is kept for its officer, and for nobody else."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.kept.models import KeptPost
from app.accounts.kept.words import ACTS, PAGES
from app.accounts.models import OfficerSession
from app.accounts.roles import Role
from app.db.session import Database
from tests.factories.officers import sign_in, token_of
from tests.functional.casework.conftest import Office, hidden
from tests.support.clock import SettableClock

QUESTION = "Việc xảy ra lúc mấy giờ,\r\nở quầy nào? <b>Xin</b> cho biết."
KEPT = re.compile(r"/officer/unfinished/[0-9a-f]{32}")


@pytest.fixture
def asked(office: Office, leader: FlaskClient) -> tuple[str, dict[str, str]]:
    """A question filled in and not sent yet: the address it goes to and its fields."""
    path = f"/officer/cases/{office.open().case_id}/ask"
    return path, hidden(leader.get(path).text) | {"text": QUESTION, "answer_until": "2026-11-27"}


def _kept(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(KeptPost)) or 0


def _wanted(location: str) -> str:
    found = KEPT.search(location.replace("%2F", "/"))
    assert found, location
    return found[0]


def _drawn(page: str) -> dict[str, str]:
    areas = re.findall(r'<textarea id="kept-[0-9]+" name="([a-z_]+)"[^>]*>\n([^<]*)</textarea>', page)
    return hidden(page) | {name: html.unescape(value) for name, value in areas}


def test_what_was_typed_is_sent_after_signing_in_again(
    office: Office, leader: FlaskClient, asked: tuple[str, dict[str, str]], clock: SettableClock
) -> None:
    path, typed = asked
    clock.advance(hours=20)
    refused = leader.post(path, data=typed)
    target = _wanted(refused.headers["Location"])
    assert "đã được giữ lại" in leader.get(refused.headers["Location"]).text
    with office.database.reading() as session:
        sealed = session.connection().exec_driver_sql("SELECT content FROM kept_post").scalar_one()
    assert "quầy nào".encode() not in bytes(sealed)
    stranger = office.officer("stranger", Role.UNIT_LEADER, office.places.commune)
    assert stranger.get(target).status_code == 404
    assert stranger.post(f"{target}/drop", data={"csrf_token": token_of(stranger.get("/officer/account").text)})
    assert sign_in(leader, "leader", wanted=target).headers["Location"] == target
    page = leader.get(target)
    assert page.status_code == 200
    assert "<b>Xin</b>" not in page.text
    fields = _drawn(page.text)
    assert fields["text"] == QUESTION
    listed = leader.get("/officer/unfinished").text
    assert all(words in listed for words in (target, "Hỏi người gửi", "“Việc xảy ra lúc mấy giờ,"))
    for links in ("/officer/account", "/officer/today"):
        assert "/officer/unfinished" in leader.get(links).text, links
    assert target not in stranger.get("/officer/unfinished").text
    action = re.search(r'<form method="post" action="(/officer/cases/[^"]+)"', page.text)
    assert action
    sent = leader.post(html.unescape(action[1]), data=fields)
    assert sent.status_code == 303, sent.text
    assert "Không có gì chưa gửi xong" in leader.get("/officer/unfinished").text  # what was sent waits no longer
    assert "Việc xảy ra lúc mấy giờ" in leader.get(path.removesuffix("/ask")).text
    assert leader.get(target).status_code == 404


def test_a_form_of_the_session_before_is_kept_when_another_window_has_signed_in(
    office: Office, leader: FlaskClient, asked: tuple[str, dict[str, str]], clock: SettableClock
) -> None:
    path, typed = asked
    clock.advance(hours=20)
    sign_in(leader, "leader")
    target = _wanted(leader.post(path, data=typed).headers["Location"])
    page = leader.get(target).text
    assert _drawn(page)["text"] == QUESTION
    clock.advance(hours=13)
    sign_in(leader, "leader")
    assert leader.get(target).status_code == 404  # its time is over
    target = _wanted(leader.post(path, data=typed).headers["Location"])
    page = leader.get(target).text
    assert leader.post(f"{target}/drop", data={"csrf_token": token_of(page)}).status_code == 303
    assert leader.get(target).status_code == 404
    foreign = leader.post(path, data=typed | {"csrf_token": "0" * 64})
    assert foreign.status_code == 400


@pytest.mark.parametrize("case", ["other token", "no cookie", "revoked", "huge", "no form", "odd"])
def test_nothing_is_kept_of_a_form_that_is_not_the_officers_own(
    app: Flask,
    office: Office,
    leader: FlaskClient,
    asked: tuple[str, dict[str, str]],
    clock: SettableClock,
    case: str,
) -> None:
    path, typed = asked
    if case == "revoked":
        with office.database.transaction() as session:
            for row in session.scalars(select(OfficerSession)):
                row.revoked_at = clock()
    clock.advance(hours=20)
    client = app.test_client() if case == "no cookie" else leader
    changed = {"other token": {"csrf_token": "é\x00"}, "huge": {"text": "x" * 255_000 + "ệ" * 9000}}.get(case, {})
    if case == "no form":
        answer = client.post(path, data=b"{", content_type="application/json")
    elif case == "odd":
        answer = client.post(path, data=b"csrf_token=%ff&text=%00%ff", content_type="application/x-www-form-urlencoded")
    else:
        answer = client.post(path, data=typed | changed)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/officer/sign-in?done=ended"
    assert _kept(office.database) == 0


def test_five_are_kept_and_passwords_never(
    office: Office, leader: FlaskClient, asked: tuple[str, dict[str, str]], clock: SettableClock
) -> None:
    path, typed = asked
    clock.advance(hours=20)
    targets = []
    for number in range(7):
        clock.advance(seconds=1)
        answer = leader.post(path, data=typed | {"text": f"câu {number}", "new_password": "mật khẩu"})
        targets.append(_wanted(answer.headers["Location"]))
    assert _kept(office.database) == 5
    sign_in(leader, "leader")
    assert [leader.get(one).status_code for one in targets] == [404, 404, 200, 200, 200, 200, 200]
    assert "mật khẩu" not in leader.get(targets[-1]).text


def test_every_page_with_a_name_of_its_own_exists(app: Flask) -> None:
    assert set(PAGES) <= set(app.view_functions)
    (rule,) = app.url_map.iter_rules("case_acts.submit")
    assert [act for act in ACTS if f"'{act}'" not in rule.rule] == []
