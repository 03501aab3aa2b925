"""The studentized range against an independent implementation and against R's values in the reference cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import studentized_range

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.ranks.studentized import studentized_range_cdf, studentized_range_quantile
from tests.unit.analysis.stats.comparisons.reference import reference_cases


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize(
    ("units", "df"),
    [(2, np.inf), (3, 1), (3, 2.5), (8, 47), (12, 13), (51, np.inf), (63, 500), (300, 20), (10, 99_999)],
)
def test_quantiles_equal_those_of_scipy(units, df, level):
    ours = studentized_range_quantile(confidence_level=level, units=units, df=df)
    assert studentized_range.cdf(ours, units, df) == pytest.approx(level, abs=1e-10)


def test_a_table_value():
    """Pearson and Hartley (1966), upper 5 % points: 3.88 for 3 groups and 10 degrees of freedom, 4.10 for 5 and 30."""
    assert studentized_range_quantile(confidence_level=0.95, units=3, df=10) == pytest.approx(3.88, abs=5e-3)
    assert studentized_range_quantile(confidence_level=0.95, units=5, df=30) == pytest.approx(4.10, abs=5e-3)


@pytest.mark.parametrize("expected", reference_cases("09-ranks", "rank_ci"))
def test_critical_values_of_r(expected):
    """R's own search stops seven or eight digits in."""
    units, df = len(expected["estimate"]), float(expected["df"])
    ours = studentized_range_quantile(confidence_level=expected["level"], units=units, df=df) / np.sqrt(2)
    assert ours == pytest.approx(expected["crit_tukey_kramer"], rel=5e-8)


@settings(max_examples=12, deadline=None)
@given(st.integers(2, 40), st.floats(1, 200) | st.just(np.inf), st.floats(0.5, 0.995))
def test_quantiles_invert_grow_and_stay_below_bonferroni(units, df, level):
    q = studentized_range_quantile(confidence_level=level, units=units, df=df)
    assert studentized_range_cdf(q, units=units, df=df) == pytest.approx(level, abs=1e-11)
    assert studentized_range_quantile(confidence_level=level, units=units + 1, df=df) > q
    assert studentized_range_quantile(confidence_level=level + 0.002, units=units, df=df) > q


def test_the_ends_of_the_distribution():
    assert studentized_range_cdf(0.0, units=5, df=10) == 0.0
    assert studentized_range_cdf(np.inf, units=5, df=10) == 1.0
    assert studentized_range_cdf(60.0, units=5, df=1000) == pytest.approx(1.0)


@pytest.mark.parametrize(("units", "df"), [(1, 5), (3, 0), (3, np.nan)])
def test_impossible_ranges_are_refused(units, df):
    with pytest.raises(BadInputError, match="at least two units"):
        studentized_range_quantile(confidence_level=0.95, units=units, df=df)
