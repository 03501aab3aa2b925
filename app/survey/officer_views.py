"""Rounds and question sets: list, open, close, preview, publish. Today's answers appear as numbers only."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.unit_choice import UnitChoice, choose_unit
from app.audit.errors import ReasonMissing
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.survey.authoring import drafts
from app.survey.authoring import officer_views as authoring_views
from app.survey.authoring.lists import LISTING
from app.survey.authoring.pages import draft_lines, require_everywhere
from app.survey.authoring.set_page import may_manage, preview_page, question_set_page, version_by_id
from app.survey.authoring.typed import Typed
from app.survey.errors import NotAttachable, NotPublishable, RoundChange, UnknownQuestionSet
from app.survey.forms import RoundForm
from app.survey.models import Aggregation, IndexFormula, SampleKind, SurveyRound
from app.survey.officer_lists import ROUNDS
from app.survey.officer_pages import (
    MESSAGES,
    held_round,
    round_form_page,
    round_page,
)
from app.survey.rounds import close_round, open_round
from app.survey.sampled import officer_views as sampled_officer_views
from app.units import queries as units
from app.web.access import actor, requires
from app.web.csrf import csrf_token, require_token
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("survey_officer", __name__, url_prefix="/officer")
blueprint.register_blueprint(sampled_officer_views.blueprint)
blueprint.register_blueprint(authoring_views.blueprint)

SET_MESSAGES = {"discarded": "Đã bỏ bản đang soạn."}


@blueprint.get("/rounds")
@requires(Permission.ROUNDS_MANAGE)
def rounds() -> str:
    """The rounds of the officer's part of the tree, newest first."""
    return list_page("survey/rounds.html", ROUNDS, flashes=notice(MESSAGES))


@blueprint.get("/rounds/list.csv", defaults=CSV)
@blueprint.get("/rounds/list.xlsx", defaults=XLSX)
@requires(Permission.ROUNDS_MANAGE)
def round_files(file_format: str) -> Response:
    """The same rounds as a file."""
    return list_file(ROUNDS, file_format)


@blueprint.get("/rounds/new")
@requires(Permission.ROUNDS_MANAGE)
def open_form() -> str:
    """The form that opens a round; method and kind of sample are left to be chosen."""
    return round_form_page(RoundForm())


@blueprint.post("/rounds/new")
@requires(Permission.ROUNDS_MANAGE)
def open_submit() -> Response | tuple[str, int]:
    """Open a round."""
    form = RoundForm()
    is_valid = form.validate()
    choice = UnitChoice(None)
    if form.unit.data and not form.unit.errors:
        with reading() as session:
            choice = _chosen_unit(session, form)
    if not is_valid or choice.unit_id is None:
        return round_form_page(form, choice.suggestions), 400
    try:
        with transaction() as session:
            opened = _open(session, form, choice.unit_id)
    except (NotAttachable, UnknownQuestionSet) as error:
        form.question_set.errors = [error.message]
        return round_form_page(form), 400
    except RoundChange as error:
        form.unit.errors = [error.message]
        return round_form_page(form), 409
    return redirect(url_for(".round_", round_id=opened.id, done="opened"), 303)


@blueprint.get("/rounds/<int:round_id>", endpoint="round_")
@requires(Permission.ROUNDS_MANAGE)
def show_round(round_id: int) -> str:
    """One round with the number of today's answers by counter."""
    return round_page(round_id)


@blueprint.get("/rounds/<int:round_id>/close")
@requires(Permission.ROUNDS_MANAGE)
def close(round_id: int) -> str:
    """Say what closing does, and ask."""
    with reading() as session:
        found = held_round(session, round_id)
        unit_name = units.name_on(session, found.unit_id, clock.local_date())
    return render_template(
        "survey/round_close.html",
        name=found.name,
        unit_name=unit_name,
        is_closed=found.closed_on is not None,
        action_url=url_for(".close_submit", round_id=round_id),
        back_url=url_for(".round_", round_id=round_id),
        csrf_token=csrf_token(),
    )


@blueprint.post("/rounds/<int:round_id>/close")
@requires(Permission.ROUNDS_MANAGE)
def close_submit(round_id: int) -> Response:
    """End a round today."""
    require_token()
    with transaction() as session:
        found = held_round(session, round_id)
        if found.closed_on is None:
            close_round(found)
            detail = {"closed_on": str(found.closed_on)}
            record(session, actor().officer_id, Action.ROUND_CLOSE, f"round:{found.id}", detail, unit_id=found.unit_id)
    return redirect(url_for(".round_", round_id=round_id, done="closed"), 303)


@blueprint.get("/question-sets")
@requires(Permission.QUESTION_SETS_READ)
def question_sets() -> str:
    """Every version of every question set, and what the officer is working on."""
    with reading() as session:
        being_made = draft_lines(session) if may_manage() else []
    return list_page(
        "survey/question_sets.html",
        LISTING,
        drafts=being_made,
        upload_url=url_for(".sets.upload") if may_manage() else None,
        rounds_url=url_for(".rounds") if actor().has(Permission.ROUNDS_MANAGE) else None,
        flashes=notice(SET_MESSAGES),
    )


@blueprint.get("/question-sets/<int:version_id>")
@requires(Permission.QUESTION_SETS_READ)
def question_set(version_id: int) -> str:
    """One version: what it holds, whether it may be published."""
    return question_set_page(version_id)


@blueprint.post("/question-sets/<int:version_id>/publish")
@requires(Permission.QUESTION_SETS_MANAGE, fresh=True)
def publish(version_id: int) -> Response | tuple[str, int]:
    """Freeze a draft."""
    require_everywhere()
    require_token()
    reason = Typed.reason(request.form)
    try:
        with transaction() as session:
            drafts.publish(session, actor().officer_id, version_by_id(session, version_id), reason)
    except (NotPublishable, ReasonMissing) as error:
        return question_set_page(version_id, error.message, reason), 400
    return redirect(url_for(".question_set", version_id=version_id, done="published"), 303)


@blueprint.get("/question-sets/<int:version_id>/preview")
@requires(Permission.QUESTION_SETS_READ)
def preview(version_id: int) -> str:
    """The set as a citizen sees it, in Vietnamese or (``?lang=en``) English."""
    return preview_page(version_id)


def _chosen_unit(session: Session, form: RoundForm) -> UnitChoice:
    """The unit that was meant; what is wrong goes to the field."""
    choice = choose_unit(session, actor(), Permission.ROUNDS_MANAGE, form.unit.data, clock.local_date())
    if choice.problem:
        form.unit.errors = [choice.problem]
    return choice


def _open(session: Session, form: RoundForm, unit_id: int) -> SurveyRound:
    version = version_by_id(session, int(form.question_set.data) if form.question_set.data.isdecimal() else 0)
    opened = open_round(
        session,
        name=" ".join(form.name.data.split()),
        version=version,
        unit_id=unit_id,
        sample_kind=SampleKind(form.kind.data),
        index_formula=IndexFormula(form.formula.data),
        aggregation=Aggregation(form.aggregation.data),
        starts_on=form.first_day,
        ends_on=form.last_day,
    )
    session.flush()  # the record and the redirect name the round by its number
    detail = {
        "question_set": f"{version.code}_{version.version}",
        "sample_kind": opened.sample_kind.value,
        "index_formula": opened.index_formula.value,
        "aggregation": opened.aggregation.value,
        "starts_on": str(opened.starts_on),
        "ends_on": None if opened.ends_on is None else str(opened.ends_on),
    }
    record(session, actor().officer_id, Action.ROUND_OPEN, f"round:{opened.id}", detail, unit_id=unit_id)
    return opened
