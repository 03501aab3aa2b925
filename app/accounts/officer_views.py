"""Administration of officers: list, create, roles, reset of passwords, deactivation.

What an administrator of a part of the tree sees and does ends at that part: officers elsewhere do not exist for them.
"""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts import queries, services
from app.accounts.errors import NotAUsername, NotGrantable, UnknownOfficer, UsernameTaken
from app.accounts.forms import ROLE_OPTIONS, NewOfficerForm, RoleForm
from app.accounts.models import Officer
from app.accounts.proof import invitations, second_factor
from app.accounts.rights import reviews
from app.accounts.roles import NAMES, NEEDS_UNIT, Role
from app.accounts.scope import allowed_unit_ids
from app.db.session import reading, transaction
from app.units import queries as units
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.notices import notice
from app.web.pages import site
from app.web.pagination import links, page_number
from app.web.permissions import Permission
from app.web.search import sought

blueprint = Blueprint("accounts_officer", __name__, url_prefix="/officer/officers")

MESSAGES = {
    "role": "Đã giao vai trò.",
    "role-ended": "Đã bỏ vai trò.",
    "factor-reset": "Đã gỡ xác thực hai bước. Mọi phiên đăng nhập của tài khoản này đã kết thúc.",
    "deactivated": "Đã khóa tài khoản. Mọi phiên đăng nhập của tài khoản này đã kết thúc.",
}
MOST_SUGGESTIONS = 20


@blueprint.get("")
@requires(Permission.OFFICERS_MANAGE)
def index() -> str:
    """The officers this officer manages, searched by name."""
    search = sought()
    with reading() as session:
        today = clock.local_date()
        allowed = _allowed(session)
        page = queries.officers(session, today, allowed, search, page_number())
        overdue = sum(state.is_overdue for state in reviews.states(session, today, allowed))
    return render_template(
        "accounts/officers.html",
        lines=page.lines,
        overdue=overdue,
        search=search,
        page=links(page.number, page.last_number, page.total),
        role_names=NAMES,
        flashes=notice(MESSAGES),
    )


@blueprint.get("/new")
@requires(Permission.OFFICERS_MANAGE)
def create() -> str:
    """The form for a new officer."""
    return _new_page(NewOfficerForm(role=Role.CASE_OFFICER.value), [])


@blueprint.post("/new")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def create_submit() -> Response | str | tuple[str, int]:
    """Create an officer. The invitation stands on the answer itself: its secret is kept nowhere, so no redirect."""
    form = NewOfficerForm()
    if not form.validate():
        return _new_page(form, []), 400
    try:
        with transaction() as session:
            unit_id, suggestions = _chosen_unit(session, form)
            if suggestions or form.unit.errors:
                return _new_page(form, suggestions), 400
            officer = services.add_officer(
                session,
                actor().officer_id,
                username=form.username.data,
                full_name=form.full_name.data,
                role=Role(form.role.data),
                unit_id=unit_id,
                until=form.valid_to.data,
            )
            secret = invitations.invite(session, actor().officer_id, officer.id)
    except (NotAUsername, UsernameTaken) as error:
        form.username.errors = [error.message]
        return _new_page(form, []), 400
    except NotGrantable as error:
        form.unit.errors = [error.message]
        return _new_page(form, []), 400
    return invitations_shown([(officer, secret)])


@blueprint.get("/<int:officer_id>")
@requires(Permission.OFFICERS_MANAGE)
def show(officer_id: int) -> str:
    """One officer: roles and what can be done."""
    return _officer_page(officer_id, RoleForm(role=Role.CASE_OFFICER.value), [])


@blueprint.post("/<int:officer_id>/roles")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def assign_role(officer_id: int) -> Response | tuple[str, int]:
    """Give the officer a further role."""
    form = RoleForm()
    if not form.validate():
        return _officer_page(officer_id, form, []), 400
    try:
        with transaction() as session:
            _managed(session, officer_id)
            unit_id, suggestions = _chosen_unit(session, form)
            if suggestions or form.unit.errors:
                return _officer_page(officer_id, form, suggestions), 400
            services.assign_role(
                session, actor().officer_id, officer_id, Role(form.role.data), unit_id, until=form.valid_to.data
            )
    except NotGrantable as error:
        form.unit.errors = [error.message]
        return _officer_page(officer_id, form, []), 400
    return redirect(url_for(".show", officer_id=officer_id, done="role"), 303)


@blueprint.post("/<int:officer_id>/roles/<int:assignment_id>/end")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def end_role(officer_id: int, assignment_id: int) -> Response:
    """Take a role away."""
    require_token()
    with transaction() as session:
        _managed(session, officer_id)
        services.end_role(session, actor().officer_id, officer_id, assignment_id)
    return redirect(url_for(".index", done="role-ended"), 303)


@blueprint.post("/<int:officer_id>/deactivate")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def deactivate(officer_id: int) -> Response:
    """Close the account."""
    require_token()
    with transaction() as session:
        _managed(session, officer_id)
        services.deactivate(session, actor().officer_id, officer_id)
    return redirect(url_for(".index", done="deactivated"), 303)


@blueprint.post("/<int:officer_id>/reset-password")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def reset_password(officer_id: int) -> str:
    """Give a one-time password, shown on the answer itself and kept nowhere."""
    require_token()
    with transaction() as session:
        officer = _managed(session, officer_id)
        password = services.reset_password(session, actor().officer_id, officer_id)
    return _password_shown(officer, password)


@blueprint.post("/<int:officer_id>/invite")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def invite(officer_id: int) -> str:
    """Make a new invitation, shown on the answer itself; older ones of the officer are worth nothing then."""
    require_token()
    with transaction() as session:
        officer = _managed(session, officer_id)
        secret = invitations.invite(session, actor().officer_id, officer_id)
    return invitations_shown([(officer, secret)])


@blueprint.post("/<int:officer_id>/reset-second-factor")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def reset_second_factor(officer_id: int) -> Response:
    """Take the second factor off an account whose telephone and recovery codes are lost; its sessions end."""
    require_token()
    with transaction() as session:
        _managed(session, officer_id)
        services.reset_second_factor(session, actor().officer_id, officer_id)
    return redirect(url_for(".show", officer_id=officer_id, done="factor-reset"), 303)


def invitations_shown(made: list[tuple[Officer, str]]) -> str:
    """The page with new invitations, to be printed and handed over."""
    base = site().config.public_url
    lines = [(officer, base + url_for("invitations.show", key=secret)) for officer, secret in made]
    return render_template("accounts/invitations.html", lines=lines, days=invitations.LIFETIME.days)


def _allowed(session: Session) -> frozenset[int] | None:
    return allowed_unit_ids(session, actor(), Permission.OFFICERS_MANAGE, clock.local_date())


def _managed(session: Session, officer_id: int) -> Officer:
    officer = session.get(Officer, officer_id)
    if officer is None or not queries.may_manage(session, officer_id, clock.local_date(), _allowed(session)):
        raise UnknownOfficer("Không tìm thấy cán bộ này, hoặc Ông/Bà không quản lý cán bộ này.")
    return officer


def _chosen_unit(session: Session, form: RoleForm) -> tuple[int | None, list[tuple[str, str]]]:
    """The unit meant by what was typed, or units to choose from (code, words); what is wrong goes to the field.

    Whoever manages a part of the tree gives the roles that belong to a unit there and nothing else.
    """
    allowed = _allowed(session)
    if allowed is not None and Role(form.role.data) not in NEEDS_UNIT:
        raise NotGrantable("Vai trò này chỉ quản trị viên toàn hệ thống được giao.")
    typed = (form.unit.data or "").strip()
    if not typed:
        if allowed is not None:
            form.unit.errors = ["Xin chọn một đơn vị Ông/Bà quản lý."]
        return None, []
    today = clock.local_date()
    exact = units.unit_by_code(session, typed, today)
    if exact is not None and (allowed is None or exact.id in allowed):
        return exact.id, []
    roots = None if allowed is None else actor().scopes[Permission.OFFICERS_MANAGE]
    found = units.search(session, typed, today, within=roots).lines
    if len(found) == 1:
        return found[0].id, []
    if not found:
        form.unit.errors = ["Không tìm thấy đơn vị này. Xin nhập mã hoặc một phần tên."]
        return None, []
    form.unit.errors = ["Có nhiều đơn vị phù hợp. Xin chọn một đơn vị dưới đây hoặc nhập rõ hơn."]
    return None, [(line.code, f"{line.name} ({line.code})") for line in found[:MOST_SUGGESTIONS]]


def _new_page(form: NewOfficerForm, suggestions: list[tuple[str, str]]) -> str:
    return render_template("accounts/officer_new.html", form=form, suggestions=suggestions, role_options=ROLE_OPTIONS)


def _officer_page(officer_id: int, form: RoleForm, suggestions: list[tuple[str, str]]) -> str:
    with reading() as session:
        officer = _managed(session, officer_id)
        roles = queries.roles_on(session, [officer_id], clock.local_date()).get(officer_id, ())
        has_second_factor = second_factor.is_enrolled(session, officer_id)
    return render_template(
        "accounts/officer.html",
        officer=officer,
        roles=roles,
        role_names=NAMES,
        role_options=ROLE_OPTIONS,
        form=form,
        suggestions=suggestions,
        has_second_factor=has_second_factor,
        is_self=officer_id == actor().officer_id,
        flashes=notice(MESSAGES),
    )


def _password_shown(officer: Officer, password: str) -> str:
    return render_template("accounts/one_time_password.html", officer=officer, password=password)
