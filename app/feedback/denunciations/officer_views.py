"""Pages of the level above: what was told about breaches of law, and what became of it. In no other list or count."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.roles import words_of
from app.audit.services import record_reading, was_read_lately
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.errors import Conflict
from app.feedback.cases.attached import file_lines
from app.feedback.denunciations import access, acts, queries, services
from app.feedback.denunciations.errors import UNKNOWN, UnknownDenunciation, WordsMissing
from app.feedback.denunciations.models import DenunciationState
from app.files.downloads import file_response
from app.files.gate.queries import content
from app.i18n.formats import format_moment
from app.keys.start import store_of
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.notices import notice
from app.web.pages import site
from app.web.pagination import links, page_number
from app.web.permissions import Permission
from app.web.search import sought

blueprint = Blueprint("denunciations_officer", __name__, url_prefix="/officer/denunciations")

LIST = "denunciation:list"
PERMISSION = Permission.CASES_READ_DENUNCIATION
MESSAGES = {act.name: f"Đã ghi: {acts.WORDS[act.leads_to].lower()}." for act in acts.ACTS}
ACT = "<any('check','pass-on','keep'):act>"
FIELDS = ("words", "place", "is_shown", "version")
SAID = {"role_words": words_of, "moment": format_moment}


@blueprint.get("")
@requires(PERMISSION)
def index() -> str:
    """What exists for this officer, latest day first; ``?state=`` and ``?q=`` narrow it."""
    search, state, today = sought(), _state(), clock.local_date()
    with reading() as session:
        page = queries.page(session, actor(), today, search=search, state=state, number=page_number())
        is_known = was_read_lately(session, actor().officer_id, Action.DENUNCIATION_LIST, LIST)
    if not is_known:
        with transaction() as session:
            record_reading(session, actor().officer_id, Action.DENUNCIATION_LIST, LIST)
    states = [("", "Mọi trạng thái"), *((one.value, words) for one, words in acts.WORDS.items())]
    return render_template(
        "denunciations/list.html",
        filter_action=url_for(".index"),
        filters=[
            {"name": "state", "label": "Trạng thái", "value": state.value if state else "", "options": states},
            {"name": "q", "label": "Nội dung hoặc số", "value": search, "options": None},
        ],
        is_filtered=bool(search or state),
        lines=page.lines,
        state_words=acts.WORDS,
        page=links(page.number, page.last_number, page.total),
    )


@blueprint.get("/<key>")
@requires(PERMISSION)
def show(key: str) -> str:
    """One, with all that was done; opening it is recorded, each time."""
    with transaction() as session:
        access.find(session, actor(), key, clock.local_date())
        services.opened(session, actor(), key, _role())
        view = queries.one(session, actor(), key, clock.local_date())
    return render_template(
        "denunciations/one.html",
        one=view,
        files=file_lines(view.files, lambda number: url_for(".file", key=key, number=number)),
        state_words=acts.WORDS,
        acts=acts.allowed(view.state),
        flashes=notice(MESSAGES),
        **SAID,
    )


@blueprint.get("/<key>/files/<int:number>")
@requires(PERMISSION)
def file(key: str, number: int) -> Response:
    """One of its files; each time the policy is asked and the reading recorded."""
    with transaction() as session:
        found = access.find(session, actor(), key, clock.local_date())
        files = dict(queries.files_of(session, found.id))
        if number not in files:
            raise UnknownDenunciation(UNKNOWN)
        sent = content(session, store_of(site().config), files[number].id)
        services.file_opened(session, actor(), found.id, number)
    return file_response(sent, to_staff=True)


@blueprint.get(f"/<key>/{ACT}")
@requires(PERMISSION)
def act_form(key: str, act: str) -> str:
    """The form of one act."""
    with reading() as session:
        return _act_page(session, key, act, {}, {}, "")


@blueprint.post(f"/<key>/{ACT}")
@requires(PERMISSION)
def act_submit(key: str, act: str) -> Response | tuple[str, int]:
    """Take the step; what was typed is never lost."""
    require_token()
    require_known(request.form, FIELDS)
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        with transaction() as session:
            services.act(
                session,
                actor(),
                key,
                request.form.get("version", 0, type=int),
                act,
                words=typed["words"],
                place=typed["place"],
                is_shown=typed["is_shown"] == "1",
                role=_role(),
            )
    except WordsMissing as error:
        with reading() as session:
            return _act_page(session, key, act, typed, {error.field: error.message}, ""), 400
    except Conflict as error:
        with reading() as session:
            return _act_page(session, key, act, typed, {}, error.message), 409
    return redirect(url_for(".show", key=key, done=act), 303)


def _act_page(
    session: Session, key: str, act: str, typed: dict[str, str], errors: dict[str, str], conflict: str
) -> str:
    """The form; after a conflict it carries the present version, because what changed stands on the same page."""
    view = queries.one(session, actor(), key, clock.local_date())
    seen = view.version if conflict or not typed else typed["version"]
    return render_template(
        "denunciations/act.html",
        one=view,
        act=acts.BY_NAME[act],
        is_allowed=acts.BY_NAME[act] in acts.allowed(view.state),
        state_words=acts.WORDS,
        typed=typed,
        seen_version=seen,
        errors=[{"field_id": name, "message": message} for name, message in errors.items()],
        error_of=errors,
        conflict=conflict,
        **SAID,
    )


def _state() -> DenunciationState | None:
    asked = request.args.get("state", "")
    return DenunciationState(asked) if asked in set(DenunciationState) else None


def _role() -> str:
    return actor().roles.get(PERMISSION, "")
