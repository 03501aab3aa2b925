"""Means at their edges, and the results that figures come in."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.mean import bounded_mean
from app.analysis.stats.results import Estimate, Interval, NoData, SampleKind

OPEN = {"sample_kind": SampleKind.OPEN, "confidence_level": 0.95}


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
