"""Planning cases are read from their R text: order and names of arguments, defaults, other numbers."""

from pathlib import Path

import pytest

from app.analysis.check.folder import Case, CaseFile
from app.analysis.check.planning import HANDLERS
from app.analysis.check.r_calls import UnreadableTextError
from app.analysis.stats.errors import BadInputError


def computed(what, text):
    raw = {"id": "x", "what": what, "r": text, "expected": {}, "rtol": 1e-7}
    return HANDLERS[what](Case(CaseFile(Path(), "file", {}, {}), raw))


def test_arguments_in_any_order():
    assert computed("n_proportion", "n_prop(N = 1000, e = 0.05)") == computed("n_proportion", "n_prop(0.05, 0.5, 1000)")
    assert computed("n_difference", "n_diff(power = 0.9, deff = 1.5, 0.9, 0.95)") == computed(
        "n_difference", "n_diff(0.9, 0.95, 1.5, 0.9)"
    )
    assert computed("n_slovin", "slovin(e = 0.1, N = 400)") == {"n_exact": pytest.approx(80), "n": 80}


def test_one_sided_and_strict_power():
    two = computed("power_difference", "power.prop.test(n = 30, p1 = 0.5, p2 = 0.6)$power")
    one = computed("power_difference", 'power.prop.test(n = 30, p1 = 0.5, p2 = 0.6, alternative = "one.sided")$power')
    strict = computed("power_difference", "power.prop.test(n = 30, p1 = 0.5, p2 = 0.6, strict = TRUE)$power")
    assert two["power"] < strict["power"] < one["power"]


def test_the_half_width_of_other_quantiles():
    text = "{     p <- 0.8     n <- 100     s <- sqrt(p * (1 - p)/n)     list(s = s, z90 = qnorm(0.95) * s, t = qt(0.995, df = 9) * s) }"
    found = computed("half_width", text)
    assert found == {"s": pytest.approx(0.04), "z90": pytest.approx(0.0657941), "t": pytest.approx(0.1299934)}


def test_a_call_that_is_not_there_and_numbers_that_cannot_be():
    with pytest.raises(UnreadableTextError, match="n_prop"):
        computed("n_proportion", "other(0.05)")
    with pytest.raises(UnreadableTextError, match="'e'"):
        computed("n_proportion", "n_prop(e)")
    with pytest.raises(BadInputError):
        computed("n_proportion", "n_prop(-0.05)")
    with pytest.raises(BadInputError):
        computed("n_difference", "n_diff(0.5, 1.5)")
