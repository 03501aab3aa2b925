"""Vietnamese numbers, percentages and dates."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import formats


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (0, 0, "0"),
        (36525, 0, "36.525"),
        (1234567.891, 2, "1.234.567,89"),
        (1234.5, 1, "1.234,5"),
        (2.345, 2, "2,35"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-1234.55, 1, "−1.234,6"),
        (-0.04, 1, "0,0"),
        (Decimal("83.945"), 2, "83,95"),
        (np.float64(0.845), 2, "0,85"),
        (np.int64(1204), 0, "1.204"),
        (1e21, 0, "1.000.000.000.000.000.000.000"),
    ],
)
def test_decimals(number, places, text):
    assert formats.format_decimal(number, places=places) == text


def test_whole_numbers_have_dots():
    assert formats.format_integer(1204) == "1.204"
    assert formats.format_integer(999) == "999"


@pytest.mark.parametrize(
    ("fraction", "places", "text"),
    [
        (0.841, 1, "84,1\u00a0%"),
        (0.8394, 2, "83,94\u00a0%"),
        (1, 1, "100,0\u00a0%"),
        (0.00045, 2, "0,05\u00a0%"),
        (0.29, 0, "29\u00a0%"),
    ],
)
def test_percent_has_a_no_break_space(fraction, places, text):
    assert formats.format_percent(fraction, places=places) == text


def test_range_of_percent():
    assert formats.format_percent_range(0.819, 0.863, places=1) == "81,9–86,1".replace("86,1", "86,3")


def test_dates():
    day = dt.date(2026, 3, 5)
    assert formats.format_date(day) == "05/03/2026"
    assert formats.format_until(day) == "tính đến hết ngày 05/03/2026"
    assert formats.format_day_range(day, day) == "05/03/2026"
    assert formats.format_day_range(day, dt.date(2026, 3, 31)) == "05/03/2026–31/03/2026"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValueError, match="not a number"):
        formats.format_decimal(number, places=1)


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 3))
def test_printed_numbers_read_back_within_half_a_unit(number, places):
    text = formats.format_decimal(number, places=places)
    back = Decimal(text.replace(".", "").replace(",", ".").replace("−", "-"))
    assert abs(back - number) <= Decimal("0.5").scaleb(-places)
