"""Results for officers: live sums for Home Affairs, released ones for everybody else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import allowed_unit_ids, require_unit
from app.analysis import results_list, typed_counts_views
from app.analysis.addresses import NAMES
from app.analysis.day_closing import close_due_days, closed_through
from app.analysis.result_pages import ended_note, result_page
from app.analysis.sampled.how_to_read import guide
from app.analysis.sampled.officer_pages import prepare, unit_page
from app.analysis.view import Audience
from app.audit.proof.heads import latest_head
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import database, reading, transaction
from app.errors import NotAllowed
from app.survey.models import SampleKind
from app.survey.rounds import round_by_id
from app.survey.staging import counts_of
from app.units.models import Unit
from app.units.queries import (
    counter_ids_in,
    lines_of,
    name_on,
    parent_id,
    subtree_ids,
    unit_called,
)
from app.web.access import actor, requires
from app.web.csrf import csrf_token, require_token
from app.web.lists import CSV, XLSX, send_file
from app.web.pages import is_simulated, site
from app.web.permissions import Permission

blueprint = Blueprint("analysis_officer", __name__, url_prefix="/officer/results")
blueprint.register_blueprint(typed_counts_views.blueprint)


@blueprint.get("")
@requires(Permission.RESULTS_READ)
def index() -> Response:
    """Choose a round and a unit."""
    return make_response(results_list.page())


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(Permission.RESULTS_EXPORT)
def files(file_format: str) -> Response:
    """The same units with their figures as a file."""
    return send_file(results_list.as_file(), file_format)


@blueprint.get("/<int:round_id>/<unit_code>")
@requires(Permission.RESULTS_READ)
def unit(round_id: int, unit_code: str) -> Response:
    """The results of a unit and of its children in a round."""
    today = clock.local_date()
    with reading() as session:
        survey_round = round_by_id(session, round_id)
        shown, as_of = _unit(session, unit_code, closed_through(session, today))
        if survey_round.sample_kind is not SampleKind.OPEN:
            session.close()
            return _sampled_unit(round_id, unit_code, today)
        unit_id = shown.id
        context = result_page(
            session,
            survey_round,
            unit_id,
            request.args,
            lambda code: url_for(".unit", round_id=round_id, unit_code=code),
            audience=audience_of_actor(),
            small_numbers=site().small_numbers,
            as_of=as_of,
        )
        name = name_on(session, unit_id, as_of)
        counters = counter_ids_in(session, subtree_ids(session, unit_id, today))
        context["ended"] = ended_note(session, shown, today)
        context["record_head"] = latest_head(session)
        context.update(_parent(session, round_id, unit_id))
        context.update(_files(round_id, unit_code))
        context.update(_closing(round_id, unit_code))
        counted = counts_of(session, site().day_keys, today)
        context["today_count"] = sum(counted[round_id, counter_id] for counter_id in counters)
    page = render_template(
        "analysis/unit.html",
        title=f"Kết quả tại quầy – {name}",
        filter_action=url_for(".unit", round_id=round_id, unit_code=unit_code),
        empty_reason="Chưa có đủ phiếu cho đơn vị, kỳ và bộ lọc này.",
        **context,
    )
    return make_response(page, 400 if context["refusal"] else 200)


@blueprint.get("/how-to-read")
@requires(Permission.RESULTS_READ)
def how_to_read() -> Response:
    """How to read intervals, ranks and groups, for the leader of a unit."""
    title, parts = guide()
    page = render_template("analysis/sampled/how_to_read.html", title=title, parts=parts, back_url=url_for(".index"))
    return make_response(page)


@blueprint.post("/<int:round_id>/<unit_code>/close-day")
@requires(Permission.DAY_CLOSE)
def close_day(round_id: int, unit_code: str) -> Response:
    """Close today at once: only where everything is simulated, so that a scan becomes a score in a minute."""
    require_token()
    if not is_simulated():
        raise NotAllowed("Chỉ cơ sở dữ liệu mô phỏng mới chốt ngày ngay được. Ngày thật được chốt sau nửa đêm.")
    moved = close_due_days(
        database(),
        site().day_keys,
        today=clock.local_date(),
        least=site().small_numbers.public,
        through_today=True,
    )
    with transaction() as session:
        record(session, actor().officer_id, Action.DAY_CLOSE, "day:today", {"answers": moved})
    return redirect(url_for(".unit", round_id=round_id, unit_code=unit_code), 303)


def audience_of_actor() -> Audience:
    """Live sums for those who may read them, released ones for the others."""
    return Audience.HOME_AFFAIRS if actor().has(Permission.RESULTS_READ_LIVE) else Audience.UNIT_OFFICER


def _unit(session: Session, unit_code: str, as_of: date) -> tuple[Unit, date]:
    """The unit of an address, alive or ended, if the officer may see it; and the last day its results reach."""
    found = unit_called(session, unit_code, as_of)
    on = as_of if found is None else found[1]
    shown = require_unit(session, actor(), Permission.RESULTS_READ, found[0].id if found else 0, on)
    return shown, on


def _sampled_unit(round_id: int, unit_code: str, today: date) -> Response:
    """The page of a sampled round, for an officer who may see the unit."""
    prepare(round_id)
    with reading() as session:
        shown, _ = _unit(session, unit_code, today)
        return unit_page(session, round_by_id(session, round_id), shown, audience_of_actor())


def _parent(session: Session, round_id: int, unit_id: int) -> Mapping[str, object]:
    today = clock.local_date()
    above = parent_id(session, unit_id, today)
    allowed = allowed_unit_ids(session, actor(), Permission.RESULTS_READ, today)
    if above is None or (allowed is not None and above not in allowed):
        return {}
    line = lines_of(session, [above], today)[0]
    return {"parent_name": line.name, "parent_url": url_for(".unit", round_id=round_id, unit_code=line.code)}


def _files(round_id: int, unit_code: str) -> Mapping[str, object]:
    if not actor().has(Permission.RESULTS_EXPORT):
        return {}
    asked: dict[str, Any] = {name: request.args[name] for name in NAMES if name in request.args}
    files: dict[str, object] = {
        f"{file_format}_url": url_for(
            "exports_officer.results", round_id=round_id, unit_code=unit_code, file_format=file_format, **asked
        )
        for file_format in ("xlsx", "csv")
    }
    if actor().has(Permission.ANSWERS_EXPORT):
        files["raw_url"] = url_for("exports_officer.index")
    return files


def _closing(round_id: int, unit_code: str) -> Mapping[str, object]:
    if not (is_simulated() and actor().has(Permission.DAY_CLOSE)):
        return {}
    return {
        "close_day_url": url_for(".close_day", round_id=round_id, unit_code=unit_code),
        "csrf_token": csrf_token(),
    }
