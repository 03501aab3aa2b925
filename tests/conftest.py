"""Fixtures for all tests. The network is off, warnings are errors (pyproject.toml), and nothing outlives a test run."""

import gc
import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clock as app_clock
from app.config import Config
from app.crypto import keeper
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from tests.support import (
    cheap_passwords,
    compiled_addresses,
    compiled_statements,
    compiled_templates,
    examples,
    network,
)
from tests.support.clock import SettableClock
from tests.support.databases import KINDS, Databases, address_of, quick_folder
from tests.support.keys import TEST_KEYS, keeper_of_tests

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from app.accounts.roles import Role
    from app.units.models import Unit
    from tests.support.servers import Server

SECRET_KEY = b"test-" * 8
BROWSER_FIXTURES = frozenset({"browser", "phone"})
SERVER_FIXTURES = frozenset({"server", "start_server"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--db``: on which database the tests that need one run."""
    parser.addoption("--db", choices=(*KINDS, "both"), default="sqlite", help="database of the tests that need one")


def pytest_configure(config: pytest.Config) -> None:
    """No test reaches another machine; what is compiled is compiled once; passwords are cheap to check."""
    config.addinivalue_line("markers", "any_database: says nothing about the database and runs on SQLite only")
    network.switch_off()
    compiled_addresses.keep()
    compiled_templates.keep()
    compiled_statements.keep()
    examples.run_on(config.getoption("--db"))
    cheap_passwords.use(cheap_passwords.CHEAP)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses a database on each database asked for."""
    if "database_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--db")
        if metafunc.definition.get_closest_marker("any_database"):
            chosen = "sqlite"
        metafunc.parametrize("database_kind", KINDS if chosen == "both" else (chosen,), scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set the marks by which tools/run_tests.py sorts tests into parts."""
    for item in items:
        names = frozenset(getattr(item, "fixturenames", ()))
        call = getattr(item, "callspec", None)
        if call is not None and call.params.get("database_kind") == "postgresql":
            item.add_marker(pytest.mark.postgresql)
        if names & SERVER_FIXTURES:
            item.add_marker(pytest.mark.server)
        if names & BROWSER_FIXTURES:
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """What was collected lives to the end: looking through it again and again for garbage is a tenth of all work."""
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def _encryption_keys() -> None:
    """The keys of the test installation; an application that is put together opens them again."""
    keeper.use(keeper_of_tests())


@pytest.fixture
def real_hashing() -> Iterator[None]:
    """Passwords are hashed as in the product."""
    cheap_passwords.use(cheap_passwords.REAL)
    yield
    cheap_passwords.use(cheap_passwords.CHEAP)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The maker of databases of this worker."""
    with tempfile.TemporaryDirectory(prefix="langnghe-tests-", dir=quick_folder()) as folder:
        made = Databases(Path(folder))
        try:
            yield made
        finally:
            made.close()


@pytest.fixture
def database(databases: Databases, database_kind: str) -> Iterator[Database]:
    """A migrated, empty database."""
    with databases.cleaned(database_kind) as made:
        yield made


@pytest.fixture(scope="module")
def module_database(databases: Databases, database_kind: str) -> Iterator[Database]:
    """A migrated database for all tests of a module: for data that take long to make and are only read."""
    with databases.fresh(database_kind) as made:
        yield made


@pytest.fixture
def unmigrated(databases: Databases, database_kind: str) -> Iterator[Database]:
    """A database without any table."""
    with databases.empty(database_kind) as made:
        yield made


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing transaction for tests of services and queries; nothing of it stays."""
    with database.transaction() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def clock() -> Iterator[SettableClock]:
    """The clock of the product, standing where the test puts it."""
    settable = SettableClock()
    with app_clock.use(settable):
        yield settable


@pytest.fixture
def config(database: Database, tmp_path: Path) -> Config:
    """Settings as a small installation has them."""
    return Config(
        database_url=address_of(database),
        data_dir=tmp_path / "var",
        secret_key=SECRET_KEY,
        public_url="http://localhost",
        log_level="ERROR",
        kept_seconds=0,
        encryption_keys=TEST_KEYS,
        second_factor="off",  # tests/functional/accounts/test_second_factor.py has it on
    )


@pytest.fixture
def make_app() -> Iterator[Callable[[Config], Flask]]:
    """Puts applications together and closes their databases."""
    from app import create_app
    from app.db.session import EXTENSION

    made: list[Flask] = []

    def make(config: Config) -> Flask:
        application = create_app(config)
        application.testing = True
        made.append(application)
        return application

    yield make
    for application in made:
        application.extensions[EXTENSION].dispose()


@pytest.fixture
def app(config: Config, make_app: Callable[[Config], Flask]) -> Flask:
    """The whole application on the test's database."""
    return make_app(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A citizen's or officer's browser without cookies yet."""
    return app.test_client()


@pytest.fixture
def signed_in_client(app: Flask, database: Database) -> Callable[..., FlaskClient]:
    """``signed_in_client(role=Role.HOME_AFFAIRS, unit=unit)``: a browser in which a new officer has signed in."""
    numbers = itertools.count(1)

    def sign_in(role: "Role | None" = None, unit: "Unit | None" = None) -> FlaskClient:
        from app.accounts.roles import Role
        from tests.factories.officers import officer_client

        return officer_client(app, database, f"officer{next(numbers)}", role=role or Role.ADMINISTRATOR, unit=unit)

    return sign_in


@pytest.fixture
def day_keys(config: Config) -> DayKeys:
    """The day keys of the test's installation."""
    return DayKeys(config.day_key_dir)


@pytest.fixture
def start_server(database: Database, tmp_path: Path) -> Iterator[Callable[..., "Server"]]:
    """Starts real multi-worker servers on the test's database; keyword arguments are further settings."""
    from contextlib import ExitStack

    from tests.support.servers import running_server

    data_dir = tmp_path / "var"
    data_dir.mkdir(exist_ok=True)
    with ExitStack() as running:

        def start(**settings: str) -> "Server":
            return running.enter_context(running_server(address_of(database), data_dir, settings))

        yield start


@pytest.fixture
def server(start_server: Callable[..., "Server"]) -> "Server":
    """A real multi-worker server on the test's database."""
    return start_server()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, started once for a worker."""
    from tests.support.browser import running_browser

    with running_browser() as started:
        yield started


@pytest.fixture
def phone(browser: "Browser") -> Iterator["BrowserContext"]:
    """A window 360 px wide that speaks Vietnamese."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", has_touch=True)
    try:
        yield context
    finally:
        context.close()
