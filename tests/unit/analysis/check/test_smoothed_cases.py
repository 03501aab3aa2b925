"""Cases of the smoothed interval: every reference case, and the same kinds with other data, names and numbers."""

from pathlib import Path

import numpy as np
import pytest

from app.analysis.check.folder import Case, CaseFile, read_folder
from app.analysis.check.frames import CaseError
from app.analysis.check.runner import check_case
from app.analysis.check.smoothed import HANDLERS

REFERENCE = Path(__file__).parents[3] / "reference/statistics"
ALL = [case for file in read_folder(REFERENCE) for case in file.cases if case.what in HANDLERS]

ROWS = 24
DATA = {
    "d": {
        "inline": {
            "place": [k % 6 for k in range(ROWS)],
            "part": ["x" if k % 6 < 3 else "y" for k in range(ROWS)],
            "team": ["B" if k % 2 else "A" for k in range(ROWS)],
            "a": [5, 4, 3, 2, 4, 5, 4, 3, 5, 1, 4, 4, 5, 2, 3, 4, None, 5, 1, 4, 3, 5, 4, 2],
            "b": [4, 4, 5, 3, 2, 5, 5, 1, 4, 4, None, 3, 5, 5, 4, 2, 3, 4, 4, 5, 2, 3, 5, 4],
            "w": [1 + k % 3 for k in range(ROWS)],
        }
    }
}
DESIGNS = {"g": {"data": "d", "ids": ["place"], "strata": "part", "weights": "w", "fpc": None}}


def computed(what, **raw):
    case = {"id": "x", "what": what, "r": "", "expected": {}, "rtol": 1e-7, "design": "g", **raw}
    return HANDLERS[what](CaseFile(Path(), "file", DATA, DESIGNS, (case,)).cases[-1])


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.file.id}/{case.id}")
def test_reference_cases(case: Case):
    found = check_case(case, HANDLERS)
    assert found.status == "ok", found.reason


def test_grids_take_other_items_thresholds_units_and_rows():
    options = {"by": ["team", "item"], "vars": ["a", "b"]}
    usual = computed("prop_ci_smoothed", **options)
    same = computed("prop_ci_smoothed", **options, indicator="item >= 4")
    best = computed("prop_ci_smoothed", **options, indicator="item >= 5")
    assert usual["file"]["p"] == same["file"]["p"]
    assert usual["file"]["team"] == ["A", "A", "B", "B"]
    assert usual["file"]["item"] == ["a", "b", "a", "b"]
    assert all(x < y for x, y in zip(best["file"]["p"], usual["file"]["p"], strict=True))
    part = computed("prop_ci_smoothed", **options, domain={"part": "x"})
    assert sum(part["file"]["n"]) < sum(usual["file"]["n"])
    assert part["df_design"] == usual["df_design"] == 4


def test_a_higher_level_widens():
    options = {"by": ["team"], "vars": ["b / 5"]}
    usual = computed("index_ci_smoothed", **options)
    wide = computed("index_ci_smoothed", **options, params={"level": 0.99})
    assert (wide["lower"] < usual["lower"]).all()
    assert (wide["upper"] > usual["upper"]).all()


def test_differences_pool_the_items_of_the_case_and_keep_the_design():
    one = computed("difference_mover", by=["team"], indicator="a >= 4")
    both = computed("difference_mover", by=["team"], indicator="a >= 4", vars=["a", "b"])
    assert one["difference"] == pytest.approx(both["difference"])
    assert one["n_eff"] != pytest.approx(both["n_eff"])
    assert np.asarray(one["correlation"]).shape == (2, 2)


def test_differences_without_a_design_read_the_call_or_what_stands_beside_the_answer():
    call = "mover_plain(c(0.9, 0.8), c(100, 90), c(20, 30))"
    beside = {"estimate": [0.9, 0.8], "n_eff": [100, 90], "df_star": [20, 30]}
    first = computed("difference_mover", design=None, r=call)
    second = computed("difference_mover", design=None, expected=beside)
    assert first["lower"] == pytest.approx(second["lower"])
    with pytest.raises(CaseError, match="covariance"):
        computed("difference_mover", design=None, r=call[:-1] + ", c(1, 2, 3))")


@pytest.mark.parametrize(
    ("what", "raw"), [("index_ci_smoothed", {"by": ["team"]}), ("difference_mover", {"by": ["team"]})]
)
def test_cases_that_do_not_say_what_are_refused(what, raw):
    with pytest.raises(CaseError):
        computed(what, **raw)
