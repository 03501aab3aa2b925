"""Every shipped question set can be drawn on the details page, and the counter set stays light."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from app.survey.answer_types import ANSWER_TYPES
from app.survey.definitions import QuestionSet, Text
from app.survey.loading import shipped_sets
from tests.unit.templates.environment import TEMPLATES, make_environment
from tests.unit.templates.public_samples import DETAILS
from tests.unit.templates.questions import Section

ENVIRONMENT = make_environment()


def sections_of(question_set: QuestionSet) -> list[Section]:
    factors = [Section(factor.name, tuple(question_set.factor_criteria(factor.id))) for factor in question_set.factors]
    shown = {question.id for section in factors for question in section.questions}
    apart = {
        question.id
        for question in (question_set.overall, question_set.respondent_kind, question_set.comment)
        if question
    }
    others = tuple(question for question in question_set.questions if question.id not in shown | apart)
    return [section for section in (*factors, Section(Text("Câu khác", "Other"), others)) if section.questions]


def draw(question_set: QuestionSet, lang: str = "vi") -> str:
    context: dict[str, Any] = DETAILS | {
        "lang": lang,
        "sections": sections_of(question_set),
        "groups": {group.id: group for group in question_set.groups},
        "question_count": len(question_set.criteria),
        "respondent_question": question_set.respondent_kind,
        "comment_question": question_set.comment,
    }
    return ENVIRONMENT.get_template("survey/details.html").render(context)


@pytest.mark.parametrize("key", shipped_sets())
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_question_has_its_field(key: str, lang: str) -> None:
    question_set = shipped_sets()[key]
    html = draw(question_set, lang)
    for question in question_set.questions:
        if question is not question_set.overall:
            assert f'name="{question.field}"' in html
    assert "[đơn vị]" not in html


def test_counter_set_is_light() -> None:
    html = draw(shipped_sets()["sipas_counter_2023"])
    assert len(gzip.compress(html.encode(), 6)) <= 6 * 1024
    assert html.count('<div class="cells five counted">') == 16


def test_every_answer_type_has_a_template_that_is_used() -> None:
    dispatcher = (TEMPLATES / "survey" / "_questions.html").read_text(encoding="utf-8")
    for kind in ANSWER_TYPES.values() if isinstance(ANSWER_TYPES, dict) else ANSWER_TYPES:
        assert f"question.type == '{kind.code}'" in dispatcher
        assert (TEMPLATES / "answers" / f"{kind.code}.html").exists()
