"""Shares of R²: against R, by the definition, by properties, and refusals."""

import csv
import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.drivers.importance import importance, lmg_shares, relative_weights
from app.analysis.stats.drivers.notes import TEXTS, DriverCode
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError, TooManyDriversError
from app.analysis.stats.quality.products import correlation_of, cross_products

REFERENCE = Path(__file__).parents[4] / "reference" / "statistics"


def expected(name):
    data = json.loads((REFERENCE / "cases/13-drivers.json").read_text("utf-8"))
    return next(case["expected"] for case in data["cases"] if case["id"] == name)


def attitude():
    """Drivers and, last, the rating."""
    with (REFERENCE / "data/attitude.csv").open(encoding="utf-8") as stream:
        table = np.array([[float(cell) for cell in row.values()] for row in csv.DictReader(stream)])
    return correlation_of(cross_products(np.roll(table, -1, axis=1)).covariance())


def random_correlation(seed, k):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(50, k + 1)) + rng.normal(size=(50, 1))
    return np.corrcoef(x.T)


def r_squared(matrix, subset):
    rows = list(subset)
    if not rows:
        return 0.0
    outer = matrix[rows, -1]
    return float(outer @ np.linalg.solve(matrix[np.ix_(rows, rows)], outer))


def test_lmg_as_in_r():
    found, wanted = importance(attitude()), expected("attitude-lmg")
    for name in ("lmg", "first", "last"):
        assert getattr(found, name) == pytest.approx(wanted[name], rel=1e-11)
    assert found.r_squared == pytest.approx(wanted["r_squared"], rel=1e-12)


def test_lmg_and_johnson_of_a_printed_matrix():
    wanted = expected("sipas-lmg-weighted")
    matrix = np.array(wanted["weighted_correlation"])
    assert importance(matrix).lmg == pytest.approx(wanted["lmg"], rel=1e-11)
    assert relative_weights(matrix).raw == pytest.approx(expected("sipas-johnson-weighted")["raw"], rel=1e-11)


def test_johnson_as_in_r():
    found, wanted = relative_weights(attitude()), expected("attitude-johnson")
    assert found.raw == pytest.approx(wanted["raw"], rel=1e-11)
    assert found.share == pytest.approx(wanted["share"], rel=1e-11)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 4))
def test_the_definition_over_all_orders(seed, k):
    matrix = random_correlation(seed, k)
    gains = np.zeros(k)
    orders = list(permutations(range(k)))
    for order in orders:
        for place, driver in enumerate(order):
            gains[driver] += r_squared(matrix, order[: place + 1]) - r_squared(matrix, order[:place])
    assert importance(matrix).lmg == pytest.approx(gains / len(orders), abs=1e-12)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 7))
def test_shares_add_up_and_follow_their_driver(seed, k):
    matrix = random_correlation(seed, k)
    found, johnson = importance(matrix), relative_weights(matrix)
    assert sum(found.lmg) == pytest.approx(found.r_squared)
    assert sum(found.share) == pytest.approx(1)
    assert sum(johnson.raw) == pytest.approx(found.r_squared)
    assert min(found.lmg) >= -1e-15
    order = np.random.default_rng(seed).permutation(k)
    mixed = np.append(order, k)
    assert importance(matrix[np.ix_(mixed, mixed)]).lmg == pytest.approx(np.array(found.lmg)[order])
    flip = np.where(np.arange(k + 1) == 0, -1.0, 1.0)
    assert importance(matrix * np.outer(flip, flip)).lmg == pytest.approx(found.lmg)
    assert lmg_shares(np.stack([matrix, matrix * np.nan]))[0] == pytest.approx(found.lmg)


def test_uncorrelated_drivers_share_by_their_own_r_squared():
    matrix = np.eye(4)
    matrix[:3, 3] = matrix[3, :3] = (0.5, 0.3, 0.0)
    found = importance(matrix)
    assert found.lmg == pytest.approx([0.25, 0.09, 0])
    assert found.first == pytest.approx(found.lmg)
    assert found.last == pytest.approx(found.lmg)
    assert relative_weights(matrix).raw == pytest.approx(found.lmg)


def test_nothing_explained():
    assert np.isnan(importance(np.eye(3)).share).all()
    assert np.isnan(relative_weights(np.eye(3)).share).all()


def test_it_is_always_called_association():
    assert importance(attitude()).notes == (DriverCode.ASSOCIATION_NOT_CAUSE,)
    assert relative_weights(attitude()).notes == (DriverCode.ASSOCIATION_NOT_CAUSE,)
    assert TEXTS.keys() == set(DriverCode)
    assert "nhân quả" in TEXTS[DriverCode.ASSOCIATION_NOT_CAUSE][0]
    assert "not cause" in TEXTS[DriverCode.ASSOCIATION_NOT_CAUSE][1]


def test_refusals_are_named():
    with pytest.raises(TooManyDriversError, match="17 drivers"):
        lmg_shares(np.eye(18))
    with pytest.raises(TooManyDriversError, match="at most 16"):
        importance(np.eye(18))
    with pytest.raises(BadInputError, match="at least one driver"):
        lmg_shares(np.eye(1))
    with pytest.raises(BadInputError, match="column 1 does not vary"):
        importance(correlation_of(np.diag([1.0, 0.0, 1.0])))
    with pytest.raises(BadInputError, match="not a correlation"):
        importance(2 * np.eye(3))
    with pytest.raises(BadInputError, match="square"):
        importance(np.ones((2, 3)))
    same = np.array([[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]])
    with pytest.raises(MethodDoesNotFitError, match="exact combination"):
        relative_weights(same)
    assert np.isnan(lmg_shares(same)).all()
