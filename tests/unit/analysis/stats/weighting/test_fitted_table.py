"""Tables fitted to the totals of their axes keep the odds ratios of the seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError, EmptyCategoryError, NotConvergedError
from app.analysis.stats.weighting.fitting import fit_table

tables = st.lists(st.floats(1, 50), min_size=12, max_size=12).map(lambda cells: np.array(cells).reshape(3, 4))


@settings(max_examples=50)
@given(tables, tables)
def test_totals_are_met_and_odds_ratios_kept(seed, other):
    found = fit_table(seed, [other.sum(axis=1), other.sum(axis=0)]).table
    assert found.sum(axis=1) == pytest.approx(other.sum(axis=1), rel=1e-8)
    assert found.sum(axis=0) == pytest.approx(other.sum(axis=0), rel=1e-8)
    odds = [t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0]) for t in (seed, found)]
    assert odds[1] == pytest.approx(odds[0], rel=1e-9)


def test_three_axes_and_empty_cells():
    seed = np.ones((2, 2, 2))
    seed[0, 0, 0] = 0
    found = fit_table(seed, [[4, 6], [5, 5], [3, 7]])
    assert found.table[0, 0, 0] == 0
    assert [found.table.sum(axis=axes).tolist() for axes in ((1, 2), (0, 2), (0, 1))] == [
        pytest.approx([4, 6]),
        pytest.approx([5, 5]),
        pytest.approx([3, 7]),
    ]
    assert found.gap < 1e-9


def test_a_total_of_zero_empties_its_row():
    found = fit_table([[1, 2], [3, 4]], [[0, 10], [4, 6]])
    assert found.table.tolist() == [[0, 0], pytest.approx([4, 6])]


def test_what_cannot_be_fitted_is_named():
    with pytest.raises(EmptyCategoryError, match="'rows', position 1"):
        fit_table([[1, 2], [0, 0]], [[5, 5], [5, 5]], names=("rows", "columns"))
    with pytest.raises(BadInputError, match="'axis 0' 10, 'axis 1' 11"):
        fit_table([[1, 2], [3, 4]], [[5, 5], [5, 6]])
    with pytest.raises(BadInputError, match="shape"):
        fit_table([[1, 2], [3, 4]], [[5, 5], [5, 4, 1]])
    with pytest.raises(BadInputError, match="counts"):
        fit_table([[1, -2], [3, 4]], [[5, 5], [5, 5]])
    with pytest.raises(NotConvergedError, match="margin 'axis"):
        fit_table([[1, 0], [0, 1]], [[4, 6], [5, 5]])
