"""A place with cases, an officer who handles them, and senders who have only their code."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.db.session import Database
from app.feedback.intake.services import Opened
from tests.factories.case_acts import EVERYTHING
from tests.factories.cases import Viewer, open_one, viewer
from tests.factories.law import load_law
from tests.factories.officers import make_officer
from tests.factories.places import make_counter, make_unit
from tests.support.clock import SettableClock

FORM = re.compile(
    r'<form method="post" action="([^"?]+)[^"]*"[^>]*>\s*<input type="hidden" name="form_id" value="([^"]+)"'
)


@dataclass
class Sender:
    """One person with one browser and a code."""

    client: FlaskClient
    code: str

    def enter(self, code: str | None = None, **more: str) -> TestResponse:
        """Type the code; not followed."""
        page = self.client.get("/follow")
        form_id = form_ids(page)["/follow"]
        return self.client.post("/follow", data={"form_id": form_id, "code": code or self.code, **more})

    def page(self, **arguments: str) -> TestResponse:
        """The page of the case."""
        return self.client.get("/follow/case", query_string=arguments)

    def post(self, act: str, page: TestResponse | None = None, **fields: object) -> TestResponse:
        """Send one of the forms of the page; not followed."""
        forms = form_ids(page or self.page())
        data = {"form_id": forms.get(f"/follow/{act}", "none"), **fields}
        return self.client.post(
            f"/follow/{act}", data=data, content_type="multipart/form-data" if "files" in fields else None
        )


def form_ids(page: TestResponse) -> dict[str, str]:
    """Where each form of a page posts to, and its form id."""
    return dict(FORM.findall(page.text))


@dataclass
class Place:
    """A province with a ward, a counter in it and an officer."""

    database: Database
    province_id: int
    unit_id: int
    counter_id: int
    handler: Viewer

    def case(self, **more: object) -> Opened:
        """A case for the counter, with its code."""
        with self.database.transaction() as session:
            return open_one(session, unit_id=self.unit_id, counter_id=self.counter_id, **more)

    def do(self, act: Callable[..., object], case_id: str, *arguments: object, **more: object) -> None:
        """An act of the officer."""
        with self.database.transaction() as session:
            act(session, self.handler, case_id, *arguments, **more)


@pytest.fixture
def place(database: Database, clock: SettableClock) -> Place:
    with database.transaction() as session:
        load_law(session)
        province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province", start=date(2020, 1, 1))
        unit = make_unit(session, "06652", name="Phường Hồng Gai", parent=province)
        counter = make_counter(session, unit, "3")
        officer = make_officer(session, "xu.ly")
        return Place(database, province.id, unit.id, counter.id, viewer(officer.id, permissions=EVERYTHING))


@pytest.fixture
def opened(place: Place) -> Opened:
    return place.case()


@pytest.fixture
def sender(app: Flask, opened: Opened) -> Sender:
    """A sender who has typed the code."""
    made = Sender(app.test_client(), opened.code)
    assert made.enter().status_code == 303
    return made


def rows(session: Session, table: type) -> list:
    """All rows of a table."""
    return list(session.query(table).all())
