"""What the gateway tells about messages: signed, late, repeated, in any order."""

import hashlib
import hmac
import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app import create_app
from app.config import Config
from app.db.session import Database
from app.messages import services
from app.messages.models import OutboxMessage
from app.messages.states import Channel, MessageState
from tests.support.clock import SettableClock
from tests.support.gateway import KEY


@pytest.fixture
def gateway(config: Config, database: Database) -> FlaskClient:
    from dataclasses import replace

    return create_app(replace(config, gateway_url="http://127.0.0.1:9", gateway_key=KEY)).test_client()


@pytest.fixture
def sent(database: Database, clock: SettableClock) -> str:
    with database.transaction() as session:
        number = services.enqueue(session, Channel.PHONE, "case-news", "+84912345678", {"number": "PA-7KQ2M-9XF3H"})
        session.execute(update(OutboxMessage).values(state=MessageState.SENT))
    assert number is not None
    return number


def _tell(client: FlaskClient, body: object, key: str = KEY) -> TestResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = hmac.new(key.encode(), raw, hashlib.sha256).hexdigest()
    return client.post("/gateway/receipts", data=raw, headers={"X-Langnghe-Signature": signature})


def _state(database: Database) -> MessageState:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage.state)).one()


def test_e2_the_first_word_about_the_end_stands(gateway: FlaskClient, database: Database, sent: str) -> None:
    assert _tell(gateway, {"id": sent, "status": "delivered"}).status_code == 204
    assert _state(database) is MessageState.DELIVERED
    for status in ("undelivered", "delivered"):
        assert _tell(gateway, {"id": sent, "status": status}).status_code == 204
        assert _state(database) is MessageState.DELIVERED


def test_e2_a_receipt_before_sending_changes_nothing(gateway: FlaskClient, database: Database, sent: str) -> None:
    with database.transaction() as session:
        session.execute(update(OutboxMessage).values(state=MessageState.WAITING))
    assert _tell(gateway, {"id": sent, "status": "delivered"}).status_code == 204
    assert _state(database) is MessageState.WAITING


def test_unknown_messages_get_the_same_answer(gateway: FlaskClient, sent: str) -> None:
    known, unknown = (_tell(gateway, {"id": one, "status": "delivered"}) for one in (sent, "0" * 32))
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data) == (204, b"")


@pytest.mark.parametrize("key", ["", "other-key-" * 4])
def test_a_wrong_signature_is_refused(gateway: FlaskClient, database: Database, sent: str, key: str) -> None:
    assert _tell(gateway, {"id": sent, "status": "delivered"}, key).status_code == 403
    assert _state(database) is MessageState.SENT


@pytest.mark.parametrize(
    "body",
    [b"", b"x" * 5000, b"{", b"[]", b"null", b'{"id": 1, "status": "delivered"}', b'{"id": "a", "status": []}'],
    ids=["empty", "long", "cut", "list", "null", "number", "status"],
)
def test_what_is_no_receipt_never_breaks_anything(gateway: FlaskClient, body: bytes) -> None:
    assert _tell(gateway, body).status_code in {400, 403}


def test_without_a_gateway_there_is_no_such_page(client: FlaskClient) -> None:
    assert client.post("/gateway/receipts", data=b"{}").status_code == 404
