"""The edge of the interface: its answers as JSON or XML, its errors in the form of the norm, its limits, who asks."""

import hashlib
from collections.abc import Callable, Sequence
from functools import wraps

from flask import request
from limits import RateLimitItem, parse
from sqlalchemy.orm import Session
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response

from app import clock
from app.accounts.connections.models import ExchangeKey
from app.accounts.connections.services import CASES, opened_by
from app.errors import DomainError
from app.feedback.exchange.reading import Refused
from app.feedback.exchange.written import JSON_TYPE, XML_TYPE, Entry, as_json, as_xml
from app.units import queries as units
from app.web.errors import status_of
from app.web.limits import limits

JSON, XML = {"form": "json"}, {"form": "xml"}
PER_KEY, READING = parse("60/minute"), parse("300/minute")
NO_KEY = "api_key is missing, unknown or revoked; when sending it is a field of the form, not part of the address"
OTHERWISE = {404: "not found: see the list of addresses in discovery", 405: "this address is not used that way"}
TOO_MANY = "too many requests, try again in a minute"
View = Callable[..., Response]


class TooMany(Refused):
    """A limit was reached; ``seconds``: after how many it has surely ended."""

    def __init__(self, limit: RateLimitItem) -> None:
        super().__init__(429, TOO_MANY)
        self.seconds = limit.get_expiry()


def answering(view: View) -> View:
    """Errors of the norm instead of pages; limits; never from a cache."""

    @wraps(view)
    def answered(*, form: str, **given: str) -> Response:
        try:
            _within(READING, "open311", limits().network())
            return view(form=form, **given)
        except TooMany as error:
            told = _error(form, error.status, error.words)
            told.headers["Retry-After"] = str(error.seconds)
            return told
        except Refused as error:
            return _error(form, error.status, error.words)
        except DomainError as error:
            return _error(form, status_of(error), str(error.message))

    return answered


def answer(content: Sequence[Entry] | Entry, form: str, root: str, item: str, status: int = 200) -> Response:
    """The content in the form that was asked for."""
    body = as_json(content) if form == "json" else as_xml(content, root, item)
    made = Response(body, status=status, content_type=JSON_TYPE if form == "json" else XML_TYPE)
    made.headers["Cache-Control"] = "no-store"
    return made


def in_the_norm(response: Response) -> Response:
    """An address or a method that is not there is told as the norm tells errors, not as a page for people."""
    if not request.path.startswith("/open311/") or response.status_code < 400 or response.mimetype != "text/html":
        return response
    form = "json" if request.path.endswith(".json") else "xml"
    words = OTHERWISE.get(response.status_code, HTTP_STATUS_CODES.get(response.status_code, "error"))
    told = _error(form, response.status_code, words)
    response.set_data(told.get_data())
    response.content_type = told.content_type
    return response


def one_more(key_text: str) -> None:
    """Count a report sent with a key, whether it is one or not; raises ``TooMany`` above the limit."""
    _within(PER_KEY, "open311-send", hashlib.sha256(key_text.encode("utf-8", "replace")).hexdigest())


def jurisdiction(session: Session) -> int | None:
    """The unit that ``jurisdiction_id`` names by its code; None: all of them."""
    code = request.values.get("jurisdiction_id", "").strip()
    if not code:
        return None
    found = units.unit_by_code(session, code, clock.local_date()) if len(code) <= 40 else None
    if found is None:
        raise Refused(404, "jurisdiction_id was not found")
    return found.id


def holder(session: Session) -> ExchangeKey | None:
    """The key that an address names; None when it names none. A wrong one is told, not passed over."""
    text = request.args.get("api_key", "")
    found = opened_by(session, CASES, text)
    if text and found is None:
        raise Refused(403, NO_KEY)
    return found


def _within(limit: RateLimitItem, *key: str) -> None:
    if not limits().hit(limit, *key):
        raise TooMany(limit)


def _error(form: str, status: int, words: str) -> Response:
    told: list[Entry] = [{"code": status, "description": words}]
    return answer(told, form, "errors", "error", status)
