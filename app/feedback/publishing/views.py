"""Public answers: what units answered, in copies without personal data, for anybody."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db.session import reading
from app.errors import Missing
from app.feedback.cases.answers import paragraphs
from app.feedback.publishing import attached, queries, seen
from app.feedback.publishing.queries import PublicPage
from app.files.downloads import file_response
from app.files.gate.queries import content
from app.i18n.catalogues import chosen_language
from app.i18n.messages import message
from app.keys.start import store_of
from app.units import queries as units
from app.web.access import public
from app.web.pages import site
from app.web.pagination import links, page_number
from app.web.search import NAME, sought

blueprint = Blueprint("answers", __name__, url_prefix="/answers")

UNKNOWN = message("Không tìm thấy câu trả lời này. Có thể đơn vị đã gỡ xuống.")
UNKNOWN_UNIT = message("Không tìm thấy đơn vị có mã này. Xin xem danh sách ở trang Trả lời công khai.")
FEED = "application/atom+xml"


@blueprint.get("")
@public
def index() -> str:
    """The newest public answers of all units, searched; and the units that have some."""
    query, today = sought(), clock.local_date()
    with reading() as session:
        found = queries.page(session, today, search=query, number=page_number())
        having = queries.counts(session)
        lines = units.search(session, query, today, only=having).lines
    unit_lines = [
        {"name": one.name, "url": _url(".unit", unit_code=one.code), "count": having[one.id]} for one in lines
    ]
    return _list_page(found, query, ".index", units=unit_lines, feed_url=url_for(".feed"))


@blueprint.get("/<unit_code>")
@public
def unit(unit_code: str) -> str:
    """The public answers of one unit, also of one that has ended."""
    query, today = sought(), clock.local_date()
    with reading() as session:
        unit_id, name = _unit(session, unit_code, today)
        found = queries.page(session, today, unit_id=unit_id, search=query, number=page_number())
    feed_url = url_for(".unit_feed", unit_code=unit_code)
    return _list_page(found, query, ".unit", unit_code=unit_code, unit_name=name, feed_url=feed_url)


@blueprint.get("/<unit_code>/<key>")
@public
def show(unit_code: str, key: str) -> str:
    """One public answer; taken down it does not exist, like one that never was."""
    with reading() as session:
        found = queries.one(session, unit_code, key, clock.local_date())
        files = attached.of_answer(session, key) if found is not None else []
    if found is None:
        raise Missing(UNKNOWN)
    return render_template(
        "public_answers/one.html",
        answer=seen.of(
            found, [(one, url_for(".file", unit_code=unit_code, key=key, number=one.number)) for one in files]
        ),
        unit_url=_url(".unit", unit_code=unit_code),
        feedback_url=_url("feedback.start"),
        language_url=_other_language(".show", unit_code=unit_code, key=key),
    )


@blueprint.get("/<unit_code>/<key>/files/<int:number>")
@public
def file(unit_code: str, key: str, number: int) -> AnyResponse:
    """A blacked-out copy that goes with a public answer: gone with it. Its name tells nothing of where it came from."""
    with reading() as session:
        found = attached.one(session, unit_code, key, number)
        if found is None:
            raise Missing(UNKNOWN)
        sent = content(session, store_of(site().config), found.file_id)
        named = replace(sent, download_name=f"tep-da-che-{number}.{sent.download_name.rpartition('.')[2]}")
        return file_response(named, to_staff=False, is_redrawn=True)


@blueprint.get("/feed.xml")
@public
def feed() -> Response:
    """The newest answers of all units for feed readers."""
    with reading() as session:
        lines = queries.newest(session, clock.local_date())
    return _feed("", url_for(".index"), url_for(".feed"), lines)


@blueprint.get("/<unit_code>/feed.xml")
@public
def unit_feed(unit_code: str) -> Response:
    """The newest answers of one unit for feed readers."""
    with reading() as session:
        unit_id, name = _unit(session, unit_code, clock.local_date())
        lines = queries.newest(session, clock.local_date(), unit_id)
    return _feed(name, url_for(".unit", unit_code=unit_code), url_for(".unit_feed", unit_code=unit_code), lines)


def _list_page(found: PublicPage, query: str, endpoint: str, **more: Any) -> str:
    code = {"unit_code": more["unit_code"]} if "unit_code" in more else {}
    return render_template(
        "public_answers/list.html",
        **{"units": [], "unit_name": "", **more},
        answers=[
            {"seen": seen.of(one), "url": _url(".show", unit_code=one.unit_code, key=one.key)} for one in found.lines
        ],
        query=query,
        page=links(found.number, found.last_number, found.total),
        index_url=_url(".index"),
        feedback_url=_url("feedback.start"),
        language_url=_other_language(endpoint, **code, **{NAME: query or None}),
    )


def _feed(name: str, page_url: str, own_url: str, lines: Any) -> Response:
    host = site().config.public_url.rstrip("/")
    entries = [
        {
            "url": host + url_for(".show", unit_code=one.unit_code, key=one.key),
            "title": one.title,
            "unit_name": one.unit_name,
            "updated": f"{one.month.isoformat()}T00:00:00+07:00",
            "text": "\n\n".join((*paragraphs(one.question), *paragraphs(one.answer))),
        }
        for one in lines
    ]
    updated = max((entry["updated"] for entry in entries), default="2025-07-01T00:00:00+07:00")
    body = render_template(
        "public_answers/feed.xml",
        unit_name=name,
        page_url=host + page_url,
        own_url=host + own_url,
        updated=updated,
        entries=entries,
    )
    return Response(body, mimetype=FEED)


def _unit(session: Session, unit_code: str, today: date) -> tuple[int, str]:
    found = units.unit_called(session, unit_code, today)
    if found is None:
        raise Missing(UNKNOWN_UNIT)
    return found[0].id, units.name_on(session, found[0].id, found[1])


def _url(endpoint: str, **values: Any) -> str:
    """An address in the language of the page."""
    return url_for(endpoint, **values, lang=None if chosen_language() == "vi" else chosen_language())


def _other_language(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values, lang="en" if chosen_language() == "vi" else None)
