"""The password once more before an act that must not be done from a computer left alone."""

from flask import Blueprint, redirect, render_template, request, url_for
from limits import parse
from werkzeug.wrappers import Response

from app import clock
from app.accounts import passwords, sign_in
from app.accounts.forms import ConfirmForm
from app.accounts.local_targets import local_target
from app.accounts.models import Officer
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.web.access import actor, signed_in
from app.web.limits import limits
from app.web.pages import site

blueprint = Blueprint("confirm", __name__, url_prefix="/officer/confirm")

PER_OFFICER = parse("10 per 15 minutes")
WRONG = "Mật khẩu chưa đúng."
TOO_MANY = "Đã nhập sai quá nhiều lần. Xin Ông/Bà đợi 15 phút rồi thử lại."


@blueprint.get("")
@signed_in
def confirm() -> str:
    """Ask for the password."""
    return _page(ConfirmForm())


@blueprint.post("")
@signed_in
def confirm_submit() -> Response | tuple[str, int]:
    """Check it; for ten minutes it is not asked for again in this session."""
    form = ConfirmForm()
    if not form.validate():
        return _page(form), 400
    who = actor()
    if not limits().hit(PER_OFFICER, "change-password", str(who.officer_id)):
        form.password.errors = [TOO_MANY]
        return _page(form), 429
    with reading() as session:
        password_hash = session.get_one(Officer, who.officer_id).password_hash
    is_right = passwords.verify(password_hash, form.password.data)  # slow on purpose, so outside the transaction
    with transaction() as session:
        subject = f"officer:{who.officer_id}"
        if is_right:
            sign_in.confirm_session(session, who.session_hash, clock.now())
        record(session, who.officer_id, Action.SESSION_CONFIRM if is_right else Action.SESSION_CONFIRM_REFUSED, subject)
    if not is_right:
        form.password.errors = [WRONG]
        return _page(form), 400
    return redirect(local_target(request.form.get("next", "")) or url_for("accounts.start"), 303)


def _page(form: ConfirmForm) -> str:
    wanted = request.values.get("next", "")
    return render_template(
        "accounts/confirm.html",
        form=form,
        next_url=local_target(wanted) or "",
        has_single_sign_on=site().config.single_sign_on is not None,
    )
