"""The closed grammar: every sentence of it, and nothing else."""

import numpy as np
import pytest

from app.analysis.check.expressions import ExpressionError, Scope, columns_of, evaluate, truth

NAN = float("nan")


def words(*values):
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def numbers(*values):
    return np.array([NAN if value is None else value for value in values], dtype=float)


COLUMNS = {
    "diem": numbers(1, 4, None, 5),
    "nguong": numbers(2, 2, 2, None),
    "tuoi.moi": numbers(20, 30, 40, 50),
    "xa": words("A", "B", None, "C, D"),
    "ma": numbers(111, 211, 111, 5),
    "q1": numbers(5, 4, None, 1),
    "q2": numbers(4, None, None, 2),
    "q3": numbers(3, None, 5, 3),
}
SCOPE = Scope(COLUMNS, 4)


def same(got, *wanted):
    np.testing.assert_array_equal(got, numbers(*wanted))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("diem == 4", (0, 1, None, 0)),
        ("diem < 4", (1, 0, None, 0)),
        ("diem > 4", (0, 0, None, 1)),
        ("diem <= 4", (1, 1, None, 0)),
        ("diem >= 4", (0, 1, None, 1)),
        ("diem>=4", (0, 1, None, 1)),
        ("diem > -1.5e0", (1, 1, None, 1)),
        ("diem > nguong", (0, 1, None, None)),
        ("diem >= 2 * nguong", (0, 1, None, None)),
        ("diem >= 0.5*nguong", (1, 1, None, None)),
        ("tuoi.moi > 30", (0, 0, 1, 1)),
        ("xa == 'A'", (1, 0, None, 0)),
        ('xa == "C, D"', (0, 0, None, 1)),
        ("ma == '111'", (1, 0, 1, 0)),
        ("ma == 'A'", (0, 0, 0, 0)),
        ("ma in (111, 5)", (1, 0, 1, 1)),
        ("xa in ('A', 'C, D')", (1, 0, None, 1)),
        ("xa in (A, B)", (1, 1, None, 0)),
        ("diem is answered", (1, 1, 0, 1)),
        ("xa is answered", (1, 1, 0, 1)),
        ("both diem and q1 are answered", (1, 1, 0, 1)),
        ("and diem is answered", (1, 1, 0, 1)),
        ("all items answered", (1, 0, 0, 1)),
        ("all five items answered", (1, 0, 0, 1)),
        ("diem", (1, 4, None, 5)),
        ("diem / 2", (0.5, 2, None, 2.5)),
        ("(mean of the answered items - 1) / 4", (0.75, 0.75, 1, 0.25)),
        ("(mean of the answered items - 2) / 3", (2 / 3, 2 / 3, 1, 0)),
        ("resp_index(q1..q2) is answered", (1, 1, 0, 1)),
    ],
)
def test_sentences(text, wanted):
    same(evaluate(text, SCOPE), *wanted)


def test_respondent_index_needs_half_of_the_items():
    np.testing.assert_allclose(evaluate("resp_index(q1..q3)", SCOPE), [200 / 3, NAN, NAN, 0])
    np.testing.assert_allclose(evaluate("resp_index(q1..q3) / 100", SCOPE), [2 / 3, NAN, NAN, 0])
    np.testing.assert_allclose(evaluate("resp_index(q1..q2)", SCOPE), [100, 100, NAN, 0])


def test_item_of_the_loop_and_its_0_1_form():
    scope = Scope(COLUMNS, 4, item="q1")
    same(evaluate("item", scope), 5, 4, None, 1)
    same(evaluate("item >= 4", scope), 1, 1, None, 0)
    same(evaluate("sat", scope), 1, 1, None, 0)
    same(evaluate("sat == 1", scope), 1, 1, None, 0)
    with_column = Scope(COLUMNS | {"sat": numbers(0, 1, 0, 1)}, 4, item="q1")
    same(evaluate("sat == 1", with_column), 0, 1, 0, 1)


def test_items_of_the_case_come_before_q1_to_q22():
    same(evaluate("all items answered", Scope(COLUMNS, 4, items=("q1", "diem"))), 1, 1, 0, 1)
    with pytest.raises(ExpressionError, match="names no items"):
        evaluate("all items answered", Scope({"a": numbers(1)}, 1))


def test_a_column_of_words_comes_back_as_it_is():
    assert evaluate("xa", SCOPE).tolist() == ["A", "B", None, "C, D"]


def test_missing_is_not_true():
    assert truth("diem >= 4", SCOPE).tolist() == [False, True, False, True]
    with pytest.raises(ExpressionError, match="not a condition"):
        truth("xa", SCOPE)


def test_columns_mentioned():
    assert columns_of("diem >= 2 * nguong", SCOPE) == ("diem", "nguong")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "diem != 4",
        "diem = 4",
        "diem >= 4 and q1 >= 4",
        "diem >= 4 or q1 >= 4",
        "not diem",
        "diem + 1",
        "diem >= 4; import os",
        "__import__('os')",
        "diem in ()",
        "diem in (1,)",
        "diem in 1, 2",
        "diem in (1 2)",
        "khong_co >= 4",
        "khong_co",
        "diem >= khong_co",
        "diem >= 2 * xa",
        "xa >= 4",
        "xa / 2",
        "resp_index(q1..xa)",
        "resp_index(q3..q1)",
        "resp_index(q1..q9)",
        "mean(q1..q2)",
        "both diem are answered",
        "all six items answered",
        "item >= 4",
        "sat",
        "mean of the answered items",
    ],
)
def test_everything_else_is_refused(text):
    with pytest.raises(ExpressionError):
        evaluate(text, SCOPE)
