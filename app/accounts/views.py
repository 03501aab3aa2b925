"""Signing in and out, and the officer's own password."""

from flask import Blueprint, redirect, render_template, request, url_for
from limits import parse
from werkzeug.wrappers import Response

from app import clock
from app.accounts import account_queries, keys, services, sessions
from app.accounts import sign_in as signing
from app.accounts.errors import WeakPassword, WrongPassword
from app.accounts.forms import ChangePasswordForm
from app.accounts.local_targets import local_target
from app.db.session import reading, transaction
from app.web import csrf
from app.web.access import Step, actor, public, signed_in, signed_in_at
from app.web.form_ids import BadFormId
from app.web.limits import limits
from app.web.navigation import first_page
from app.web.notices import notice
from app.web.pages import make_form_id, read_form_id, site

blueprint = Blueprint("accounts", __name__)

PER_ACCOUNT = parse("10 per 15 minutes")  # one account, one network, browsers that know it apart from the others
PER_NETWORK = parse("300 per 15 minutes")  # a whole office behind one address signs in at half past seven
PER_OFFICER = parse("10 per 15 minutes")  # guesses of the present password by whoever sits at an open session
OLDEST_FORM = 12 * 3600  # seconds
MOST_CHARACTERS = 1000

WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng."
TOO_MANY = "Đã thử đăng nhập quá nhiều lần. Xin Ông/Bà đợi 15 phút rồi thử lại."
MESSAGES = {
    "joined": "Đã đặt mật khẩu. Mời Ông/Bà đăng nhập.",
    "no-match": "Hệ thống đăng nhập chung không cho biết một cán bộ đang có tài khoản ở đây.",
    "failed": "Đăng nhập chung chưa thành công. Xin thử lại.",
    "kept": "Phiên làm việc đã hết trước khi biểu mẫu được gửi. Chữ Ông/Bà vừa nhập đã được giữ lại: xin đăng nhập để "
    "xem và gửi tiếp.",
    "ended": "Phiên làm việc đã hết nên việc vừa làm chưa được ghi nhận. Xin đăng nhập rồi làm lại; nút Quay lại của "
    "trình duyệt thường còn giữ chữ đã gõ.",
}
KIND_OF = {"joined": "success", "kept": "info", "ended": "info"}
STALE = "Trang đăng nhập đã cũ. Xin Ông/Bà nhập lại."


@blueprint.get("/officer")
@signed_in
def start() -> Response | str:
    """The first page the officer may open."""
    target = first_page(actor())
    return redirect(target, 303) if target else render_template("accounts/no_role.html")


@blueprint.get("/officer/sign-in")
@public
def sign_in() -> str:
    """The sign-in form. Sets no cookie: a signed form id protects it."""
    return _sign_in_page("", [], request.args.get("next", ""))


@blueprint.post("/officer/sign-in")
@public
def sign_in_submit() -> Response | tuple[str, int]:
    """Check a name and a password; on success a new session and on to ``next``."""
    csrf.refuse_other_sites()
    username = request.form.get("user_name", "")[:MOST_CHARACTERS]
    password = request.form.get("password", "")[:MOST_CHARACTERS]
    wanted = request.form.get("next", "")
    if not limits().hit(PER_NETWORK, "sign-in", limits().network()):
        return _sign_in_page(username, [TOO_MANY], wanted), 429
    if not _is_our_form(request.form.get(csrf.FIELD, "")):
        return _sign_in_page(username, [STALE], wanted), 400
    attempt = _check(username, password)
    with transaction() as session:
        browser = sessions.browser(attempt.account_key)
        secret = signing.finish(session, attempt, browser, lifetime=sessions.lifetime(), now=clock.now())
    if secret is None:
        is_slowed = attempt.outcome is signing.Outcome.TOO_MANY
        return _sign_in_page(username, [TOO_MANY if is_slowed else WRONG], wanted), 429 if is_slowed else 400
    response = redirect(local_target(wanted) or _first_after_sign_in(attempt.officer_id or 0), 303)
    sessions.set_cookie(response, secret)
    sessions.set_device_cookie(response, attempt.account_key)
    return response


@blueprint.post("/officer/sign-out")
@signed_in_at(*Step)
def sign_out() -> Response:
    """End the session of this browser."""
    csrf.require_token()
    with transaction() as session:
        signing.sign_out(session, actor().officer_id, actor().session_hash, clock.now())
    response = redirect(url_for("accounts.sign_in"), 303)
    sessions.drop_cookie(response)
    return response


@blueprint.get("/officer/password")
@signed_in_at(Step.PASSWORD)
def change_password() -> str:
    """The form for a new password."""
    return _password_page(_password_form())


@blueprint.post("/officer/password")
@signed_in_at(Step.PASSWORD)
def change_password_submit() -> Response | tuple[str, int]:
    """Change the password: every session ends, this browser gets a new one."""
    form = _password_form()
    who = actor()
    if not form.validate():
        return _password_page(form), 400
    present = form.present.data if "present" in form else None
    if not limits().hit(PER_OFFICER, "change-password", str(who.officer_id)):
        form.form_errors.append(TOO_MANY)
        return _password_page(form), 429
    try:
        with transaction() as session:
            secret = services.change_password(
                session,
                who.officer_id,
                present,
                form.new.data,
                lifetime=sessions.lifetime(),
                device=sessions.device(),
            )
    except WrongPassword as error:
        form.present.errors = [error.message]
        return _password_page(form), 400
    except WeakPassword as error:
        form.new.errors = [error.message]
        return _password_page(form), 400
    response = redirect(url_for("accounts.start"), 303)
    sessions.set_cookie(response, secret)
    return response


def _first_after_sign_in(officer_id: int) -> str:
    """The start page, or one's own account when something there is worth a warning."""
    with reading() as session:
        is_warned = bool(account_queries.alerts(session, officer_id, clock.now()))
    return url_for("account.index" if is_warned else "accounts.start")


def _check(username: str, password: str) -> signing.Attempt:
    key = keys.account_key(site().config.secret_key, username)
    is_known = sessions.is_known_device(key)
    is_within = limits().hit(PER_ACCOUNT, "sign-in", key.hex(), limits().network(), "known" if is_known else "unknown")
    with reading() as session:
        return signing.check(
            session,
            key,
            username,
            password,
            now=clock.now(),
            is_within_limits=is_within,
            is_known_device=is_known,
        )


def _is_our_form(text: str) -> bool:
    try:
        form_id = read_form_id("sign-in", "sign-in", text)
    except BadFormId:
        return False
    return -60 <= form_id.age_seconds(clock.now()) <= OLDEST_FORM


def _sign_in_page(username: str, messages: list[str], wanted: str) -> str:
    return render_template(
        "accounts/sign_in.html",
        csrf_token=make_form_id("sign-in", "sign-in"),
        action_url=url_for("accounts.sign_in_submit"),
        user_name=username,
        errors=[{"field_id": "user_name", "message": message} for message in messages],
        next_url=local_target(wanted) or "",
        single_sign_on_url=url_for("single_sign_on.start") if site().config.single_sign_on else None,
        flashes=notice(MESSAGES, KIND_OF.get(request.args.get("done", ""), "error")),
    )


def _password_form() -> ChangePasswordForm:
    form = ChangePasswordForm()
    if actor().must_change_password:
        del form.present
    return form


def _password_page(form: ChangePasswordForm) -> str:
    return render_template(
        "accounts/change_password.html",
        form=form,
        is_forced=actor().must_change_password,
        action_url=url_for("accounts.change_password_submit"),
    )
