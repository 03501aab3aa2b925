"""Telling two shares apart: reference values of R's power.prop.test and properties."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.planning.power import (
    ComparisonPlan,
    Sides,
    detectable_difference,
    power_of_difference,
    size_for_difference,
)


def plan(level=0.05, comparisons=1, deff=1.0, sides=Sides.TWO, **more):
    return ComparisonPlan(significance_level=level, comparisons=comparisons, deff=deff, sides=sides, **more)


def size(first, second, power=0.8, ratio=1.0, response_rate=1.0, judged=None):
    return size_for_difference(
        first, second, power=power, ratio=ratio, response_rate=response_rate, plan=judged or plan()
    )


def test_power_and_its_correction_for_ten_comparisons():
    of = {"n_first": 200, "n_second": 200}
    assert power_of_difference(0.88, 0.94, **of, plan=plan()) == pytest.approx(0.5546278697587669, rel=1e-10)
    assert power_of_difference(0.88, 0.94, **of, plan=plan(comparisons=10)) == pytest.approx(
        0.23748986978988954, rel=1e-10
    )


@pytest.mark.parametrize(
    ("first", "second", "plain", "heavy"),
    [(0.85, 0.9, 686, 1376), (0.9, 0.95, 435, 872), (0.93, 0.97, 465, 933), (0.8, 0.85, 906, 1818)],
)
def test_sizes(first, second, plain, heavy):
    assert size(first, second).first == size(second, first).second == plain
    assert size(first, second, power=0.9, judged=plan(deff=1.5)).first == heavy


def test_invitations_are_divided_by_the_response_rate():
    found = size(0.93, 0.97, response_rate=0.5)
    assert (found.invitations_first, found.invitations_second) == (930, 930)


def test_a_second_tail_lets_a_little_less_suffice():
    one, both = size(0.4, 0.5, power=0.1), size(0.4, 0.5, power=0.1, judged=plan(wrong_direction=True))
    assert both.exact_first < one.exact_first
    again = power_of_difference(
        0.4, 0.5, n_first=both.exact_first, n_second=both.exact_first, plan=plan(wrong_direction=True)
    )
    assert again == pytest.approx(0.1)


@settings(max_examples=60)
@given(
    first=st.floats(0.02, 0.98),
    second=st.floats(0.02, 0.98),
    power=st.floats(0.3, 0.99),
    ratio=st.floats(0.3, 3.0),
    comparisons=st.integers(1, 50),
    deff=st.floats(0.8, 4.0),
    sides=st.sampled_from(Sides),
)
def test_the_size_has_the_power(first, second, power, ratio, comparisons, deff, sides):
    assume(abs(first - second) > 0.01)
    judged = plan(comparisons=comparisons, deff=deff, sides=sides)
    found = size(first, second, power=power, ratio=ratio, judged=judged)
    assume(min(found.exact_first, found.exact_second) >= 1)
    of = {"n_first": found.exact_first, "n_second": found.exact_second, "plan": judged}
    assert power_of_difference(first, second, **of) == pytest.approx(power, abs=1e-9)
    assert (
        size(
            first, second, power=power, ratio=ratio, judged=plan(comparisons=comparisons + 5, deff=deff, sides=sides)
        ).first
        >= found.first
    )


# A share nearer to an end than the answer is exact tells nothing.
SHARES = st.just(0.0) | st.just(1.0) | st.floats(1e-6, 1.0 - 1e-6)


@settings(max_examples=60)
@given(first=SHARES, n=st.integers(5, 5000), power=st.floats(0.5, 0.99), above=st.booleans())
def test_the_detectable_difference_has_the_power(first, n, power, above):
    found = detectable_difference(first, n_first=n, n_second=2 * n, power=power, above=above, plan=plan(deff=1.3))
    if math.isnan(found):
        end = 1.0 if above else 0.0
        assert first == end or power_of_difference(first, end, n_first=n, n_second=2 * n, plan=plan(deff=1.3)) < power
        return
    assert (found > 0) == above
    assert power_of_difference(first, first + found, n_first=n, n_second=2 * n, plan=plan(deff=1.3)) == pytest.approx(
        power, abs=1e-6
    )


@pytest.mark.parametrize(("first", "above"), [(5e-324, False), (1.0 - 2e-16, True)])
def test_no_detectable_difference_leads_off_the_scale(first, above):
    found = detectable_difference(first, n_first=5, n_second=10, power=0.5, above=above, plan=plan())
    assert math.isnan(found) or 0.0 <= first + found <= 1.0


def test_93_and_97_percent_need_465_each():
    found = detectable_difference(0.93, n_first=465, n_second=465, power=0.8, above=True, plan=plan())
    assert found == pytest.approx(0.04, abs=1e-4)


def test_shares_without_spread():
    of = {"n_first": 10, "n_second": 10, "plan": plan()}
    assert math.isnan(power_of_difference(1.0, 1.0, **of))
    assert power_of_difference(0.0, 1.0, **of) == 1.0
    assert power_of_difference(0.0, 1.0, n_first=1, n_second=1, plan=plan()) == 0.0
    assert math.isnan(detectable_difference(0.5, n_first=3, n_second=3, power=0.9, above=True, plan=plan()))


def test_impossible_comparisons_are_refused():
    for bad in ({"level": 0.0}, {"level": 5}, {"comparisons": 0}, {"deff": -1}, {"comparisons": 1.5}):
        with pytest.raises(BadInputError):
            plan(**bad)
    with pytest.raises(BadInputError, match="one-sided"):
        plan(sides=Sides.ONE, wrong_direction=True)
    for bad in ((-0.1, 0.5), (0.5, 1.1), (math.nan, 0.5), (0.5, 0.5)):
        with pytest.raises(BadInputError):
            size(*bad)
    for bad in ({"power": 0.05}, {"power": 1.0}, {"ratio": 0.0}, {"response_rate": 0.0}, {"response_rate": 2.0}):
        with pytest.raises(BadInputError):
            size(0.8, 0.9, **bad)
    with pytest.raises(BadInputError, match="first group"):
        power_of_difference(0.5, 0.6, n_first=0, n_second=5, plan=plan())
    with pytest.raises(BadInputError, match="power"):
        detectable_difference(0.5, n_first=5, n_second=5, power=0.4, above=True, plan=plan())


def test_in_samples_without_end_the_smallest_difference_is_next_to_nothing():
    plan = ComparisonPlan(significance_level=0.05, comparisons=1, deff=1.0, sides=Sides.TWO)
    found = detectable_difference(0.8, n_first=1e30, n_second=1e30, power=0.8, above=True, plan=plan)
    assert 0.0 < found < 1e-8
