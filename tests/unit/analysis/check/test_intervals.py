"""Interval cases: all of the collection, and cases of the same format with other numbers."""

from pathlib import Path

import pytest

from app.analysis.check.compare import Status
from app.analysis.check.folder import Case, CaseFile, read_folder
from app.analysis.check.intervals import HANDLERS
from app.analysis.check.runner import check_case
from app.analysis.stats.errors import MethodDoesNotFitError

REFERENCE = Path(__file__).parents[3] / "reference" / "statistics"
CASES = [case for file in read_folder(REFERENCE) for case in file.cases if case.what in HANDLERS]


def case_of(what, **raw):
    return Case(CaseFile(Path(), "file", {}, {}), {"id": "x", "what": what, "expected": {}, "rtol": 1e-7, **raw})


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file.id}/{case.id}")
def test_the_collection(case):
    found = check_case(case, HANDLERS)
    assert (found.status, found.reason) == (Status.OK, found.reason), found.reason


def test_every_kind_is_in_the_collection():
    assert {case.what for case in CASES} == set(HANDLERS)


def test_inputs_come_from_the_call_the_parameters_or_the_answer():
    from_call = HANDLERS["binomial_ci"](case_of("binomial_ci", r="allci(n = 20, x = 3, level = 0.9)"))
    from_params = HANDLERS["binomial_ci"](case_of("binomial_ci", params={"x": 3, "n": 20, "level": 0.9}))
    from_answer = HANDLERS["binomial_ci"](case_of("binomial_ci", expected={"x": 3, "n": 20, "level": 0.9}))
    assert from_call == from_params == from_answer
    assert from_call["level"] == 0.9
    assert HANDLERS["hypergeometric_ci"](case_of("hypergeometric_ci", r="hyper_ci(9L, 12L, 12L)"))["ci95"] == [
        0.75,
        0.75,
    ]


def test_another_survey():
    data = {"d": {"inline": {"v": [1, 1, 2, 2, 3, 3, 4], "w": [1, 2, 1, 2, 1, 2, 1], "q": [5, 4, 2, 5, None, 3, 4]}}}
    designs = {"s": {"data": "d", "ids": ["v"], "strata": None, "weights": "w", "fpc": None}}
    file = CaseFile(Path(), "file", data, designs)
    raw = {
        "id": "x",
        "what": "prop_ci",
        "design": "s",
        "indicator": "q >= 4",
        "domain_rule": "q is answered",
        "rtol": 1e-7,
    }
    found = HANDLERS["prop_ci"](Case(file, {**raw, "expected": {}}))
    assert (found["n"], found["n_psu"], found["df"], found["estimate"]) == (6, 4, 3, pytest.approx(6 / 9))
    assert found["ci95"]["wilson"][0] < 6 / 9 < found["ci95"]["wilson"][1]


def test_a_design_with_one_place_is_refused():
    data = {"d": {"inline": {"v": [1, 1], "w": [1, 1], "q": [1, 0]}}}
    designs = {"s": {"data": "d", "ids": ["v"], "strata": None, "weights": "w", "fpc": None}}
    raw = {"id": "x", "what": "prop_ci", "design": "s", "indicator": "q == 1", "expected": {}, "rtol": 1e-7}
    with pytest.raises(MethodDoesNotFitError, match="single primary unit"):
        HANDLERS["prop_ci"](Case(CaseFile(Path(), "file", data, designs), raw))
