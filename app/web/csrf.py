"""Protection of officer forms against posts from other sites.

The token is an HMAC of the officer's session, so it needs no cookie of its own, dies with the session, and is worth
nothing in another one. ``OfficerForm`` checks it by itself; a page with a bare button puts ``csrf_token()`` into a
hidden field and its view calls ``require_token()``. Public pages use form ids instead (``form_ids``).
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

from flask import current_app, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.i18n import DummyTranslations
from wtforms.validators import ValidationError

from app.errors import Invalid, NotAllowed
from app.web.access import actor

FIELD = "csrf_token"
STALE = "Trang này đã cũ hoặc không phải do hệ thống tạo ra. Xin Ông/Bà mở lại trang rồi làm lại."


class StaleForm(Invalid):
    """The form was not drawn for the present session."""


def csrf_token() -> str:
    """The token of the present officer session. Also a function of every template."""
    return token_of(actor().session_hash)


def token_of(session_hash: bytes) -> str:
    """The token of a session."""
    key = current_app.config["SECRET_KEY"]
    return hmac.new(key, b"officer-form\0" + session_hash, hashlib.sha256).hexdigest()


def is_valid(token: str) -> bool:
    """Whether a token that came back belongs to the present officer session."""
    return hmac.compare_digest(token.encode("utf-8", "replace"), csrf_token().encode())


def require_token() -> None:
    """Refuse a post of a button-only form without its token.

    Raises
    ------
    StaleForm
        When the token is missing or not of this session.
    """
    if not is_valid(request.form.get(FIELD, "")):
        raise StaleForm(STALE)


def require_known(posted: MultiDict[str, str], names: Iterable[str]) -> None:
    """Refuse a post with a field that its form does not have, or has twice: no second act rides along.

    Raises
    ------
    Invalid
        When there is such a field.
    """
    known = {FIELD, *names}
    if any(name not in known or len(values) > 1 for name, values in posted.lists()):
        raise Invalid(STALE)


def refuse_other_sites() -> None:
    """Refuse a request that the browser itself marks as sent by another site (Fetch Metadata).

    Raises
    ------
    NotAllowed
        For such a request; a browser that sends no mark is let through, other checks remain.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed(STALE)


class SessionCsrf(CSRF):  # type: ignore[misc]  # WTForms has no types
    """WTForms' way to ask for and check the token."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        """The token to draw."""
        return csrf_token()

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        """Check what came back."""
        if not is_valid(field.data or ""):
            raise ValidationError(STALE)


class OfficerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Parent of every form of an officer page. Messages are Vietnamese and stand at the validators."""

    class Meta:
        """Our own token in place of Flask's session cookie; no translation of messages that are Vietnamese already."""

        csrf = True
        csrf_class = SessionCsrf
        csrf_field_name = FIELD

        def get_translations(self, form: Any) -> DummyTranslations:
            """Messages as they were written."""
            return DummyTranslations()

    def problems(self) -> list[dict[str, str]]:
        """What ``components/error_summary.html`` draws: one line for each field that is wrong."""
        return [
            {"field_id": "" if name in (None, FIELD) else name, "message": str(messages[0])}
            for name, messages in self.errors.items()
        ]

    def wrong(self, name: str) -> str:
        """The first message of a field, or an empty text."""
        messages = self.errors.get(name, ())
        return str(messages[0]) if messages else ""
