"""The officer's cookie: read into an ``Actor``, set at sign-in, taken away at sign-out.

``officer`` holds 256 random bits and is a session cookie of the browser; the server's row decides how long it lives.
``officer_device`` tells that this browser once signed in to an account (see ``keys.device_mark``).
"""

from datetime import timedelta

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts import keys, queries
from app.accounts.models import Officer, OfficerSession
from app.accounts.proof import second_factor
from app.accounts.proof.devices import device_words
from app.accounts.rights import grants
from app.accounts.sign_in import Browser
from app.db.session import reading
from app.web.access import Actor, Step
from app.web.pages import is_simulated, site

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
        held = grants.grants(session, clock.local_date(), [officer.id])
        return Actor(
            officer_id=officer.id,
            full_name=officer.full_name,
            session_hash=row.secret_hash,
            step=_missing_step(session, row, officer, held),
            authenticated_at=row.authenticated_at,
            scopes=grants.scopes_of(held),
            roles=grants.roles_of(held),
        )


def _missing_step(session: Session, row: OfficerSession, officer: Officer, held: list[grants.Grant]) -> Step | None:
    if row.awaits is not None:
        return Step.SECOND_FACTOR
    if officer.must_change_password:
        return Step.PASSWORD
    if is_second_factor_required() and grants.needs_second_factor(held):
        return None if second_factor.is_enrolled(session, officer.id) else Step.ENROL
    return None


def is_second_factor_required() -> bool:
    """Whether roles that need a second factor cannot do without: always, but in a trial unless it is asked for."""
    asked = site().config.second_factor
    return asked == "on" or (asked == "auto" and not is_simulated())


def browser(account_key: bytes) -> Browser:
    """The browser of the present request, as a sign-in to this account sees it."""
    return Browser(
        device=device(),
        is_known=is_known_device(account_key),
        old_secret=present_secret(),
    )


def device() -> str:
    """A coarse word for the browser of the present request."""
    return device_words(request.headers.get("User-Agent", ""))


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
