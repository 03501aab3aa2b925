"""The comparer: tolerances, missing values, missing keys, tables."""

import numpy as np
import pytest

from app.analysis.check.compare import Status, compare

NAN, INF = float("nan"), float("inf")


def verdict(expected, got, *, rtol=1e-7, table=None):
    return compare(expected, got, rtol=rtol, table=table or {}.__getitem__)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (2.0, 2.0 + 1.9e-7),
        (0.0, 9e-10),
        (None, NAN),
        (None, None),
        ("Inf", INF),
        ("-Inf", -INF),
        ("t", "t"),
        (True, np.True_),
        ([1.5], 1.5),
        (1.5, [1.5]),
        (1.5, np.array([1.5])),
        ([[1, 2], [3, None]], np.array([[1, 2], [3, NAN]])),
        ({"a": {"b": 1}}, {"a": {"b": 1.0, "more": 2}}),
        ({"names": ["I(q1 >= 4)"]}, {"names": ["q1 >= 4"]}),
        ({"by": [1, 2]}, {"by": {"ESA": [1.0, 2.0]}}),
        ({"by": {"unit": ["01", "2"]}}, {"by": {"unit": [1.0, 2.0]}}),
        ({"domains": [1, 2]}, {"domains": ["1", "2"]}),
        ({"ci95": {"logit": [0.5]}}, {"ci95": {"logit": [0.50004]}}),
        ({"df": 47}, {"df": np.int64(47)}),
    ],
)
def test_agreement(expected, got):
    found = verdict(expected, got)
    assert (found.status, found.reason) == (Status.OK, "")


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (2.0, 2.0 + 2.1e-7),
        (0.0, 1.1e-9),
        (1.0, None),
        (None, 0.5),
        (1.0, "1"),
        ({"by": ["A"]}, {"by": ["1"]}),
        ("Inf", 1e300),
        ("t", "F"),
        (True, 1.0),
        ([1, 2], [1, 2, 3]),
        ([1, 2], 1.5),
        ({"a": 1}, 1),
        ({"names": ["a", "b"]}, {"names": ["a"]}),
        ({"ci95": {"beta": [0.5]}}, {"ci95": {"beta": [0.50004]}}),
        ({"df": 1000}, {"df": 1000.00001}),
        ({"lower": [1, 2]}, {"lower": [1, 3]}),
    ],
)
def test_disagreement(expected, got):
    assert verdict(expected, got).status is Status.DIFFERS


def test_reports_the_largest_difference_and_where():
    found = verdict({"a": [10.0, 20.0], "b": 5.0}, {"a": [10.0, 22.0], "b": 5.5})
    assert found.difference == pytest.approx(0.1)
    assert found.reason.startswith(("a.1: 22.0 instead of 20.0", "b: 5.5 instead of 5.0"))
    assert found.reason.endswith("(and 1 more)")
    assert verdict(4.0, 4.0).difference == 0.0
    assert verdict("t", "t").difference is None


def test_a_key_that_is_absent_is_not_covered_unless_something_differs():
    found = verdict({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {}})
    assert (found.status, found.reason) == (Status.NOT_COVERED, "nothing computed for b.c")
    assert verdict({"a": 1, "b": 2}, {"a": 3}).status is Status.DIFFERS


TABLE = {"unit": ["U1", "U1", "U2"], "item": ["q1", "q2", "q1"], "n": [3.0, 4.0, 5.0], "p": [0.5, NAN, 1.0]}


def shuffled(**changes):
    columns = {"item": ["q1", "q1", "q2"], "unit": ["U2", "U1", "U1"], "n": [5, 3, 4], "p": [1.0, 0.5, None]}
    return {"file": columns | changes, "rows": 3}


def against_table(got):
    return verdict({"file": "data/t.csv", "rows": 3}, got, table={"data/t.csv": TABLE}.__getitem__)


def test_rows_of_a_table_are_matched_by_their_words():
    assert against_table(shuffled()).status is Status.OK
    found = against_table(shuffled(p=[1.0, 0.6, None]))
    assert found.status is Status.DIFFERS
    assert "file.U1,q1.p: 0.6 instead of 0.5" in found.reason
    assert against_table(shuffled(unit=["U2", "U1", "U3"])).status is Status.DIFFERS
    missing = shuffled()
    del missing["file"]["n"]
    assert against_table(missing).status is Status.NOT_COVERED


def test_rows_of_a_table_of_numbers_are_matched_by_place():
    table = {"data/t.csv": {"a": [1.0, 2.0]}}.__getitem__
    assert verdict({"file": "data/t.csv"}, {"file": {"a": [1.0, 2.0]}}, table=table).status is Status.OK
    assert verdict({"file": "data/t.csv"}, {"file": {"a": [2.0, 1.0]}}, table=table).status is Status.DIFFERS
