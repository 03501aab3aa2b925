"""Segmented lines over period estimates: known lines come back, limits hold, too little is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.comparisons.series import SeriesErrors, interrupted_series
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.results import SampleKind


def fitted(y, v, first_after, errors=SeriesErrors.INDEPENDENT, level=0.95):
    return interrupted_series(
        y, v, first_after=first_after, errors=errors, confidence_level=level, sample_kind=SampleKind.PROBABILITY
    )


def line(n, first_after, level=0.05, turn=0.004):
    time = np.arange(n)
    after = time >= first_after
    return 0.7 + 0.002 * time + level * after + turn * after * (time - first_after)


@pytest.mark.parametrize("errors", list(SeriesErrors))
@pytest.mark.parametrize("variance", [0.0, 1e-4])
def test_a_perfect_line_comes_back(errors, variance):
    found = fitted(line(14, 6), np.full(14, variance), 6, errors)
    assert found.slope_before.value == pytest.approx(0.002, abs=1e-9)
    assert found.level_change.value == pytest.approx(0.05, abs=1e-9)
    assert found.slope_change.value == pytest.approx(0.004, abs=1e-9)
    assert found.effect_at_end.value == pytest.approx(0.05 + 7 * 0.004, abs=1e-9)
    np.testing.assert_allclose(found.fitted, line(14, 6), atol=1e-9)
    np.testing.assert_allclose(found.without_measure, 0.7 + 0.002 * np.arange(14), atol=1e-9)
    assert found.df == 10
    assert found.between == 0.0
    assert found.autocorrelation == 0.0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999), st.floats(0.1, 50), st.floats(-5, 5), st.sampled_from(SeriesErrors))
def test_scale_and_shift_go_through(seed, scale, shift, errors):
    random = np.random.default_rng(seed)
    v = random.uniform(1e-5, 4e-4, 12)
    y = line(12, 6) + random.normal(0, 0.02, 12)
    plain, moved = fitted(y, v, 6, errors), fitted(scale * y + shift, scale**2 * v, 6, errors)
    assert moved.level_change.value == pytest.approx(scale * plain.level_change.value, rel=1e-3, abs=1e-6 * scale)
    assert moved.level_change.se == pytest.approx(scale * plain.level_change.se, rel=1e-3)
    assert plain.level_change.value in plain.level_change.interval


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.floats(0.5, 0.97))
def test_limits_widen_with_the_level_and_agree_with_p(seed, level):
    random = np.random.default_rng(seed)
    y, v = line(12, 5) + random.normal(0, 0.03, 12), np.full(12, 1e-4)
    small, large = fitted(y, v, 5, level=level), fitted(y, v, 5, level=level + 0.02)
    for one, other in ((small.level_change, large.level_change), (small.slope_change, large.slope_change)):
        assert other.interval.low <= one.interval.low <= one.interval.high <= other.interval.high
        assert (one.p < 1 - level) == (0.0 not in one.interval)


def test_with_equal_precise_periods_it_is_ordinary_least_squares():
    random = np.random.default_rng(5)
    y = line(20, 10) + random.normal(0, 0.05, 20)
    found = fitted(y, np.zeros(20), 10)
    time = np.arange(20)
    x = np.column_stack([np.ones(20), time, time >= 10, (time >= 10) * (time - 10)])
    beta, squares, *_ = np.linalg.lstsq(x, y, rcond=None)
    se = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * squares[0] / 16)
    assert found.level_change.value == pytest.approx(beta[2])
    assert found.level_change.se == pytest.approx(se[2], rel=1e-6)
    assert found.between == pytest.approx(np.sqrt(squares[0] / 16), rel=1e-6)


def test_coverage_of_the_level_change():
    """Nominal 95 %: within what 200 simulated series of 24 periods allow."""
    random = np.random.default_rng(11)
    held = dict.fromkeys(SeriesErrors, 0)
    for _ in range(100):
        v = random.uniform(0.5, 2, 24) ** 2 * 1e-4
        y = line(24, 12) + random.normal(0, np.sqrt(v + 4e-4))
        for errors in SeriesErrors:
            held[errors] += 0.05 in fitted(y, v, 12, errors).level_change.interval
    assert min(held.values()) >= 88


def test_autocorrelation_is_seen_said_and_widens():
    random = np.random.default_rng(3)
    noise = np.zeros(40)
    for period in range(1, 40):
        noise[period] = 0.7 * noise[period - 1] + random.normal(0, 0.03)
    y, v = line(40, 20) + noise, np.full(40, 1e-6)
    plain, handed_on = fitted(y, v, 20), fitted(y, v, 20, SeriesErrors.AUTOREGRESSIVE)
    assert plain.notes == ("autocorrelated",)
    assert plain.autocorrelation > 0.3
    assert handed_on.notes == ()
    assert handed_on.level_change.se > plain.level_change.se


def test_few_periods_are_said():
    y = line(10, 5) + np.array([1, -1, 0, 1, -1, 0, -1, 1, 0, 0]) * 0.01
    assert "few_periods" in fitted(y, np.full(10, 1e-4), 5).notes


@pytest.mark.parametrize(("n", "first_after"), [(5, 2), (6, 4), (10, 2), (10, 8), (4, 0), (4, 9)])
def test_fewer_than_three_periods_on_a_side_are_refused(n, first_after):
    with pytest.raises(MethodDoesNotFitError, match="at least 3"):
        fitted(np.arange(float(n)), np.ones(n), first_after)


def test_autocorrelation_is_not_learnt_from_ten_periods():
    with pytest.raises(MethodDoesNotFitError, match="12"):
        fitted(np.arange(10.0), np.ones(10), 5, SeriesErrors.AUTOREGRESSIVE)


def test_bad_numbers_are_named():
    y = np.arange(8.0)
    with pytest.raises(BadInputError, match="period 2"):
        fitted(np.where(y == 2, np.nan, y), np.ones(8), 4)
    with pytest.raises(BadInputError, match="period 0"):
        fitted(y, -np.ones(8), 4)
    with pytest.raises(BadInputError, match="one length"):
        fitted(y, np.ones(7), 4)
