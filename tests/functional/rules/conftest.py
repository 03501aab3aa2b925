"""Officers and the calendar every installation begins with."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.roles import Role
from app.db.session import Database
from tests.factories.law import load_law
from tests.support.clock import SettableClock


@pytest.fixture
def law(database: Database, clock: SettableClock) -> Database:
    """A database with calendar and rules, on a clock that stands."""
    load_law(database)
    return database


@pytest.fixture
def administrator(law: Database, signed_in_client: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in_client(role=Role.ADMINISTRATOR)


@pytest.fixture
def auditor(law: Database, signed_in_client: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in_client(role=Role.AUDITOR)
