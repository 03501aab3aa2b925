"""Smoothed Wilson intervals from the rows of a design: the formula written out, and every edge."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quantiles import t_quantile
from app.analysis.stats.results import SampleKind
from app.analysis.stats.smoothed_units import smoothed_scores, smoothed_shares
from tests.unit.analysis.stats.direct_computing import wilson


def design_of(rows: int, *, strata: int = 2, psus: int = 3, populations: float | None = None) -> SurveyDesign:
    place = np.arange(rows) % (strata * psus)
    return SurveyDesign.of(
        rows,
        lonely=LonelyPsu.REMOVE,
        weights=1.0 + place % 4,
        strata=place // psus,
        clusters=[place],
        populations=None if populations is None else [np.full(rows, populations)],
    )


def answers(rows: int, items: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    y = (rng.random((rows, items)) < 0.85).astype(float)
    return np.where(rng.random((rows, items)) < 0.1, np.nan, y)


def test_one_cell_follows_the_formula_by_hand():
    design, y = design_of(60), answers(60, 1, 1)
    units = np.arange(60) % 2
    table = smoothed_shares(design, y, units, confidence_level=0.95, sample_kind=SampleKind.PROBABILITY)
    w, v, srs, n = design.weights, [], [], []
    for unit in (0, 1):
        rows = (units == unit) & ~np.isnan(y[:, 0])
        p = np.average(y[rows, 0], weights=w[rows])
        u = np.where(rows, w * (np.nan_to_num(y[:, 0]) - p), 0.0) / w[rows].sum()
        total = 0.0
        for stratum in (0, 1):
            sums = [u[design.psu == psu].sum() for psu in np.flatnonzero(design.psu_stratum == stratum)]
            mean = sum(sums) / len(sums)
            total += len(sums) / (len(sums) - 1) * sum((s - mean) ** 2 for s in sums)
        v.append(total)
        n.append(int(rows.sum()))
        srs.append(p * (1 - p) / (n[-1] - 1))
        assert table.value[unit, 0] == pytest.approx(p)
        assert table.se[unit, 0] == pytest.approx(math.sqrt(total))
    deff_all = sum(v) / sum(srs)
    for unit in (0, 1):
        df = table.df_unit[unit]
        star = max(1.0, (df * v[unit] / srs[unit] + 10 * deff_all) / (df + 10))
        q = float(t_quantile(0.95, min(df + 10, design.degrees_of_freedom)))
        low, high = wilson(float(table.value[unit, 0]), n[unit] / star, q)
        assert (table.low[unit, 0], table.high[unit, 0]) == pytest.approx((low, high))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(12, 80), st.integers(1, 4), st.booleans())
def test_limits_hold_the_value_and_do_not_depend_on_the_order_or_size_of_weights(seed, rows, items, corrected):
    design = design_of(rows, populations=9.0 if corrected else None)
    y, units = answers(rows, items, seed), np.random.default_rng(seed).integers(-1, 3, rows)
    if not (units >= 0).any():
        return
    table = smoothed_shares(design, y, units, confidence_level=0.9, sample_kind=SampleKind.PROBABILITY)
    wide = smoothed_shares(design, y, units, confidence_level=0.99, sample_kind=SampleKind.PROBABILITY)
    seen = table.n > 0
    assert (table.low[seen] <= table.value[seen]).all()
    assert (table.value[seen] <= table.high[seen]).all()
    assert ((table.low[seen] >= 0) & (table.high[seen] <= 1)).all()
    assert (wide.low[seen] <= table.low[seen]).all()
    assert (wide.high[seen] >= table.high[seen]).all()
    assert np.isnan(table.value[~seen]).all()
    order = np.random.default_rng(seed + 1).permutation(rows)
    turned = SurveyDesign.of(
        rows,
        lonely=LonelyPsu.REMOVE,
        weights=design.weights[order] * 3.0,
        strata=design.stratum[order],
        clusters=[design.psu[order]],
        populations=[np.full(rows, 9.0)] if corrected else None,
    )
    again = smoothed_shares(turned, y[order], units[order], confidence_level=0.9, sample_kind=SampleKind.PROBABILITY)
    assert np.allclose(again.low, table.low, rtol=1e-8, equal_nan=True)
    assert np.allclose(again.high, table.high, rtol=1e-8, equal_nan=True)


def test_zero_variance_keeps_an_interval_and_a_survey_taken_whole_has_none():
    y = np.ones((30, 2))
    table = smoothed_shares(
        design_of(30), y, np.zeros(30, dtype=int), confidence_level=0.95, sample_kind=SampleKind.PROBABILITY
    )
    assert (table.se == 0).all()
    assert (table.high == 1).all()
    assert (table.low < 1).all()
    whole = design_of(30, populations=3.0)
    taken = smoothed_shares(
        whole, answers(30, 2, 3), np.zeros(30, dtype=int), confidence_level=0.95, sample_kind=SampleKind.PROBABILITY
    )
    assert (taken.low == taken.value).all()
    assert (taken.high == taken.value).all()


def test_one_person_in_a_unit_borrows_the_design_effect_of_the_survey():
    y, units = answers(40, 3, 5), np.zeros(40, dtype=int)
    units[7] = 1
    y[7] = 1.0
    table = smoothed_shares(design_of(40), y, units, confidence_level=0.95, sample_kind=SampleKind.PROBABILITY)
    assert (table.n[1] == 1).all()
    assert table.df_unit[1] == 0
    assert table.design.deff_star[1] == pytest.approx(max(1.0, table.design.deff_all))
    assert (table.low[1] < 0.3).all()


def test_scores_have_a_spread_of_their_own():
    rng = np.random.default_rng(6)
    score = rng.choice([0.5, 0.75, 1.0], 60)
    table = smoothed_scores(
        design_of(60), score, np.arange(60) % 3, confidence_level=0.95, sample_kind=SampleKind.PROBABILITY
    )
    assert 0 < table.design.kappa < 1
    assert (table.n_eff > table.n / table.design.deff_star[:, None]).all()
    shares = smoothed_scores(
        design_of(60),
        (score > 0.6).astype(float),
        np.arange(60) % 3,
        confidence_level=0.95,
        sample_kind=SampleKind.PROBABILITY,
    )
    assert shares.design.kappa == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("y", "units", "level"),
    [
        (np.full((12, 1), 1.5), np.zeros(12, dtype=int), 0.95),
        (np.full((12, 1), -0.5), np.zeros(12, dtype=int), 0.95),
        (np.ones((12, 1)), np.zeros(11, dtype=int), 0.95),
        (np.ones((12, 1)), np.zeros(12), 0.95),
        (np.ones((12, 1)), np.full(12, -1), 0.95),
        (np.ones(12), np.zeros(12, dtype=int), 0.95),
        (np.ones((12, 1)), np.zeros(12, dtype=int), 1.0),
    ],
)
def test_what_cannot_be_is_refused(y, units, level):
    with pytest.raises(BadInputError):
        smoothed_shares(design_of(12), y, units, confidence_level=level, sample_kind=SampleKind.PROBABILITY)


def test_a_survey_of_one_sampling_unit_is_refused_here():
    with pytest.raises(BadInputError, match="planned"):
        smoothed_shares(
            design_of(10, strata=1, psus=1),
            answers(10, 1, 1),
            np.zeros(10, dtype=int),
            confidence_level=0.9,
            sample_kind=SampleKind.PROBABILITY,
        )


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_the_survey_wide_design_effect_needs_a_weight(weight):
    with pytest.raises(BadInputError, match="weight above 0"):
        smoothed_shares(
            design_of(12),
            answers(12, 1, 2),
            np.zeros(12, dtype=int),
            confidence_level=0.9,
            sample_kind=SampleKind.PROBABILITY,
            pool_df=weight,
        )


def test_a_heavier_survey_wide_design_effect_draws_units_together():
    design, units = design_of(90), np.arange(90) // 6 % 3
    # People of a place are alike, so that design effects lie above 1.
    y = np.stack([design.psu % 2, design.psu < 2], axis=1).astype(float)
    y[::7] = 1.0 - y[::7]
    light, heavy = (
        smoothed_shares(
            design, y, units, confidence_level=0.95, sample_kind=SampleKind.PROBABILITY, pool_df=weight
        ).design
        for weight in (0.5, 500.0)
    )
    assert heavy.deff_all > 1.0
    assert np.ptp(heavy.deff_star) < np.ptp(light.deff_star)
    assert heavy.deff_star == pytest.approx(heavy.deff_all, rel=0.05)


def test_the_table_says_what_kind_of_sample_it_is_and_refuses_others():
    y = answers(30, 2, 3)
    table = smoothed_shares(
        design_of(30), y, np.zeros(30, dtype=int), confidence_level=0.95, sample_kind=SampleKind.PROBABILITY
    )
    assert (table.sample_kind, table.method) == (SampleKind.PROBABILITY, "smoothed_wilson")
    np.testing.assert_allclose(
        table.deff * table.value * (1 - table.value) / (table.n - 1), table.se**2, rtol=1e-9, equal_nan=True
    )
    for kind in (SampleKind.OPEN, SampleKind.CENSUS):
        with pytest.raises(MethodDoesNotFitError, match=kind.value):
            smoothed_shares(design_of(30), y, np.zeros(30, dtype=int), confidence_level=0.95, sample_kind=kind)
