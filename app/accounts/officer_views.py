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
from app.accounts.officer_lists import INVITATIONS, OFFICERS
from app.accounts.proof import invitations, second_factor
from app.accounts.rights import reviews
from app.accounts.roles import NAMES, NEEDS_UNIT, Role
from app.accounts.scope import allowed_unit_ids
from app.accounts.unit_choice import choose_unit
from app.db.session import reading, transaction
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.notices import notice
from app.web.pages import site
from app.web.permissions import Permission

blueprint = Blueprint("accounts_officer", __name__, url_prefix="/officer/officers")

MESSAGES = {
    "role": "Đã giao vai trò.",
    "role-ended": "Đã bỏ vai trò.",
    "factor-reset": "Đã gỡ xác thực hai bước. Mọi phiên đăng nhập của tài khoản này đã kết thúc.",
    "deactivated": "Đã khóa tài khoản. Mọi phiên đăng nhập của tài khoản này đã kết thúc.",
}


@blueprint.get("")
@requires(Permission.OFFICERS_MANAGE)
def index() -> str:
    """The officers this officer manages."""
    with reading() as session:
        overdue = sum(state.is_overdue for state in reviews.states(session, clock.local_date(), _allowed(session)))
    return list_page("accounts/officers.html", OFFICERS, overdue=overdue, flashes=notice(MESSAGES))


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def files(file_format: str) -> Response:
    """The same officers as a file: personal data of staff, so the password is asked for again."""
    return list_file(OFFICERS, file_format)


@blueprint.get("/invitations")
@requires(Permission.OFFICERS_MANAGE)
def invitation_list() -> str:
    """Who was invited and has not come yet."""
    return list_page("accounts/invitation_list.html", INVITATIONS)


@blueprint.get("/invitations/list.csv", defaults=CSV)
@blueprint.get("/invitations/list.xlsx", defaults=XLSX)
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def invitation_files(file_format: str) -> Response:
    """The same invitations as a file; never the links."""
    return list_file(INVITATIONS, file_format)


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
    if _allowed(session) is not None and Role(form.role.data) not in NEEDS_UNIT:
        raise NotGrantable("Vai trò này chỉ quản trị viên toàn hệ thống được giao.")
    typed = (form.unit.data or "").strip()
    if not typed and _allowed(session) is None:
        return None, []
    choice = choose_unit(session, actor(), Permission.OFFICERS_MANAGE, typed, clock.local_date())
    if choice.problem:
        form.unit.errors = [choice.problem]
    return choice.unit_id, list(choice.suggestions)


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
