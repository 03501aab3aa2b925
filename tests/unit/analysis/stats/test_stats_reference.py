"""Our limits against the values kept in tests/reference/."""

import csv
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from app.analysis.stats.index import Formula, IntervalMethod, index_table
from app.analysis.stats.intervals.binomial import BinomialMethod, proportion
from app.analysis.stats.intervals.hypergeometric import hypergeometric_limits
from app.analysis.stats.intervals.limits import clopper_pearson_limits, wilson_limits
from app.analysis.stats.layout import BLANK, Criterion, Level, SumsLayout
from app.analysis.stats.quantiles import normal_quantile
from app.analysis.stats.results import SampleKind
from app.analysis.stats.smoothed import kappa_of, smooth, smoothed_limits
from app.analysis.stats.spread import Aggregation
from app.analysis.stats.sums import from_answers

REFERENCE = Path(__file__).parents[3] / "reference"


def cases(file, what):
    data = json.loads((REFERENCE / "statistics/cases" / f"{file}.json").read_text("utf-8"))
    return [pytest.param(case["expected"], case, id=case["id"]) for case in data["cases"] if case["what"] == what]


def case(file, name):
    data = json.loads((REFERENCE / "statistics/cases" / f"{file}.json").read_text("utf-8"))
    return next(c["expected"] for c in data["cases"] if c["id"] == name)


def grid(name):
    with (REFERENCE / "statistics/data" / name).open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def matrix(rows, column, items=22):
    return np.array([float(row[column] or "nan") for row in rows]).reshape(-1, items)


def near(expected):
    return pytest.approx(expected, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize(("expected", "case"), cases("07-binomial", "binomial_ci"))
def test_plain_shares(expected, case):
    for method in BinomialMethod:
        limits = expected[method.value]
        estimate = proportion(
            expected["x"],
            expected["n"],
            confidence_level=expected["level"],
            method=method,
            sample_kind=SampleKind.PROBABILITY,
        )
        assert estimate.value == near(expected["estimate"])
        # Limits outside 0..1, as R prints for Wald, are cut.
        assert [estimate.interval.low, estimate.interval.high] == near([max(0, limits[0]), min(1, limits[1])])


@pytest.mark.parametrize(("expected", "case"), cases("07-binomial", "binomial_ci_real"))
def test_effective_numbers(expected, case):
    p, n = expected["p"], expected["n_eff"]
    assert [float(x) for x in wilson_limits(p, n, normal_quantile(0.95))] == near(expected["wilson"])
    assert [float(x) for x in clopper_pearson_limits(n * p, n, confidence_level=0.95)] == near(
        expected["clopper_pearson"]
    )


@pytest.mark.parametrize(("expected", "case"), cases("04-dossiers-a", "hypergeometric_ci"))
def test_exact_limits_of_a_known_population(expected, case):
    limits = hypergeometric_limits(expected["x"], expected["n"], expected["N"], confidence_level=0.95)
    assert [float(limit) for limit in limits] == near(expected["ci95"])


@pytest.mark.parametrize("survey", ["a", "c"])
@pytest.mark.parametrize("fpc", [False, True])
def test_smoothed_wilson_of_shares(survey, fpc):
    expected = case("15-smoothed-wilson", f"grid-{survey}{'-fpc' if fpc else ''}")
    rows, plain = grid(Path(expected["file"]).name), grid(f"sipas_{survey}_expected_smoothed.csv")
    n, p, variance = matrix(rows, "n"), matrix(rows, "p"), matrix(plain, "se_design") ** 2
    srs = np.where(n >= 2, p * (1 - p) / np.where(n >= 2, n - 1, 1), np.nan)
    design = smooth(
        variance=np.where(n >= 2, variance, np.nan),
        srs=srs,
        fpc_factor=np.array(expected["fpc_factor"]),
        df_unit=np.array(expected["df_domain"], float),
        df_design=expected["df_design"],
        kappa=1.0,
    )
    assert design.deff_all == near(expected["deff_all"])
    assert design.deff_unit == near(expected["deff_domain"])
    assert design.deff_star == near(expected["deff_star"])
    assert design.df_star == near(expected["df_star"])
    low, high, n_eff = smoothed_limits(p, n, design, confidence_level=0.95)
    for ours, column in ((low, "lower"), (high, "upper"), (n_eff, "n_eff")):
        wanted = matrix(rows, column)
        known = np.isfinite(wanted)
        assert ours[known] == near(wanted[known])


@pytest.mark.parametrize("name", ["index-a", "score-a", "index-c", "score-c"])
def test_smoothed_wilson_of_indices(name):
    expected = case("15-smoothed-wilson", name)
    p, n = np.array(expected["estimate"])[:, None], np.array(expected["n"], float)[:, None]
    variance = np.array(expected["se_design"])[:, None] ** 2
    s2 = variance / np.array(expected["deff_domain"])[:, None] * (n - 1)
    survey = case("15-smoothed-wilson", f"grid-{name[-1]}")
    df_unit = np.array(survey["df_domain"], float)
    design = smooth(
        variance=variance,
        srs=s2 / (n - 1),
        fpc_factor=np.ones(len(p)),
        df_unit=df_unit,
        df_design=survey["df_design"],
        kappa=kappa_of(p, s2, n),
    )
    assert design.kappa == near(expected["c"])
    assert design.deff_all == near(expected["deff_all"])
    assert design.deff_star == near(expected["deff_star"])
    low, high, n_eff = smoothed_limits(p, n, design, confidence_level=0.95)
    assert n_eff[:, 0] == near(expected["n_eff"])
    assert low[:, 0] == near(expected["lower"])
    assert high[:, 0] == near(expected["upper"])


@pytest.mark.parametrize("aggregation", list(Aggregation))
def test_index_by_hand(aggregation):
    data = json.loads((REFERENCE / "index/by_hand.json").read_text("utf-8"))
    answers = np.array([[BLANK if x is None else x for x in row] for row in data["answers"]], dtype=np.uint8)
    layout = SumsLayout.of(columns=2, levels=5, criteria=[Criterion("a", 0, "f"), Criterion("b", 1, "f")])
    table = index_table(
        layout,
        from_answers(layout, answers)[None],
        formula=Formula.TOP2,
        aggregation=aggregation,
        confidence_level=0.95,
        sample_kind=SampleKind.OPEN,
        method=IntervalMethod.WILSON_OWN_VARIANCE,
    )
    estimate, expected = table.estimate(0, table.position(Level.FACTOR, "f")), data["expected"][aggregation.value]
    assert estimate.n == expected["n"]
    assert estimate.value == near(float(Fraction(expected["value"])))
    assert estimate.se**2 == near(float(Fraction(expected["variance"])))
    assert estimate.n_eff == near(float(Fraction(expected["n_eff"])))
