"""These journeys need only some packages."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.config import Config
from app.db.session import EXTENSION
from tests.support.clock import SettableClock
from tests.support.small_app import make_small_app


@pytest.fixture
def app(config: Config, clock: SettableClock) -> Iterator[Flask]:
    """Accounts, feedback and survey, on a clock that stands still."""
    made = make_small_app(config)
    yield made
    made.extensions[EXTENSION].dispose()
