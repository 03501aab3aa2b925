"""A survey with answers of two months from three counters, closed, and readers of pages and files."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape

import openpyxl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.roles import Role
from app.analysis.day_closing import close_due_days
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from tests.factories.officers import make_officer, sign_in
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import CRITERIA, Citizen
from tests.support.clock import SettableClock

ROW = re.compile(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Give:
    """Gives answers at a counter, and closes days."""

    app: Flask
    survey: Surveyed
    database: Database
    keys: DayKeys
    clock: SettableClock

    def __call__(self, count: int, *, counter: int = 0, level: int = 4, **more: str) -> None:
        for _ in range(count):
            citizen = Citizen(self.app.test_client(), self.survey.tokens[counter])
            sent = citizen.details(citizen.tap(level), **{**dict.fromkeys(CRITERIA, str(level)), **more})
            assert sent.status_code == 303, sent.text

    def close(self) -> None:
        close_due_days(self.database, self.keys, today=self.clock.next_day(), least=10)


@pytest.fixture
def survey(database: Database, clock: SettableClock) -> Surveyed:
    clock.set_local(date(2026, 10, 10))
    return make_survey(database, counters=3)


@pytest.fixture
def give(app: Flask, survey: Surveyed, database: Database, day_keys: DayKeys, clock: SettableClock) -> Give:
    return Give(app, survey, database, day_keys, clock)


@pytest.fixture
def answered(give: Give, clock: SettableClock) -> Give:
    """October: 14 + 6 at the first counter, 12 at the second; November: 11 at the first, 3 at the third."""
    give(14, level=4, q_kind="1")
    give(6, level=2, q_kind="1", q_c30="")
    give(12, counter=1, level=5, q_kind="3")
    give.close()
    clock.set_local(date(2026, 11, 10))
    give(11, level=3, q_kind="1")
    give(3, counter=2, level=1, q_kind="1")
    give.close()
    return give


@pytest.fixture
def read_csv() -> Callable[[TestResponse], list[dict[str, str]]]:
    def read(response: TestResponse) -> list[dict[str, str]]:
        assert response.status_code == 200, response.text
        return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))

    return read


@pytest.fixture
def read_xlsx() -> Callable[[TestResponse], list[dict[str, object]]]:
    def read(response: TestResponse) -> list[dict[str, object]]:
        assert response.status_code == 200, response.text
        heading, *rows = openpyxl.load_workbook(io.BytesIO(response.data))["Số liệu"].iter_rows(values_only=True)
        return [dict(zip(heading, row, strict=True)) for row in rows]

    return read


@pytest.fixture
def table_rows() -> Callable[[str], Iterator[list[str]]]:
    """The rows of all tables of a page, as their words."""

    def words(html: str) -> str:
        return unescape(TAG.sub("", html)).strip()

    def read(page: str) -> Iterator[list[str]]:
        for heading, cells in ROW.findall(page):
            yield [words(heading), *map(words, CELL.findall(cells))]

    return read


class Officer:
    """An officer of Home Affairs who signs in whenever the session of an earlier day has ended."""

    def __init__(self, app: Flask, database: Database) -> None:
        with database.transaction() as session:
            make_officer(session, "so.noi.vu", role=Role.HOME_AFFAIRS)
        self.client = app.test_client()

    def get(self, path: str) -> TestResponse:
        response = self.client.get(path)
        if response.status_code == 303:
            sign_in(self.client, "so.noi.vu")
            response = self.client.get(path)
        return response


@pytest.fixture
def home_affairs(app: Flask, database: Database, survey: Surveyed) -> Officer:
    return Officer(app, database)
