"""Estimates with everything beside them: limits by name, reasons where there are none, the kind of sample."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.effects import SrsReference, mean_design_effects
from app.analysis.stats.designs.estimates import WaldMethod, design_means, design_shares, wald_estimates
from app.analysis.stats.designs.linearised import difference, means, totals
from app.analysis.stats.errors import MethodDoesNotFitError
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.intervals.shares import ShareMethod
from app.analysis.stats.quantiles import normal_quantile
from app.analysis.stats.results import SampleKind

ROWS = 24
PSUS = np.repeat(np.arange(8), 3)
PROBABILITY = {"confidence_level": 0.95, "sample_kind": SampleKind.PROBABILITY}


def design_of(clusters=PSUS, **more):
    options = {"strata": np.repeat([0, 1], 12), "weights": np.linspace(1.0, 2.0, ROWS), **more}
    return SurveyDesign.of(ROWS, lonely=LonelyPsu.ADJUST, clusters=[clusters], **options)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), method=st.sampled_from(ShareMethod), level=st.sampled_from([0.8, 0.95]))
def test_limits_hold_the_share_and_missing_ones_have_a_reason(seed, method, level):
    random = np.random.default_rng(seed)
    y = (random.random((ROWS, 3)) < [0.5, 0.9, 1.0]).astype(float)
    y[random.random((ROWS, 3)) < 0.2] = np.nan
    found = design_shares(design_of(), y, method=method, confidence_level=level, sample_kind=SampleKind.PROBABILITY)
    known = np.isfinite(found.low) & np.isfinite(found.high)
    assert np.all((found.low[known] >= 0) & (found.high[known] <= 1))
    assert np.all((found.low[known] <= found.value[known] + 1e-12) & (found.value[known] <= found.high[known] + 1e-12))
    assert all(found.notes[cell] for cell in np.flatnonzero(~known))
    np.testing.assert_allclose(found.n_eff[:1] * found.deff[:1], found.n[:1] - 1, rtol=1e-9)


def test_means_carry_their_design_effects_and_degrees_of_freedom():
    design, y = design_of(), np.arange(ROWS, dtype=float) % 7
    found = design_means(design, y, method=WaldMethod.T, reference=SrsReference.WITH_REPLACEMENT, **PROBABILITY)
    wide = design_means(design, y, method=WaldMethod.NORMAL, reference=SrsReference.WITH_REPLACEMENT, **PROBABILITY)
    np.testing.assert_allclose(found.se, means(design, y).se)
    deff = mean_design_effects(design, y, reference=SrsReference.WITH_REPLACEMENT)
    np.testing.assert_allclose(found.n_eff, ROWS / deff)
    assert found.df == 6
    assert found.notes == ((),)
    np.testing.assert_allclose(wide.high - wide.value, normal_quantile(0.95) * wide.se)
    assert found.high > wide.high


def test_a_single_primary_unit_has_no_standard_error_whatever_the_rule():
    design, y = design_of(np.zeros(ROWS), strata=None), np.arange(ROWS) % 2
    for method in WaldMethod:
        found = wald_estimates(totals(design, y), method=method, **PROBABILITY)
        assert np.isnan([found.se, found.low, found.high]).all()
        assert found.notes == ((Reason.ONE_PSU,),)
    assert Reason.ONE_PSU in design_shares(design, y, method=ShareMethod.WILSON, **PROBABILITY).notes[0]


def test_a_domain_inside_one_unit_of_a_stratum_has_no_t_limits():
    found = wald_estimates(means(design_of(), np.ones(ROWS), domain=PSUS == 0), method=WaldMethod.T, **PROBABILITY)
    assert found.df == 0
    assert np.isnan(found.low).all()
    assert found.notes == ((Reason.NO_DEGREES_OF_FREEDOM,),)


def test_nobody_one_person_and_a_census():
    design, y = design_of(), np.full((ROWS, 2), np.nan)
    y[3, 1] = 1.0
    found = wald_estimates(means(design, y), method=WaldMethod.NORMAL, **PROBABILITY)
    assert found.notes[0] == (Reason.NO_ANSWERS,)
    assert Reason.ONE_ANSWER in found.notes[1]
    everybody = {"confidence_level": 0.95, "sample_kind": SampleKind.CENSUS}
    for counted in (
        wald_estimates(means(design, PSUS % 2), method=WaldMethod.T, **everybody),
        design_shares(design, PSUS % 2, method=ShareMethod.WILSON, **everybody),
    ):
        assert counted.low == counted.value == counted.high
        assert counted.se == 0.0
        assert counted.notes == ((Reason.CENSUS,),)


def test_open_samples_are_refused():
    options = {"confidence_level": 0.95, "sample_kind": SampleKind.OPEN}
    with pytest.raises(MethodDoesNotFitError, match="open sample"):
        wald_estimates(means(design_of(), PSUS), method=WaldMethod.T, **options)
    with pytest.raises(MethodDoesNotFitError, match="open sample"):
        design_shares(design_of(), PSUS % 2, method=ShareMethod.MEAN, **options)


def test_people_in_both_of_two_groups_are_counted_once():
    first, second = np.arange(ROWS) < 16, np.arange(ROWS) >= 8
    y = np.where(np.arange(ROWS) == 0, np.nan, PSUS % 2)
    assert difference(design_of(), y, first=first, second=second).n.tolist() == [ROWS - 1]
