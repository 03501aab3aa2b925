"""The warnings for intervals that no method can make reliable: seen in the data, silent elsewhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.cautions import (
    cautions,
    dissatisfied_worth,
    few_dissatisfied,
    shared_worth,
    unlike_others,
)
from app.analysis.stats.intervals.reasons import REASON_TEXTS, Reason

VILLAGES = {"shared": True, "df_design": 11.0, "people_per_place": 30.0}


def test_the_rarer_side_counts_by_effective_size():
    worth = dissatisfied_worth([[0.9, 0.2], [0.8, np.nan]], [[100.0, 50.0], [10.0, np.nan]])
    assert worth == pytest.approx([100 * 0.1 + 10 * 0.2, 50 * 0.2])


def test_columns_count_by_their_part_of_the_pooled_variance():
    p, n = np.array([[0.5, 1.0]]), np.array([[40, 40]])
    assert shared_worth([20.0, 0.0], p, n) == pytest.approx(20.0)
    assert shared_worth([20.0, 5.0], [[0.5, 0.9]], n) == pytest.approx((20 * 0.25 + 5 * 0.09) / 0.34)
    assert shared_worth([0.0], [[1.0]], [[40]]) == 0.0


@pytest.mark.parametrize(
    ("worth", "deff", "change", "warned"),
    [
        (2.0, 6.0, {}, True),
        (20.0, 6.0, {}, False),
        (2.0, 1.4, {}, False),
        (0.0, 1.0, {}, True),
        (0.0, 1.0, {"people_per_place": 1.0}, False),
        (2.0, 6.0, {"df_design": 2.0}, False),
        (0.0, 1.0, {"df_design": 0.0}, False),
        (np.nan, 6.0, {}, False),
        (7.0, 6.0, {}, False),
        (7.0, 6.0, {"shared": False}, True),
        (12.0, 6.0, {"shared": False}, False),
        (7.0, 6.0, {"shared": False, "df_design": 2.0}, True),
    ],
)
def test_a_survey_of_few_dissatisfied_people_in_few_places_is_warned_of(worth, deff, change, warned):
    assert bool(few_dissatisfied(worth, deff, **{**VILLAGES, **change})) is warned


def test_a_unit_whose_places_differ_far_more_than_those_of_the_others_is_named():
    own, df = np.array([1.5, 6.0, 6.0, 1.9, np.nan]), np.array([9.0, 9.0, 0.0, 9.0, 9.0])
    used = (df * own + 10 * 1.5) / (df + 10)
    assert unlike_others(own, used, 1.5, df).tolist() == [False, True, False, False, False]


@settings(max_examples=60)
@given(
    st.floats(0.2, 20.0),
    st.integers(1, 200),
    st.floats(1.0, 10.0),
    st.floats(1.0, 3.0),
)
def test_a_larger_own_design_effect_is_never_less_suspicious(own, df, deff_all, more):
    def warned(effect):
        used = max(1.0, (df * effect + 10.0 * deff_all) / (df + 10.0))
        return bool(unlike_others(effect, used, deff_all, df))

    assert warned(own) <= warned(own * more)


def test_units_like_the_others_are_hardly_ever_named():
    rng = np.random.default_rng(7)
    df = np.repeat([2.0, 5.0, 11.0, 30.0], 5000)
    own = 3.0 * rng.chisquare(df) / df
    named = unlike_others(own, np.maximum(1.0, (df * own + 30.0) / (df + 10.0)), 3.0, df)
    assert named.reshape(4, -1).mean(axis=1).max() < 0.015


def test_warnings_come_as_reasons_with_words():
    assert cautions(few=False, unlike=False) == ()
    assert cautions(few=True, unlike=True) == (Reason.FEW_DISSATISFIED, Reason.UNLIKE_OTHERS)
    assert all(REASON_TEXTS[reason].vi for reason in cautions(few=True, unlike=True))


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(BadInputError, match=r"\(1, 2\)"):
        dissatisfied_worth([[0.5, 0.5]], [[10.0]])
