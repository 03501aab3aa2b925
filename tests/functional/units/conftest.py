"""These journeys run on a clock that stands still."""

import pytest

from tests.support.clock import SettableClock


@pytest.fixture(autouse=True)
def _standing_clock(clock: SettableClock) -> None:
    """Limits and sessions count from a known moment."""
