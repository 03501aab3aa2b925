"""Reliability and drivers of a round, as they are stored, and the warnings beside single figures."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app.analysis.sampled.making import made, questionnaire_from_json, questionnaire_to_json
from app.analysis.sampled.questionnaire import (
    NO_OVERALL_QUESTION,
    ONE_FACTOR,
    AnswerTable,
    judge,
)
from app.analysis.sampled.wording import WARNING, caution_notes, consistency_words, precision
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.intervals.marks import PublicationMark
from tests.unit.analysis.sampled.samples import alone, reading_of, survey_rows

PEOPLE = 400


def table(*, factors: int = 3, overall: bool = True, reversed_item: bool = False) -> AnswerTable:
    """Three factors of three criteria; overall satisfaction follows the first one."""
    rng = np.random.default_rng(5)
    scores = rng.normal(size=(PEOPLE, 3))
    x = np.repeat(scores, 3, axis=1) + 0.5 * rng.normal(size=(PEOPLE, 9))
    levels = np.clip(np.rint(3.5 + x), 1, 5)
    if reversed_item:
        levels[:, 1] = 6 - levels[:, 1]
    levels[0, 0] = np.nan
    outcome = np.clip(np.rint(3.5 + 0.9 * scores[:, 0] + 0.3 * scores[:, 1] + 0.3 * rng.normal(size=PEOPLE)), 1, 5)
    groups = [(f"f{at}", tuple(range(3 * at, 3 * at + 3))) for at in range(factors)]
    design = SurveyDesign.of(
        PEOPLE,
        lonely=LonelyPsu.ADJUST,
        weights=np.ones(PEOPLE),
        strata=np.arange(PEOPLE) % 4,
        clusters=[np.arange(PEOPLE) % 40],
    )
    return AnswerTable(levels[:, : 3 * factors], 5, groups, outcome if overall else None, design)


def test_what_goes_with_overall_satisfaction_is_found() -> None:
    found = judge(table(), confidence_level=0.95)
    assert found.drivers.reason == ""
    first, second, third = found.drivers.drivers
    assert first.share > second.share > third.share
    assert sum(one.share for one in found.drivers.drivers) == pytest.approx(1.0)
    assert first.share_low is not None
    assert first.share_high is not None
    assert first.share_low < first.share < first.share_high
    assert found.drivers.n == PEOPLE
    assert found.drivers.notes  # association is not cause, at least


def test_factors_and_the_whole_have_alpha_with_limits_and_omega() -> None:
    found = judge(table(), confidence_level=0.95)
    assert [one.code for one in found.consistency] == ["f0", "f1", "f2", "overall"]
    for one in found.consistency:
        assert None not in (one.low, one.alpha, one.high, one.omega)
        assert one.low < one.alpha < one.high  # type: ignore[operator]
        assert len(one.item_rest) == one.items
    assert found.consistency[0].n == PEOPLE - 1
    assert found.consistency[1].n == PEOPLE


def test_a_reversed_criterion_is_named() -> None:
    one = judge(table(reversed_item=True), confidence_level=0.95).consistency[0]
    (words,) = [text for text in consistency_words(one, ["câu 1", "câu 2", "câu 3"]) if "đảo chiều" in text]
    assert "câu 2" in words


@pytest.mark.parametrize(
    ("changes", "reason"), [({"overall": False}, NO_OVERALL_QUESTION), ({"factors": 1}, ONE_FACTOR)]
)
def test_where_there_are_no_drivers_the_reason_is_kept(changes: dict[str, object], reason: str) -> None:
    found = judge(table(**changes), confidence_level=0.95)  # type: ignore[arg-type]
    assert (found.drivers.drivers, found.drivers.reason) == ((), reason)


def test_people_who_answered_alike_have_no_alpha_but_a_reason() -> None:
    same = table()
    flat = AnswerTable(np.full_like(same.levels, 5.0), 5, same.factors, same.overall, same.design)
    found = judge(flat, confidence_level=0.95)
    assert {one.alpha for one in found.consistency} == {None}
    assert {one.reason for one in found.consistency} == {"no_variance"}
    assert found.straight_share == 1.0


def test_stored_findings_read_back_equal() -> None:
    for findings in (judge(table(), confidence_level=0.95), made(survey_rows([30, 30]), confidence_level=0.95)[2]):
        text = json.dumps(questionnaire_to_json(findings), allow_nan=False)
        assert questionnaire_from_json(json.loads(text)) == findings


def test_a_range_that_cannot_be_relied_on_is_marked() -> None:
    rows = survey_rows([100] * 3, satisfied=[1.0] * 3, villages=10)
    answers = rows.answers.copy()
    assert rows.psu is not None
    answers[rows.psu == 3] = np.where(answers[rows.psu == 3] == 255, 255, 1)  # one bad village of thirty
    reading = reading_of(replace(rows, answers=answers))
    found = reading.table(alone(3), reading.pooled())
    assert found.few_dissatisfied is not None
    estimates = [found.estimate(0, column) for column in range(len(found.columns))]
    warned = [one for one in estimates if WARNING in precision(PublicationMark.FINE, one)]
    assert len(warned) == int(found.few_dissatisfied[0].sum()) > 0
    plain = reading_of(survey_rows([100] * 3, satisfied=[0.8, 0.7, 0.9], villages=10))
    sure = plain.table(alone(3), plain.pooled()).estimate(0, 0)
    assert precision(PublicationMark.FINE, sure) == "đủ chính xác"
    assert caution_notes([sure]) == []
    assert caution_notes(warned)
