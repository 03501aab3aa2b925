"""How long the other side asks to be left alone, whatever it writes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages.gateway import LONGEST_WAIT, asked_to_wait
from app.messages.retries import MOST_TRIES, PAUSES, pause_after
from tests.support.clock import SettableClock


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("0", timedelta(0)),
        (" 120 ", timedelta(minutes=2)),
        ("9" * 400, LONGEST_WAIT),
        ("-5", timedelta(0)),
        ("٣", timedelta(0)),
        ("soon", timedelta(0)),
        ("Sat, 21 Nov 2026 02:10:00 GMT", timedelta(minutes=10)),
        ("Sat, 21 Nov 2026 01:00:00 GMT", timedelta(0)),
        ("Sat, 21 Nov 2099 02:00:00 GMT", LONGEST_WAIT),
        ("Sat, 21 Nov 2026 02:10:00 -0000", timedelta(0)),
    ],
)
def test_seconds_moments_and_nonsense(clock: SettableClock, said: str, wanted: timedelta) -> None:
    assert asked_to_wait(said) == wanted


@given(st.text())
def test_nothing_it_writes_breaks_anything(said: str) -> None:
    assert timedelta(0) <= asked_to_wait(said) <= LONGEST_WAIT


def test_pauses_grow_are_never_shorter_than_asked_and_end() -> None:
    waits = [pause_after(tries) for tries in range(1, MOST_TRIES + 1)]
    assert waits == [*PAUSES, None]
    assert list(PAUSES) == sorted(PAUSES)
    assert pause_after(1, timedelta(hours=1)) == timedelta(hours=1)
    assert pause_after(MOST_TRIES, timedelta(hours=1)) is None
