"""Design effects, population variances and the shares of the five answers against hand computing."""

import numpy as np
import pytest

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.distribution import level_shares, level_totals
from app.analysis.stats.designs.effects import (
    SrsReference,
    effective_sizes,
    mean_design_effects,
    population_covariance,
    population_variances,
    ratio_design_effects,
    total_design_effects,
)
from app.analysis.stats.designs.linearised import means, ratios
from app.analysis.stats.errors import BadInputError

NAN = float("nan")
Y = np.array([1.0, 2.0, 4.0, 5.0, 5.0, NAN])


def plain(weights=None, rows=6, **options):
    given = np.full(rows, 10.0) if weights is None else weights
    return SurveyDesign.of(rows, lonely=LonelyPsu.FAIL, weights=given, **options)


def test_a_simple_random_sample_has_the_effect_1():
    sample = plain(populations=[np.full(6, 60.0)])
    y = np.array([1.0, 2.0, 4.0, 5.0, 5.0, 3.0])
    for effects in (mean_design_effects, total_design_effects):
        assert effects(sample, y, reference=SrsReference.WITHOUT_REPLACEMENT) == pytest.approx([1.0])
        assert effects(plain(), y, reference=SrsReference.WITH_REPLACEMENT)[0] >= 1.0 - 1e-12
    assert mean_design_effects(plain(), y, reference=SrsReference.WITH_REPLACEMENT) == pytest.approx([1.0])
    assert mean_design_effects(sample, y, reference=SrsReference.WITH_REPLACEMENT) == pytest.approx([0.9])


def test_population_variance_is_the_sample_variance_of_equal_weights():
    answered = Y[:5]
    found = population_variances(plain(), Y)
    assert found.value == pytest.approx([answered.var(ddof=1)])
    squares = (answered - answered.mean()) ** 2 * 5 / 4
    whole = np.append(squares - squares.mean(), 0.0)  # the one who did not answer still is a unit of the design
    assert found.se == pytest.approx([np.sqrt(6 / 5 * np.sum((whole - whole.mean()) ** 2)) / 5])


def test_population_covariance_agrees_with_numpy():
    y = np.stack([Y, np.array([2.0, 2.0, 5.0, 3.0, NAN, 1.0])], axis=1)
    found = population_covariance(plain(), y)
    np.testing.assert_allclose(found.value.reshape(2, 2), np.cov(y[:4].T))


def test_design_effect_of_whole_villages_is_their_size():
    """Three villages, everybody inside one alike: a village of four says as much as one person."""
    y = np.repeat([1.0, 2.0, 5.0], 4)
    design = SurveyDesign.of(12, lonely=LonelyPsu.FAIL, weights=np.ones(12), clusters=[np.repeat([1, 2, 3], 4)])
    found = mean_design_effects(design, y, reference=SrsReference.WITH_REPLACEMENT)
    village = np.var([1.0, 2.0, 5.0], ddof=1) / 3
    assert found == pytest.approx([village / (y.var(ddof=1) / 12)])
    assert effective_sizes(0.5, 0.25 / 3) == pytest.approx(3.0)


def test_design_effect_is_not_defined_without_spread_or_with_relative_weights():
    assert np.isnan(mean_design_effects(plain(), np.ones(6), reference=SrsReference.WITH_REPLACEMENT)).all()
    relative = plain(np.full(6, 0.5))
    assert np.isnan(mean_design_effects(relative, Y, reference=SrsReference.WITHOUT_REPLACEMENT)).all()
    assert np.isfinite(mean_design_effects(relative, Y, reference=SrsReference.WITH_REPLACEMENT)).all()
    assert np.isnan(population_variances(plain(), Y, domain=np.arange(6) == 0).value).all()


def test_ratio_effect_rests_on_its_residuals():
    x = np.array([2.0, 2.0, 3.0, 5.0, 4.0, 1.0])
    residuals = Y - ratios(plain(), Y, x).value[0] * x
    found = ratio_design_effects(plain(), Y, x, reference=SrsReference.WITH_REPLACEMENT)
    assert found == pytest.approx(total_design_effects(plain(), residuals, reference=SrsReference.WITH_REPLACEMENT))


def test_effective_sizes():
    np.testing.assert_allclose(effective_sizes([0.5, 0.9, 1.0], [0.0025, 0.0, 0.0]), [100.0, NAN, NAN])
    with pytest.raises(BadInputError):
        effective_sizes([1.2], [0.1])
    with pytest.raises(BadInputError):
        effective_sizes([0.2], [-0.1])


def test_shares_of_the_five_answers():
    shares = level_shares(plain(), Y, levels=range(1, 6))
    assert shares.value == pytest.approx([0.2, 0.2, 0.0, 0.2, 0.4])
    assert shares.value.sum() == pytest.approx(1.0)
    assert shares.n.tolist() == [5] * 5
    np.testing.assert_allclose(shares.covariance.sum(axis=0), 0.0, atol=1e-15)
    assert shares.variance[4] == pytest.approx(means(plain(), np.where(np.isnan(Y), NAN, Y == 5)).variance[0])
    assert level_totals(plain(), Y, levels=range(1, 6)).value.tolist() == [10.0, 10.0, 0.0, 10.0, 20.0]


@pytest.mark.parametrize("levels", [range(1, 5), (), (1, 1, 2, 4, 5)])
def test_answers_outside_the_scale_are_named(levels):
    with pytest.raises(BadInputError):
        level_shares(plain(), Y, levels=levels)
    with pytest.raises(BadInputError):
        level_shares(plain(), np.ones((6, 2)), levels=range(1, 6))
