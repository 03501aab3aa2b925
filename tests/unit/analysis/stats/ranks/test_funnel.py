"""Control limits: the exact tail probability decides, over-dispersion widens, open samples have none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.ranks.funnel import (
    FunnelScale,
    OverDispersion,
    dispersed_funnel_limits,
    exact_funnel_limits,
)
from app.analysis.stats.results import SampleKind

KIND = SampleKind.PROBABILITY


def exact(n, target, level=0.95, kind=KIND):
    return exact_funnel_limits(n, target=target, confidence_level=level, sample_kind=kind)


def dispersed(share, n, **options):
    options = {
        "at": n,
        "target": 0.9,
        "over_dispersion": OverDispersion.ADDITIVE,
        "scale": FunnelScale.SHARE,
        "winsorise": 0.1,
        "confidence_level": 0.95,
        "sample_kind": KIND,
    } | options
    return dispersed_funnel_limits(share, n, **options)


@settings(max_examples=60)
@given(st.integers(1, 400), st.floats(0.01, 0.99), st.sampled_from([0.8, 0.95, 0.998]))
def test_a_unit_lies_outside_exactly_when_its_tail_is_below_the_level(n, target, level):
    found, tail = exact([n], target, level), (1 - level) / 2
    x = np.arange(n + 1)
    outside_low, outside_high = x / n < found.low[0] - 1e-12, x / n > found.high[0] + 1e-12
    lower, upper = binom.cdf(x, n, target), binom.sf(x - 1, n, target)
    settled = (np.abs(lower - tail) > 1e-9) & (np.abs(upper - tail) > 1e-9)
    assert (outside_low == (lower < tail))[settled].all()
    assert (outside_high == (upper < tail))[settled].all()
    assert found.low[0] <= target <= found.high[0]


def test_the_interpolated_limit_by_hand():
    """100 people, target 0.9, tail 0.025: 83 have probability 0.0206 at most, 84 have 0.0399."""
    f84, f83 = binom.cdf(84, 100, 0.9), binom.cdf(83, 100, 0.9)
    assert f83 < 0.025 < f84
    assert exact([100], 0.9).low[0] == pytest.approx((84 - (f84 - 0.025) / (f84 - f83)) / 100)
    assert exact([100], 0.1).high[0] == pytest.approx(1 - exact([100], 0.9).low[0])


def test_ten_of_ten_is_no_alarm_at_a_target_of_ninety_percent():
    assert exact([10], 0.9).high[0] == 1.0
    assert exact([1], 0.9, 0.998).low[0] == 0.0
    assert exact([5, 500], 1.0).high.tolist() == [1.0, 1.0]
    assert exact([5, 500], 0.0).low.tolist() == [0.0, 0.0]


@settings(max_examples=30)
@given(st.floats(0.05, 0.95), st.floats(0.5, 0.97))
def test_limits_widen_with_the_level(target, level):
    n = [3, 30, 300, 30_000]
    small, large = exact(n, target, level), exact(n, target, level + 0.02)
    assert (large.low <= small.low).all()
    assert (small.high <= large.high).all()


def test_chance_alone_leaves_the_plain_limits():
    n = np.full(10, 100)
    for over_dispersion in OverDispersion:
        found = dispersed(np.full(10, 0.9), n, over_dispersion=over_dispersion)
        half = 1.959964 * np.sqrt(0.09 / 100)
        assert [found.low[0], found.high[0]] == pytest.approx([0.9 - half, 0.9 + half], abs=1e-6)
        assert found.dispersion == pytest.approx(0.0)
        assert found.between == 0.0


@pytest.mark.parametrize("scale", list(FunnelScale))
def test_scatter_between_units_is_found_and_widens(scale):
    random = np.random.default_rng(8)
    n = random.integers(100, 2000, 200)
    share = random.binomial(n, np.clip(random.normal(0.9, 0.03, 200), 0, 1)) / n
    additive = dispersed(share, n, scale=scale, winsorise=0.0, at=[100, 100_000])
    wide = dispersed(
        share, n, scale=scale, winsorise=0.0, at=[100, 100_000], over_dispersion=OverDispersion.MULTIPLICATIVE
    )
    assert additive.dispersion == wide.dispersion > 3
    if scale is FunnelScale.SHARE:
        assert additive.between == pytest.approx(0.03, abs=0.006)
        assert wide.high[1] - wide.low[1] == pytest.approx(
            2 * 1.959964 * np.sqrt(0.09 / 1e5 * wide.dispersion), rel=1e-6
        )
    # A very large unit keeps room under the additive model and hardly any under the other one.
    assert additive.high[1] - additive.low[1] > 5 * (wide.high[1] - wide.low[1])
    assert ((additive.low >= 0) & (additive.high <= 1)).all()


def test_units_far_out_do_not_widen_their_own_limits():
    share, n = np.r_[np.full(19, 0.9), 0.2], np.full(20, 200)
    cut, whole = dispersed(share, n, winsorise=0.1), dispersed(share, n, winsorise=0.0)
    assert cut.dispersion < 1 < whole.dispersion
    assert share[-1] < cut.low[-1]


def test_open_samples_have_no_control_limits():
    with pytest.raises(MethodDoesNotFitError, match="open sample"):
        exact([10], 0.9, kind=SampleKind.OPEN)
    with pytest.raises(MethodDoesNotFitError, match="open sample"):
        dispersed([0.9, 0.8], [10, 10], sample_kind=SampleKind.OPEN)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: exact([10, 2.5], 0.9), "position 1"),
        (lambda: exact([0], 0.9), "position 0"),
        (lambda: exact([[10]], 0.9), "one list"),
        (lambda: exact([10], 1.5), "target"),
        (lambda: exact([10], 0.9, 95), "confidence level"),
        (lambda: dispersed([0.9], [10]), "at least two"),
        (lambda: dispersed([0.9, 1.2], [10, 10]), "shares"),
        (lambda: dispersed([0.9, 0.8], [10]), "as many sizes"),
        (lambda: dispersed([0.9, 0.8], [10, 10], winsorise=0.5), "winsorising"),
        (lambda: dispersed([0.9, 0.8], [10, 10], target=1.0), "target"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, words):
    with pytest.raises(BadInputError, match=words):
        call()
