"""What citizens wrote, for the officers of the units concerned."""

from flask import Blueprint, render_template, request
from werkzeug.exceptions import BadRequest

from app import clock
from app.accounts.scope import allowed_unit_ids, require_unit
from app.db.session import reading
from app.feedback import queries
from app.units import queries as units
from app.web.access import actor, requires
from app.web.pagination import links, page_number
from app.web.permissions import Permission

blueprint = Blueprint("feedback_officer", __name__, url_prefix="/officer/feedback")


@blueprint.get("")
@requires(Permission.FEEDBACK_READ)
def index() -> str:
    """The texts of the officer's units, latest day first; ``?unit=`` narrows to one unit and those under it."""
    search = request.args.get("q", "")[:100]
    today = clock.local_date()
    with reading() as session:
        allowed = allowed_unit_ids(session, actor(), Permission.FEEDBACK_READ, today)
        unit_id, unit_name = _unit_asked_for(), ""
        if unit_id is not None:
            require_unit(session, actor(), Permission.FEEDBACK_READ, unit_id)
            below = frozenset(units.subtree_ids(session, unit_id, today))
            allowed = below if allowed is None else below & allowed
            unit_name = units.name_on(session, unit_id, today)
        page = queries.feedback_of(session, allowed, today, search, page_number())
    return render_template(
        "feedback/inbox.html",
        lines=page.lines,
        search=search,
        unit_id=unit_id,
        unit_name=unit_name,
        page=links(page.number, page.last_number, page.total),
    )


def _unit_asked_for() -> int | None:
    text = request.args.get("unit", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise BadRequest
    return int(text)
