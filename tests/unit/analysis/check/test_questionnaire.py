"""Cases about questionnaires are computed from their documented fields: other data, names and numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.analysis.check.folder import Case, CaseFile, read_folder
from app.analysis.check.frames import CaseError
from app.analysis.check.questionnaire import HANDLERS
from app.analysis.check.runner import check_case
from app.analysis.stats.errors import MethodDoesNotFitError, StatisticsError

REFERENCE = Path(__file__).parents[3] / "reference" / "statistics"


def reference_cases():
    files = read_folder(REFERENCE)
    return [
        pytest.param(case, id=f"{file.id}/{case.id}") for file in files for case in file.cases if case.what in HANDLERS
    ]


def file_of(rows=90, **design):
    rng = np.random.default_rng(8)
    level = rng.normal(size=(rows, 1))
    items = np.clip(np.rint(level + rng.normal(size=(rows, 5)) + 3), 1, 5)
    columns = {f"v{number}": column.tolist() for number, column in enumerate(items.T, 1)}
    columns |= {"zone": [f"z{row % 3}" for row in range(rows)], "site": [row % 15 for row in range(rows)]}
    columns |= {"w": rng.uniform(1, 2, rows).tolist()}
    columns["v1"][0] = None
    spec = {"data": "people", "ids": ["site"], "strata": "zone", "weights": "w", "fpc": None, **design}
    return CaseFile(Path(), "other", {"people": {"inline": columns}}, {"s": spec})


def computed(what, *, file=None, **raw):
    return HANDLERS[what](Case(file or file_of(), {"id": "x", "what": what, "expected": {}, "rtol": 1e-7, **raw}))


@pytest.mark.parametrize("case", reference_cases())
def test_the_kept_reference_cases(case):
    found = check_case(case, HANDLERS)
    assert found.status == "ok", found.reason


def test_alpha_of_a_domain_and_of_words_for_complete_rows():
    items = ["v1", "v2", "v3"]
    whole = computed("reliability", data="people", vars=items)
    zone = computed("reliability", design="s", vars=items, domain={"zone": "z1"}, domain_rule="all items answered")
    assert (whole["n_complete"], zone["n_complete"]) == (89, 30)
    assert whole["alpha"] != zone["alpha"]


def test_omega_reads_which_matrix_is_meant():
    items = ["v1", "v2", "v3", "v4"]
    covariance = computed("omega", data="people", vars=items, r="omega_cov(m)")
    for given in ({"r": "omega_cor(m)"}, {"r": "factanal(m, 1)"}, {"params": {"matrix": "correlation"}}):
        correlation = computed("omega", data="people", vars=items, **given)
        assert max(correlation["loadings"]) < 1 < sum(correlation["loadings"])
        assert correlation["loadings"] != covariance["loadings"]


def test_a_condition_makes_the_regression_logistic():
    drivers = ["v2", "v3"]
    linear = computed("regression_survey", design="s", vars=["v1", *drivers])
    by_condition = computed("regression_survey", design="s", vars=["v1 >= 3", *drivers])
    assert linear["terms"] == by_condition["terms"] == ("(Intercept)", "v2", "v3")
    assert linear["df_residual"] == 15 - 3 + 1 - 3
    assert linear["coef"] != by_condition["coef"]


def test_weights_come_from_the_design_only():
    variables = ["v1", "v2", "v3"]
    assert computed("lmg", data="people", vars=variables)["lmg"] != computed("lmg", design="s", vars=variables)["lmg"]
    shares = computed("relative_weights", design="s", vars=variables)["share"]
    assert sum(shares) == pytest.approx(1)


def test_a_matrix_names_its_factors_or_its_design_does():
    derived = file_of(derived="a, b: row means of the answered items v2-v3, v4-v5; rows with v1 and both present")
    by_design = computed("priority_matrix", file=derived, design="s")
    assert by_design["factor"] == ["a", "b"]
    assert by_design["n"] == 89
    assert by_design["importance_cut"] == 0.5
    by_case = computed("priority_matrix", file=derived, design="s", vars=["v1", "b", "a"])
    assert by_case["importance"] == pytest.approx(by_design["importance"][::-1])
    assert set(by_design["quadrant"]) <= {"fix first", "keep up", "low priority", "possible overkill"}
    some = computed("priority_matrix", file=derived, design="s", domain_rule="a >= 3", domain={"zone": "z0"})
    assert some["n"] < 30
    with pytest.raises(CaseError, match="no vars"):
        computed("priority_matrix", design="s")


def test_nobody_is_a_refusal_and_words_are_a_fault():
    with pytest.raises(MethodDoesNotFitError, match="nothing to compute"):
        computed("reliability", data="people", vars=["v1", "v2"], domain={"zone": "nowhere"})
    with pytest.raises(CaseError, match="column of words"):
        computed("reliability", data="people", vars=["v1", "zone"])
    with pytest.raises(StatisticsError):
        computed("reliability", data="people", vars=["v1"])


def test_results_are_trees_of_plain_values():
    found = computed("regression", data="people", vars=["v1", "v2", "v3"])
    assert json.loads(json.dumps(found))["n"] == 89
