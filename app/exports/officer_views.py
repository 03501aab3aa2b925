"""Files for officers: the figures of a results page, and for Home Affairs the anonymous answers behind them."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import require_unit
from app.analysis.addresses import NAMES
from app.analysis.day_closing import closed_through
from app.analysis.officer_views import audience_of_actor
from app.analysis.sampled.officer_pages import prepare
from app.analysis.scope import view_units
from app.audit.proof.heads import latest_head
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.exports.catalog import answers as answers_export
from app.exports.catalog import sampled_results, unit_scores, written_answers
from app.exports.definitions import FileFormat, Table
from app.exports.downloads import file_name, send
from app.exports.index_page import is_in_scope, sections
from app.exports.origins import Wanted
from app.exports.services import MadeFile, check_size, make_file
from app.survey.errors import UnknownRound
from app.survey.models import SampleKind
from app.survey.rounds import round_by_id, rounds_of
from app.units.queries import unit_by_code
from app.web.access import EVERYWHERE, actor, requires
from app.web.lists import Asked
from app.web.pages import is_simulated, site
from app.web.permissions import Permission
from app.web.search import sought

blueprint = Blueprint("exports_officer", __name__, url_prefix="/officer/exports")
CSV, XLSX = {"file_format": FileFormat.CSV.value}, {"file_format": FileFormat.XLSX.value}


@blueprint.get("")
@requires(Permission.RESULTS_EXPORT)
def index() -> Response:
    """The files an officer may have."""
    asked = Asked(sought())
    with reading() as session:
        made = sections(session, rounds_of(session, None), actor().scopes, clock.local_date(), asked)
    return make_response(
        render_template(
            "exports/index.html",
            sections=made,
            filters=[{"name": "q", "label": "Tìm theo đợt hoặc đơn vị", "value": asked.text, "options": None}],
            filter_action=url_for(".index"),
            is_narrowed=bool(asked.text),
        )
    )


@blueprint.get("/results/<int:round_id>/<unit_code>.csv", defaults=CSV)
@blueprint.get("/results/<int:round_id>/<unit_code>.xlsx", defaults=XLSX)
@requires(Permission.RESULTS_EXPORT)
def results(round_id: int, unit_code: str, file_format: str) -> Response:
    """The figures of a results page, with the same filters in the address."""
    today = clock.local_date()
    with reading() as session:
        found = unit_by_code(session, unit_code, today)
        unit = require_unit(session, actor(), Permission.RESULTS_EXPORT, found.id if found else 0)
        if round_by_id(session, round_id).sample_kind is not SampleKind.OPEN:
            session.close()
            return _sampled(round_id, unit.id, unit_code, FileFormat(file_format))
        as_of = closed_through(session, today)
        view = unit_scores.View(
            survey_round=round_by_id(session, round_id),
            unit_id=unit.id,
            arguments=request.args,
            audience=audience_of_actor(),
            small_numbers=site().small_numbers,
            as_of=as_of,
        )
        table = _with_head(session, unit_scores.table(session, view))
        made = make_file(table, FileFormat(file_format), simulated=is_simulated())
    asked = _asked()
    _record(Action.RESULTS_EXPORT, round_id, made, unit_id=unit.id, **asked)
    name = file_name(
        "ket-qua", unit_code, *asked.values(), as_of=as_of, extension=file_format, simulated=is_simulated()
    )
    return send(made, name)


def _sampled(round_id: int, unit_id: int, unit_code: str, file_format: FileFormat) -> Response:
    """The figures of a sampled round for an officer who may have the unit: a workbook, or one table as CSV."""
    today = clock.local_date()
    part = sampled_results.part_called(request.args.get("part", ""))
    prepare(round_id)
    with reading() as session:
        view = sampled_results.View(
            survey_round=round_by_id(session, round_id),
            unit_id=unit_id,
            audience=audience_of_actor(),
            small_numbers=site().small_numbers,
            today=today,
        )
        words: tuple[str, ...] = ()
        if file_format is FileFormat.XLSX:
            content, asked = sampled_results.workbook(session, view), {}
        else:
            content, asked = sampled_results.table(session, view, part), {"part": part.value}
            words = (sampled_results.FILE_WORDS[part],)
        made = make_file(_with_head(session, content), file_format, simulated=is_simulated())
    _record(Action.RESULTS_EXPORT, round_id, made, unit_id=unit_id, **asked)
    name = file_name("ket-qua", unit_code, *words, as_of=today, extension=file_format.value, simulated=is_simulated())
    return send(made, name)


@blueprint.get("/answers/<int:round_id>.csv", defaults=CSV)
@blueprint.get("/answers/<int:round_id>.xlsx", defaults=XLSX)
@requires(Permission.ANSWERS_EXPORT, fresh=True)
def answers(round_id: int, file_format: str) -> Response:
    """The anonymous answers of a round."""
    return _raw(round_id, FileFormat(file_format), "phieu", answers_export.count, answers_export.table)


@blueprint.get("/written/<int:round_id>.csv", defaults=CSV)
@blueprint.get("/written/<int:round_id>.xlsx", defaults=XLSX)
@requires(Permission.ANSWERS_EXPORT, fresh=True)
def written(round_id: int, file_format: str) -> Response:
    """What people wrote in a round."""
    return _raw(round_id, FileFormat(file_format), "y-kien", written_answers.count, written_answers.table)


def _raw(
    round_id: int,
    file_format: FileFormat,
    stem: str,
    count: Callable[[Session, Wanted], int],
    table: Callable[[Session, Wanted], Table],
) -> Response:
    today = clock.local_date()
    with reading() as session:
        as_of = closed_through(session, today)
        wanted = _wanted(session, round_id, as_of)
        check_size(count(session, wanted), file_format)
        made = make_file(_with_head(session, table(session, wanted)), file_format, simulated=is_simulated())
    _record(Action.ANSWERS_EXPORT, round_id, made, kind=stem)
    name = file_name(stem, f"dot-{round_id}", as_of=as_of, extension=file_format.value, simulated=is_simulated())
    return send(made, name)


def _wanted(session: Session, round_id: int, as_of: date) -> Wanted:
    """The answers of a round that the officer may have; a round outside their units is as unknown as none."""
    survey_round = round_by_id(session, round_id)
    roots = actor().scopes[Permission.ANSWERS_EXPORT]
    if not is_in_scope(session, survey_round, roots, clock.local_date()):
        raise UnknownRound("Không tìm thấy đợt khảo sát này.")
    units = None if roots == EVERYWHERE else frozenset().union(*(view_units(session, one, as_of) for one in roots))
    least = audience_of_actor().least(site().small_numbers)
    return Wanted(survey_round, units, least, as_of)


def _with_head(session: Session, table: Table) -> Table:
    """The file vouches for the record of acts: its newest signed head stands among the notes."""
    return table.with_note("Nhật ký", latest_head(session))


def _record(action: Action, round_id: int, made: MadeFile, *, unit_id: int | None = None, **detail: str) -> None:
    """Note who took which file; without the note there is no file."""
    facts: dict[str, object] = {"format": made.file_format.value, "rows": made.rows, "sha256": made.sha256}
    try:
        with transaction() as session:
            record(session, actor().officer_id, action, f"round:{round_id}", {**facts, **detail}, unit_id=unit_id)
    except BaseException:
        made.file.close()
        raise


def _asked() -> dict[str, str]:
    """The filters of the address, as they go into the record and the file's name."""
    return {name: request.args[name] for name in NAMES if request.args.get(name)}
