"""Groups that cannot be told apart: two units share one exactly when nobody separated them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.ranks.groups import indistinguishable_groups, letter, maximal_groups
from app.analysis.stats.ranks.intervals import RankMethod, rank_intervals
from app.analysis.stats.results import SampleKind


def ranked(estimate, se):
    return rank_intervals(
        estimate,
        se,
        df=np.inf,
        method=RankMethod.TUKEY,
        confidence_level=0.95,
        sample_kind=SampleKind.PROBABILITY,
    )


def test_the_worked_example():
    found = indistinguishable_groups(ranked([96.4, 95.1, 94.8, 92.0, 90.3, 89.9, 85.2, 80.7], [1.2] * 8))
    assert found.groups == ((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (4, 5, 6), (6, 7))
    assert found.letters == ("a", "ab", "abc", "abc", "bcd", "cd", "de", "e")


def test_best_first_whatever_the_order_of_the_units():
    found = indistinguishable_groups(ranked([80.7, 96.4, 85.2, 96.0], [0.5] * 4))
    assert found.groups == ((1, 3), (2,), (0,))
    assert found.letters == ("c", "a", "b", "a")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 4)), min_size=2, max_size=9).map(np.array))
def test_letters_say_exactly_who_is_separated(units):
    ranks = ranked(*units.T.astype(float))
    found = indistinguishable_groups(ranks)
    apart = ranks.separated | ranks.separated.T
    for one, other in itertools.combinations(range(len(units)), 2):
        assert bool(set(found.letters[one]) & set(found.letters[other])) != apart[one, other]
    for group in found.groups:
        assert not apart[np.ix_(group, group)].any()
        outside = set(range(len(units))) - set(group)
        assert all(apart[unit, list(group)].any() for unit in outside)
    assert {unit for group in found.groups for unit in group} == set(range(len(units)))


def test_all_alike_and_all_different():
    assert indistinguishable_groups(ranked([1, 1, 1], [1, 1, 1])).groups == ((0, 1, 2),)
    assert indistinguishable_groups(ranked([30, 20, 10], [0, 0, 0])).groups == ((0,), (1,), (2,))


def test_many_units_are_fast():
    random = np.random.default_rng(0)
    found = indistinguishable_groups(ranked(random.normal(90, 5, 300), np.full(300, 1.0)))
    assert 2 < len(found.groups) < 300


def test_letters_go_on_after_z():
    assert [letter(number) for number in (0, 25, 26, 51, 52)] == ["a", "z", "a1", "z1", "a2"]


def test_more_groups_than_a_reader_can_use_are_refused():
    """Pairs that alone are separated, twenty of them: two to the power of twenty groups."""
    separated = np.zeros((40, 40), dtype=bool)
    separated[np.arange(0, 40, 2), np.arange(1, 40, 2)] = True
    with pytest.raises(MethodDoesNotFitError, match="more than 500"):
        maximal_groups(separated, np.arange(40))
    with pytest.raises(BadInputError, match="2 x 2"):
        maximal_groups(separated, np.arange(2))
