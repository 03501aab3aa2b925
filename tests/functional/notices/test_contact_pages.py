"""Addresses of officers: proven by a code before anything goes there, seen by nobody else; the list of messages."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.accounts.contacts import queries
from app.accounts.contacts.models import Level, OfficerContact
from app.accounts.roles import Role
from app.db.session import Database
from app.messages import worker
from app.messages.models import OutboxMessage
from app.messages.states import Channel, MessageState
from tests.factories.officers import sign_in, token_of
from tests.functional.notices.conftest import Town
from tests.support.mail import running_mailbox

PAGE = "/officer/account/contacts"
NUL = "a\x00b@c.vn"


def _client(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    assert sign_in(client, name).status_code == 303
    return client


def _post(client: FlaskClient, path: str, page: str = PAGE, **typed: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": token_of(client.get(page).text), **typed})
    return answer.status_code, answer.text


def _code(database: Database) -> str:
    with database.reading() as session:
        sent = session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.template == "contact-code")
            .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
        ).all()
        return json.loads(sent[0].fields or "{}")["code"]


def test_an_address_is_proven_by_the_code_that_went_there_and_by_nothing_else(town: Town, app: Flask) -> None:
    town.officer("clerk", Role.CASE_OFFICER, town.commune, None)
    client = _client(app, "clerk")
    entered = client.post(
        f"{PAGE}/email/enter", data={"csrf_token": token_of(client.get(PAGE).text), "address": "clerk@tinh.example.vn"}
    )
    assert entered.status_code == 303
    page = client.get(entered.headers["Location"]).text
    assert "Chờ xác nhận" in page
    assert "Mã xác nhận chưa gửi được" in page  # nothing here sends letters, so nothing says that one was sent
    with town.database.reading() as session:
        assert queries.reachable(session, single=False) == {}
        stored = session.connection().exec_driver_sql("SELECT address, code_mark FROM officer_contact").one()
        assert b"tinh.example" not in bytes(stored[0])
        assert _code(town.database).encode() not in bytes(stored[1])
    right = _code(town.database)
    wrong = "000000" if right != "000000" else "000001"
    assert _post(client, f"{PAGE}/email/again")[0] == 400  # a code was sent a moment ago
    for _ in range(5):
        status, page = _post(client, f"{PAGE}/email/confirm", code=wrong)
        assert (status, 'href="#email-code"' in page) == (400, True)
    assert _post(client, f"{PAGE}/email/confirm", code=right)[0] == 400  # tried too often
    town.clock.advance(minutes=2)
    assert _post(client, f"{PAGE}/email/again")[0] == 303
    assert _post(client, f"{PAGE}/email/confirm", code=f" {_code(town.database)} ")[0] == 303
    assert _post(client, f"{PAGE}/email/choose", level="each")[0] == 303
    with town.database.reading() as session:
        (reach,) = queries.reachable(session, single=True)[town.ids["clerk"]]
        assert reach.address == "clerk@tinh.example.vn"
    # Another address has to be proven anew, and what waits for the old one does not go.
    assert _post(client, f"{PAGE}/email/enter", address="other@tinh.example.vn")[0] == 303
    with town.database.reading() as session:
        assert queries.reachable(session, single=False) == {}
    assert _post(client, f"{PAGE}/email/drop")[0] == 303
    assert _post(client, f"{PAGE}/email/drop")[0] == 404


def test_a_code_that_is_too_old_proves_nothing(town: Town, app: Flask) -> None:
    town.officer("clerk", Role.CASE_OFFICER, town.commune, None)
    client = _client(app, "clerk")
    assert _post(client, f"{PAGE}/phone/enter", address="0912 345 678")[0] == 303
    town.clock.advance(minutes=31)
    assert _post(client, f"{PAGE}/phone/confirm", code=_code(town.database))[0] == 400
    with town.database.reading() as session:
        found = session.scalars(select(OfficerContact)).one()
        assert (found.address, found.verified_at) == ("+84912345678", None)
        assert session.scalars(select(OutboxMessage)).one().valid_until <= town.clock()


@pytest.mark.parametrize(
    ("path", "typed", "status"),
    [
        ("email/enter", {"address": ""}, 400),
        ("email/enter", {"address": "x" * 5000}, 400),
        ("email/enter", {"address": "a@b.vn\nBcc: c@d.vn"}, 400),
        ("email/enter", {"address": NUL}, 303),
        ("email/enter", {"address": "a@b.vn", "level": "each"}, 400),
        ("email/enter", {}, 400),
        ("phone/enter", {"address": "１２３"}, 400),
        ("phone/enter", {"address": "+1 (555) 010-9999"}, 303),
        ("phone/enter", {"address": "a@b.vn"}, 400),
        ("email/confirm", {"code": "123456"}, 404),
        ("email/choose", {"level": "all"}, 400),
        ("email/choose", {"level": "each"}, 404),
        ("pigeon/enter", {"address": "a@b.vn"}, 404),
    ],
    ids=[str(number) for number in range(13)],
)
def test_d6_what_does_not_fit_is_refused_in_words_and_kept(
    town: Town, app: Flask, path: str, typed: dict[str, str], status: int
) -> None:
    town.officer("clerk", Role.CASE_OFFICER, town.commune, None)
    client = _client(app, "clerk")
    assert _post(client, f"{PAGE}/{path}", **typed)[0] == status
    assert client.post(f"{PAGE}/{path}", data=typed).status_code in {400, 404}


def test_f2_an_administrator_sees_who_is_reached_but_no_address_and_only_the_officer_can_prove_one(
    town: Town, app: Flask
) -> None:
    town.officer("clerk", Role.CASE_OFFICER, town.commune, Level.DIGEST)
    town.officer("other", Role.CASE_OFFICER, town.commune, None)
    town.officer("boss", Role.ADMINISTRATOR, None, None)
    client = _client(app, "boss")
    shown = client.get("/officer/officers/contacts")
    assert "Tổng hợp mỗi sáng" in shown.text
    one = f"/officer/officers/{town.ids['clerk']}/contacts"
    assert "cl•••@tinh.example.vn" in client.get(one).text
    assert "clerk@tinh" not in shown.text + client.get(one).text
    assert client.get("/officer/officers/contacts?state=none").text.count(">other<") == 1
    path = f"/officer/officers/{town.ids['other']}/contacts"
    assert _post(client, f"{path}/email", path, address="nonsense")[0] == 400
    assert _post(client, f"{path}/email", path, address="other@tinh.example.vn")[0] == 303
    with town.database.reading() as session:
        assert town.ids["other"] not in queries.reachable(session, single=False)
    assert client.get("/officer/officers/99999/contacts").status_code == 404


def test_the_list_of_messages_shows_neither_words_nor_addresses_and_repeats_only_what_did_not_arrive(
    town: Town, app: Flask
) -> None:
    town.officer("clerk", Role.CASE_OFFICER, town.commune)
    town.officer("boss", Role.ADMINISTRATOR, None, None)
    office = _client(app, "clerk")
    for address in ("one@tinh.example.vn", "two@tinh.example.vn"):
        assert _post(office, f"{PAGE}/email/enter", address=address)[0] == 303
    with running_mailbox() as box:
        box.at_recipient = "550 no such person <b>one@tinh.example.vn</b>"
        assert worker.send_due(town.database, {Channel.EMAIL: box.transport}, "https://x.example.vn") == {"failed": 2}
    with town.database.transaction() as session:
        ids = session.scalars(select(OutboxMessage.id).order_by(OutboxMessage.id)).all()
        session.execute(
            update(OutboxMessage).where(OutboxMessage.id == ids[1]).values(state=MessageState.MAYBE_SENT, failure=None)
        )
    client = _client(app, "boss")
    page = client.get("/officer/messages").text
    assert "Nơi nhận từ chối (mã 550)" in page
    assert "tinh.example" not in page
    assert re.search(r"ma_xac_nhan|\b\d{6}\b", page) is None
    assert [found in page for found in (f"/{ids[0]}/again", f"/{ids[1]}/again")] == [True, False]
    path = f"/officer/messages/{ids[0]}/again"
    assert "tinh.example" not in client.get(path).text
    assert _post(client, path, "/officer/messages", more="1")[0] == 400
    assert _post(client, path, "/officer/messages")[0] == 303
    assert _post(client, path, "/officer/messages")[0] == 409
    assert _post(client, f"/officer/messages/{ids[1]}/again", "/officer/messages")[0] == 409
    assert client.get("/officer/messages/nothing/again").status_code == 404
    assert client.get("/officer/messages?state=waiting&channel=email&q=xac+nhan").text.count("Chờ gửi") > 1
    assert client.get("/officer/messages?state=failed&channel=pigeon&q=%00").status_code == 200
    with town.database.reading() as session:
        again = session.scalars(select(OutboxMessage).where(OutboxMessage.once == f"again:{ids[0]}")).one()
        assert again.state is MessageState.WAITING
        assert again.valid_until - town.clock() == timedelta(days=3)
    assert office.get("/officer/messages").status_code == 403
