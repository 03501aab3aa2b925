"""The officer's cookie: read into an ``Actor``, set at sign-in, taken away at sign-out.

``officer`` holds 256 random bits and is a session cookie of the browser; the server's row decides how long it lives.
``officer_device`` tells that this browser once signed in to an account (see ``keys.device_mark``).
"""

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.accounts import grants, keys, queries
from app.db.session import reading
from app.web.access import Actor
from app.web.pages import site

COOKIE = "officer"
DEVICE_COOKIE = "officer_device"
PATH = "/officer"  # public pages never receive either of them
DEVICE_DAYS = 180


def identify() -> Actor | None:
    """The officer behind the present request, with the permissions held today; None without a live session."""
    secret = present_secret()
    if not secret:
        return None
    with reading() as session:
        found = queries.live_session(session, keys.session_hash(secret), clock.now())
        if found is None:
            return None
        row, officer = found
        return Actor(
            officer_id=officer.id,
            full_name=officer.full_name,
            session_hash=row.secret_hash,
            must_change_password=officer.must_change_password,
            scopes=grants.scopes(session, officer.id, clock.local_date()),
        )


def present_secret() -> str:
    """The secret in the request's cookie, or an empty text."""
    return request.cookies.get(COOKIE, "")


def lifetime() -> timedelta:
    """How long a session lives, from its sign-in."""
    return timedelta(hours=site().config.session_hours)


def set_cookie(response: Response, secret: str) -> None:
    """Give the browser its session."""
    response.set_cookie(COOKIE, secret, path=PATH, secure=site().config.is_secure, httponly=True, samesite="Lax")


def set_device_cookie(response: Response, account_key: bytes) -> None:
    """Mark a browser that has just signed in to an account."""
    config = site().config
    response.set_cookie(
        DEVICE_COOKIE,
        keys.device_mark(config.secret_key, account_key),
        max_age=DEVICE_DAYS * 24 * 3600,
        path=PATH,
        secure=config.is_secure,
        httponly=True,
        samesite="Lax",
    )


def is_known_device(account_key: bytes) -> bool:
    """Whether this browser signed in to the account before."""
    return keys.is_device_mark(site().config.secret_key, account_key, request.cookies.get(DEVICE_COOKIE, ""))


def drop_cookie(response: Response) -> None:
    """Take the session away from the browser; the device stays known."""
    response.delete_cookie(COOKIE, path=PATH, secure=site().config.is_secure, httponly=True, samesite="Lax")
