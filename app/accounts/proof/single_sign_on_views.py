"""Signing in through the identity provider: to it, and back."""

import hmac
import secrets

from flask import Blueprint, redirect, request, url_for
from limits import parse
from werkzeug.wrappers import Response

from app import clock
from app.accounts import keys, sessions, sign_in
from app.accounts.local_targets import local_target
from app.accounts.proof import provider, single_sign_on
from app.accounts.proof.single_sign_on import Started
from app.audit.services import record
from app.audit.tags import Action
from app.config import SingleSignOn
from app.db.session import transaction
from app.errors import Missing
from app.web import csrf
from app.web.access import public
from app.web.errors import error_page
from app.web.form_ids import BadFormId
from app.web.limits import limits
from app.web.pages import read_form_id, site

blueprint = Blueprint("single_sign_on", __name__, url_prefix="/officer/single-sign-on")

PER_NETWORK = parse("300 per 15 minutes")
COOKIE = "officer_start"
PATH = "/officer/single-sign-on"
TOO_MANY = "Đã thử đăng nhập quá nhiều lần. Xin Ông/Bà đợi 15 phút rồi thử lại."


@blueprint.post("")
@public
def start() -> Response | tuple[str, int]:
    """Send the browser to the provider. A cookie for ten minutes holds the state, so that only this browser returns."""
    settings = _settings()
    csrf.refuse_other_sites()
    if not limits().hit(PER_NETWORK, "single-sign-on", limits().network()):
        return error_page(429, TOO_MANY)
    try:
        read_form_id("sign-in", "sign-in", request.form.get(csrf.FIELD, ""))
    except BadFormId:
        return error_page(400, csrf.STALE)
    state = keys.new_session_secret()
    started = Started(
        keys.new_session_secret(), secrets.token_urlsafe(48), local_target(request.form.get("next", "")) or ""
    )
    try:
        address = provider.authorization_address(settings, _return_url(), state, started.nonce, started.code_verifier)
    except provider.ProviderFailed:
        return _failed()
    with transaction() as session:
        single_sign_on.start(session, state, started, clock.now())
    response = redirect(address, 303)
    response.set_cookie(
        COOKIE, state, max_age=600, path=PATH, secure=site().config.is_secure, httponly=True, samesite="Lax"
    )
    return response


@blueprint.get("/return")
@public
def back() -> Response:
    """Take the code the provider sent along. The state works once, and only in the browser that was sent off."""
    settings = _settings()
    state = request.args.get("state", "")
    if not state or not hmac.compare_digest(state.encode(), request.cookies.get(COOKIE, "").encode()):
        return _failed()
    if request.args.get("iss", settings.issuer).rstrip("/") != settings.issuer:
        return _failed()
    with transaction() as session:
        started = single_sign_on.take(session, state, clock.now())
    if started is None or "code" not in request.args:
        return _failed()
    try:
        person = provider.person(
            settings, _return_url(), request.args["code"], started.nonce, started.code_verifier, clock.now()
        )
    except provider.ProviderFailed:
        return _failed()
    return _admit(settings, person, started.next_path)


def _admit(settings: SingleSignOn, person: provider.Person, next_path: str) -> Response:
    now = clock.now()
    with transaction() as session:
        officer = single_sign_on.officer_of(session, settings.issuer, person, now)
        if officer is None:
            record(session, None, Action.SIGN_IN_REFUSED, "officer:unknown", {"outcome": "single_sign_on"})
            return _failed("no-match")
        account_key = keys.account_key(site().config.secret_key, officer.username)
        browser = sessions.browser(account_key)
        sign_in.note_single_sign_on(session, account_key, officer.id, browser, now)
        secret = sign_in.admit(session, officer.id, browser, lifetime=sessions.lifetime(), now=now)
    response = redirect(local_target(next_path) or url_for("accounts.start"), 303)
    sessions.set_cookie(response, secret)
    sessions.set_device_cookie(response, account_key)
    _forget_state(response)
    return response


def _settings() -> SingleSignOn:
    found = site().config.single_sign_on
    if found is None:
        raise Missing("Hệ thống này không dùng đăng nhập chung.")
    return found


def _return_url() -> str:
    return site().config.public_url + url_for("single_sign_on.back")


def _failed(reason: str = "failed") -> Response:
    response = redirect(url_for("accounts.sign_in", done=reason), 303)
    _forget_state(response)
    return response


def _forget_state(response: Response) -> None:
    response.delete_cookie(COOKIE, path=PATH, secure=site().config.is_secure, httponly=True, samesite="Lax")
