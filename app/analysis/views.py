"""Public results: what is released, for anybody."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.analysis.addresses import NAMES
from app.analysis.day_closing import closed_through
from app.analysis.result_pages import ended_note, result_page
from app.analysis.scores import headlines, score_card
from app.analysis.stats.results import Estimate
from app.analysis.view import Audience, Filters
from app.db.session import reading
from app.errors import Missing
from app.feedback.publishing.queries import unit_has_any
from app.i18n.catalogues import chosen_language
from app.i18n.formats import NO_BREAK_SPACE, format_date, format_integer, format_percent, format_percent_range
from app.survey.models import SurveyRound
from app.survey.rounds import round_for, rounds_for
from app.units.queries import name_on, parent_id, roots, search, unit_by_id, unit_called
from app.web.access import public
from app.web.pages import site
from app.web.pagination import links, page_number
from app.web.search import sought

blueprint = Blueprint("analysis", __name__)


@dataclass(frozen=True, slots=True)
class ReleasedResult:
    """A unit's latest released figure, as the thank-you page shows it."""

    satisfied_percent: str
    range_text: str
    n_text: str
    until_text: str
    url: str


@blueprint.get("/results")
@public
def results() -> Response:
    """Units with released results, by name."""
    query = sought()
    with reading() as session:
        as_of = closed_through(session, clock.local_date())
        found = search(session, query, as_of, number=page_number())
        texts = _list_texts(session, [line.id for line in found.lines], as_of)
        lines = [{"name": line.name, "url": _link(line.code), "text": texts.get(line.id)} for line in found.lines]
        top = roots(session, as_of)
    page = render_template(
        "results/index.html",
        province_name=top[0].name if len(top) == 1 else "Việt Nam",
        units=lines,
        query=query,
        page=links(found.number, found.last_number, found.total),
        until_text=format_date(as_of),
        language_url=url_for("analysis.results", q=query or None, lang="en" if chosen_language() == "vi" else None),
        feedback_url=url_for("feedback.start", lang=None if chosen_language() == "vi" else "en"),
        answers_url=url_for("answers.index", lang=None if chosen_language() == "vi" else "en"),
        lang=chosen_language(),
    )
    return make_response(page)


@blueprint.get("/results/<unit_code>")
@public
def unit_results(unit_code: str) -> Response:
    """The released results of a unit and of its children."""
    with reading() as session:
        today = clock.local_date()
        as_of = closed_through(session, today)
        found = unit_called(session, unit_code, as_of)
        if found is None:
            raise Missing("Không tìm thấy đơn vị có mã này. Xin xem danh sách đơn vị ở trang Kết quả.")
        unit, as_of = found
        survey_round = round_for(session, unit.id, today if unit.valid_to is None else min(today, unit.valid_to))
        name = name_on(session, unit.id, as_of)
        parent = parent_id(session, unit.id, as_of)
        context = _nothing(name)
        if survey_round is not None:
            context = result_page(
                session,
                survey_round,
                unit.id,
                request.args,
                _link,
                audience=Audience.PUBLIC,
                small_numbers=site().small_numbers,
                as_of=as_of,
            )
        context["ended"] = ended_note(session, unit, today)
        context["answers_url"] = _answers_link(session, unit.id, unit_code)
        if parent is not None:
            code = unit_by_id(session, parent).code
            context |= {
                "parent_name": name_on(session, parent, as_of),
                "parent_url": url_for("analysis.unit_results", unit_code=code),
            }
    page = render_template(
        "results/unit.html",
        unit_name=name,
        filter_action=url_for("analysis.unit_results", unit_code=unit_code),
        least=site().small_numbers.public,
        index_url=url_for("analysis.results"),
        csv_url=_csv_url(unit_code) if survey_round is not None else "",
        lang=chosen_language(),
        **context,
    )
    return make_response(page, 400 if context["refusal"] else 200)


def latest_result(unit_id: int) -> ReleasedResult | None:
    """A unit's released one-tap figure over the whole round; None before the first release."""
    with reading() as session:
        today = clock.local_date()
        survey_round = round_for(session, unit_id, today)
        if survey_round is None:
            return None
        as_of = closed_through(session, today)
        card = score_card(
            session,
            survey_round,
            unit_id,
            audience=Audience.PUBLIC,
            small_numbers=site().small_numbers,
            filters=Filters(),
            as_of=as_of,
        )
        code = unit_by_id(session, unit_id).code
    if not isinstance(card.tap, Estimate):
        return None
    limits = card.tap.interval
    return ReleasedResult(
        satisfied_percent=format_percent(card.tap.value, places=1),
        range_text=f"{_('khoảng mô hình 95 %%') % ()}: {format_percent_range(limits.low, limits.high, places=1)}",
        n_text=format_integer(card.tap.n),
        until_text=format_date(as_of),
        url=url_for("analysis.unit_results", unit_code=code),
    )


def _list_texts(session: Session, unit_ids: list[int], as_of: date) -> dict[int, str]:
    """The released index of each unit with its range and n; before there is one, the one-tap figure."""
    by_round: dict[SurveyRound, list[int]] = {}
    for unit_id, survey_round in rounds_for(session, unit_ids, clock.local_date()).items():
        by_round.setdefault(survey_round, []).append(unit_id)
    texts = {}
    for survey_round, members in by_round.items():
        found = headlines(
            session,
            survey_round,
            members,
            audience=Audience.PUBLIC,
            small_numbers=site().small_numbers,
            as_of=as_of,
        )
        for unit_id, line in found.items():
            if isinstance(line.overall, Estimate):
                texts[unit_id] = _short(line.overall, survey_round.index_formula.value)
            elif isinstance(line.tap, Estimate):
                texts[unit_id] = _short(line.tap, _("câu hỏi một chạm"))
    return texts


def _short(figure: Estimate, what: str) -> str:
    limits = format_percent_range(figure.interval.low, figure.interval.high, places=1)
    n = NO_BREAK_SPACE.join(("n", "=", format_integer(figure.n)))
    return f"{format_percent(figure.value, places=1)} ({what}; {limits}; {n})"


def _nothing(name: str) -> dict[str, object]:
    empty: list[object] = []
    lists = dict.fromkeys(("figures", "charts", "notes", "filters"), empty)
    return {"index_title": name, "until_text": "", "period_text": "chưa có đợt khảo sát", "refusal": "", **lists}


def _csv_url(unit_code: str) -> str:
    """The file with the figures of this page, under the same filters."""
    asked: dict[str, Any] = {name: request.args[name] for name in NAMES if request.args.get(name)}
    return url_for("exports.public_results", unit_code=unit_code, file_format="csv", **asked)


def _answers_link(session: Session, unit_id: int, unit_code: str) -> str:
    """Where the unit's public answers are, once it has some."""
    return url_for("answers.unit", unit_code=unit_code) if unit_has_any(session, unit_id) else ""


def _link(code: str) -> str:
    return url_for("analysis.unit_results", unit_code=code)
