"""Import of the answers of a sampled round: upload, say what the columns are, preview with every fault, one yes."""

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.audit.values import PublicText
from app.db.session import reading, transaction
from app.files.answers import ANSWERS, read_answers
from app.files.sheets import BadTable
from app.survey.models import SurveyRound
from app.survey.officer_pages import held_round
from app.survey.sampled import checking, drafts, services
from app.survey.sampled.errors import ImportRefused, MappingRefused, RoundTakesNoImport
from app.survey.sampled.forms import AnswersForm, columns_from, mode_from, name_from, values_from
from app.survey.sampled.models import ImportMode
from app.survey.sampled.officer_pages import columns_page, preview_page, upload_page
from app.survey.sampled.personal import without_personal_data
from app.survey.sampled.proposal import refuse_nonsense
from app.survey.sampled.queries import answer_count, saved_mapping
from app.survey.sampled.targets import ColumnMapping, mapping_problems, targets
from app.survey.sets import set_of
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.permissions import Permission

blueprint = Blueprint("imports", __name__, url_prefix="/rounds/<int:round_id>/imports")


@blueprint.get("")
@requires(Permission.ANSWERS_IMPORT)
def upload(round_id: int) -> str:
    """What was imported so far, and the choice of a file."""
    return upload_page(round_id, AnswersForm())


@blueprint.post("")
@requires(Permission.ANSWERS_IMPORT)
def upload_submit(round_id: int) -> Response | tuple[str, int]:
    """Read the file and keep its columns, without personal data, until their officer has seen the preview."""
    form = AnswersForm()
    if not form.validate():
        return upload_page(round_id, form), 400
    try:
        with reading() as session:
            found = _held(session, round_id)
            checking.require_open(found)
            question_set = set_of(found.question_set_version)
    except RoundTakesNoImport as error:
        return upload_page(round_id, form, error.message), 409
    try:
        data = form.file.data.stream.read(ANSWERS.file_bytes + 1)
        table, dropped = without_personal_data(read_answers(data, form.file.data.filename or ""))
        refuse_nonsense(table, question_set)
    except BadTable as error:
        form.file.errors = [error.message]
        return upload_page(round_id, form), 400
    with transaction() as session:
        found = _held(session, round_id)
        draft_id = UUID(drafts.save_draft(session, _owner(), found, data, table, clock.now()))
    names = ", ".join(dropped)[:500]
    return redirect(url_for(".columns", round_id=round_id, draft_id=draft_id, dropped=names or None), 303)


@blueprint.get("/<uuid:draft_id>/columns")
@requires(Permission.ANSWERS_IMPORT)
def columns(round_id: int, draft_id: UUID) -> str:
    """Say what each column is; proposed from its name, or taken from a saved mapping (``?saved=``)."""
    with reading() as session:
        found, draft = _draft(session, round_id, draft_id)
        chosen = request.args.get("saved", "")
        names = [column.name for column in draft.table.columns]
        mapping = saved_mapping(session, found, int(chosen), names) if _is_number(chosen) else None
    return columns_page(found, draft, mapping, request.args.get("dropped", ""), chosen)


@blueprint.post("/<uuid:draft_id>/columns")
@requires(Permission.ANSWERS_IMPORT)
def columns_submit(round_id: int, draft_id: UUID) -> Response | tuple[str, int]:
    """Keep what was chosen with the draft."""
    require_token()
    with transaction() as session:
        found, draft = _draft(session, round_id, draft_id)
        known = targets(set_of(found.question_set_version))
        saved = request.form.get("saved", "")
        before = saved_mapping(session, found, int(saved), []) if _is_number(saved) else draft.mapping
        mapping = ColumnMapping(
            columns_from(request.form, draft.table, known),
            before.values if before else {},
            request.form.get("nested") == "1",
        )
        problems = mapping_problems(mapping, known)
        if not problems:
            drafts.choose(session, draft, mapping)
    if problems:
        return columns_page(found, draft, mapping, "", saved, problems), 400
    return redirect(url_for(".preview", round_id=round_id, draft_id=draft_id), 303)


@blueprint.get("/<uuid:draft_id>")
@requires(Permission.ANSWERS_IMPORT)
def preview(round_id: int, draft_id: UUID) -> str | Response:
    """The first rows as they would be read, how each value is read, and every fault by row and column."""
    mode = mode_from(request.args.get("mode", ""))
    try:
        return _preview(round_id, draft_id, mode)
    except MappingRefused:
        return redirect(url_for(".columns", round_id=round_id, draft_id=draft_id), 303)


@blueprint.post("/<uuid:draft_id>/values")
@requires(Permission.ANSWERS_IMPORT)
def values_submit(round_id: int, draft_id: UUID) -> Response:
    """Keep how values are read."""
    require_token()
    with transaction() as session:
        found, draft = _draft(session, round_id, draft_id)
        checked = checking.check(session, found, draft, ImportMode.REPLACE)
        drafts.choose(session, draft, values_from(request.form, checked.reading.groups, checked.mapping))
    mode = mode_from(request.form.get("mode", ""))
    return redirect(url_for(".preview", round_id=round_id, draft_id=draft_id, mode=mode), 303)


@blueprint.post("/<uuid:draft_id>")
@requires(Permission.ANSWERS_IMPORT)
def confirm(round_id: int, draft_id: UUID) -> Response | tuple[str, int]:
    """Import everything, or nothing: the rows are checked again against what the round holds at this moment."""
    require_token()
    mode = mode_from(request.form.get("mode", ""))
    name, problem = name_from(request.form.get("save_as", ""))
    if mode is None or problem:
        return _preview(round_id, draft_id, mode, problem or "Xin chọn thay toàn bộ hay thêm vào."), 400
    try:
        with transaction() as session:
            found, draft = _draft(session, round_id, draft_id)
            services.lock(session, found)
            checked = checking.check(session, found, draft, mode)
            services.import_checked(session, found, checked, actor().officer_id)
            if name:
                services.save_mapping(session, found, name, checked.mapping)
                detail = {"name": PublicText(name), "question_set": found.question_set_version_id}
                record(session, actor().officer_id, Action.MAPPING_SAVE, f"round:{round_id}", detail)
    except (ImportRefused, MappingRefused):
        return redirect(url_for(".preview", round_id=round_id, draft_id=draft_id, mode=mode), 303)
    return redirect(url_for(".upload", round_id=round_id, done="imported"), 303)


def _preview(round_id: int, draft_id: UUID, mode: ImportMode | None, problem: str = "") -> str:
    with reading() as session:
        found, draft = _draft(session, round_id, draft_id)
        count = answer_count(session, found.id)
        if not count:
            mode = ImportMode.REPLACE  # nothing to be replaced or added to
        checked = checking.check(session, found, draft, mode or ImportMode.REPLACE)
        codes = {number: code for code, number in checking.units_of(session, found).items()}
    return preview_page(found, checked, codes, mode, count, problem)


def _draft(session: Session, round_id: int, draft_id: UUID) -> tuple[SurveyRound, drafts.Draft]:
    found = _held(session, round_id)
    session.refresh(found, ["question_set_version"])  # the page needs it after the session has ended
    return found, drafts.draft_of(session, draft_id.hex, _owner(), round_id, clock.now())


def _held(session: Session, round_id: int) -> SurveyRound:
    return held_round(session, round_id, Permission.ANSWERS_IMPORT)


def _owner() -> str:
    return f"officer:{actor().officer_id}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
