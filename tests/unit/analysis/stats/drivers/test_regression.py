"""Least squares and regression under a design: against R, sums against rows, by hand, and refusals."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.drivers.notes import DriverCode
from app.analysis.stats.drivers.regression import regression, regression_of_rows
from app.analysis.stats.drivers.survey import CONVERGED, Link, survey_regression
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quality.products import cross_products
from app.analysis.stats.results import NoData

REFERENCE = Path(__file__).parents[4] / "reference" / "statistics"
FACTORS = {"f1": range(1, 5), "f2": range(5, 10), "f3": range(10, 14), "f4": range(14, 18)}


def expected(name):
    data = json.loads((REFERENCE / "cases/13-drivers.json").read_text("utf-8"))
    return next(case["expected"] for case in data["cases"] if case["id"] == name)


def rows_of(name):
    with (REFERENCE / "data" / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def column(rows, name):
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


@pytest.fixture(scope="module")
def survey():
    rows = rows_of("sipas_a.csv")
    design = SurveyDesign.of(
        len(rows),
        lonely=LonelyPsu.FAIL,
        weights=column(rows, "weight"),
        strata=np.array([row["commune"] for row in rows]),
        clusters=[np.array([row["village"] for row in rows])],
    )
    items = {number: column(rows, f"q{number}") for number in range(1, 23)}
    scores = np.column_stack([np.ma.masked_invalid([items[n] for n in f]).mean(axis=0) for f in FACTORS.values()])
    return design, items[18], np.ma.filled(scores, np.nan)


def run(survey, link, tolerance, domain=None):
    design, q18, scores = survey
    outcome = q18 if link is Link.LINEAR else np.where(np.isnan(q18), np.nan, q18 >= 4)
    return survey_regression(
        outcome,
        scores,
        design=design,
        link=link,
        drivers=tuple(FACTORS),
        confidence_level=0.95,
        tolerance=tolerance,
        domain=domain,
    )


def example(seed, rows=80, k=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, k)) + rng.normal(size=(rows, 1))
    return x @ np.arange(1.0, k + 1) + rng.normal(size=rows) + 2, x


NAMES = ("a", "b", "c")


def agree(found, wanted, names, rel):
    for ours, theirs in names.items():
        assert getattr(found, ours) == pytest.approx(wanted[theirs], rel=rel)


def test_least_squares_as_in_r():
    rows, wanted = rows_of("attitude.csv"), expected("attitude-ols")
    drivers = tuple(rows[0])[1:]
    found = regression_of_rows(
        column(rows, "rating"),
        np.column_stack([column(rows, name) for name in drivers]),
        drivers=drivers,
        confidence_level=0.95,
    )
    assert list(found.terms) == wanted["terms"]
    names = {"coefficients": "coef", "standardised": "standardised", "vif": "vif", "r_squared": "r_squared"}
    agree(found, wanted, names | {name: name for name in ("se", "t", "p")}, 1e-10)
    assert found.notes == (DriverCode.ASSOCIATION_NOT_CAUSE,)


def test_survey_regressions_as_in_r(survey):
    names = {"coefficients": "coef", "se": "se", "t": "t", "p": "p", "df": "df_residual"}
    linear = run(survey, Link.LINEAR, CONVERGED)
    agree(linear, expected("sipas-svyglm"), names, 1e-10)
    assert linear.n == 627
    agree(run(survey, Link.LOGISTIC, 1e-8), expected("sipas-logistic"), names, 1e-10)
    full = run(survey, Link.LOGISTIC, CONVERGED)
    agree(full, expected("sipas-logistic"), names, 1e-4)
    assert np.isnan([full.r_squared, *full.standardised]).all()


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), cut=st.integers(1, 79))
def test_sums_give_what_rows_give(seed, cut):
    y, x = example(seed)
    table = np.column_stack([x, y])
    sums = cross_products(table[:cut]) + cross_products(table[cut:])
    from_sums = regression(sums, drivers=NAMES, confidence_level=0.9)
    from_rows = regression_of_rows(y, x, drivers=NAMES, confidence_level=0.9)
    for name in ("coefficients", "se", "p", "low", "high", "vif", "standardised"):
        assert getattr(from_sums, name) == pytest.approx(getattr(from_rows, name), rel=1e-8, abs=1e-12)
    by_hand, *_ = np.linalg.lstsq(np.column_stack([np.ones(len(y)), x]), y, rcond=None)
    assert from_rows.coefficients == pytest.approx(by_hand)


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100))
def test_the_scale_of_weights_and_the_order_of_rows_do_not_matter(seed, factor):
    y, x = example(seed)
    rng = np.random.default_rng(seed)
    psu, weights, order = np.arange(80) % 16, rng.uniform(1, 4, 80), rng.permutation(80)
    results = []
    for rows, scale in ((np.arange(80), 1.0), (order, factor)):
        design = SurveyDesign.of(
            80, lonely=LonelyPsu.FAIL, weights=weights[rows] * scale, strata=psu[rows] % 4, clusters=[psu[rows]]
        )
        for link, outcome in ((Link.LINEAR, y), (Link.LOGISTIC, (np.cos(7 * y) > 0) * 1.0)):
            results.append(
                survey_regression(
                    outcome[rows],
                    x[rows],
                    design=design,
                    link=link,
                    drivers=NAMES,
                    confidence_level=0.95,
                    tolerance=CONVERGED,
                )
            )
    for first, second in zip(results[:2], results[2:], strict=True):
        assert first.coefficients == pytest.approx(second.coefficients, rel=1e-6, abs=1e-8)
        assert first.se == pytest.approx(second.se, rel=1e-5)
        assert first.df == 16 - 4 + 1 - 4


def test_the_design_stays_whole(survey):
    design, q18, scores = survey
    inside = np.arange(design.rows) % 2 == 0
    found = run(survey, Link.LINEAR, CONVERGED, domain=inside)
    blanked = run((design, np.where(inside, q18, np.nan), scores), Link.LINEAR, CONVERGED)
    assert found == blanked
    assert found.n < 627


def test_one_psu_gives_no_tests():
    y, x = example(1)
    design = SurveyDesign.of(80, lonely=LonelyPsu.REMOVE, weights=np.ones(80), clusters=[np.zeros(80)])
    found = survey_regression(
        y, x, design=design, link=Link.LINEAR, drivers=NAMES, confidence_level=0.95, tolerance=CONVERGED
    )
    assert DriverCode.NO_DF in found.notes
    assert np.isnan([*found.t, *found.p, *found.low]).all()
    assert np.isfinite(found.coefficients).all()


def test_closely_tied_drivers_are_said():
    y, x = example(2)
    x[:, 1] = x[:, 0] + 0.01 * x[:, 1]
    found = regression_of_rows(y, x, drivers=NAMES, confidence_level=0.95)
    assert DriverCode.COLLINEAR in found.notes


def test_too_few_rows():
    y, x = example(3, rows=4)
    assert regression_of_rows(y, x, drivers=NAMES, confidence_level=0.95) == NoData("too_few_complete")
    assert regression_of_rows(y * np.nan, x, drivers=NAMES, confidence_level=0.95) == NoData("too_few_complete")


def survey_of(y, x, link=Link.LINEAR):
    design = SurveyDesign.of(len(y), lonely=LonelyPsu.FAIL, weights=np.ones(len(y)))
    return survey_regression(y, x, design=design, link=link, drivers=NAMES, confidence_level=0.95, tolerance=CONVERGED)


def test_refusals_are_named():
    y, x = example(4)
    with pytest.raises(MethodDoesNotFitError, match="separate"):
        survey_of((x[:, 0] > 0) * 1.0, x, Link.LOGISTIC)
    with pytest.raises(BadInputError, match="0 or 1"):
        survey_of(y, x, Link.LOGISTIC)
    with pytest.raises(BadInputError, match="'outcome' does not vary"):
        survey_of(np.ones(80), x)
    with pytest.raises(BadInputError, match="'b' does not vary"):
        regression_of_rows(y, x * [1, 0, 1], drivers=NAMES, confidence_level=0.95)
    with pytest.raises(MethodDoesNotFitError, match="exact combination"):
        regression_of_rows(y, x[:, [0, 0, 1]], drivers=NAMES, confidence_level=0.95)
    with pytest.raises(MethodDoesNotFitError, match="weighted"):
        regression(
            cross_products(np.column_stack([x, y]), weights=np.full(80, 2.0)), drivers=NAMES, confidence_level=0.9
        )
    with pytest.raises(BadInputError, match="2 drivers"):
        regression(cross_products(np.column_stack([x, y])), drivers=("a", "b"), confidence_level=0.95)
    with pytest.raises(BadInputError, match="outcome has shape"):
        regression_of_rows(y[:-1], x, drivers=NAMES, confidence_level=0.95)
    design = SurveyDesign.of(10, lonely=LonelyPsu.FAIL, weights=np.ones(10))
    with pytest.raises(BadInputError, match="design of 10 rows"):
        survey_regression(
            y, x, design=design, link=Link.LINEAR, drivers=NAMES, confidence_level=0.95, tolerance=CONVERGED
        )
    assert survey_of(y[:3], x[:3]) == NoData("too_few_complete")
