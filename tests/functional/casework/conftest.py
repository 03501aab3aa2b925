"""A province with two communes, cases in them, and browsers of officers; on a clock that stands still."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.roles import Role
from app.config import Config
from app.crypto.types import in_row
from app.db.session import Database
from app.feedback.intake.services import Opened
from app.files.gate.models import CheckedFile, FileState, MediaType
from app.files.gate.refusals import Refusal
from app.keys.start import store_of
from app.units.models import Unit
from tests.factories.cases import make_denunciation, open_one
from tests.factories.law import load_law
from tests.factories.officers import officer_client, token_of
from tests.factories.places import make_counter, make_unit
from tests.support.clock import SettableClock

PICTURE = b"\xff\xd8\xff\xe0 a picture made anew \xff\xd9"


@dataclass(frozen=True)
class Places:
    """Units by number: two communes under a province, a counter in the first."""

    province: int
    commune: int
    other: int
    counter: int


@pytest.fixture(autouse=True)
def _standing_clock(clock: SettableClock) -> None:
    """Due dates count from a known day."""


@pytest.fixture
def places(database: Database) -> Places:
    load_law(database)
    with database.transaction() as session:
        province = make_unit(session, "P1", name="Tỉnh Quảng Ninh", type_code="province")
        commune = make_unit(session, "C1", name="Phường Bãi Cháy", parent=province)
        other = make_unit(session, "C2", name="Phường Hồng Gai", parent=province)
        counter = make_counter(session, commune)
        return Places(province.id, commune.id, other.id, counter.id)


@dataclass
class Office:
    """Makes cases and signs officers in."""

    app: Flask
    database: Database
    config: Config
    places: Places

    def open(self, **more: Any) -> Opened:
        """A case in the first commune, unless said otherwise."""
        with self.database.transaction() as session:
            return open_one(session, **{"unit_id": self.places.commune, "counter_id": self.places.counter} | more)

    def tell(self, **more: Any) -> str:
        """Information about a breach of law there."""
        with self.database.transaction() as session:
            return make_denunciation(session, **{"unit_id": self.places.commune} | more).id

    def officer(self, name: str, role: Role, unit_id: int | None = None) -> FlaskClient:
        """A browser in which a new officer has signed in."""
        with self.database.reading() as session:
            unit = None if unit_id is None else session.get_one(Unit, unit_id)
        return officer_client(self.app, self.database, name, role=role, unit=unit)

    def file(self, state: FileState = FileState.ACCEPTED, content: bytes = PICTURE) -> str:
        """A file that lies ready, waits, or was refused."""
        stored = None if state is FileState.REFUSED else store_of(self.config).save([content])
        key = secrets.token_hex(16)
        with self.database.transaction() as session:
            session.add(
                CheckedFile(
                    id=key,
                    state=state,
                    declared_name=in_row("Bà Trần Thị Ẩn Danh.jpg", key),
                    stored_name=None if stored is None else stored.name,
                    media_type=MediaType.JPEG,
                    size=len(content),
                    checksum=hashlib.sha256(content).hexdigest(),
                    refusal=Refusal.MALWARE if state is FileState.REFUSED else None,
                    received_on=SettableClock().today,
                    is_scanned=True,
                    tries=1,
                )
            )
        return key


@pytest.fixture
def office(app: Flask, database: Database, config: Config, places: Places) -> Office:
    return Office(app, database, config, places)


@pytest.fixture
def leader(office: Office) -> FlaskClient:
    """The head of the first commune."""
    return office.officer("leader", Role.UNIT_LEADER, office.places.commune)


Send = Callable[..., Any]


@pytest.fixture
def act() -> Send:
    """Opens the form of an act, fills it in and sends it."""

    def send(client: FlaskClient, case_id: str, name: str, **typed: str) -> Any:
        page = client.get(f"/officer/cases/{case_id}/{name}")
        assert page.status_code == 200, page.text
        return client.post(f"/officer/cases/{case_id}/{name}", data=hidden(page.text) | typed)

    return send


def send_answer(client: FlaskClient, case_id: str, outcome: str = "solved", text: str = "Xong.", **given: str) -> Any:
    """Writes the answer to a case, looks at it as its sender will, and sends it: what the last of these steps says."""
    address = f"/officer/cases/{case_id}/answer"
    typed = hidden(client.get(address).text) | {"outcome": outcome, "answer-1": text, "step": "preview"} | given
    looked = client.post(address, data=typed)
    if looked.status_code != 303:
        return looked
    shown = client.get(f"{address}/preview").text
    return client.post(f"{address}/send", data=hidden(shown) | {"step": "send"})


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form of a page."""
    found = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    return found | {"csrf_token": token_of(page)}
