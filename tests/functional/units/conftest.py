"""These journeys need only the pages of units beside the base."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.config import Config
from app.db.session import EXTENSION
from app.units import officer_views
from tests.support.clock import SettableClock
from tests.support.small_app import make_small_app


@pytest.fixture
def app(config: Config, clock: SettableClock) -> Iterator[Flask]:
    """The small application with units, on a clock that stands still."""
    made = make_small_app(config)
    made.register_blueprint(officer_views.blueprint)
    yield made
    made.extensions[EXTENSION].dispose()
