"""Who may do what in a unit and why; the yearly review of rights."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.accounts.officer_lists import DELEGATIONS, GAPS, HOLDERS, REVIEWS, asked_unit
from app.accounts.rights import reviews
from app.accounts.rights.models import Verdict
from app.accounts.roles import NAMES
from app.accounts.scope import allowed_unit_ids, require_unit
from app.db.session import reading, transaction
from app.units import queries as units
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("rights_officer", __name__, url_prefix="/officer/rights")

MESSAGES = {"reviewed": "Đã ghi nhận kết quả rà soát."}


@blueprint.get("")
@requires(Permission.RIGHTS_READ)
def index() -> str:
    """Everybody who holds a permission in a unit, each with the reason."""
    with reading() as session:
        choice = asked_unit(session)
        unit_id = choice.unit_id if choice else None
        unit_name = "" if unit_id is None else units.name_on(session, unit_id, clock.local_date())
    return list_page(
        "accounts/rights.html",
        HOLDERS,
        choice=choice,
        unit_name=unit_name,
        may_review=actor().has(Permission.RIGHTS_REVIEW),
    )


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(Permission.RIGHTS_READ, fresh=True)
def holder_files(file_format: str) -> Response:
    """The same holders as a file."""
    return list_file(HOLDERS, file_format)


@blueprint.get("/gaps")
@requires(Permission.RIGHTS_READ)
def gap_list() -> str:
    """Units that take what citizens send although nobody may act on it."""
    return list_page("accounts/gaps.html", GAPS)


@blueprint.get("/gaps/list.csv", defaults=CSV)
@blueprint.get("/gaps/list.xlsx", defaults=XLSX)
@requires(Permission.RIGHTS_READ)
def gap_files(file_format: str) -> Response:
    """The same units as a file."""
    return list_file(GAPS, file_format)


@blueprint.get("/reviews")
@requires(Permission.RIGHTS_READ)
def review_list() -> str:
    """Which units have confirmed their rights, which are overdue, and objections that wait."""
    today = clock.local_date()
    with reading() as session:
        waiting = reviews.objections(session, today, allowed_unit_ids(session, actor(), Permission.RIGHTS_READ, today))
    return list_page(
        "accounts/reviews.html",
        REVIEWS,
        objections=waiting,
        role_names=NAMES,
        may_manage=actor().has(Permission.OFFICERS_MANAGE),
        zone=clock.VIETNAM,
    )


@blueprint.get("/reviews/list.csv", defaults=CSV)
@blueprint.get("/reviews/list.xlsx", defaults=XLSX)
@requires(Permission.RIGHTS_READ, fresh=True)
def review_files(file_format: str) -> Response:
    """The same reviews as a file."""
    return list_file(REVIEWS, file_format)


@blueprint.get("/delegations")
@requires(Permission.RIGHTS_READ)
def delegation_list() -> str:
    """Roles lent in the officer's part of the tree."""
    return list_page("accounts/delegation_list.html", DELEGATIONS)


@blueprint.get("/delegations/list.csv", defaults=CSV)
@blueprint.get("/delegations/list.xlsx", defaults=XLSX)
@requires(Permission.RIGHTS_READ, fresh=True)
def delegation_files(file_format: str) -> Response:
    """The same lent roles as a file."""
    return list_file(DELEGATIONS, file_format)


@blueprint.get("/review")
@requires(Permission.RIGHTS_REVIEW)
def own_reviews() -> str:
    """The units whose rights this officer confirms."""
    today = clock.local_date()
    with reading() as session:
        roots = actor().scopes[Permission.RIGHTS_REVIEW]
        states = [state for state in reviews.states(session, today, None) if state.unit_id in roots]
    return render_template("accounts/own_reviews.html", states=states, zone=clock.VIETNAM, flashes=notice(MESSAGES))


@blueprint.get("/review/<int:unit_id>")
@requires(Permission.RIGHTS_REVIEW, fresh=True)
def review(unit_id: int) -> str:
    """The rights held in a unit and below, to be confirmed one by one."""
    today = clock.local_date()
    with reading() as session:
        require_unit(session, actor(), Permission.RIGHTS_REVIEW, unit_id)
        lines = reviews.rights_in(session, unit_id, today)
        unit_name = units.name_on(session, unit_id, today)
    return render_template(
        "accounts/review.html", unit_id=unit_id, unit_name=unit_name, lines=lines, role_names=NAMES, verdicts=Verdict
    )


@blueprint.post("/review/<int:unit_id>")
@requires(Permission.RIGHTS_REVIEW, fresh=True)
def review_submit(unit_id: int) -> Response:
    """Record who confirmed what."""
    require_token()
    with transaction() as session:
        require_unit(session, actor(), Permission.RIGHTS_REVIEW, unit_id)
        lines = reviews.rights_in(session, unit_id, clock.local_date())
        said = {line.assignment.id: request.form.get(f"right-{line.assignment.id}", "") for line in lines}
        verdicts = {one: Verdict.OBJECT for one, word in said.items() if word == Verdict.OBJECT.value}
        reviews.confirm(session, actor().officer_id, unit_id, verdicts)
    return redirect(url_for(".own_reviews", done="reviewed"), 303)
