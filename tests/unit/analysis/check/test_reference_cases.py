"""The whole collection of reference cases, and that the checker would notice if an answer were another."""

import re
from pathlib import Path

import pytest

from app.analysis.check.compare import Status
from app.analysis.check.families import HANDLERS
from app.analysis.check.folder import Case, read_folder
from app.analysis.check.runner import check_case, run

REFERENCE = Path(__file__).parents[3] / "reference" / "statistics"
CASES = 491


@pytest.fixture(scope="module")
def outcomes():
    return list(run(read_folder(REFERENCE), HANDLERS))


def test_every_case_agrees_with_R(outcomes):
    assert [outcome.line for outcome in outcomes if outcome.comparison.status is not Status.OK] == []
    assert len(outcomes) == CASES


def test_numbers_were_compared_in_every_case_that_is_no_refusal(outcomes):
    silent = [each.case for each in outcomes if each.comparison.difference is None]
    assert {"error" in case.expected for case in silent} == {True}
    assert len(silent) < CASES / 20


def test_every_word_of_the_format_has_a_handler():
    table = (REFERENCE / "README.md").read_text("utf-8").partition("### Words in `what`")[2].partition("###")[0]
    words = {word for line in table.splitlines() for word in re.findall(r"`([a-z_*]+)`", str(line.split("|")[1:2]))}
    assert len(words) > 40
    for word in words - {"by"}:
        pattern = re.compile(word.replace("*", "[a-z]+") + "$")
        assert any(pattern.match(what) for what in HANDLERS), word


def moved(tree):
    """The same tree with every number a little larger."""
    if isinstance(tree, dict):
        return {key: moved(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [moved(value) for value in tree]
    number = isinstance(tree, int | float) and not isinstance(tree, bool)
    return tree * 1.001 + 0.001 if number else tree


def test_other_answers_would_be_noticed():
    """No handler repeats what its case expects: with every expected number moved, no case agrees any more."""
    cases = [case for file in read_folder(REFERENCE) for case in file.cases if "error" not in case.expected]
    foreign = [Case(case.file, {**case.raw, "expected": moved(case.expected), "survey_4_5": "same"}) for case in cases]
    assert [f"{case.file.id}/{case.id}" for case in foreign if check_case(case, HANDLERS).status is Status.OK] == []
