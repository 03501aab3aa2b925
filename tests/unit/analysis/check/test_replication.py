"""Replicate cases: where factors are given, which type is meant, what is refused."""

from pathlib import Path

import numpy as np
import pytest

from app.analysis.check.folder import Case, CaseFile
from app.analysis.check.frames import CaseError
from app.analysis.check.replication import HANDLERS
from app.analysis.stats.errors import StatisticsError

DATA = {
    "d": {"inline": {"s": [1, 1, 2, 2], "u": [1, 2, 1, 2], "w": [2, 2, 3, 3], "y": [1, 2, 4, 8], "x": [2, 2, 5, 9]}},
    "f": {"inline": {"s": [2, 2, 1, 1], "u": [2, 1, 2, 1], "a": [2, 0, 0, 2], "b": [0, 2, 2, 0], "c": [2, 0, 2, 0], "e": [0, 2, 0, 2]}},
}  # fmt: skip
DESIGNS = {
    "plain": {"data": "d", "ids": None, "strata": None, "weights": "w", "fpc": None},
    "strata": {"data": "d", "ids": ["u"], "strata": "s", "weights": "w", "fpc": None, "nest": True},
}


def computed(what, design, **more):
    raw = {"id": "x", "what": what, "design": design, "expected": {}, "rtol": 1e-7} | more
    return HANDLERS[what](Case(CaseFile(Path(), "file", DATA, DESIGNS), raw))


def test_without_a_type_strata_decide():
    assert computed("replicates", "plain")["scale"] == 0.75
    strata = computed("replicates", "strata", vars=["y", "x"])
    assert (strata["scale"], strata["n_replicates"], strata["degf"]) == (1.0, 4, 2)
    np.testing.assert_allclose(strata["rscales_unique"], [0.5])
    assert strata["replicate_estimates"].shape == (8,)


def test_half_samples_given_by_unit_by_row_and_in_the_expected_values():
    by_row = np.array([[2, 0, 0, 2], [0, 2, 2, 0], [0, 2, 0, 2], [2, 0, 2, 0]])
    table = {"type": "BRR", "factors": "f"}
    given = {"type": "BRR", "replicate_factors": by_row.tolist()}
    named = {"type": "BRR", "replicate_factors": "0 or 2, given in expected.half, one column per replicate"}
    one = {"vars": ["y", "x"]}
    rows = computed("replicate_ratio", "strata", params=given, **one)
    expected = computed("replicate_ratio", "strata", params=named, expected={"half": by_row.tolist()}, **one)
    np.testing.assert_allclose(rows["se"], expected["se"])
    np.testing.assert_array_equal(expected["half"], by_row)
    made = computed("replicate_total", "strata", params={"type": "BRR"}, vars=["y"])
    np.testing.assert_allclose(made["se"], made["se_linearised"])
    np.testing.assert_allclose(computed("replicate_ratio", "strata", params=table, **one)["se"], rows["se"])
    with pytest.raises(CaseError, match="not to be found"):
        computed("replicate_mean", "strata", params=named, vars=["y"])


def test_the_centre_and_the_probability():
    mean = {"type": "JK1", "centre": "mean of the replicates"}
    full = {"type": "JK1", "centre": "full-sample estimate"}
    assert (
        computed("replicate_mean", "plain", params=full, vars=["y"])["se"]
        > computed("replicate_mean", "plain", params=mean, vars=["y"])["se"]
    )
    text = {"r": 'svyquantile(~y, jk, c(0.25, 0.9), interval.type = "quantile")'}
    np.testing.assert_array_equal(computed("replicate_quantile", "plain", vars=["y"], **text)["estimate"], [2, 8])
    named = computed("replicate_quantile", "plain", vars=["y"], params={"p": 0.9}, r="")
    np.testing.assert_array_equal(named["estimate"], [8])


def test_what_r_refuses_is_refused():
    with pytest.raises(StatisticsError):
        computed("replicate_mean", "strata", params={"type": "JK1"}, vars=["y"])
    with pytest.raises(CaseError, match="same way twice"):
        computed("replicate_mean", "plain", params={"type": "bootstrap"}, vars=["y"])
    with pytest.raises(CaseError, match="two variables"):
        computed("replicate_ratio", "plain", vars=["y"])
    with pytest.raises(CaseError, match="which quantile"):
        computed("replicate_quantile", "plain", vars=["y"], r="f(1)")
