"""Sentences that make columns: every form of the grammar, and refusal of everything else."""

import numpy as np
import pytest

from app.analysis.check.derived import derive
from app.analysis.check.expressions import ExpressionError

NAN = np.nan
COLUMNS = {
    "q1": np.array([1.0, 2, NAN, NAN]),
    "q2": np.array([3.0, NAN, 5, NAN]),
    "q3": np.array([5.0, 4, 3, 2]),
    "q10": np.array([1.0, NAN, 1, 1]),
    "place": np.array(["a", None, "c", "d"], dtype=object),
}


def made(text):
    return derive(text, COLUMNS, 4)


def same(found, wanted):
    return np.array_equal(found, wanted, equal_nan=True)


def test_ranges_and_lists_one_set_a_name():
    found = made(
        "f1..f3: row means of the answered items q1-q2, q3, (q1, q3 and q10); rows with q10 and all three present"
    )
    assert list(found.columns) == ["f1", "f2", "f3"]
    assert same(found.columns["f1"], [2, 2, 5, NAN])
    assert same(found.columns["f2"], [5, 4, 3, 2])
    assert same(found.columns["f3"], [7 / 3, 3, 2, 1.5])
    assert found.beside == ("q10",)
    assert found.rows.tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("s: row sum of the items q1..q3", [9, NAN, NAN, NAN]),
        ("s: row sums of the answered items q1 and q2", [4, 2, 5, NAN]),
        ("s: mean of q1, q2", [2, NAN, NAN, NAN]),
        ("s: row mean of the answered items q1-q3.", [3, 3, 4, 2]),
    ],
)
def test_one_name_takes_all_sets(text, wanted):
    assert same(made(text).columns["s"], wanted)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("rows with q1 present", [True, True, False, False]),
        ("rows with q1..q2 answered", [True, False, False, False]),
        ("rows with all of them complete", [True, False, False, False]),
        ("rows with both present", [True, False, False, False]),
        ("only rows with place, q3 and all 2 present", [True, False, False, False]),
    ],
)
def test_rows_that_count(rows, wanted):
    found = made(f"a, b: row means of the items q1, q2; {rows}")
    assert found.rows.tolist() == wanted


def test_columns_made_before_may_be_used():
    found = made("a: mean of q1, q3; b: sum of the answered columns a, q2")
    assert same(found.columns["b"], [6, 3, 5, NAN])


def test_nothing_said():
    found = made("")
    assert (found.columns, found.beside, found.rows.tolist()) == ({}, (), [True] * 4)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("f1 = q1 + q2", "no sentence"),
        ("__import__('os'): mean of q1", "no list of columns"),
        ("f1..f2: row means of the items q1-q2", "2 names for 1 sets"),
        ("a, b: row means of q1, q2; rows with all three present", "does not fit"),
        ("rows with all present", "does not fit"),
        ("a: mean of q9", "no column 'q9'"),
        ("a: mean of place", "holds words"),
        ("a: mean of q3-q1", "neither a column nor"),
        ("a: mean of (q1, q2", "no list"),
    ],
)
def test_everything_else_is_refused(text, words):
    with pytest.raises(ExpressionError, match=words):
        made(text)
