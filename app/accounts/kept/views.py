"""Forms that came too late: which wait, what was typed in one, and a button that sends it after all."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app import clock
from app.accounts.kept import keeping, services, words
from app.accounts.kept.services import Unfinished
from app.clock import VIETNAM
from app.db.session import reading, transaction
from app.web.access import actor, signed_in
from app.web.csrf import require_token
from app.web.navigation import label_of
from app.web.notices import notice

blueprint = Blueprint("kept", __name__, url_prefix="/officer/unfinished")

FIRST_WORDS = 120
MESSAGES = {"dropped": "Đã bỏ. Không còn gì được giữ lại của việc ấy."}


@blueprint.get("")
@signed_in
def index() -> str:
    """Every form that waits, by the page it belongs to."""
    with reading() as session:
        waiting = services.waiting(session, actor().officer_id, clock.now())
    return render_template(
        "accounts/unfinished_list.html", lines=[_line(one) for one in waiting], flashes=notice(MESSAGES)
    )


@blueprint.get("/<key>")
@signed_in
def show(key: str) -> str:
    """What was typed; texts can be changed before they are sent."""
    with reading() as session:
        kept = services.find(session, actor().officer_id, key, clock.now())
    texts = [(name, value) for name, value in kept.fields if words.is_text(value)]
    return render_template(
        "accounts/unfinished.html",
        kept=kept,
        line=_line(kept),
        action_url=keeping.marked(kept.path, kept.id),
        texts=[
            (name, value, words.field_name(name, number, len(texts))) for number, (name, value) in enumerate(texts, 1)
        ],
        others=[(name, value) for name, value in kept.fields if not words.is_text(value)],
        drop_url=url_for(".drop", key=key),
    )


@blueprint.post("/<key>/drop")
@signed_in
def drop(key: str) -> Response:
    """Throw it away."""
    require_token()
    with transaction() as session:
        services.drop(session, actor().officer_id, key)
    return redirect(url_for(".index", done="dropped"), 303)


def _line(kept: Unfinished) -> SimpleNamespace:
    typed = max((" ".join(value.split()) for _, value in kept.fields if words.is_text(value)), key=len, default="")
    return SimpleNamespace(
        name=_page_name(kept.path),
        first_words=typed if len(typed) <= FIRST_WORDS else f"{typed[:FIRST_WORDS].rstrip()}…",
        kept_at=f"{kept.kept_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
        until=f"{kept.expires_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
        url=url_for(".show", key=kept.id),
        drop_url=url_for(".drop", key=kept.id),
    )


def _page_name(address: str) -> str:
    path = urlsplit(address).path
    try:
        endpoint, arguments = current_app.url_map.bind("localhost").match(path, method="POST")
    except HTTPException:  # a page of an older release
        return words.OTHER
    return words.page_name(str(endpoint), arguments, label_of(path))
