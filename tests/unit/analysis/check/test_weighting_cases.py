"""Cases about weights in a folder with names, data and methods of its own; expected values worked out by hand."""

import json

import numpy as np
import pytest

from app.analysis.check.compare import Status
from app.analysis.check.folder import read_folder
from app.analysis.check.runner import run
from app.analysis.check.weighting import HANDLERS

Y = [2.0, 4, 6, 8, 10, 1]
START = [1.0, 2, 3, 4, 5, 5]
ZONE = ["n", "n", "s", "s", "s", "n"]
PAY = ["yes", "no", "yes", "no", "no", "yes"]
POST = {"method": "post-stratification", "margins": {"zone": {"n": 16, "s": 24}}}
FINAL = [2.0, 4, 6, 8, 10, 10]


def case(name, what, expected, **fields):
    return {"id": name, "what": what, "design": "rows", "r": "", "expected": expected, "rtol": 1e-9} | fields


def outcomes(folder, cases, *, tables=()):
    (folder / "cases").mkdir()
    for name, text in tables:
        (folder / name).write_text(text, "utf-8")
    columns = {"y": Y, "zone": ZONE, "pay": PAY, "w": START, "year": [1, 1, 2, 2, 2, 1]}
    content = {
        "schema": "stat-ref-1",
        "id": "other",
        "data": {"few": {"inline": columns}},
        "designs": {"rows": {"data": "few", "ids": None, "strata": None, "weights": "w", "fpc": None}},
        "cases": cases,
    }
    (folder / "cases" / "a.json").write_text(json.dumps(content), "utf-8")
    return {outcome.case.id: outcome.comparison for outcome in run(read_folder(folder), HANDLERS)}


def all_ok(folder, *cases, **options):
    found = outcomes(folder, list(cases), **options)
    assert {name: (each.status, each.reason) for name, each in found.items()} == dict.fromkeys(found, (Status.OK, ""))


def residual_se(final, z, fit):
    """Standard error of post-stratification on the zone, rows as units."""
    z, fit, final, zone = np.array(z), np.array(fit), np.array(final), np.array(ZONE)
    for each in "ns":
        z[zone == each] -= np.average(z[zone == each], weights=fit[zone == each])
    u = final * z
    return float(np.sqrt(6 / 5 * ((u - u.mean()) ** 2).sum()))


def test_post_stratified_weights_and_the_file_of_every_weight(tmp_path):
    table = "row,first,second\n" + "\n".join(f"{row},{w},0" for row, w in enumerate(FINAL, 1))
    summary = {"file": "t.csv", "column": "first", "sum": 40, "min": 2, "max": 10, "sum_sq": 320}
    all_ok(
        tmp_path,
        case("w", "weights", summary, params=POST),
        case("d", "weights", {"n": 6, "sum": 20, "kish_deff": 1.2, "kish_n_eff": 5, "cv2": 0.2}),
        tables=[("t.csv", table)],
    )


def test_a_single_wrong_weight_in_the_file_is_found(tmp_path):
    table = "first\n" + "\n".join(map(str, [2, 4, 6, 8, 10.001, 10]))
    summary = {"file": "t.csv", "column": "first", "sum": 40}
    found = outcomes(tmp_path, [case("w", "weights", summary, params=POST)], tables=[("t.csv", table)])
    assert found["w"].status is Status.DIFFERS


def test_estimates_in_r_words_after_weighting(tmp_path):
    text = """{     a <- svymean(~y + I(pay == "yes"), mine)     b <- svyby(~y, ~zone + pay, mine, svytotal)
        list(mean = arr(as.vector(coef(a))), se = as.vector(SE(svymean(~y, mine))), groups = coef(b),
             part = as.vector(coef(svymean(~y, subset(mine, year == 2)))), plain = coef(svymean(~y, rows)),
             twice = 2 * sum(weights(mine)), share = ciprop_all(~I(pay %in% c("yes", "maybe")), mine)$estimate) }"""
    mean = np.average(Y, weights=FINAL)
    expected = {
        "mean": [mean, 0.55, 0.45],
        "se": residual_se(FINAL, (np.array(Y) - mean) / 40, START),
        "groups": [16, 164, 14, 36],
        "part": np.average([6, 8, 10], weights=[6, 8, 10]),
        "plain": np.average(Y, weights=START),
        "twice": 80,
        "share": 0.45,
    }
    all_ok(
        tmp_path,
        case("v-x", "weights", {"sum": 40}, params=POST),
        case("e", "estimates_after_weighting", expected, params={"weights": "x"}, r=text),
        case("last", "estimates_after_weighting", {"mean": mean}, r="list(mean = coef(svymean(~y, anything)))"),
    )


def test_trimming_goes_on_from_the_raking_before_it(tmp_path):
    rake = {"method": "raking", "margins": {"zone": {"n": 20, "s": 20}, "pay": {"yes": 25, "no": 15}}}
    cut = {"method": "raking, then cut (repeated until none exceeds)", "upper": 8.5}
    cells = {"sum": 40, "cells": ["n|no", "s|no", "n|yes", "s|yes"]}
    all_ok(
        tmp_path,
        case("r", "weights", cells, params=rake),
        case("c", "weights", {"sum": 40, "max": 8.5}, params=cut),
    )


def test_trimming_of_the_weights_of_the_design_and_of_named_ones(tmp_path):
    all_ok(
        tmp_path,
        case("v-x", "weights", {"sum": 40}, params=POST),
        case(
            "a",
            "weights",
            {"sum": 20, "max": 4, "min": 5 / 3},
            params={"method": "trimming", "upper": 4, "strict": True},
        ),
        case("b", "weights", {"sum": 40, "max": 9}, params={"weights": "x", "upper": 9, "strict": True}),
    )


def test_calibration_to_columns_categories_and_products(tmp_path):
    params = {
        "method": "calibration, logit distance",
        "bounds": [0.3, 4],
        "totals": {"(Intercept)": 40, "zones": 22, "y": 230, "zones:payyes": 5},
    }
    text = 'list(t = coef(svytotal(~y + I(zone == "s"), z)), m = coef(svymean(~y, z)), s = SE(svytotal(~y, z)))'
    expected = {"t": [230, 18, 22], "m": 5.75, "s": 0}
    all_ok(
        tmp_path,
        case("c", "weights", {"sum": 40}, params=params),
        case("e", "estimates_after_weighting", expected, r=text),
    )


def test_an_empty_category_is_a_refusal(tmp_path):
    params = {"method": "raking", "margins": {"zone": {"n": 20, "s": 20, "w": 5}, "pay": {"yes": 20, "no": 25}}}
    found = outcomes(tmp_path, [case("r", "weights", {"error": "empty"}, params=params)])
    assert found["r"].status is Status.OK
    assert "'w'" in found["r"].reason


def test_a_table_from_r_text_and_from_parameters(tmp_path):
    text = "{     s <- matrix(c(1, 2, 3, 4), 2)     list(seed = s, row_totals = c(5, 5), column_totals = c(4, 6), fitted = m) }"
    table = {"seed": [[1, 3], [2, 4]], "row_totals": [5, 5], "column_totals": [4, 6]}
    # The first cell x keeps the odds ratio: x (x + 1) = odds (4 - x) (5 - x).
    odds = 1 * 4 / (3 * 2)
    x = float(min(np.roots([1 - odds, 1 + 9 * odds, -20 * odds]), key=lambda root: abs(root - 1.8)))
    fitted = [[x, 5 - x], [4 - x, 1 + x]]
    all_ok(
        tmp_path,
        case("r", "ipf_table", {"fitted": fitted}, r=text),
        case("p", "ipf_table", {"fitted": fitted}, params=table),
        case("e", "ipf_table", table | {"fitted": fitted}),
    )


def test_what_is_not_known_is_said(tmp_path):
    found = outcomes(
        tmp_path,
        [
            case("a", "estimates_after_weighting", 1, r="svyglm(y, rows)"),
            case("b", "estimates_after_weighting", 1, params={"weights": "absent"}, r="coef(svymean(~y, z))"),
            case("c", "weights", {"sum": 1}, params={"method": "raking, then cut", "upper": 3}),
            case("d", "weights", {"sum": 1}, params={"method": "linear", "totals": {"zonex": 3}}),
        ],
    )
    for name, word in {"a": "svyglm", "b": "absent", "c": "begins alike", "d": "zonex"}.items():
        assert word in found[name].reason


@pytest.mark.parametrize("text", ["list(a = svyratio(~y, ~w, z))", "coef(1)", "x$y", "{ 1 -> 2 }", ""])
def test_odd_text_never_crashes(tmp_path, text):
    found = outcomes(tmp_path, [case("a", "estimates_after_weighting", {"a": 1}, r=text)])
    assert found["a"].status is not Status.OK
