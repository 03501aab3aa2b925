"""The citizens' pages, rendered once per counter and language and kept compressed while the counter is kept."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from flask import render_template, url_for

from app.i18n.catalogues import in_language
from app.qr.scans import ScanBook
from app.settings.public_facts import PublicFacts, public_facts
from app.survey.answers import Reading
from app.survey.definitions import Question, QuestionSet, Role, Text
from app.survey.points import Closed, KeptPoints, ServicePoint
from app.web.compression import PLACEHOLDER, KeptPage

KEPT_PAGES = 600
STATUS = {Closed.UNKNOWN_CODE: 404, Closed.RETIRED_CODE: 410, Closed.DISSOLVED_UNIT: 410}
SECONDS_PER_QUESTION = 8


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one heading of the details page."""

    title: Text
    questions: tuple[Question, ...]


LatestResult = Callable[[int], object]
"""Unit id → what the thank-you page shows of its released result, or None."""


class SurveyPages:
    """What the survey keeps in a process. ``latest_result`` tells a unit's released result for the thank-you page."""

    def __init__(self, seconds: float, latest_result: LatestResult, scans: ScanBook) -> None:
        self.scans = scans
        self.points = KeptPoints(seconds)
        self.latest_result = latest_result
        self._kept: OrderedDict[tuple[str, ...], tuple[ServicePoint, PublicFacts, KeptPage]] = OrderedDict()
        self._lock = Lock()

    def page(self, point: ServicePoint, *key: str, render: Callable[[], str]) -> KeptPage:
        """A kept page of a point, rendered when missing or when the point or what every page says has changed.

        The thank-you page shows a result beside the point, so it is made anew whenever the point was read anew.
        """
        full_key, facts = (point.token, *key), public_facts()
        found = self._kept.get(full_key)
        is_same = found is not None and (found[0] is point or (key[0] != "thanks" and found[0] == point))
        if found is not None and is_same and found[1] == facts:
            return found[2]
        made = KeptPage.of(render())
        with self._lock:
            self._kept[full_key] = (point, facts, made)
            while len(self._kept) > KEPT_PAGES:
                self._kept.popitem(last=False)
        return made


def scan_page(point: ServicePoint, language: str, *, again: bool, notice: str = "") -> str:
    """The first screen."""
    assert point.question_set is not None
    return render_template(
        "survey/scan.html",
        unit_name=point.unit_name,
        counter_name=point.counter_name,
        question=point.question_set.overall,
        form_id=PLACEHOLDER,
        action_url=page_url("tap", point, language),
        feedback_url=_feedback_url(point, language),
        language_url=page_url("scan", point, _other(language), again=1 if again else None),
        lang=language,
        notice=in_language(notice),
        body_class="scan kiosk" if point.is_kiosk else "scan",
    )


def already_page(point: ServicePoint, language: str) -> str:
    """The first screen for a device that answered today."""
    return render_template(
        "survey/already.html",
        unit_name=point.unit_name,
        counter_name=point.counter_name,
        another_url=page_url("scan", point, language, again=1),
        feedback_url=_feedback_url(point, language),
        language_url=page_url("scan", point, _other(language)),
        lang=language,
    )


def details_page(
    point: ServicePoint, language: str, reading: Reading | None = None, errors: Mapping[str, str] | None = None
) -> str:
    """The further questions, empty or as they were sent."""
    assert point.question_set is not None
    question_set = point.question_set
    sections = sections_of(question_set)
    shown = {**(reading.errors if reading else {}), **(errors or {})}
    found = {name: in_language(message) for name, message in shown.items()}
    return render_template(
        "survey/details.html",
        unit_name=point.unit_name,
        counter_name=point.counter_name,
        sections=sections,
        groups={group.id: group for group in question_set.groups},
        question_count=sum(len(section.questions) for section in sections),
        minutes=max(1, round(sum(len(section.questions) for section in sections) * SECONDS_PER_QUESTION / 60)),
        respondent_question=question_set.respondent_kind,
        comment_question=question_set.comment,
        values=typed_values(question_set, reading),
        errors=[{"field_id": name, "message": message} for name, message in found.items()],
        errors_by_field=found,
        personal_data=[in_language(hint.message) for hints in reading.hints.values() for hint in hints]
        if reading
        else [],
        form_id=PLACEHOLDER,
        action_url=page_url("add_details", point, language, key=PLACEHOLDER),
        thanks_url=page_url("thanks", point, language),
        language_url=page_url("details", point, _other(language), key=PLACEHOLDER),
        lang=language,
    )


def thanks_page(point: ServicePoint, language: str, result: object, *, least: int) -> str:
    """The page after an answer; the same for a first answer and for a replay."""
    return render_template(
        "survey/thanks.html",
        unit_name=point.unit_name,
        counter_name=point.counter_name,
        feedback_url=_feedback_url(point, language),
        language_url=page_url("thanks", point, _other(language)),
        result=result,
        least=least,
        lang=language,
    )


def unavailable_page(point: ServicePoint, language: str) -> tuple[str, int]:
    """Why a code cannot be answered, and what can be done instead."""
    assert point.closed is not None
    page = render_template(
        "survey/unavailable.html",
        reason=point.closed.value,
        unit_name=point.unit_name,
        counter_name=point.counter_name,
        successors=list(point.successors),
        feedback_url=_feedback_url(point, language) if point.takes_feedback else None,
        language_url=page_url("scan", point, _other(language)),
        lang=language,
    )
    return page, STATUS.get(point.closed, 200)


def late_page(point: ServicePoint, language: str, typed: Sequence[str]) -> str:
    """Further answers that came after the half hour; what was written is shown so that it is not lost."""
    return render_template(
        "survey/unavailable.html",
        reason="details_expired",
        unit_name=point.unit_name,
        counter_name=point.counter_name,
        thanks_url=page_url("thanks", point, language),
        feedback_url=_feedback_url(point, language),
        typed=list(typed),
        lang=language,
    )


def sections_of(question_set: QuestionSet) -> list[Section]:
    """The questions of the details page by factor; those without a factor follow under the heading of their role."""
    sections = [
        Section(factor.name, tuple(q for q in question_set.questions if q.factor == factor.id))
        for factor in question_set.factors
    ]
    apart = (Role.OVERALL, Role.RESPONDENT_KIND, Role.COMMENT)
    rest = tuple(q for q in question_set.questions if q.factor is None and q.role not in apart)
    if rest:
        sections.append(Section(Text("Câu hỏi khác", "Other questions"), rest))
    return [section for section in sections if section.questions]


@lru_cache(maxsize=64)
def shown_ids(question_set: QuestionSet) -> frozenset[str]:
    """The questions of the details page: all but the first tap."""
    return frozenset(question.id for question in question_set.questions if question.role is not Role.OVERALL)


def typed_values(question_set: QuestionSet, reading: Reading | None) -> dict[str, str | list[str]]:
    """What was sent, in the shape the templates show again."""
    if reading is None:
        return {}
    many = {question.field for question in question_set.questions if question.type == "multiple_choice"}
    return {
        name: list(values) if name in many else (values[0] if values else "") for name, values in reading.typed.items()
    }


def page_url(endpoint: str, point: ServicePoint, language: str, **values: Any) -> str:
    """Address of a survey page of this point, in a language."""
    return url_for(f"survey.{endpoint}", token=point.token, lang=language if language != "vi" else None, **values)


def _feedback_url(point: ServicePoint, language: str) -> str:
    return url_for("feedback.new", token=point.token, lang=language if language != "vi" else None)


def _other(language: str) -> str:
    return "vi" if language == "en" else "en"
