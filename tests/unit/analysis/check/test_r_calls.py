"""R text is read, never run: literals are worked out, everything else stays visible as not literal."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.check.r_calls import (
    Call,
    Name,
    UnreadableTextError,
    assignments,
    find_call,
    find_calls,
    is_literal,
    match_arguments,
    number,
    numbers,
    parse_call,
)

CASES = Path(__file__).parents[3] / "reference" / "statistics" / "cases"


def argument(text):
    return parse_call(f"f({text})").positional[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e+06", 1e6),
        ("5L", 5.0),
        (".05", 0.05),
        ("TRUE", True),
        ("NULL", None),
        ('"a \\"b\\""', 'a "b"'),
        ("'x'", "x"),
        ("-2^2", -4.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("1 - 2 - 3", -4.0),
        ("sqrt(4 * 9)", 6.0),
        ("7 %% 3 + 7 %/% 3", 3.0),
        ("(1 + 2) * 3", 9.0),
        ("sum(c(1, 2, 3:4))", 10.0),
        ("c(10, 20, 30)[2]", 20.0),
        ('c("a", "b")[2]', "b"),
        ("1 < 2", True),
        ("!TRUE", False),
    ],
)
def test_literals_are_worked_out(text, value):
    assert argument(text) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("c(1, 2.5, -3)", [1, 2.5, -3]),
        ("3:1", [3, 2, 1]),
        ("seq(0, 1, by = 0.25)", [0, 0.25, 0.5, 0.75, 1]),
        ("seq(1, 2, length.out = 3)", [1, 1.5, 2]),
        ("rep(c(1, 2), times = 2)", [1, 2, 1, 2]),
        ("rep(c(1, 2), each = 2)", [1, 1, 2, 2]),
        ("600 * c(1, 3)/4", [150, 450]),
        ("c(1, 2, 3)[-1]", [2, 3]),
        ("c(1, 2, 3)[c(1, 3)]", [1, 3]),
        ("matrix(1:4, 2)", [[1, 3], [2, 4]]),
        ("matrix(1:6, ncol = 3, byrow = TRUE)", [[1, 2, 3], [4, 5, 6]]),
        ("cbind(c(1, 2), c(3, 4))", [[1, 3], [2, 4]]),
        ("c(1, NA)", [1, np.nan]),
    ],
)
def test_vectors_and_matrices(text, values):
    np.testing.assert_array_equal(argument(text), values)


def test_names_of_a_vector_are_kept():
    assert argument("c(a = 1, b = 2)") == {"a": 1.0, "b": 2.0}
    np.testing.assert_array_equal(numbers({"x": {"a": 1.0, "b": 2.0}}, "x"), [1.0, 2.0])


def test_what_the_text_does_not_give_stays_a_name_or_a_call():
    call = parse_call('svymean(~api00 + enroll, subset(d, stype == "H"), x$y, m[1, ], function(z) z + 1)')
    assert [is_literal(part) for part in call.positional] == [False] * 5
    formula, subset, element, row, function = call.positional
    assert find_call(formula, "+").positional == (Name("api00"), Name("enroll"))
    assert find_call(subset, "==").positional == (Name("stype"), "H")
    assert element == Call("$", (Name("x"), Name("y")))
    assert row == Call("[", (Name("m"), 1.0, Name("")))
    assert function.name == "function"


def test_inner_calls_are_found_outer_first():
    call = parse_call("list(a = arr(g(1)), b = 2 * g(2) + g(g(3)))")
    assert [inner.positional[0] for inner in find_calls(call, "g") if inner.positional[0] in (1.0, 2.0, 3.0)] == [
        1,
        2,
        3,
    ]
    assert find_call(call, "h") is None


@pytest.mark.parametrize("between", ["     ", "\n", "; "])
def test_statements_of_a_block_however_they_are_parted(between):
    text = between.join(
        ["{ p <- 0.9", "n = 400", "s <- sqrt(p * (1 - p)/n)", "-1 -> k", "list(se = s, w = qt(0.975, 20) * s) }"]
    )
    known = assignments(text)
    assert known == {"p": 0.9, "n": 400.0, "s": pytest.approx(0.015), "k": -1.0}
    block = parse_call(text)
    assert [part.name for part in block.positional] == ["<-", "<-", "<-", "<-", "list"]
    assert find_call(block, "qt").positional == (0.975, 20.0)


def test_a_name_that_may_have_changed_has_no_value():
    assert assignments("{ p <- 1\n n <- 2\n if (x) p <- 3 else n <- f(1)\n q <- p }") == {}
    assert assignments("{ p <- 1\n p[2] <- 3\n k <- 4 }") == {"k": 4.0}
    assert assignments("{ p <- 1\n for (i in 1:3) { p <- p + i }\n k <- 4 }") == {"k": 4.0}
    assert assignments("{ p <- 1\n g <- function(p) p + 1\n k <- p }") == {"p": 1.0, "k": 1.0}


def test_arguments_are_matched_as_r_does():
    signature = ("e", "p", "N", "deff", "level")
    matched = match_arguments(parse_call("n_prop(N = 100, 0.05, lev = 0.9, 0.2)"), signature)
    assert matched == {"N": 100.0, "e": 0.05, "level": 0.9, "p": 0.2}
    assert number(matched, "deff", 1.0) == 1.0
    with pytest.raises(UnreadableTextError, match="'z'"):
        match_arguments(parse_call("n_prop(0.1, z = 3)"), signature)
    with pytest.raises(UnreadableTextError, match="6 unnamed"):
        match_arguments(parse_call("n_prop(1, 2, 3, 4, 5, 6)"), signature)
    with pytest.raises(UnreadableTextError, match="'p'"):
        number(matched | {"p": Name("x")}, "p")
    with pytest.raises(UnreadableTextError, match="'q'"):
        numbers(matched, "q")


@pytest.mark.parametrize(
    "text",
    ["f(1", "f(1))", "1 +", "3.5", "f(§)", "f('a)", "x", "1:1e9 + c(1)", "matrix(1, 1e6, 1e6)", "for (", "x$", "f(1" + " + x" * 5000 + ")", "rep(1, 1e9)",
     "(" * 500 + "1" + ")" * 500, "f(" + "1," * 200_000 + "1)", "c(1, 2)[0.5]", "c(1)[7]"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(text):
    with pytest.raises(UnreadableTextError):
        parse_call(text)


def test_every_text_of_the_reference_cases_is_read():
    texts = [case["r"] for file in sorted(CASES.glob("*.json")) for case in json.loads(file.read_text())["cases"]]
    assert len(texts) > 80
    for text in texts:
        assignments(text)


def combined(parts):
    (left, a), sign, (right, b) = parts
    return f"({left} {sign} {right})", {"+": a + b, "-": a - b, "*": a * b}[sign]


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.floats(-1e3, 1e3).map(lambda x: (repr(x), x)),
        lambda part: st.tuples(part, st.sampled_from("+-*"), part).map(combined),
        max_leaves=12,
    )
)
def test_arithmetic_agrees_with_python(pair):
    text, value = pair
    assert argument(text) == pytest.approx(value, rel=1e-12, abs=1e-9, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab1.,()[]{}+-*/^$~<>=%\"' \n:&|!", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        assignments(text)
    except UnreadableTextError:
        return
