"""Omega and the confirmatory check: against R and lavaan's published example, by properties, at improper solutions."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quality.confirmatory import (
    confirmatory_check,
    confirmatory_check_of_rows,
    far_from_normal,
    rmsea_of,
)
from app.analysis.stats.quality.factor_fit import Heywood
from app.analysis.stats.quality.notes import QualityCode
from app.analysis.stats.quality.omega import omega, omega_of_rows
from app.analysis.stats.results import NoData

REFERENCE = Path(__file__).parents[4] / "reference" / "statistics"
# Holzinger and Swineford (1939), nine tests of 301 children: covariances (divisor n) printed to three places.
SCHOOL = (
    (1.358,),
    (0.407, 1.382),
    (0.580, 0.451, 1.275),
    (0.505, 0.209, 0.208, 1.351),
    (0.441, 0.211, 0.112, 1.098, 1.660),
    (0.455, 0.248, 0.244, 0.896, 1.015, 1.196),
    (0.085, -0.097, 0.088, 0.220, 0.143, 0.144, 1.183),
    (0.264, 0.110, 0.212, 0.126, 0.181, 0.165, 0.535, 1.022),
    (0.458, 0.244, 0.374, 0.243, 0.295, 0.236, 0.373, 0.457, 1.015),
)
THREES = ((0, 1, 2), (3, 4, 5), (6, 7, 8))


def school():
    matrix = np.zeros((9, 9))
    for i, row in enumerate(SCHOOL):
        matrix[i, : i + 1] = matrix[: i + 1, i] = row
    return matrix


def reference_cases():
    data = json.loads((REFERENCE / "cases/10-reliability.json").read_text("utf-8"))
    return [
        pytest.param({**case, "file": data["data"][case["data"]]["file"]}, id=case["id"])
        for case in data["cases"]
        if case["what"] == "omega"
    ]


def one_factor(loadings, residual):
    return np.outer(loadings, loadings) + np.diag(residual)


@pytest.mark.parametrize("case", reference_cases())
def test_omega_as_in_r(case):
    with (REFERENCE / case["file"]).open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    table = np.array([[float(row[name]) if row[name] else np.nan for name in case["vars"]] for row in rows])
    expected = case["expected"]
    standardised = "uniqueness" in expected
    found = omega_of_rows(table, heywood=Heywood.BOUND, standardised=standardised)
    assert found.omega == pytest.approx(expected["omega"], rel=1e-6)
    assert found.loadings == pytest.approx(expected["loadings"], rel=1e-5)
    assert found.residual == pytest.approx(expected["uniqueness" if standardised else "residual"], rel=1e-5)
    if not standardised:
        assert found.chi_square == pytest.approx(expected["fit_chisq"], rel=1e-9)


def test_the_example_everybody_knows():
    found = confirmatory_check(school(), factors=THREES, n=301, heywood=Heywood.FREE, confidence_level=0.90)
    assert found.chi_square == pytest.approx(85.306, abs=0.05)
    assert (found.df, found.n) == (24, 301)
    assert found.cfi == pytest.approx(0.931, abs=0.001)
    assert found.tli == pytest.approx(0.896, abs=0.001)
    assert found.rmsea == pytest.approx(0.092, abs=0.0005)
    assert [found.rmsea_interval.low, found.rmsea_interval.high] == pytest.approx([0.071, 0.114], abs=0.0006)
    assert found.srmr == pytest.approx(0.065, abs=0.0005)
    assert found.loadings == pytest.approx([0.900, 0.498, 0.656, 0.990, 1.102, 0.917, 0.619, 0.731, 0.670], abs=1e-3)
    assert found.loading_se == pytest.approx(
        [0.081, 0.077, 0.074, 0.057, 0.063, 0.054, 0.070, 0.066, 0.065], abs=0.0006
    )
    assert found.factor_correlation[0] == pytest.approx([1, 0.459, 0.470], abs=1e-3)
    assert [note.code for note in found.notes] == [QualityCode.SUGGESTION_ONLY]


@settings(max_examples=40)
@given(
    loadings=st.lists(st.floats(0.3, 2.0), min_size=3, max_size=8),
    seed=st.integers(0, 1000),
    heywood=st.sampled_from(Heywood),
)
def test_an_exact_model_is_found_again(loadings, seed, heywood):
    residual = np.random.default_rng(seed).uniform(0.3, 2.0, len(loadings))
    found = omega(one_factor(loadings, residual), n=500, heywood=heywood)
    assert found.loadings == pytest.approx(loadings, rel=1e-6)
    assert found.residual == pytest.approx(residual, rel=1e-6)
    assert found.omega == pytest.approx(sum(loadings) ** 2 / (sum(loadings) ** 2 + residual.sum()), rel=1e-7)
    assert found.chi_square == pytest.approx(0, abs=1e-8)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_units_and_order_of_items_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    matrix = np.cov((rng.normal(size=(300, 1)) + rng.normal(size=(300, 5))).T)
    base = omega(matrix, n=300, heywood=Heywood.BOUND)
    order, scale = rng.permutation(5), rng.uniform(0.01, 100, 5)
    mixed = omega(matrix[np.ix_(order, order)], n=300, heywood=Heywood.BOUND)
    scaled = omega(matrix * np.outer(scale, scale), n=300, heywood=Heywood.BOUND)
    assert mixed.omega == pytest.approx(base.omega, rel=1e-6)
    assert np.array(scaled.loadings) == pytest.approx(np.array(base.loadings) * scale, rel=1e-5)
    assert scaled.chi_square == pytest.approx(base.chi_square, rel=1e-6, abs=1e-8)


def test_improper_solutions_are_said():
    matrix = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    free = omega(matrix, n=300, heywood=Heywood.FREE)
    assert free.loadings[0] ** 2 == pytest.approx(0.8 * 0.8 / 0.5)
    assert free.residual[0] == pytest.approx(1 - 1.28)
    assert free.notes[0].code is QualityCode.HEYWOOD_FREE
    bound = omega(matrix, n=300, heywood=Heywood.BOUND)
    assert bound.residual[0] == pytest.approx(0.005)
    assert (bound.notes[0].code, bound.notes[0].items) == (QualityCode.HEYWOOD_BOUND, (0,))
    assert bound.chi_square > 0
    assert QualityCode.JUST_IDENTIFIED in {note.code for note in free.notes}
    assert np.isnan(free.p_value)


def test_two_factors_of_two_items_and_too_close_factors():
    pattern = np.array([[1, 0], [1, 0], [0, 1], [0, 1]]) * 0.8
    for correlation, close in ((0.4, False), (0.95, True)):
        phi = np.array([[1, correlation], [correlation, 1]])
        matrix = pattern @ phi @ pattern.T + 0.36 * np.eye(4)
        found = confirmatory_check(matrix, factors=((0, 1), (2, 3)), n=400, heywood=Heywood.BOUND, confidence_level=0.9)
        assert found.factor_correlation[0][1] == pytest.approx(correlation, rel=1e-5)
        assert found.omega == pytest.approx([2.56 / (2.56 + 0.72)] * 2, rel=1e-5)
        assert (QualityCode.FACTORS_NOT_DISTINCT in {note.code for note in found.notes}) is close
        assert (found.df, found.rmsea, found.cfi) == (1, pytest.approx(0, abs=1e-5), pytest.approx(1))


def test_small_samples_and_far_from_normal_answers_are_said():
    rng = np.random.default_rng(4)
    x = np.rint(np.clip(rng.normal(size=(120, 1)) + rng.normal(size=(120, 4)) + 3, 1, 5))
    x[:, 0] = np.where(rng.random(120) < 0.03, 1, 5)
    found = confirmatory_check_of_rows(
        x, factors=((0, 1, 2, 3),), heywood=Heywood.BOUND, confidence_level=0.9, weights=np.full(120, 2.0)
    )
    codes = {note.code: note.items for note in found.notes}
    assert codes[QualityCode.NOT_NORMAL] == (0,)
    assert {QualityCode.SMALL_SAMPLE, QualityCode.SUGGESTION_ONLY} <= codes.keys()
    assert far_from_normal(np.full((2, 2), np.nan)) == ()


def test_limits_of_rmsea():
    perfect, limits = rmsea_of(10.0, df=24, n=300, confidence_level=0.9)
    assert (perfect, limits.low) == (0.0, 0.0)
    assert rmsea_of(0.0, df=0, n=300, confidence_level=0.9)[1].high == 0.0
    value, near = rmsea_of(85.306, df=24, n=301, confidence_level=0.9)
    _, wide = rmsea_of(85.306, df=24, n=301, confidence_level=0.99)
    assert wide.low < near.low < value < near.high < wide.high


def test_refusals_are_named():
    even = np.eye(3) + 0.5
    with pytest.raises(MethodDoesNotFitError, match="three items"):
        omega(np.eye(2), n=10, heywood=Heywood.BOUND)
    with pytest.raises(BadInputError, match="does not vary"):
        omega_of_rows([[1, 2, 5], [2, 3, 5], [3, 1, 5]], heywood=Heywood.BOUND, standardised=True)
    with pytest.raises(BadInputError, match="exact combinations"):
        omega(np.ones((3, 3)), n=10, heywood=Heywood.BOUND)
    for factors, words in (
        (((0, 1),), "no factor"),
        (((0, 1, 1), (2, 0)), "another factor"),
        (((0, 1), (2,)), "two are needed"),
        (((0, 1, 7),), "does not exist"),
    ):
        with pytest.raises(BadInputError, match=words):
            confirmatory_check(even, factors=factors, n=10, heywood=Heywood.BOUND, confidence_level=0.9)
    with pytest.raises(MethodDoesNotFitError, match=r"not identified|converge"):
        confirmatory_check(np.eye(4), factors=((0, 1), (2, 3)), n=99, heywood=Heywood.FREE, confidence_level=0.9)
    assert omega(even, n=1, heywood=Heywood.BOUND) == NoData("too_few_complete")
    assert omega_of_rows(np.full((3, 3), np.nan), heywood=Heywood.BOUND, standardised=False) == NoData(
        "too_few_complete"
    )
    nobody = confirmatory_check_of_rows(
        np.full((3, 3), np.nan), factors=((0, 1, 2),), heywood=Heywood.BOUND, confidence_level=0.9
    )
    assert nobody == NoData("too_few_complete")
