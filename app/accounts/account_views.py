"""The officer's own account: password, second factor, open sessions, sign-ins."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.accounts import account_queries, queries, sessions, sign_in
from app.accounts.kept import services as kept
from app.accounts.models import Officer
from app.accounts.proof import second_factor
from app.accounts.rights import grants
from app.accounts.roles import NAMES
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.web.access import actor, signed_in
from app.web.csrf import require_token
from app.web.notices import notice

blueprint = Blueprint("account", __name__, url_prefix="/officer/account")

MESSAGES = {
    "ended": "Đã kết thúc phiên đăng nhập.",
    "ended-others": "Đã kết thúc mọi phiên đăng nhập khác.",
    "factor-off": "Đã tắt xác thực hai bước.",
}


@blueprint.get("")
@signed_in
def index() -> str:
    """Everything about the account on one page."""
    who = actor()
    now = clock.now()
    with reading() as session:
        officer = session.get_one(Officer, who.officer_id)
        held = grants.grants(session, clock.local_date(), [who.officer_id])
        return render_template(
            "accounts/account.html",
            officer=officer,
            roles=queries.roles_on(session, [who.officer_id], clock.local_date()).get(who.officer_id, ()),
            role_names=NAMES,
            is_enrolled=second_factor.is_enrolled(session, who.officer_id),
            is_required=sessions.is_second_factor_required() and grants.needs_second_factor(held),
            codes_left=second_factor.codes_left(session, who.officer_id),
            open_sessions=account_queries.open_sessions(session, who.officer_id, who.session_hash, now),
            attempts=account_queries.attempts(session, who.officer_id),
            alerts=account_queries.alerts(session, who.officer_id, now),
            unfinished=kept.count(session, who.officer_id, now),
            zone=clock.VIETNAM,
            flashes=notice(MESSAGES),
        )


@blueprint.post("/sessions/end")
@signed_in
def end_session() -> Response:
    """End one of one's own sessions; a key that is none of them ends nothing."""
    require_token()
    wanted = request.form.get("session", "")
    who = actor()
    now = clock.now()
    with transaction() as session:
        for line in account_queries.open_sessions(session, who.officer_id, who.session_hash, now):
            if line.key == wanted:
                sign_in.end_session(session, bytes.fromhex(line.key), now)
                record(session, who.officer_id, Action.SESSION_END, f"officer:{who.officer_id}", {"sessions": 1})
    return redirect(url_for(".index", done="ended"), 303)


@blueprint.post("/sessions/end-others")
@signed_in
def end_others() -> Response:
    """End all of one's sessions but the present one."""
    require_token()
    who = actor()
    now = clock.now()
    with transaction() as session:
        lines = account_queries.open_sessions(session, who.officer_id, who.session_hash, now)
        others = [line for line in lines if not line.is_present]
        for line in others:
            sign_in.end_session(session, bytes.fromhex(line.key), now)
        detail = {"sessions": len(others)}
        record(session, who.officer_id, Action.SESSION_END, f"officer:{who.officer_id}", detail)
    return redirect(url_for(".index", done="ended-others"), 303)
