"""Draws the form on which staff write down what somebody says."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from sqlalchemy.orm import Session

from app import clock
from app.feedback.intake import places, uploads
from app.feedback.intake.pages import NOTICE
from app.feedback.intake.reading import CONTACT_FIELDS, LEAST_CHARACTERS, MOST_LINE, Posted, one
from app.feedback.intake.register_form import CHANNELS, KINDS, Entry
from app.i18n.formats import format_date
from app.units.models import Unit
from app.units.scope import HasScopes
from app.web import text_input
from app.web.access import actor
from app.web.notices import notice
from app.web.pages import make_form_id
from app.web.permissions import Permission

MESSAGES = {"handed-over": "Đã đưa phiếu cho người dân. Mã bí mật đã được xóa khỏi máy này."}


def own_unit(who: HasScopes) -> int | None:
    """The unit of an officer who may write down for one only."""
    roots = who.scopes.get(Permission.CASES_REGISTER) or frozenset()
    return next(iter(roots)) if len(roots) == 1 else None


def form_page(
    session: Session,
    posted: Posted,
    unit_id: int | None,
    entry: Entry | None = None,
    suggestions: Sequence[tuple[str, str]] = (),
) -> str:
    """The form, empty or as it was sent."""
    today = clock.local_date()
    unit = None if unit_id is None else session.get(Unit, unit_id)
    place = None if unit_id is None else places.place_of(session, unit_id, today)
    sought = one(posted, "sought_procedure")[:MOST_LINE]
    wrong = {name: str(words) for name, words in entry.wrong.items()} if entry else {}
    return render_template(
        "cases/register.html",
        page=make_form_id("register", actor().session_hash.hex()),
        action_url=url_for("case_register.add"),
        channels=[(channel.value, words) for channel, words in CHANNELS.items()],
        kinds=[(kind.value, words) for kind, words in KINDS.items()],
        unit=one(posted, "unit") or (unit.code if unit else ""),
        unit_name=place.name if place else "",
        suggestions=suggestions,
        counters=places.counters(session, unit_id, today) if unit_id else [],
        procedures=places.procedures(session, sought, today),
        values=_values(posted),
        text=text_input.clean("".join(posted.get("text", ()))),
        hints=[str(hint) for hint in entry.hints] if entry else [],
        notice=str(NOTICE),
        least=LEAST_CHARACTERS,
        today=format_date(today),
        most_files=uploads.ALLOWED.most_files,
        accept=uploads.accepted(),
        wrong=wrong,
        errors=[{"field_id": name, "message": words} for name, words in wrong.items()],
        flashes=notice(MESSAGES),
    )


def _values(posted: Posted) -> dict[str, Any]:
    names = ("channel", "kind", "counter", "procedure", "sought_procedure", "happened_on", "who", *CONTACT_FIELDS)
    ticked = ("is_remote", "has_letter", "agree", "notices")
    return {name: one(posted, name) for name in names} | {name: posted.get(name) == ["1"] for name in ticked}
