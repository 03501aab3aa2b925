"""Small-number rule: whatever is added or subtracted, nobody is singled out in a group below the threshold."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.disclosure import UnitCounts, protect_partition, protect_tree, publishable
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.binomial import BinomialMethod, proportion
from app.analysis.stats.results import NoData, SampleKind

THRESHOLD = 5
COUNT = st.one_of(st.integers(0, 7), st.integers(0, 30))


def test_small_category_takes_the_next_smallest_with_it():
    decision = protect_partition([40, 3, 12, 25], threshold=10)
    assert decision.total
    assert decision.shown == (True, False, False, True)


def test_zero_is_shown_and_enough_small_ones_hide_each_other():
    assert protect_partition([0, 6, 6, 30], threshold=10).shown == (True, False, False, True)
    assert protect_partition([0, 0, 30], threshold=10).shown == (True, True, True)


def test_a_small_total_shows_nothing_and_an_empty_one_shows_that_it_is_empty():
    assert protect_partition([3, 4], threshold=10).total is False
    assert protect_partition([0, 0], threshold=10) == protect_partition([0, 0], threshold=5)
    assert protect_partition([0, 0], threshold=10).total is True


def test_a_hidden_child_cannot_be_got_from_its_parent():
    tree = UnitCounts("p", (0, 0), (UnitCounts("a", (3, 0)), UnitCounts("b", (8, 8)), UnitCounts("c", (30, 30))))
    decision = protect_tree(tree, threshold=5)
    assert decision.totals == {"p", "c"}
    assert decision.breakdowns == {"p", "c"}


def test_a_breakdown_is_taken_back_where_the_rest_of_a_category_would_be_small():
    # Without the rule, channel 2 of unit a (2 people) would be the parent's 22 less b's 10 and c's 10.
    tree = UnitCounts("p", (0, 0), (UnitCounts("a", (20, 2)), UnitCounts("b", (20, 10)), UnitCounts("c", (30, 10))))
    decision = protect_tree(tree, threshold=5)
    assert decision.totals == {"p", "a", "b", "c"}
    assert decision.breakdowns == {"p", "c"}


@pytest.mark.parametrize(
    "tree",
    [
        UnitCounts("p", (1, -1)),
        UnitCounts("p", (1, 1), (UnitCounts("p", (1, 1)),)),
        UnitCounts("p", (1, 1), (UnitCounts("a", (1,)),)),
    ],
)
def test_impossible_trees_are_refused(tree):
    with pytest.raises((BadInputError, ValueError)):
        protect_tree(tree, threshold=5)
    with pytest.raises(BadInputError):
        protect_partition([1], threshold=0)


@given(st.lists(COUNT, min_size=1, max_size=7))
def test_no_subtraction_from_a_total_isolates_a_few(counts):
    decision = protect_partition(counts, threshold=THRESHOLD)
    shown = [n for n, is_shown in zip(counts, decision.shown, strict=True) if is_shown]
    assert all(n == 0 or n >= THRESHOLD for n in shown)
    if decision.total:
        rest = sum(counts) - sum(shown)
        assert rest == 0 or rest >= THRESHOLD
    else:
        assert not shown


def trees(categories):
    own = st.tuples(*[COUNT] * categories)

    def name(unit, code="r"):
        return UnitCounts(code, unit[0], tuple(name(child, f"{code}{i}") for i, child in enumerate(unit[1])))

    leaves = own.map(lambda counts: (counts, ()))
    nodes = st.recursive(leaves, lambda child: st.tuples(own, st.lists(child, min_size=1, max_size=3)), max_leaves=5)
    return nodes.map(name)


def cells_of(unit):
    """Every group of people the labels can tell apart: own people of a unit, by category."""
    yield from (((unit.code, c), n) for c, n in enumerate(unit.own))
    for child in unit.children:
        yield from cells_of(child)


def units_of(unit):
    yield unit
    for child in unit.children:
        yield from units_of(child)


def published(root, decision):
    """Indicator vectors of all shown figures over the label cells, and the cells' counts."""
    labels, counts = zip(*cells_of(root), strict=True)
    groups = [[c] for c, shown in enumerate(decision.categories) if shown]
    rows = []
    for unit in units_of(root):
        below = {u.code for u in units_of(unit)}
        if unit.code in decision.totals:
            rows.append([code in below for code, _ in labels])
        if unit.code in decision.breakdowns:
            rows += [[code in below and c in group for code, c in labels] for group in groups]
    return np.array(rows, dtype=float).reshape(len(rows), len(labels)), np.array(counts)


def known_empty(rows, counts):
    """Cells inside a figure shown as 0 are known to be empty."""
    empty = np.zeros(len(counts), dtype=bool)
    for row in rows:
        if counts[row > 0].sum() == 0:
            empty |= row > 0
    return empty


def assert_nobody_isolated(rows, counts):
    """No 0/1 combination of the shown figures stands for 1..threshold-1 people."""
    keep = ~known_empty(rows, counts)
    rows, counts = rows[:, keep], counts[keep]
    if rows.size == 0:
        return
    # Cells that no figure tells apart count as one.
    kinds, owner = np.unique(rows.T, axis=0, return_inverse=True)
    if len(kinds) > 12:
        return
    sizes = np.bincount(owner.ravel(), weights=counts, minlength=len(kinds))
    _, singular, axes = np.linalg.svd(kinds.T, full_matrices=True)
    out_of_reach = axes[int((singular > 1e-9).sum()) :].T
    choices = np.array(list(itertools.product([0.0, 1.0], repeat=len(kinds))))
    reachable = (np.abs(choices @ out_of_reach) < 1e-8).all(axis=1)
    people = choices @ sizes
    isolating = reachable & (people > 0) & (people < THRESHOLD)
    assert not isolating.any(), (rows, counts, choices[isolating][0])


@settings(max_examples=300)
@given(trees(2))
def test_no_combination_of_shown_figures_of_a_tree_isolates_a_few(root):
    rows, counts = published(root, protect_tree(root, threshold=THRESHOLD))
    assert_nobody_isolated(rows, counts)


def by_dimension(unit, dimension):
    """The same people by one of two crossed partitions of two categories each."""
    own = np.array(unit.own).reshape(2, 2).sum(axis=1 - dimension)
    return UnitCounts(unit.code, tuple(own.tolist()), tuple(by_dimension(child, dimension) for child in unit.children))


@settings(max_examples=300)
@given(trees(4))
def test_one_way_breakdowns_by_two_partitions_may_stand_together(root):
    labels, counts = zip(*cells_of(root), strict=True)
    rows = []
    for dimension in (0, 1):
        tree = by_dimension(root, dimension)
        decision = protect_tree(tree, threshold=THRESHOLD)
        coarse = [label for label, _ in cells_of(tree)]
        shown, _ = published(tree, decision)
        place = [coarse.index((code, cell // 2 if dimension == 0 else cell % 2)) for code, cell in labels]
        rows.append(shown[:, place])
    assert_nobody_isolated(np.vstack(rows), np.array(counts))


@given(trees(3))
def test_shown_figures_themselves_are_never_small(root):
    decision = protect_tree(root, threshold=THRESHOLD)
    for unit in units_of(root):
        if unit.code in decision.totals:
            assert unit.n == 0 or unit.n >= THRESHOLD
        if unit.code in decision.breakdowns:
            assert unit.code in decision.totals
            shown = [n for n, is_shown in zip(unit.counts, decision.categories, strict=True) if is_shown]
            assert all(n == 0 or n >= THRESHOLD for n in shown)
            rest = unit.n - sum(shown)
            assert rest == 0 or rest >= THRESHOLD


def test_a_figure_of_a_few_people_is_not_published():
    few, enough = (
        proportion(4, n, method=BinomialMethod.WILSON, confidence_level=0.95, sample_kind=SampleKind.OPEN)
        for n in (9, 10)
    )
    assert publishable(few, threshold=10) == NoData("too_few_answers")
    assert publishable(enough, threshold=10) is enough
    assert publishable(NoData("no_answers"), threshold=10) == NoData("no_answers")
