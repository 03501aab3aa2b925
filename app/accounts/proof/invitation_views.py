"""The page behind an invitation link: the officer sets the first password."""

from flask import Blueprint, redirect, render_template, request, url_for
from limits import parse
from werkzeug.wrappers import Response

from app import clock
from app.accounts.errors import WeakPassword
from app.accounts.proof import invitations
from app.db.session import reading, transaction
from app.web import csrf
from app.web.access import public
from app.web.errors import error_page
from app.web.form_ids import BadFormId
from app.web.limits import limits
from app.web.pages import make_form_id, read_form_id

blueprint = Blueprint("invitations", __name__, url_prefix="/officer/invitation")

PER_NETWORK = parse("60 per 15 minutes")
MOST_CHARACTERS = 1000
TOO_MANY = "Đã mở quá nhiều lần. Xin Ông/Bà đợi 15 phút rồi thử lại."
DIFFERENT = "Hai lần nhập mật khẩu chưa giống nhau. Xin nhập lại."


@blueprint.get("/<key>")
@public
def show(key: str) -> str | tuple[str, int]:
    """Whose link this is, and the fields for a password. Opening the link uses nothing up."""
    if not limits().hit(PER_NETWORK, "invitation", limits().network()):
        return error_page(429, TOO_MANY)
    return _page(key, {})


@blueprint.post("/<key>")
@public
def accept(key: str) -> Response | tuple[str, int]:
    """Set the password; the link is then worth nothing. The officer signs in with it at once."""
    csrf.refuse_other_sites()
    if not limits().hit(PER_NETWORK, "invitation", limits().network()):
        return error_page(429, TOO_MANY)
    try:
        read_form_id("invitation", key, request.form.get(csrf.FIELD, ""))
    except BadFormId:
        return _page(key, {"new": csrf.STALE}), 400
    new = request.form.get("new", "")[:MOST_CHARACTERS]
    if new != request.form.get("repeated", "")[:MOST_CHARACTERS]:
        return _page(key, {"repeated": DIFFERENT}), 400
    try:
        with transaction() as session:
            invitations.accept(session, key, new)
    except WeakPassword as error:
        return _page(key, {"new": error.message}), 400
    return redirect(url_for("accounts.sign_in", done="joined"), 303)


def _page(key: str, wrong: dict[str, str]) -> str:
    with reading() as session:
        officer = invitations.invited(session, key, clock.now())
    return render_template(
        "accounts/invitation.html",
        officer=officer,
        csrf_token=make_form_id("invitation", key),
        action_url=url_for(".accept", key=key),
        wrong=wrong,
        errors=[{"field_id": name, "message": message} for name, message in wrong.items()],
    )
