"""Cases of comparisons and ranks: every reference case, and the same kinds with other numbers and other inputs."""

from pathlib import Path

import numpy as np
import pytest

from app.analysis.check.comparisons import HANDLERS
from app.analysis.check.folder import Case, CaseFile, read_folder
from app.analysis.check.frames import CaseError
from app.analysis.check.r_random import normal_numbers
from app.analysis.check.runner import check_case
from app.analysis.stats.errors import BadInputError

REFERENCE = Path(__file__).parents[3] / "reference/statistics"
ALL = [case for file in read_folder(REFERENCE) for case in file.cases if case.what in HANDLERS]

DATA = {
    "d": {
        "inline": {
            "village": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
            "commune": ["x"] * 4 + ["y"] * 4 + ["z"] * 4,
            "unit": ["A", "B", "A", "B", "A", "C", "B", "C", "A", "C", "B", "C"],
            "sex": ["F", "M", "F", "F", "M", "M", None, "F", "M", "F", "F", "M"],
            "score": [4, 5, 3, 4, None, 2, 5, 3, 4, 1, 2, 5],
            "before": [3, 5, 2, 4, 4, 2, 4, 3, 3, 2, 2, 4],
            "w": [1, 2, 1, 1, 2, 2, 1, 1, 1, 2, 1, 1],
        }
    }
}
DESIGNS = {"g": {"data": "d", "ids": ["village"], "strata": "commune", "weights": "w", "fpc": None}}


def case_of(what, *others, **raw):
    raw = {"id": "x", "what": what, "r": "", "expected": {}, "rtol": 1e-7} | raw
    earlier = [{"id": f"o{place}", "what": "o", "rtol": 1e-7} | other for place, other in enumerate(others)]
    return CaseFile(Path(), "file", DATA, DESIGNS, (*earlier, raw)).cases[-1]


def computed(what, *others, **raw):
    return HANDLERS[what](case_of(what, *others, **raw))


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.file.id}/{case.id}")
def test_reference_cases(case: Case):
    found = check_case(case, HANDLERS)
    assert found.status == "ok", found.reason


def test_corrections_read_the_literal_p_values_first_and_t_before_both():
    found = computed("p_adjust", r="padj(c(0.01, NA, 0.03))", expected={"p": [0.5]})
    np.testing.assert_allclose(found["holm"], [0.02, np.nan, 0.03])
    stated = computed("p_adjust", r="padj(U)", expected={"p": [0.01, None, 0.03]})
    np.testing.assert_allclose(stated["BH"], found["BH"])
    by_t = computed("p_adjust", r="unreadable (", expected={"t": [2.0], "df": [1e9]})
    assert by_t["p"][0] == pytest.approx(0.0455003, abs=1e-6)


def test_units_come_from_the_call_or_from_beside_the_answer_or_from_an_earlier_case():
    literal = computed("rank_ci", r="full(c(95, 85, 84), c(1, 1, 2), 0.9)")
    assert (literal["level"], literal["df"]) == (0.9, np.inf)
    assert literal["tukey_kramer"]["lower"].tolist() == [1, 2, 2]
    stated = computed("rank_ci", r="full(a, b)", expected={"estimate": [95, 85, 84], "se": [1, 1, 2], "level": 0.9})
    assert stated["crit_tukey_kramer"] == literal["crit_tukey_kramer"]
    earlier = (
        {"r": "full(a, b)", "expected": {"estimate": [1, 2], "se": [0, 0]}},
        {"r": "full(a, b)", "expected": {"estimate": [95, 85, 84], "se": [1, 1, 2]}},
        {"r": "full(a, e)", "expected": {"estimate": [1, 2], "se": [0, 0]}},
    )
    again = computed("rank_ci_check", *earlier, r="ic(a, b)", expected={"lower": [1, 2, 2], "upper": [1, 3, 3]})
    assert again["lower"].tolist() == [1, 2, 2]
    with pytest.raises(CaseError, match="neither"):
        computed("rank_ci_check", *earlier, r="ic(b, a)")
    with pytest.raises(BadInputError, match="at least two"):
        computed("rank_ci", r="full(95, 1)")


def test_pairs_of_a_design_use_its_covariance_and_degrees_of_freedom():
    found = computed("pairwise_t", design="g", vars=["score"], by=["unit"])
    assert found["df"] == 3
    assert (found["i"].tolist(), found["j"].tolist()) == ([1, 1, 2], [2, 3, 3])
    v = found["vcov"]
    assert found["se_diff"][0] == pytest.approx(np.sqrt(v[0, 0] + v[1, 1] - 2 * v[0, 1]))
    ranks = computed("rank_ci", design="g", vars=["score >= 4"], by=["unit"], r="full(coef(b), SE(b), 0.9, degf(g))")
    assert (ranks["df"], ranks["level"]) == (3, 0.9)
    items = computed("pairwise_t", design="g", vars=["score", "before"])
    assert items["difference"].shape == (1,)


def test_words_and_numbers_can_be_associated_and_compared():
    found = computed("rao_scott", design="g", vars=["sex", "score >= 4"], params={"statistic": "Chisq"})
    assert found["statistic_name"] == "X-squared"
    assert found["n"] == 10
    with pytest.raises(CaseError, match="lincom"):
        computed("rao_scott", design="g", vars=["sex", "score"], params={"statistic": "lincom"})
    two = computed("t_test", design="g", vars=["before"], by=["sex"])
    turned = computed("t_test", design="g", vars=["before"], by=["sex"], domain_rule="sex is answered")
    assert two["p_value"] == turned["p_value"]
    paired = computed("t_test", design="g", vars=["score", "before"])
    assert paired["n"] == 11
    with pytest.raises(BadInputError, match="not 3"):
        computed("t_test", design="g", vars=["before"], by=["unit"])


def test_the_stream_of_the_simulated_values():
    """set.seed(1); rnorm(3) and set.seed(42); rnorm(2), as printed by R to six places."""
    assert normal_numbers(1, 3) == pytest.approx([-0.626454, 0.183643, -0.835629], abs=5e-7)
    assert normal_numbers(42, 2) == pytest.approx([1.370958, -0.564698], abs=5e-7)
