"""Opening hours of counters."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar.opening_hours import BadOpeningHours, format_opening_hours, is_open, parse_opening_hours
from app.clock import VIETNAM

USUAL = [["07:30", "11:30"], ["13:30", "17:00"]]


@pytest.mark.parametrize(
    "text",
    [
        "07:30-11:30; 13:30-17:00",
        "7h30 - 11h30, 13h30 - 17h",
        "T2-T6: 07:30-11:30, 13:30-17:00",
        "Thứ 2 đến Thứ 6: 7:30 – 11:30; 13:30 – 17:00",
        "13:30-17:00\n7:30-11:30",
    ],
)
def test_usual_hours_in_many_forms(text: str) -> None:
    assert parse_opening_hours(text) == {str(day): USUAL for day in range(1, 6)}


def test_other_days() -> None:
    assert parse_opening_hours("T2: 7:30-11:30; T7-Chủ nhật 8h-10h") == {
        "1": [["07:30", "11:30"]],
        "6": [["08:00", "10:00"]],
        "7": [["08:00", "10:00"]],
    }
    assert parse_opening_hours(" ; ") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sáng", "Không hiểu giờ làm việc “sang”"),
        ("07:30", "Không hiểu"),
        ("11:30-07:30", "không sau"),
        ("25:00-26:00", "Không có giờ 25:00"),
        ("07:75-08:00", "Không có giờ 7:75|Không có giờ 07:75"),
        ("07:30-11:30; 11:00-17:00", "chồng lên nhau"),
        ("T6-T2: 07:30-11:30", "Thứ tự ngày"),
        ("T8: 07:30-11:30", "Không hiểu"),
        ("T2:", "Không hiểu"),
    ],
)
def test_bad_hours_are_named(text: str, message: str) -> None:
    with pytest.raises(BadOpeningHours, match=message):
        parse_opening_hours(text)


@st.composite
def hours(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    found = {}
    for day in draw(st.sets(st.integers(1, 7))):
        minutes = sorted(draw(st.sets(st.integers(0, 1439), min_size=2, max_size=6)))
        clocks = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes]
        found[str(day)] = [list(pair) for pair in zip(clocks[::2], clocks[1::2], strict=False)]
    return found


@settings(deadline=None)
@given(hours())
def test_text_and_stored_form_say_the_same(stored) -> None:
    assert parse_opening_hours(format_opening_hours(stored)) == stored


def test_open_at_a_moment() -> None:
    stored = parse_opening_hours("07:30-11:30")
    monday = datetime(2025, 7, 7, 7, 30, tzinfo=VIETNAM)
    assert is_open(stored, monday)
    assert not is_open(stored, monday - timedelta(minutes=1))
    assert not is_open(stored, monday + timedelta(days=5))
    assert is_open({}, monday)
