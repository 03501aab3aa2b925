"""Open311 GeoReport v2 (docs/open311.md): services and public answers for everybody, sending with a key.

Every answer comes as JSON or XML, by the ending of the address; errors in the form of the norm.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import wraps

from flask import Blueprint, request
from limits import parse
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response

from app import clock
from app.accounts.connections.models import ExchangeKey
from app.accounts.connections.services import CASES, opened_by
from app.db.session import reading, transaction
from app.errors import DomainError
from app.feedback.exchange import offers, queries, services
from app.feedback.exchange.reading import Refused, posted, question
from app.feedback.exchange.written import JSON_TYPE, XML_TYPE, Entry, as_json, as_xml
from app.i18n.catalogues import in_language
from app.i18n.messages import message
from app.units import queries as units
from app.web.access import public
from app.web.errors import status_of
from app.web.limits import limits
from app.web.pages import site

blueprint = Blueprint("open311", __name__, url_prefix="/open311/v2")

JSON, XML = {"form": "json"}, {"form": "xml"}
MOST_BYTES = 64 * 1024
PER_KEY, READING = parse("60/minute"), parse("300/minute")
NOTICE = "Họ tên, liên hệ do hệ thống %(name)s chuyển đến, chỉ dùng để trả lời người gửi."
KEEP_CODE = message("Mã tra cứu của người gửi, chỉ hiện một lần: %(code)s. Tra cứu tại %(place)s.")
NOT_KEPT = "Không lưu: {}."
NO_KEY = "api_key is missing, unknown or revoked; when sending it is a field of the form, not part of the address"
NO_FORM = "send the fields as a form (Content-Type: application/x-www-form-urlencoded), not as JSON or XML"
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
OTHERWISE = {404: "not found: see the list of addresses in discovery", 405: "this address is not used that way"}
TOO_MANY = "too many requests, try again in a minute"
View = Callable[..., Response]


def answering(view: View) -> View:
    """Errors of the norm instead of pages; limits; never from a cache."""

    @wraps(view)
    def answered(*, form: str, **given: str) -> Response:
        if not limits().hit(READING, "open311", limits().network()):
            return _error(form, 429, TOO_MANY)
        try:
            return view(form=form, **given)
        except Refused as error:
            return _error(form, error.status, error.words)
        except DomainError as error:
            return _error(form, status_of(error), str(error.message))

    return answered


@blueprint.get("/discovery.json", defaults=JSON)
@blueprint.get("/discovery.xml", defaults=XML)
@public
@answering
def discovery(form: str) -> Response:
    """What there is and where."""
    base = f"{site().config.public_url}/open311/v2"
    endpoint: Entry = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": base,
        "changeset": "2026-11-22T00:00:00+07:00",
        "type": "test" if site().simulated else "production",
        "formats": ["application/json", "text/xml"],
    }
    content: Entry = {
        "changeset": "2026-11-22T00:00:00+07:00",
        "contact": f"{site().config.public_url}/",
        "key_service": "Cơ quan nội vụ cấp khóa cho hệ thống gửi phản ánh; đọc thì không cần khóa.",
        "endpoints": [endpoint],
    }
    return _answer(content, form, "discovery", "")


@blueprint.get("/services.json", defaults=JSON)
@blueprint.get("/services.xml", defaults=XML)
@public
@answering
def service_list(form: str) -> Response:
    """The services of a part of the tree, or of all units."""
    with reading() as session:
        found = [one.told() for one in offers.offers(session, clock.local_date(), _jurisdiction(session))]
    return _answer(found, form, "services", "service")


@blueprint.get("/services/<key>.json", defaults=JSON)
@blueprint.get("/services/<key>.xml", defaults=XML)
@public
@answering
def service(form: str, key: str) -> Response:
    """One service. No question beyond the text is asked, so there are no attributes."""
    with reading() as session:
        found = offers.offer_of(session, key, clock.local_date())
    if found is None:
        raise Refused(404, "service_code was not found")
    return _answer({"service_code": found.code, "attributes": []}, form, "service_definition", "")


@blueprint.get("/requests.json", defaults=JSON)
@blueprint.get("/requests.xml", defaults=XML)
@public
@answering
def request_list(form: str) -> Response:
    """Public answers; with a key its own cases before them, newest first."""
    asked, today = question(request.args.to_dict(flat=False)), clock.local_date()
    with reading() as session:
        root = _jurisdiction(session)
        inside = None if root is None else frozenset(units.subtree_ids(session, root, today))
        holder = _holder(session)
        begin = (asked.page - 1) * asked.page_size
        count, found = (0, []) if holder is None else queries.own_cases(session, holder.id, asked, today, inside)
        room, begin = asked.page_size - len(found), max(begin - count, 0)
        found += queries.public_cases(session, asked, today, inside, begin, room) if room else []
    return _answer(found, form, "service_requests", "request")


@blueprint.get("/requests/<key>.json", defaults=JSON)
@blueprint.get("/requests/<key>.xml", defaults=XML)
@public
@answering
def request_one(form: str, key: str) -> Response:
    """One public answer, or with its key one's own case."""
    asked = question(
        {name: values for name, values in request.args.lists() if name != "service_request_id"}
        | {"service_request_id": [key]}
    )
    today = clock.local_date()
    with reading() as session:
        found = queries.public_cases(session, asked, today, None, 0, 1)
        holder = _holder(session)
        own = None if holder is None else queries.own_case(session, holder.id, key, today)
    if own is not None:
        found = [own]
    if not found:
        raise Refused(404, "service_request_id was not found")
    return _answer(found, form, "service_requests", "request")


@blueprint.get("/tokens/<key>.json", defaults=JSON)
@blueprint.get("/tokens/<key>.xml", defaults=XML)
@public
@answering
def token(form: str, key: str) -> Response:
    """Numbers are given at once, so the token of a case is its number; only the system that sent it may ask."""
    with reading() as session:
        holder = _holder(session)
        if holder is None:
            raise Refused(403, NO_KEY)
        own = queries.own_case(session, holder.id, key, clock.local_date())
    if own is None:
        raise Refused(404, "token was not found")
    return _answer([{"service_request_id": key, "token": key}], form, "service_requests", "request")


@blueprint.post("/requests.json", defaults=JSON)
@blueprint.post("/requests.xml", defaults=XML)
@public
@answering
def send(form: str) -> Response:
    """Open a case. The answer holds the sender's code, once: nobody can find it out later."""
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(413, "the report is too large")
    given, today = _form(), clock.local_date()
    text = "".join(given.get("api_key", ()))
    if not limits().hit(PER_KEY, "open311-send", hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()):
        raise Refused(429, TOO_MANY)
    with transaction() as session:
        key = opened_by(session, CASES, text)
        if key is None:
            raise Refused(403, NO_KEY)
        told = posted(given, NOTICE % {"name": key.name})
        _jurisdiction(session)
        opened = services.send(session, key, told, today)
    place = f"{site().config.public_url}/follow"
    notice = in_language(message(KEEP_CODE.source, code=opened.code, place=place))
    if told.left_out:
        notice = f"{notice} {NOT_KEPT.format(', '.join(told.left_out))}"
    made: list[Entry] = [
        {"service_request_id": opened.public_number, "service_notice": notice, "account_id": None},
    ]
    return _answer(made, form, "service_requests", "request", 201)


def _form() -> Mapping[str, Sequence[str]]:
    """What was posted as a form; files are not taken."""
    if request.content_length and request.mimetype not in FORMS:
        raise Refused(415, NO_FORM)
    if request.files:
        raise Refused(400, "media is not taken")
    found: MultiDict[str, str] = request.form
    return found.to_dict(flat=False)


def _jurisdiction(session: Session) -> int | None:
    """The unit that ``jurisdiction_id`` names by its code; None: all of them."""
    code = request.values.get("jurisdiction_id", "").strip()
    if not code:
        return None
    found = units.unit_by_code(session, code, clock.local_date()) if len(code) <= 40 else None
    if found is None:
        raise Refused(404, "jurisdiction_id was not found")
    return found.id


def _holder(session: Session) -> ExchangeKey | None:
    """The key that an address names; None when it names none. A wrong one is told, not passed over."""
    text = request.args.get("api_key", "")
    found = opened_by(session, CASES, text)
    if text and found is None:
        raise Refused(403, NO_KEY)
    return found


@blueprint.after_app_request
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


def _error(form: str, status: int, words: str) -> Response:
    told: list[Entry] = [{"code": status, "description": words}]
    return _answer(told, form, "errors", "error", status)


def _answer(content: Sequence[Entry] | Entry, form: str, root: str, item: str, status: int = 200) -> Response:
    body = as_json(content) if form == "json" else as_xml(content, root, item)
    made = Response(body, status=status, content_type=JSON_TYPE if form == "json" else XML_TYPE)
    made.headers["Cache-Control"] = "no-store"
    return made
