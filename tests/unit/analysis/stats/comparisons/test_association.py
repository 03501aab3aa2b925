"""Rao-Scott and Wald tests; R's answers are checked by the reference checker in tests/unit/analysis/check."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.comparisons.association import AssociationMethod, association
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.results import SampleKind
from tests.unit.analysis.stats.comparisons.samples import reordered, sample

KIND = SampleKind.PROBABILITY
METHODS = list(AssociationMethod)


def run(design, rows, columns, method, domain=None):
    return association(design, rows, columns, domain=domain, method=method, sample_kind=KIND)


@pytest.mark.parametrize("method", METHODS)
def test_an_unrelated_pair_is_seldom_significant_and_a_related_one_is(method):
    p = [run(*sample(seed)[:3], method).p for seed in range(40)]
    assert np.mean(np.array(p) < 0.05) < 0.2
    design, sex, _, _ = sample(1)
    copied = np.where(np.arange(sex.size) % 10 == 0, 1 - sex, sex)
    assert run(design, sex, copied, method).p < 1e-4


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15)
@given(seed=st.integers(0, 999), factor=st.floats(0.01, 100))
def test_order_of_rows_scale_of_weights_and_names_of_levels_do_not_matter(method, seed, factor):
    design, sex, channel, _ = sample(seed, strata=2)
    plain = run(design, sex, channel, method)
    order = np.random.default_rng(seed).permutation(design.rows)
    other = run(reordered(design, order), 7 - sex[order], 3 * channel[order], method)
    scaled = run(design.reweighted(design.weights * factor), channel, sex, method)
    assert [other.statistic, other.p] == pytest.approx([plain.statistic, plain.p], rel=1e-6, abs=1e-12)
    assert [scaled.statistic, scaled.p] == pytest.approx([plain.statistic, plain.p], rel=1e-6, abs=1e-12)
    assert plain.shares.sum() == pytest.approx(1.0)
    assert 0 <= plain.p <= 1


def test_without_a_design_the_first_order_test_is_pearsons():
    """Equal weights and everybody drawn by himself: the correction is n / (n - 1) only."""
    table = np.array([[30, 10, 20], [15, 25, 20]])
    rows = np.repeat([0, 0, 0, 1, 1, 1], table.ravel())
    columns = np.repeat([0, 1, 2, 0, 1, 2], table.ravel())
    design = SurveyDesign.of(rows.size, lonely=LonelyPsu.FAIL, weights=np.ones(rows.size))
    found = run(design, rows, columns, AssociationMethod.RAO_SCOTT_CHI)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    assert found.statistic == pytest.approx(((table - expected) ** 2 / expected).sum())
    assert found.df == (2.0,)
    second = run(design, rows, columns, AssociationMethod.RAO_SCOTT_F)
    assert second.df[0] == pytest.approx(2.0, rel=0.05)
    assert second.n == 120


def test_a_domain_and_missing_answers_leave_the_design_whole():
    design, sex, channel, _ = sample(3)
    domain = np.arange(design.rows) % 3 > 0
    missing = np.where(domain, sex, -1)
    by_domain = run(design, sex, channel, AssociationMethod.RAO_SCOTT_F, domain)
    by_missing = run(design, missing, channel, AssociationMethod.RAO_SCOTT_F)
    assert by_domain.statistic == by_missing.statistic
    assert by_domain.n == domain.sum()


def test_levels_nobody_has_are_left_out():
    design, sex, channel, _ = sample(4)
    domain = channel < 2
    found = run(design, sex, channel, AssociationMethod.RAO_SCOTT_F, domain)
    assert found.shares.shape == (2, 2)
    assert found.df[0] == pytest.approx(1.0)


def test_what_cannot_be_tested_is_refused():
    design, sex, channel, _ = sample(5)
    with pytest.raises(BadInputError, match="two levels"):
        run(design, np.zeros_like(sex), channel, AssociationMethod.RAO_SCOTT_F)
    with pytest.raises(BadInputError, match="whole number"):
        run(design, sex / 2, channel, AssociationMethod.RAO_SCOTT_F)
    with pytest.raises(BadInputError, match="two levels"):
        run(design, np.full_like(sex, -1), channel, AssociationMethod.RAO_SCOTT_F)
    one_village = design.psu == 0
    with pytest.raises(MethodDoesNotFitError, match="degrees of freedom"):
        run(design, sex, channel, AssociationMethod.RAO_SCOTT_F, one_village)
    few, *rest, _ = sample(6, strata=1, villages=2)
    with pytest.raises(MethodDoesNotFitError, match="too few"):
        run(few, *rest, AssociationMethod.ADJUSTED_WALD)


def test_empty_cells_that_break_the_test_are_a_refusal():
    design = sample(7)[0]
    many = np.arange(design.rows) % 40
    with pytest.raises(MethodDoesNotFitError, match="too few"):
        run(design, many, many, AssociationMethod.WALD)
    with pytest.raises(MethodDoesNotFitError, match="empty cells"):
        run(design, many, many, AssociationMethod.RAO_SCOTT_F)
