"""Saving a view of the list, and the page of those that an officer saved."""

from urllib.parse import parse_qsl

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.db.session import reading, transaction
from app.feedback.cases.errors import FieldMissing
from app.feedback.inbox import filters, views
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("case_views", __name__, url_prefix="/officer/cases/views")

MESSAGES = {"dropped": "Đã bỏ bộ lọc đã lưu."}
MOST_QUERY = 1000


@blueprint.get("")
@requires(Permission.CASES_READ)
def index() -> str:
    """The views of the officer, and the form to keep the one that stands in the address."""
    return _page(filters.query_of(request.args), "", {})


@blueprint.post("")
@requires(Permission.CASES_READ)
def save() -> Response | tuple[str, int]:
    """Keep what the list was asked for under a name."""
    require_token()
    require_known(request.form, ["name", "query"])
    asked = dict(parse_qsl(request.form.get("query", "")[:MOST_QUERY], max_num_fields=None))
    name, query = request.form.get("name", ""), filters.query_of(asked)
    try:
        with transaction() as session:
            views.save(session, actor().officer_id, name, query)
    except FieldMissing as error:
        return _page(query, name, {error.field: error.message}), 400
    return redirect(f"{url_for('cases_officer.index')}?{query}&done=view-saved", 303)


@blueprint.post("/<key>/drop")
@requires(Permission.CASES_READ)
def drop(key: str) -> Response:
    """Forget a view."""
    require_token()
    with transaction() as session:
        views.drop(session, actor().officer_id, key)
    return redirect(url_for(".index", done="dropped"), 303)


def _page(query: str, name: str, wrong: dict[str, str]) -> str:
    with reading() as session:
        saved = views.own(session, actor().officer_id)
    return render_template(
        "cases/views.html",
        saved=[(one.id, one.name, f"{url_for('cases_officer.index')}?{one.query}") for one in saved],
        query=query,
        name=name,
        wrong=wrong,
        errors=[{"field_id": field, "message": words} for field, words in wrong.items()],
        flashes=notice(MESSAGES),
    )
