"""The page of a form that came too late: what was typed, and a button that sends it after all."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import clock
from app.accounts.kept import services
from app.db.session import reading, transaction
from app.web.access import actor, signed_in
from app.web.csrf import require_token

blueprint = Blueprint("kept", __name__, url_prefix="/officer/unfinished")

SHORT = 40


@blueprint.get("/<key>")
@signed_in
def show(key: str) -> str:
    """What was typed; texts can be changed before they are sent."""
    with reading() as session:
        kept = services.find(session, actor().officer_id, key, clock.now())
    return render_template(
        "accounts/unfinished.html",
        kept=kept,
        texts=[(name, value) for name, value in kept.fields if _is_text(value)],
        others=[(name, value) for name, value in kept.fields if not _is_text(value)],
        drop_url=url_for(".drop", key=key),
    )


@blueprint.post("/<key>/drop")
@signed_in
def drop(key: str) -> Response:
    """Throw it away."""
    require_token()
    with transaction() as session:
        services.drop(session, actor().officer_id, key)
    return redirect(url_for("accounts.start"), 303)


def _is_text(value: str) -> bool:
    """Whether a person typed this, rather than chose it: words, not a code or a number."""
    return len(value) > SHORT or any(sign.isspace() or not sign.isascii() for sign in value)
