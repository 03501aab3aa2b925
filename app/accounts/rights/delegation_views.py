"""Lending one's own role during leave."""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts import keys, queries
from app.accounts.errors import NotDelegable
from app.accounts.forms import DelegationForm
from app.accounts.rights import delegations
from app.accounts.roles import NAMES, delegable
from app.accounts.unit_choice import UnitChoice, choose_unit
from app.db.session import reading, transaction
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("delegations_officer", __name__, url_prefix="/officer/delegations")

MESSAGES = {"made": "Đã ủy quyền.", "ended": "Đã kết thúc ủy quyền."}
NOBODY = "Không có cán bộ nào đang dùng tên đăng nhập này."


@blueprint.get("")
@requires(Permission.RIGHTS_DELEGATE)
def index() -> str:
    """What one has lent and been lent, and the form."""
    return _page(DelegationForm(valid_from=clock.local_date()), ())


@blueprint.post("")
@requires(Permission.RIGHTS_DELEGATE, fresh=True)
def create() -> Response | tuple[str, int]:
    """Lend a role."""
    form = DelegationForm()
    if not form.validate():
        return _page(form, ()), 400
    try:
        with transaction() as session:
            choice = _chosen_unit(session, form)
            if choice.problem:
                form.unit.errors = [choice.problem]
                return _page(form, choice.suggestions), 400
            delegations.delegate(
                session,
                actor().officer_id,
                _number(form.assignment.data or ""),
                _deputy_id(session, form.deputy.data),
                choice.unit_id,
                delegations.Period(form.valid_from.data, form.valid_to.data),
                form.reason.data,
            )
    except NotDelegable as error:
        form[error.field].errors = [error.message]
        return _page(form, ()), 400
    return redirect(url_for(".index", done="made"), 303)


@blueprint.post("/<int:delegation_id>/end")
@requires(Permission.RIGHTS_DELEGATE)
def end(delegation_id: int) -> Response:
    """Take it back before its last day."""
    require_token()
    with transaction() as session:
        delegations.take_back(session, actor().officer_id, delegation_id)
    return redirect(url_for(".index", done="ended"), 303)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _deputy_id(session: Session, username: str) -> int:
    deputy = queries.officer_by_username(session, keys.normalise_username(username))
    if deputy is None:
        raise NotDelegable(NOBODY, "deputy")
    return deputy.id


def _chosen_unit(session: Session, form: DelegationForm) -> UnitChoice:
    """The part of the tree meant; nothing typed means all of where the role is held."""
    typed = (form.unit.data or "").strip()
    if not typed:
        return UnitChoice(None)
    return choose_unit(session, actor(), Permission.RIGHTS_DELEGATE, typed, clock.local_date())


def _page(form: DelegationForm, suggestions: tuple[tuple[str, str], ...]) -> str:
    today = clock.local_date()
    own = actor().officer_id
    with reading() as session:
        held = queries.roles_on(session, [own], today).get(own, ())
        lines = delegations.lines_of(session, own, today)
    return render_template(
        "accounts/delegations.html",
        form=form,
        suggestions=suggestions,
        assignment_options=[
            (one.assignment_id, f"{NAMES[one.role]} – {one.unit_name or 'toàn hệ thống'}")
            for one in held
            if delegable(one.role)
        ],
        lines=lines,
        own_id=own,
        today=today,
        role_names=NAMES,
        flashes=notice(MESSAGES),
    )
