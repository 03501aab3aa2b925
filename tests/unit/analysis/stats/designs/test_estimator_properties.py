"""What must not change an estimate: the order of rows, how a unit's rows stand, the scale of weights, empty strata."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.effects import SrsReference, mean_design_effects, population_variances
from app.analysis.stats.designs.linearised import difference, item_mean_index, means, ratios, totals
from app.analysis.stats.designs.quantile import QuantileRule, ShareLimits, quantiles

ITEMS = 3


@st.composite
def samples(draw, least_units=2):
    """Rows of a cluster sample: strata, units inside them, weights, answers 1..5 with gaps, a domain."""
    strata = draw(st.lists(st.integers(least_units, 4), min_size=1, max_size=4))
    rows = []
    for stratum, units in enumerate(strata):
        for unit in range(units):
            rows += [(stratum, f"{stratum}.{unit}")] * draw(st.integers(1, 4))
    size = len(rows)
    of = lambda values: np.array(draw(st.lists(values, min_size=size, max_size=size)))  # noqa: E731
    answer = st.one_of(st.integers(1, 5).map(float), st.just(float("nan")))
    y = np.stack([of(answer) for _ in range(ITEMS)], axis=1)
    y[0] = 4.0  # somebody answered
    domain = of(st.booleans())
    domain[0] = True
    weights = of(st.floats(0.5, 20.0))
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), weights, y, domain


def design_of(strata, units, weights, **options):
    options = {"lonely": LonelyPsu.ADJUST} | options
    return SurveyDesign.of(len(weights), weights=weights, strata=strata, clusters=[units], **options)


def figures(design, y, domain):
    """Every kind of estimate as one row of values and one of variances."""
    other = ~domain | (y[:, 0] >= 4)
    found = [
        means(design, y, domain=domain),
        ratios(design, y[:, :1], y[:, 1:2] + 1.0, domain=domain),
        item_mean_index(design, (y >= 4).astype(float), domain=domain),
        difference(design, y, first=domain, second=other),
        population_variances(design, y, domain=domain),
    ]
    return np.concatenate([each.value for each in found]), np.concatenate([each.variance for each in found])


def close(got, wanted):
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-9)


@settings(max_examples=40)
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(sample, random):
    strata, units, weights, y, domain = sample
    order = list(range(len(weights)))
    random.shuffle(order)
    moved = [column[order] for column in (strata, units, weights, y, domain)]
    for got, wanted in zip(
        figures(design_of(*moved[:3]), *moved[3:]), figures(design_of(*sample[:3]), y, domain), strict=True
    ):
        close(got, wanted)


@settings(max_examples=40)
@given(samples(), st.floats(1e-3, 1e3))
def test_the_scale_of_weights_means_nothing_but_for_totals(sample, factor):
    strata, units, weights, y, domain = sample
    one, scaled = design_of(strata, units, weights), design_of(strata, units, weights * factor)
    for got, wanted in zip(figures(scaled, y, domain), figures(one, y, domain), strict=True):
        close(got, wanted)
    total, larger = totals(one, y, domain=domain), totals(scaled, y, domain=domain)
    close(larger.value / factor, total.value)
    close(larger.covariance / factor**2, total.covariance)


@settings(max_examples=40)
@given(samples(), st.data())
def test_splitting_a_respondent_inside_a_unit_means_nothing_for_the_error(sample, data):
    """The variance rests on unit totals: one row with weight w is two rows of the same answers with weights a and w-a."""
    strata, units, weights, y, domain = sample
    row = data.draw(st.integers(0, len(weights) - 1))
    part = data.draw(st.floats(0.1, 0.9))
    split = weights.copy()
    split[row] *= part
    double = [np.concatenate([column, column[[row]]]) for column in (strata, units, split, y, domain)]
    double[2][-1] = weights[row] * (1.0 - part)
    whole, parts = design_of(strata, units, weights), design_of(*double[:3])
    for estimator in (means, totals):
        one, two = estimator(whole, y, domain=domain), estimator(parts, double[3], domain=double[4])
        close(two.value, one.value)
        close(two.covariance, one.covariance)


@settings(max_examples=40)
@given(samples(), st.integers(1, 9))
def test_a_number_added_to_every_answer_moves_the_mean_and_nothing_else(sample, shift):
    strata, units, weights, y, domain = sample
    design = design_of(strata, units, weights)
    one, moved = means(design, y, domain=domain), means(design, y + shift, domain=domain)
    close(moved.value, one.value + shift)
    close(moved.covariance, one.covariance)
    close(difference(design, y, first=domain, second=domain).variance, 0.0)


@settings(max_examples=40)
@given(samples())
def test_a_covariance_is_one(sample):
    strata, units, weights, y, domain = sample
    estimate = means(design_of(strata, units, weights), y, domain=domain)
    known = estimate.n > 0
    covariance = estimate.covariance[np.ix_(known, known)]
    close(covariance, covariance.T)
    close(np.diag(covariance), estimate.variance[known])
    assert np.linalg.eigvalsh(covariance).min() > -1e-9
    both = estimate.contrast(np.ones(ITEMS))
    close(both.variance, estimate.covariance.sum())


@settings(max_examples=40)
@given(samples())
def test_a_census_of_units_has_no_error(sample):
    strata, units, weights, y, domain = sample
    counts = np.array([len(set(units[strata == stratum])) for stratum in strata], dtype=float)
    design = design_of(strata, units, weights, populations=[counts])
    assert np.nanmax(means(design, y, domain=domain).variance) == pytest.approx(0.0, abs=1e-18)


@settings(max_examples=40)
@given(samples(), st.floats(0.05, 0.95), st.sampled_from(list(QuantileRule)))
def test_quantiles_lie_among_the_answers_and_grow_with_p(sample, p, rule):
    strata, units, weights, y, domain = sample
    design = design_of(strata, units, weights)
    found = quantiles(
        design,
        y[:, 0],
        probabilities=[p / 2.0, p],
        rule=rule,
        limits=ShareLimits.MEAN,
        confidence_level=0.95,
        domain=domain,
    )
    answers = y[domain, 0]
    assert np.nanmin(answers) <= found.value[0] <= found.value[1] <= np.nanmax(answers)
    # Rules that average or draw lines may read limits of very few answers beside the value.
    known = ~np.isnan(found.low) & ~np.isnan(found.high) & (rule in {QuantileRule.MATH, QuantileRule.HF1})
    assert np.all(found.low[known] <= found.value[known])
    assert np.all(found.value[known] <= found.high[known])


@settings(max_examples=20)
@given(samples(least_units=3))
def test_design_effects_do_not_depend_on_the_scale_of_answers(sample):
    strata, units, weights, y, domain = sample
    design = design_of(strata, units, weights * 50.0)
    for reference in SrsReference:
        one = mean_design_effects(design, y, reference=reference, domain=domain)
        close(mean_design_effects(design, 10.0 * y + 3.0, reference=reference, domain=domain), one)
