"""Corrections of p values against R's p.adjust, and their properties."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.comparisons.adjust import Adjustment, adjust_p_values
from app.analysis.stats.errors import BadInputError
from tests.unit.analysis.stats.comparisons.reference import CASES

NAMES = {
    "holm": Adjustment.HOLM,
    "BH": Adjustment.BENJAMINI_HOCHBERG,
    "hochberg": Adjustment.HOCHBERG,
    "bonferroni": Adjustment.BONFERRONI,
    "BY": Adjustment.BENJAMINI_YEKUTIELI,
}
CORRECTED = [
    pytest.param(case["expected"], id=case["id"])
    for case in json.loads((CASES / "08-multiple-testing.json").read_text("utf-8"))["cases"]
]
lists = st.lists(st.floats(0, 1), min_size=1, max_size=30).map(np.array)


def numbers(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


@pytest.mark.parametrize("expected", CORRECTED)
def test_corrections_equal_those_of_r(expected):
    for name, method in NAMES.items():
        if name in expected:
            ours = adjust_p_values(numbers(expected["p"]), method=method)
            np.testing.assert_allclose(ours, numbers(expected[name]), rtol=1e-12)


@settings(max_examples=60)
@given(lists, st.sampled_from(Adjustment))
def test_corrected_values_are_no_smaller_and_keep_the_order(p, method):
    corrected = adjust_p_values(p, method=method)
    assert (corrected >= p - 1e-15).all()
    assert (corrected <= 1).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(corrected[order]) >= 0).all()


@settings(max_examples=60)
@given(lists, st.sampled_from(Adjustment), st.randoms(use_true_random=False))
def test_the_order_of_the_list_does_not_matter(p, method, random):
    places = list(range(p.size))
    random.shuffle(places)
    assert adjust_p_values(p[places], method=method).tolist() == adjust_p_values(p, method=method)[places].tolist()


@settings(max_examples=60)
@given(lists)
def test_methods_rank_from_strict_to_lenient(p):
    bonferroni, holm, hochberg, bh = (
        adjust_p_values(p, method=method)
        for method in (
            Adjustment.BONFERRONI,
            Adjustment.HOLM,
            Adjustment.HOCHBERG,
            Adjustment.BENJAMINI_HOCHBERG,
        )
    )
    assert (bonferroni >= holm - 1e-15).all()
    assert (holm >= hochberg - 1e-15).all()
    assert (hochberg >= bh - 1e-15).all()


def test_missing_values_are_not_counted():
    corrected = adjust_p_values([0.01, np.nan, 0.04], method=Adjustment.HOLM)
    np.testing.assert_allclose(corrected, [0.02, np.nan, 0.04])
    assert np.isnan(adjust_p_values([np.nan], method=Adjustment.BENJAMINI_HOCHBERG)).all()
    assert adjust_p_values([], method=Adjustment.HOLM).size == 0


def test_what_is_no_probability_is_refused_with_its_place():
    with pytest.raises(BadInputError, match="position 1"):
        adjust_p_values([0.5, 1.2], method=Adjustment.HOLM)
    with pytest.raises(BadInputError, match="dimensions"):
        adjust_p_values([[0.5]], method=Adjustment.HOLM)
