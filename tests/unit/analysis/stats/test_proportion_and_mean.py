"""Single shares and means at their edges, and the results they come in."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.mean import bounded_mean
from app.analysis.stats.proportion import ProportionMethod, hypergeometric_interval, proportion, wilson_limits
from app.analysis.stats.results import Estimate, Interval, NoData, SampleKind

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
OPEN = {"sample_kind": SampleKind.OPEN, "confidence_level": 0.95}


@given(COUNTS, st.sampled_from(list(ProportionMethod)), st.floats(0.01, 0.99))
def test_limits_lie_around_the_share_inside_0_and_1(counts, method, level):
    estimate = proportion(*counts, method=method, confidence_level=level, sample_kind=SampleKind.OPEN)
    assert 0 <= estimate.interval.low <= estimate.value <= estimate.interval.high <= 1
    if method is not ProportionMethod.WALD:
        assert estimate.interval.width > 0


@given(COUNTS, st.floats(0.5, 0.9))
def test_a_higher_level_never_gives_a_shorter_interval(counts, level):
    for method in ProportionMethod:
        low, high = (
            proportion(*counts, method=method, confidence_level=x, sample_kind=SampleKind.OPEN).interval.width
            for x in (level, level + 0.05)
        )
        assert low <= high + 1e-12


@given(COUNTS, st.integers(0, 300))
def test_known_population_holds_the_share_and_a_census_is_a_point(counts, more):
    successes, n = counts
    interval = hypergeometric_interval(successes, n, n + more, confidence_level=0.95)
    # Limits are whole people of the population, so the share may lie up to one of them outside: 1 of 79 from 80.
    step = 1 / (n + more)
    assert interval.low - step <= successes / n <= interval.high + step
    assert successes / (n + more) <= interval.low <= interval.high <= (successes + more) / (n + more)
    if more == 0:
        assert interval == Interval(successes / n, successes / n)


def test_edges_of_a_share():
    wilson = {"method": ProportionMethod.WILSON, **OPEN}
    assert proportion(0, 0, **wilson) == NoData("no_answers")
    one = proportion(1, 1, **wilson)
    assert (one.se, one.interval.high, round(one.interval.low, 6)) == (None, 1.0, 0.206549)
    assert proportion(5, 5, **{**wilson, "sample_kind": SampleKind.CENSUS}).interval == Interval(1.0, 1.0)
    for bad in ((-1, 5), (6, 5)):
        with pytest.raises(BadInputError):
            proportion(*bad, **wilson)
    for bad in ((1, 0, 5), (6, 5, 9), (3, 5, 4)):
        with pytest.raises(BadInputError):
            hypergeometric_interval(*bad, confidence_level=0.95)
    for level in (0, 1, 95, float("nan")):
        with pytest.raises(BadInputError):
            proportion(1, 2, **{**wilson, "confidence_level": level})


def test_wilson_keeps_missing_cells_missing():
    low, high = wilson_limits(np.array([np.nan, 0.5]), np.array([np.nan, 10.0]), 1.96)
    assert np.isnan([low[0], high[0]]).all()
    assert low[1] < 0.5 < high[1]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=60))
def test_mean_level(levels):
    n, total, squares = len(levels), sum(levels), sum(x * x for x in levels)
    estimate = bounded_mean(n, total, squares, lowest=1, highest=5, **OPEN)
    assert isinstance(estimate, Estimate)
    assert estimate.value == pytest.approx(np.mean(levels), rel=1e-12)
    assert 1 <= estimate.interval.low <= estimate.value <= estimate.interval.high <= 5
    assert estimate.interval.width > 0
    if n > 1:
        assert estimate.se == pytest.approx(np.std(levels, ddof=1) / np.sqrt(n), rel=1e-9, abs=1e-9)


def test_edges_of_a_mean():
    scale = {"lowest": 1, "highest": 5, **OPEN}
    assert bounded_mean(0, 0, 0, **scale) == NoData("no_answers")
    assert bounded_mean(4, 16, 64, **scale).notes == ("no_variance",)
    assert bounded_mean(2, 8, 34, **{**scale, "sample_kind": SampleKind.CENSUS}).interval == Interval(4.0, 4.0)
    for bad in ((2, 11, 61), (2, 8, 20)):
        with pytest.raises(BadInputError):
            bounded_mean(*bad, **scale)


def test_an_interval_is_the_right_way_round():
    assert 0.5 in Interval(0.2, 0.6)
    assert 0.7 not in Interval(0.2, 0.6)
    with pytest.raises(ValueError, match="above"):
        Interval(0.6, 0.2)
    with pytest.raises(ValueError, match="above"):
        Interval(float("nan"), 0.2)


def test_importing_the_statistics_loads_no_web_no_database_and_no_scipy():
    code = (
        "import sys, app.analysis.stats.index, app.analysis.stats.blocks, app.analysis.stats.disclosure,"
        "app.analysis.stats.validation; print(sorted({m.split('.')[0] for m in sys.modules} & {'flask','sqlalchemy','scipy'}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
