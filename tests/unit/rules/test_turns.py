"""Processes that load or change the law at the same moment do so one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import func, select

from app.calendar import queries as calendar_queries
from app.calendar import services as calendar_services
from app.calendar.errors import CalendarMoved
from app.calendar.models import EntryKind
from app.calendar.services import Entry
from app.calendar.sources import Status
from app.db.session import Database
from app.rules import law, services
from app.rules.errors import HasBegun
from app.rules.first_load import first_versions
from app.rules.models import RuleVersion
from tests.support.clock import SettableClock
from tests.unit.rules.test_rule_versions import add


def together(act: Callable[[int], object], times: int = 4) -> list[object]:
    """What each of several threads got: a result, or the error it met."""

    def safely(number: int) -> object:
        try:
            return act(number)
        except Exception as error:  # noqa: BLE001 - the kind of error is what the tests look at
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(safely, range(times)))


def load(database: Database) -> bool:
    with database.transaction() as session:
        return law.load(session)


def test_upgrades_that_run_together_load_once(database: Database, clock: SettableClock) -> None:
    found = together(lambda _number: load(database))
    assert sorted(map(str, found)) == ["False", "False", "False", "True"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RuleVersion)) == len(first_versions())
        assert calendar_queries.latest_version(session) == 1


def test_g3_officers_who_save_together_get_one_version_and_refusals(database: Database, clock: SettableClock) -> None:
    load(database)

    def change(number: int) -> int:
        with database.transaction() as session:
            entry = Entry(date(2027, 3, 8 + number), EntryKind.OFF, "Nghỉ", (), "TB", Status.VERIFIED)
            return calendar_services.change_days(session, None, [entry], "thử", seen_version=1).number

    found = together(change)
    assert [one for one in found if one == 2] == [2]
    assert sum(isinstance(one, CalendarMoved) for one in found) == 3


def test_a_version_is_withdrawn_once(database: Database, clock: SettableClock) -> None:
    load(database)
    with database.transaction() as session:
        coming = add(session, 15, date(2027, 1, 1)).id

    def withdraw(_number: int) -> None:
        with database.transaction() as session:
            services.withdraw(session, None, coming, "Nhầm")

    found = together(withdraw)
    assert found.count(None) == 1
    assert sum(isinstance(one, HasBegun) for one in found) == 3
