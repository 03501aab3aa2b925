"""One form sent by several hands at one moment, against a real server with several workers: it happens once."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select

from app.db.session import Database
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import CaseEvent, CaseRating, CaseRequest
from app.feedback.intake.services import Opened
from tests.factories.case_acts import EVERYTHING, close, take_up
from tests.factories.cases import open_one, viewer
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.functional.feedback.following.conftest import FORM
from tests.support.servers import Server

HANDS = 6
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def closed(database: Database) -> Opened:
    """A case with an answer, on the real clock."""
    with database.transaction() as session:
        unit = make_unit(session, "06652")
        opened = open_one(session, unit_id=unit.id)
        officer = viewer(make_officer(session, "xu.ly").id, permissions=EVERYTHING)
    for act in (take_up, close):
        with database.transaction() as session:
            act(session, officer, opened.case_id)
    return opened


def ask(
    server: Server, path: str, fields: dict[str, str] | None = None, cookie: str = "", ready: Barrier | None = None
):
    """One request of its own connection: status, headers, body."""
    parts = urlsplit(server.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.connect()
        if ready is not None:
            ready.wait(60)
        headers = {**(HEADERS if fields else {}), **({"Cookie": f"follow={cookie}"} if cookie else {})}
        connection.request("POST" if fields else "GET", path, urlencode(fields) if fields else None, headers)
        got = connection.getresponse()
        return got.status, got.headers, got.read().decode()
    finally:
        connection.close()


def form_ids(body: str) -> dict[str, str]:
    return dict(FORM.findall(body))


def enter(server: Server, code: str) -> str:
    """A session; its token."""
    _, _, page = ask(server, "/follow")
    status, headers, _ = ask(server, "/follow", {"form_id": form_ids(page)["/follow"], "code": code})
    assert status == 303
    found = re.search(r"follow=([^;]+)", headers["Set-Cookie"])
    assert found
    return found[1]


@pytest.mark.parametrize("is_one_browser", [True, False])
def test_a_request_and_a_rating_sent_at_one_moment_are_one(
    server: Server, database: Database, closed: Opened, is_one_browser: bool
) -> None:
    cookies = (
        [enter(server, closed.code)] * HANDS if is_one_browser else [enter(server, closed.code) for _ in range(HANDS)]
    )
    pages = {cookie: ask(server, "/follow/case", cookie=cookie)[2] for cookie in cookies}
    for act, fields in (("rating", {"reply": "1", "score": "4", "text": ""}), ("reopening", {"text": "Chưa xong."})):
        ready = Barrier(HANDS)

        def post(cookie: str, act: str = act, fields: dict[str, str] = fields, ready: Barrier = ready) -> int:
            data = {"form_id": form_ids(pages[cookie])[f"/follow/{act}"], **fields}
            return ask(server, f"/follow/{act}", data, cookie, ready)[0]

        with ThreadPoolExecutor(HANDS) as hands:
            found = list(hands.map(post, cookies))
        assert set(found) <= ({303} if is_one_browser else {303, 409}), found
        assert 303 in found
    with database.reading() as session:
        assert len(session.scalars(select(CaseRequest)).all()) == 1
        assert len(session.scalars(select(CaseRating)).all()) == 1
        told = session.scalars(select(CaseEvent.event)).all()
        assert (told.count(Event.RATED), told.count(Event.REOPENING_ASKED)) == (1, 1)
