"""Reporting periods."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.periods import Period, PeriodError, PeriodKind, parse_period, period_of

KINDS = st.sampled_from(list(PeriodKind))
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("address", "label", "first", "last"),
    [
        ("2026-10", "Tháng 10/2026", "2026-10-01", "2026-10-31"),
        ("2026-02", "Tháng 2/2026", "2026-02-01", "2026-02-28"),
        ("2026-q4", "Quý IV/2026", "2026-10-01", "2026-12-31"),
        ("2026-h1", "6 tháng đầu năm 2026", "2026-01-01", "2026-06-30"),
        ("2026-h2", "6 tháng cuối năm 2026", "2026-07-01", "2026-12-31"),
        ("2026", "Năm 2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_addresses_names_and_days(address, label, first, last):
    period = parse_period(address)
    assert (period.address, period.label) == (address, label)
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-1", "2026-q5", "2026-h3", "26", "2026-Q1", "2026-q1 ", "0000", "٢٠٢٦"]
)
def test_other_addresses_are_refused(text):
    with pytest.raises(PeriodError):
        parse_period(text)


@given(DAYS, KINDS, KINDS)
def test_periods_nest(day, short, long):
    if short.months > long.months:
        short, long = long, short
    inner, outer = period_of(day, short), period_of(day, long)
    assert day in inner
    assert inner in outer
    assert inner.widened(long) == outer
    assert inner in tuple(outer.parts(short))
    assert len(tuple(outer.parts(short))) == long.months // short.months
    assert parse_period(outer.address) == outer


@given(DAYS, KINDS, st.integers(-30, 30))
def test_shifting_goes_there_and_back(day, kind, steps):
    period = period_of(day, kind)
    assert period.shifted(steps).shifted(-steps) == period
    assert period.shifted(1).first_day == period.last_day + dt.timedelta(days=1)


def test_what_does_not_nest():
    october, year = parse_period("2026-10"), parse_period("2026")
    assert year not in october
    assert parse_period("2026-q3") not in parse_period("2026-h1")
    assert dt.date(2026, 11, 1) not in october
    assert "2026-10" not in year
    with pytest.raises(PeriodError):
        year.widened(PeriodKind.MONTH)
    with pytest.raises(PeriodError):
        Period(PeriodKind.QUARTER, 2026, 5)
