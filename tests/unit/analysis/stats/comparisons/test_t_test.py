"""Design-based t tests; R's answers are checked by the reference checker in tests/unit/analysis/check."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.comparisons.t_test import one_sample_t, two_sample_t
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.results import SampleKind
from tests.unit.analysis.stats.comparisons.samples import reordered, sample

OPTIONS = {"confidence_level": 0.95, "sample_kind": SampleKind.PROBABILITY}


def by_sex(design, sex, score, **options):
    return two_sample_t(design, score, first=sex == 0, second=sex == 1, **(OPTIONS | options))


@settings(max_examples=25)
@given(seed=st.integers(0, 999), factor=st.floats(0.01, 100), level=st.floats(0.5, 0.97))
def test_what_must_not_change_a_test(seed, factor, level):
    design, sex, _, score = sample(seed, strata=2)
    plain = by_sex(design, sex, score, confidence_level=level)
    order = np.random.default_rng(seed).permutation(design.rows)
    other = by_sex(reordered(design, order), sex[order], score[order], confidence_level=level)
    scaled = by_sex(design.reweighted(design.weights * factor), sex, score, confidence_level=level)
    wider = by_sex(design, sex, score, confidence_level=level + 0.02)
    assert other.statistic == pytest.approx(plain.statistic, rel=1e-9)
    assert scaled.p == pytest.approx(plain.p, rel=1e-9)
    assert plain.difference in plain.interval
    assert wider.interval.low <= plain.interval.low <= plain.interval.high <= wider.interval.high
    assert (plain.p < 1 - level) == (0.0 not in plain.interval)


def test_splitting_the_rows_of_a_village_changes_nothing():
    design, sex, _, score = sample(2)
    twice = np.repeat(np.arange(design.rows), 2)
    split = SurveyDesign.of(
        twice.size,
        lonely=LonelyPsu.FAIL,
        weights=design.weights[twice] / 2,
        strata=design.stratum[twice],
        clusters=[design.psu[twice]],
    )
    assert by_sex(split, sex[twice], score[twice]).p == pytest.approx(by_sex(design, sex, score).p, rel=1e-9)


def test_a_plain_sample_of_pairs_is_students_test():
    before, after = np.array([3.0, 4, 2, 5, 4, 3, 1, 4]), np.array([4.0, 4, 3, 5, 5, 3, 3, 4])
    design = SurveyDesign.of(8, lonely=LonelyPsu.FAIL, weights=np.ones(8))
    found = one_sample_t(design, after - before, expected=0.0, domain=None, **OPTIONS)
    d = after - before
    assert found.statistic == pytest.approx(d.mean() / (d.std(ddof=1) / np.sqrt(8)))
    # svyttest keeps one degree of freedom less than Student.
    assert found.df == 6
    shifted = one_sample_t(design, after - before + 2.5, expected=2.5, domain=None, **OPTIONS)
    assert shifted.statistic == pytest.approx(found.statistic)
    assert shifted.difference == pytest.approx(found.difference)


def test_missing_answers_are_outside_and_groups_swap_the_sign():
    design, sex, _, score = sample(3)
    gaps = np.where(np.arange(design.rows) % 5 == 0, np.nan, score)
    found = by_sex(design, sex, gaps)
    assert found.n == np.isfinite(gaps).sum()
    turned = two_sample_t(design, gaps, first=sex == 1, second=sex == 0, **OPTIONS)
    assert turned.difference == pytest.approx(-found.difference)
    assert turned.p == pytest.approx(found.p)


def test_everybody_alike_has_no_error():
    design, sex, _, score = sample(4)
    same = by_sex(design, sex, np.ones_like(score))
    assert (same.difference, same.p) == (pytest.approx(0.0, abs=1e-12), pytest.approx(1.0, abs=1.0))
    census = SurveyDesign.of(4, lonely=LonelyPsu.FAIL, weights=np.ones(4), populations=[np.full(4, 4)])
    certain = one_sample_t(census, [1.0, 2, 3, 4], expected=2.0, domain=None, **OPTIONS)
    assert (certain.se, certain.p, certain.statistic) == (0.0, 0.0, np.inf)


def test_what_cannot_be_tested_is_refused():
    design, sex, _, score = sample(5)
    everybody = np.ones(design.rows, dtype=bool)
    with pytest.raises(BadInputError, match="in both groups"):
        two_sample_t(design, score, first=everybody, second=sex == 1, **OPTIONS)
    with pytest.raises(BadInputError, match="second group"):
        two_sample_t(design, score, first=everybody, second=~everybody, **OPTIONS)
    with pytest.raises(BadInputError, match="one value each"):
        one_sample_t(design, score[:3], expected=0, domain=None, **OPTIONS)
    with pytest.raises(BadInputError, match="nobody"):
        one_sample_t(design, score, expected=0, domain=~everybody, **OPTIONS)
    with pytest.raises(MethodDoesNotFitError, match="degrees of freedom"):
        one_sample_t(design, score, expected=0, domain=design.psu < 2, **OPTIONS)
