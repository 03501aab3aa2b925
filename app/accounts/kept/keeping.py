"""A form that meets an ended session is kept, and its officer led back to it after signing in.

Only a form that this officer's own session had drawn is kept: its token must belong to that session. So nobody plants
a form for an officer to send, and a session that was revoked, perhaps because somebody else used it, keeps nothing.
"""

import hmac
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, current_app, g, redirect, request, url_for
from flask import Response as FlaskResponse
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app import clock
from app.accounts import keys, sessions
from app.accounts.kept import services
from app.db.session import reading, transaction
from app.errors import Invalid
from app.web.access import Actor, actor, guard_of
from app.web.csrf import FIELD, StaleForm, token_of
from app.web.errors import error_page, status_of

SENT = "unfinished"
"""Argument that names the kept form in the address it is sent to after all."""


def init_keeping(app: Flask) -> None:
    """Take up forms of an officer's earlier session, who has signed in again meanwhile, perhaps in another window.

    A kept form that was sent after all waits no longer.
    """
    app.register_error_handler(StaleForm, _of_former_session)
    app.after_request(_forget_sent)


def marked(path: str, key: str) -> str:
    """The address of a kept form, so that what waits is forgotten once it was taken."""
    return f"{path}{'&' if '?' in path else '?'}{SENT}={key}"


def _forget_sent(response: FlaskResponse) -> FlaskResponse:
    """Every post that was taken redirects, and only then; one that has to wait again was kept anew."""
    key, who = request.args.get(SENT, ""), g.get("actor")
    is_taken = request.method == "POST" and response.status_code == HTTPStatus.SEE_OTHER
    if key and is_taken and isinstance(who, Actor):
        with transaction() as session:
            services.drop(session, who.officer_id, key)
    return response


def keep() -> str | None:
    """Keep the form of the present request for who owned its session; the page where it can be sent after all."""
    secret = sessions.present_secret()
    if not secret:
        return None
    secret_hash = keys.session_hash(secret)
    with reading() as session:
        row = services.owner(session, secret_hash)
    if row is None or row.revoked_at is not None or not _is_form_of(secret_hash):
        return None
    return _kept(row.officer_id)


def _of_former_session(error: Invalid) -> Response | tuple[str, int]:
    guard = guard_of(current_app.view_functions[request.endpoint or "static"])
    if guard is not None and guard.permission is not None:
        officer_id = actor().officer_id
        with reading() as session:
            is_mine = services.is_of_former_session(session, officer_id, _is_form_of, clock.now())
        if is_mine and (target := _kept(officer_id)) is not None:
            return redirect(target, 303)
    return error_page(status_of(error), error.message)


def _is_form_of(secret_hash: bytes) -> bool:
    try:
        token = request.form.get(FIELD, "")
    except RequestEntityTooLarge:
        return False
    return hmac.compare_digest(token.encode("utf-8", "replace"), token_of(secret_hash).encode())


def _kept(officer_id: int) -> str | None:
    """The page of the form, now kept; None when it is a bare button, or too large."""
    if not (typed := _typed()):
        return None
    with transaction() as session:
        had_files = any(one.filename for one in request.files.values())
        key = services.keep(session, officer_id, _path(), typed, clock.now(), had_files=had_files)
    return None if key is None else url_for("kept.show", key=key)


def _path() -> str:
    """The address without the mark of an earlier keeping."""
    given = [(name, value) for name, value in request.args.items(multi=True) if name != SENT]
    return f"{request.path}?{urlencode(given)}" if given else request.path


def _typed() -> Mapping[str, Sequence[str]]:
    return {
        name: values for name, values in request.form.lists() if name != FIELD and "password" not in name.casefold()
    }
