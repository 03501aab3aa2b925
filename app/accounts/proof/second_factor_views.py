"""The second factor: asked for at sign-in, enrolled, renewed, taken off."""

from flask import Blueprint, redirect, render_template, request, url_for
from limits import parse
from werkzeug.wrappers import Response

from app import clock
from app.accounts import queries, sessions, sign_in
from app.accounts.forms import CodeForm
from app.accounts.local_targets import local_target
from app.accounts.models import Officer
from app.accounts.proof import one_time_codes, second_factor
from app.accounts.proof.square_code import square_code
from app.db.session import reading, transaction
from app.errors import Conflict
from app.web.access import Step, actor, fresh, signed_in_at
from app.web.csrf import require_token
from app.web.limits import limits

blueprint = Blueprint("second_factor", __name__, url_prefix="/officer/second-factor")

PER_OFFICER = parse("10 per 15 minutes")  # reached only with the right password: it locks nobody else out
WRONG = "Mã chưa đúng, đã dùng rồi hoặc đã quá giờ. Xin đợi mã mới rồi nhập lại."
TOO_MANY = "Đã nhập sai quá nhiều lần. Xin Ông/Bà đợi 15 phút rồi thử lại."


@blueprint.get("")
@signed_in_at(Step.SECOND_FACTOR)
def check() -> Response | str:
    """Ask for the code that a sign-in still lacks."""
    if actor().step is not Step.SECOND_FACTOR:
        return redirect(url_for("accounts.start"), 303)
    return _check_page(CodeForm())


@blueprint.post("")
@signed_in_at(Step.SECOND_FACTOR)
def check_submit() -> Response | tuple[str, int]:
    """Check the code; a new session takes the place of the waiting one."""
    form = CodeForm()
    if not form.validate():
        return _check_page(form), 400
    if not _may_try(form):
        return _check_page(form), 429
    with transaction() as session:
        found = queries.live_session(session, actor().session_hash, clock.now())
        secret = found and sign_in.give_second_factor(
            session,
            found[0],
            form.code.data,
            lifetime=sessions.lifetime(),
            now=clock.now(),
        )
    if not secret:
        form.code.errors = [WRONG]
        return _check_page(form), 400
    response = redirect(local_target(request.form.get("next", "")) or url_for("accounts.start"), 303)
    sessions.set_cookie(response, secret)
    return response


@blueprint.get("/enrol")
@signed_in_at(Step.ENROL)
def enrol() -> Response | str:
    """Show the secret to be put into an authenticator, or where to begin."""
    with reading() as session:
        if second_factor.is_enrolled(session, actor().officer_id):
            return redirect(url_for("account.index"), 303)
    return _enrol_page(CodeForm())


@blueprint.post("/begin")
@signed_in_at(Step.ENROL)
def begin() -> Response:
    """Make the secret that the next page shows."""
    require_token()
    with transaction() as session:
        second_factor.begin(session, actor().officer_id)
    return redirect(url_for(".enrol"), 303)


@blueprint.post("/enrol")
@signed_in_at(Step.ENROL)
def enrol_submit() -> Response | str | tuple[str, int]:
    """Take the first code. The recovery codes stand on the answer itself: they are kept nowhere, so no redirect."""
    form = CodeForm()
    if not form.validate():
        return _enrol_page(form), 400
    if not _may_try(form):
        return _enrol_page(form), 429
    with transaction() as session:
        codes = second_factor.confirm(session, actor().officer_id, form.code.data)
    if codes is None:
        form.code.errors = [WRONG]
        return _enrol_page(form), 400
    return _codes_page(codes)


@blueprint.post("/recovery-codes")
@fresh
def renew_codes() -> str:
    """Replace the recovery codes; shown on the answer itself."""
    require_token()
    with transaction() as session:
        if not second_factor.is_enrolled(session, actor().officer_id):
            raise Conflict("Tài khoản chưa bật xác thực hai bước.")
        codes = second_factor.renew_codes(session, actor().officer_id)
    return _codes_page(codes)


@blueprint.post("/take-off")
@fresh
def take_off() -> Response:
    """Take the second factor off, to put it on another telephone or because it is not required."""
    require_token()
    with transaction() as session:
        second_factor.take_off(session, actor().officer_id, actor().officer_id)
    return redirect(url_for("account.index", done="factor-off"), 303)


def _may_try(form: CodeForm) -> bool:
    if limits().hit(PER_OFFICER, "second-factor", str(actor().officer_id)):
        return True
    form.code.errors = [TOO_MANY]
    return False


def _check_page(form: CodeForm) -> str:
    wanted = request.values.get("next", "")
    return render_template("accounts/second_factor.html", form=form, next_url=local_target(wanted) or "")


def _enrol_page(form: CodeForm) -> str:
    with reading() as session:
        secret = second_factor.waiting_secret(session, actor().officer_id)
        username = session.get_one(Officer, actor().officer_id).username
    return render_template(
        "accounts/second_factor_enrol.html",
        form=form,
        secret=secret and " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=secret and square_code(one_time_codes.address(secret, username)),
        is_required=actor().step is Step.ENROL,
    )


def _codes_page(codes: list[str]) -> str:
    return render_template("accounts/recovery_codes.html", codes=codes, next_url=url_for("accounts.start"))
