"""Pages of sampled rounds for officers; the addresses are those of all results (`app/analysis/officer_views.py`)."""

from collections.abc import Mapping

from flask import render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.analysis.result_pages import ended_note
from app.analysis.rollups import set_of_round
from app.analysis.sampled.pages import page
from app.analysis.sampled.report import report
from app.analysis.sampled.stored import is_current, make_sums, store_sums
from app.analysis.view import Audience
from app.audit.proof.heads import latest_head
from app.db.session import reading, transaction
from app.survey.models import SurveyRound
from app.survey.rounds import round_by_id
from app.units.models import Unit
from app.units.queries import lines_of, name_on, parent_id
from app.web.access import actor
from app.web.pages import site
from app.web.permissions import Permission

MOST_TRIES = 3
CSV_PARTS = {"units": "CSV đơn vị", "figures": "CSV tiêu chí"}
NOTHING_IMPORTED = "Chưa có phiếu nào được nhập vào đợt này. Phiếu được nhập ở trang của đợt khảo sát."


def prepare(round_id: int) -> None:
    """Make the sums of a round if an import came since they were made: the first reader waits for them, once.

    They are made while reading, so that nobody who writes waits; if an import comes meanwhile, for the newer answers.
    """
    for _ in range(MOST_TRIES):
        with reading() as session:
            if is_current(session, round_id):
                return
            sums = make_sums(session, round_by_id(session, round_id))
        if sums is None:
            return
        with transaction() as session:
            store_sums(session, sums)


def unit_page(session: Session, survey_round: SurveyRound, unit: Unit, audience: Audience) -> Response:
    """The results of a unit in a sampled round."""
    today = clock.local_date()
    found = report(session, survey_round, unit.id, audience=audience, small_numbers=site().small_numbers, today=today)
    name = found.name if found is not None and found.name else name_on(session, unit.id, today)
    context: dict[str, object] = {
        "figures": [],
        "charts": [],
        "tables": [],
        "notes": [],
        "standing": [],
        "warnings": [],
        "kind_words": "chưa có phiếu",
        "index_title": set_of_round(survey_round).index_title.render("vi", unit_name=name),
        "round_name": survey_round.name,
        "empty_reason": NOTHING_IMPORTED,
    }
    if found is not None:
        context |= page(
            found, lambda code: _link(survey_round.id, code), str(context["index_title"]), survey_round.name
        )
        context |= _files(survey_round.id, unit.code)
    html = render_template(
        "analysis/sampled/unit.html",
        title=f"Kết quả khảo sát – {name}",
        how_to_read_url=url_for("analysis_officer.how_to_read"),
        record_head=latest_head(session),
        ended=ended_note(session, unit, today),
        **_parent(session, survey_round, unit),
        **context,
    )
    return Response(html, mimetype="text/html")


def _link(round_id: int, unit_code: str) -> str:
    return url_for("analysis_officer.unit", round_id=round_id, unit_code=unit_code)


def _parent(session: Session, survey_round: SurveyRound, unit: Unit) -> Mapping[str, object]:
    """The way up, as far as the round and the officer's units reach."""
    today = clock.local_date()
    above = parent_id(session, unit.id, today)
    allowed = allowed_unit_ids(session, actor(), Permission.RESULTS_READ, today)
    lines = lines_of(session, [above], today) if above is not None else []
    if unit.id == survey_round.unit_id or not lines or (allowed is not None and above not in allowed):
        return {}
    return {"parent_name": lines[0].name, "parent_url": _link(survey_round.id, lines[0].code)}


def _files(round_id: int, unit_code: str) -> Mapping[str, object]:
    if not actor().has(Permission.RESULTS_EXPORT):
        return {}

    def address(file_format: str, part: str | None) -> str:
        endpoint = "exports_officer.results"
        return url_for(endpoint, round_id=round_id, unit_code=unit_code, file_format=file_format, part=part)

    return {
        "xlsx_url": address("xlsx", None),
        "csv_links": [(f"Tải {words}", address("csv", part)) for part, words in CSV_PARTS.items()],
    }
