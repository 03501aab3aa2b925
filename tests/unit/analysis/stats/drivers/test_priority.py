"""The importance-performance matrix: places, cuts, limits and how sure they are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.drivers.importance import importance
from app.analysis.stats.drivers.notes import DriverCode
from app.analysis.stats.drivers.priority import Quadrant, priority_matrix, priority_matrix_of_survey
from app.analysis.stats.errors import BadInputError, LonelyPsuError
from app.analysis.stats.quality.products import correlation_of, cross_products
from app.analysis.stats.results import NoData

NAMES = ("access", "steps", "staff", "result")


def survey(seed, rows=400, psus=40, noise=1.0):
    rng = np.random.default_rng(seed)
    psu = np.arange(rows) % psus
    village = rng.normal(0, 0.2, psus)[psu]
    common = rng.normal(size=rows) * 0.5 + village
    x = common[:, None] + rng.normal(size=(rows, 4)) * 0.7 + [4.6, 3.8, 4.5, 3.7]
    y = x @ [0.1, 0.1, 0.9, 0.9] + noise * rng.normal(size=rows)
    design = SurveyDesign.of(
        rows, lonely=LonelyPsu.FAIL, weights=rng.uniform(1, 3, rows), strata=psu % 4, clusters=[psu]
    )
    return y, x, design


def matrix_of(y, x, design, **options):
    return priority_matrix_of_survey(
        y, x, design=design, factors=NAMES, confidence_level=0.95, first_stage_fpc=False, **options
    )


def test_places_of_a_clear_case():
    found = matrix_of(*survey(1))
    assert [factor.quadrant for factor in found.factors] == [
        Quadrant.POSSIBLE_OVERKILL,
        Quadrant.LOW_PRIORITY,
        Quadrant.KEEP_UP,
        Quadrant.FIX_FIRST,
    ]
    assert all(factor.sure for factor in found.factors)
    assert found.notes == (DriverCode.ASSOCIATION_NOT_CAUSE,)
    assert found.importance_cut == 0.25
    assert found.df == 36
    for factor in found.factors:
        assert factor.importance in factor.importance_interval
        assert factor.performance in factor.performance_interval
        assert factor.importance_interval.low > 0
        assert factor.importance_interval.high < 1


def test_values_are_those_of_the_weighted_correlations():
    y, x, design = survey(2)
    found = matrix_of(y, x, design)
    sums = cross_products(np.column_stack([x, y]), weights=design.weights)
    assert [factor.importance for factor in found.factors] == pytest.approx(
        importance(correlation_of(sums.covariance())).share
    )
    assert [factor.performance for factor in found.factors] == pytest.approx(sums.means()[:4])
    assert found.performance_cut == pytest.approx(sums.means()[:4].mean())


@settings(max_examples=10)
@given(seed=st.integers(0, 1000), cut=st.integers(1, 399))
def test_sums_give_what_rows_give(seed, cut):
    y, x, design = survey(seed)
    table = np.column_stack([x, y])
    parts = [
        cross_products(table[part], weights=design.weights[part], groups=design.psu[part], group_count=40)
        for part in (slice(None, cut), slice(cut, None))
    ]
    from_sums = priority_matrix(
        parts[0] + parts[1],
        factors=NAMES,
        psu_stratum=design.psu_stratum,
        lonely=design.lonely,
        confidence_level=0.95,
    )
    from_rows = matrix_of(y, x, design)
    for one, other in zip(from_sums.factors, from_rows.factors, strict=True):
        assert (one.quadrant, one.sure) == (other.quadrant, other.sure)
        assert one.importance == pytest.approx(other.importance, rel=1e-8)
        assert one.importance_interval.low == pytest.approx(other.importance_interval.low, rel=1e-6)
        assert one.performance_interval.high == pytest.approx(other.performance_interval.high, rel=1e-8)


def test_limits_grow_with_the_level_and_cover_performance_like_the_design_does():
    y, x, design = survey(3)
    near = matrix_of(y, x, design)
    wide = priority_matrix_of_survey(y, x, design=design, factors=NAMES, confidence_level=0.99, first_stage_fpc=False)
    for one, other in zip(near.factors, wide.factors, strict=True):
        assert other.importance_interval.low < one.importance_interval.low
        assert other.importance_interval.high > one.importance_interval.high


def test_every_person_a_psu_and_a_domain():
    y, x, _ = survey(4)
    design = SurveyDesign.of(400, lonely=LonelyPsu.FAIL, weights=np.ones(400))
    inside = np.arange(400) < 300
    found = matrix_of(y, x, design, domain=inside)
    assert (found.n, found.df) == (300, 299)
    se = x[inside].std(axis=0, ddof=1) / np.sqrt(300)
    half = [factor.performance_interval.width / 2 / 1.968 for factor in found.factors]
    assert half == pytest.approx(se, rel=0.01)


def test_unclear_places_one_factor_and_one_psu():
    noisy = matrix_of(*survey(5, rows=60, psus=12, noise=20))
    assert DriverCode.UNSURE_QUADRANT in noisy.notes
    y, x, design = survey(6)
    alone = priority_matrix_of_survey(
        y, x[:, :1], design=design, factors=("access",), confidence_level=0.95, first_stage_fpc=False
    )
    assert (alone.factors[0].importance, alone.factors[0].quadrant) == (1.0, Quadrant.KEEP_UP)
    single = SurveyDesign.of(400, lonely=LonelyPsu.CERTAINTY, weights=np.ones(400), clusters=[np.zeros(400)])
    found = matrix_of(y, x, single)
    assert {DriverCode.NO_DF, DriverCode.LONELY_PSU, DriverCode.UNSURE_QUADRANT} <= set(found.notes)
    assert found.factors[0].importance_interval is None
    strict = SurveyDesign.of(400, lonely=LonelyPsu.FAIL, weights=np.ones(400), clusters=[np.zeros(400)])
    with pytest.raises(LonelyPsuError):
        matrix_of(y, x, strict)


def test_nothing_to_place():
    y, x, design = survey(7)
    assert matrix_of(y * np.nan, x, design) == NoData("too_few_complete")
    with pytest.raises(BadInputError, match="'outcome' does not vary"):
        matrix_of(np.ones(400), x, design)
    with pytest.raises(BadInputError, match="design of 400 rows"):
        matrix_of(y[:9], x[:9], design)
    with pytest.raises(BadInputError, match="2 factors"):
        priority_matrix_of_survey(y, x, design=design, factors=("a", "b"), confidence_level=0.95, first_stage_fpc=False)
