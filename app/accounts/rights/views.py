"""Who may do what in a unit and why; the yearly review of rights."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.accounts.rights import grants, reviews
from app.accounts.rights.models import Verdict
from app.accounts.roles import NAMES
from app.accounts.scope import allowed_unit_ids, require_unit
from app.accounts.unit_choice import choose_unit
from app.db.session import reading, transaction
from app.units import queries as units
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.notices import notice
from app.web.permissions import WORDS, Permission
from app.web.text_input import clean

blueprint = Blueprint("rights_officer", __name__, url_prefix="/officer/rights")

MESSAGES = {"reviewed": "Đã ghi nhận kết quả rà soát."}
ANY = ("", "Bất kỳ quyền nào")


@blueprint.get("")
@requires(Permission.RIGHTS_READ)
def index() -> str:
    """Everybody who holds a permission in a unit, each with the reason."""
    typed = clean(request.args.get("unit", ""))[:200]
    permission = next((one for one in Permission if one.value == request.args.get("permission", "")), None)
    today = clock.local_date()
    with reading() as session:
        choice = choose_unit(session, actor(), Permission.RIGHTS_READ, typed, today) if typed else None
        unit_id = choice.unit_id if choice else None
        found = [] if unit_id is None else grants.holders(session, permission, unit_id, today)
        unit_name = "" if unit_id is None else units.name_on(session, unit_id, today)
    return render_template(
        "accounts/rights.html",
        typed=typed,
        choice=choice,
        permission=permission,
        permission_options=[ANY, *((one.value, words) for one, words in WORDS.items())],
        unit_name=unit_name,
        holders=found,
        role_names=NAMES,
        words=WORDS,
        reviews_url=url_for(".review_list"),
        review_url=url_for(".own_reviews") if actor().has(Permission.RIGHTS_REVIEW) else None,
    )


@blueprint.get("/reviews")
@requires(Permission.RIGHTS_READ)
def review_list() -> str:
    """Which units have confirmed their rights, which are overdue, and objections that wait."""
    today = clock.local_date()
    with reading() as session:
        allowed = allowed_unit_ids(session, actor(), Permission.RIGHTS_READ, today)
        states = reviews.states(session, today, allowed)
        waiting = reviews.objections(session, today, allowed)
    return render_template(
        "accounts/reviews.html",
        states=states,
        objections=waiting,
        role_names=NAMES,
        may_manage=actor().has(Permission.OFFICERS_MANAGE),
        zone=clock.VIETNAM,
    )


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
