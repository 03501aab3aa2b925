"""Open311 GeoReport v2 (docs/open311.md): services and public answers for everybody, sending with a key.

Every answer comes as JSON or XML, by the ending of the address; errors in the form of the norm.
"""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading
from app.feedback.exchange import attributes, offers, queries, sending_views
from app.feedback.exchange.edge import JSON, NO_KEY, XML, answer, answering, holder, in_the_norm, jurisdiction
from app.feedback.exchange.reading import Refused, question
from app.feedback.exchange.written import Entry
from app.settings.public_facts import public_facts
from app.units import queries as units
from app.web.access import public
from app.web.pages import site

blueprint = Blueprint("open311", __name__, url_prefix="/open311/v2")
blueprint.register_blueprint(sending_views.blueprint)
blueprint.after_app_request(in_the_norm)

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
KEY_SERVICE = "Cơ quan nội vụ cấp khóa cho hệ thống gửi phản ánh; đọc thì không cần khóa."


@blueprint.get("/discovery.json", defaults=JSON)
@blueprint.get("/discovery.xml", defaults=XML)
@public
@answering
def discovery(form: str) -> Response:
    """What there is and where, and since when the list of services is as it is."""
    base, facts = site().config.public_url, public_facts()
    with reading() as session:
        changed = queries.changed_at(session, clock.local_date())
    endpoint: Entry = {
        "specification": SPECIFICATION,
        "url": f"{base}/open311/v2",
        "changeset": changed,
        "type": "test" if site().simulated else "production",
        "formats": ["text/xml", "application/json"],
    }
    content: Entry = {
        "changeset": changed,
        "contact": ", ".join(part for part in (facts.name, facts.phone, facts.hotline, f"{base}/") if part),
        "key_service": KEY_SERVICE,
        "endpoints": [endpoint],
    }
    return answer(content, form, "discovery", "")


@blueprint.get("/services.json", defaults=JSON)
@blueprint.get("/services.xml", defaults=XML)
@public
@answering
def service_list(form: str) -> Response:
    """The services of a part of the tree, or of all units."""
    with reading() as session:
        found = [one.told() for one in offers.offers(session, clock.local_date(), jurisdiction(session))]
    return answer(found, form, "services", "service")


@blueprint.get("/services/<key>.json", defaults=JSON)
@blueprint.get("/services/<key>.xml", defaults=XML)
@public
@answering
def service(form: str, key: str) -> Response:
    """One service and what may be told beyond the text."""
    today = clock.local_date()
    with reading() as session:
        jurisdiction(session)
        found = offers.offer_of(session, key, today)
        if found is None:
            raise Refused(404, "service_code was not found")
        asked = attributes.definition(session, found, today)
    return answer({"service_code": found.code, "attributes": asked}, form, "service_definition", "")


@blueprint.get("/requests.json", defaults=JSON)
@blueprint.get("/requests.xml", defaults=XML)
@public
@answering
def request_list(form: str) -> Response:
    """Public answers; with a key its own cases before them, newest first."""
    asked, today = question(request.args.to_dict(flat=False)), clock.local_date()
    with reading() as session:
        root = jurisdiction(session)
        inside = None if root is None or asked.ids else frozenset(units.subtree_ids(session, root, today))
        key = holder(session)
        begin = (asked.page - 1) * asked.page_size
        count, found = (0, []) if key is None else queries.own_cases(session, key.id, asked, today, inside)
        room, begin = asked.page_size - len(found), max(begin - count, 0)
        found += queries.public_cases(session, asked, today, inside, begin, room) if room else []
    return answer(found, form, "service_requests", "request")


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
        jurisdiction(session)
        found = queries.public_cases(session, asked, today, None, 0, 1)
        by = holder(session)
        own = None if by is None else queries.own_case(session, by.id, key, today)
    if own is not None:
        found = [own]
    if not found:
        raise Refused(404, "service_request_id was not found")
    return answer(found, form, "service_requests", "request")


@blueprint.get("/tokens/<key>.json", defaults=JSON)
@blueprint.get("/tokens/<key>.xml", defaults=XML)
@public
@answering
def token(form: str, key: str) -> Response:
    """Numbers are given at once, so the token of a case is its number; only the system that sent it may ask."""
    with reading() as session:
        jurisdiction(session)
        by = holder(session)
        if by is None:
            raise Refused(403, NO_KEY)
        own = queries.own_case(session, by.id, key, clock.local_date())
    if own is None:
        raise Refused(404, "token was not found")
    return answer([{"service_request_id": key, "token": key}], form, "service_requests", "request")
