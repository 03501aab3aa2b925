"""These journeys run on a clock that stands still."""

import pytest

from app.db.session import Database
from tests.factories.law import load_law
from tests.factories.places import make_code, make_counter, make_unit
from tests.support.clock import SettableClock


@pytest.fixture(autouse=True)
def _standing_clock(clock: SettableClock) -> None:
    """Limits and sessions count from a known moment."""


@pytest.fixture
def place(database: Database, clock: SettableClock) -> dict[str, object]:
    """Two wards under a province, each with a counter and its code; the law is loaded."""
    load_law(database)
    with database.transaction() as session:
        province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province")
        unit = make_unit(session, "2201", name="Phường Bình Yên", parent=province)
        other = make_unit(session, "2202", name="Phường Hạ Long", parent=province)
        counter = make_counter(session, unit, "3")
        token = make_code(session, counter)
        other_token = make_code(session, make_counter(session, other, "1", name="Đất đai"))
    return {
        "province": province.id,
        "unit": unit.id,
        "other": other.id,
        "counter": counter.id,
        "token": token,
        "other_token": other_token,
    }
