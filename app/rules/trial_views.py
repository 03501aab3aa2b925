"""A place to try a term: when does it end, and why. For officers asked "why this date", and to check the calendar."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeVar

from flask import Blueprint, render_template, request

from app import clock
from app.calendar import queries as calendar_queries
from app.calendar.day_rows import read_day
from app.calendar.days import LONGEST, DayUnit, Limit
from app.calendar.reckoning import Extension, Pause, Reckoning, days_left, reckon
from app.calendar.words import day_words, explanation, remaining_words
from app.clock import VIETNAM
from app.db.session import reading
from app.errors import Invalid, Missing
from app.i18n.formats import format_date
from app.rules import queries
from app.rules.content import UNIT_WORDS
from app.web.access import requires
from app.web.permissions import Permission
from app.web.text_input import clean

blueprint = Blueprint("trial", __name__, url_prefix="/trial")

T = TypeVar("T")
FIELDS = ("received", "days", "unit", "pause_from", "pause_until", "more", "version")
UNIT_OPTIONS = tuple((unit.value, UNIT_WORDS[unit]) for unit in DayUnit)
_TIME = re.compile(r"(.*?)\s+(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it."""

    reckoning: Reckoning
    due: str
    left: str
    sentences: tuple[str, ...]


class BadField(Invalid):
    """A field of the form that cannot be read."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(message)


@blueprint.get("")
@requires(Permission.RULES_READ)
def index() -> str | tuple[str, int]:
    """The form and, once it is filled, the date with every reason."""
    given = {name: clean(request.args.get(name, "")).strip()[:40] for name in FIELDS}
    is_asked = bool(given["received"])
    problem: BadField | None = None
    tried: Tried | None = None
    if is_asked:
        try:
            tried = _try(given)
        except BadField as error:
            problem = error
    else:
        given |= {"received": format_date(clock.local_date()), "days": "10", "unit": DayUnit.WORKING.value}
    page = render_template(
        "rules/trial.html",
        given=given,
        unit_options=UNIT_OPTIONS,
        tried=tried,
        problems=[{"field_id": problem.name, "message": problem.message}] if problem else [],
        wrong={problem.name: problem.message} if problem else {},
    )
    return (page, 400) if problem else page


def _try(given: dict[str, str]) -> Tried:
    today = clock.local_date()
    received = _reading("received", lambda: read_day(given["received"]))
    unit = _reading("unit", lambda: _unit(given["unit"]))
    limit = Limit(_number("days", given["days"]), unit)
    more = _number("more", given["more"]) if given["more"] else 0
    extensions = [Extension(Limit(more, unit), "…", "…", received)] if more else []
    version = _number("version", given["version"]) if given["version"] else None
    with reading() as session:
        calendar = _reading("version", lambda: calendar_queries.calendar(session, version))
        counting = queries.counting_on(session, max(received, today)).content.counting
    pauses = [_pause(given)] if given["pause_from"] else []
    found = _reading(
        "pause_from",
        lambda: reckon(
            received,
            limit,
            pauses=pauses,
            extensions=extensions,
            calendar=calendar,
            counting=counting,
            now=clock.now(),
        ),
    )
    left = remaining_words(days_left(found.due_on, today, unit, calendar), unit)
    return Tried(found, str(day_words(found.due_on)), str(left), tuple(map(str, explanation(found))))


def _pause(given: dict[str, str]) -> Pause:
    start = _reading("pause_from", lambda: _moment(given["pause_from"]))
    end = _reading("pause_until", lambda: _moment(given["pause_until"])) if given["pause_until"] else None
    return _reading("pause_until", lambda: Pause(start, end, "thử"))


def _moment(text: str) -> datetime:
    """A day with or without a time: "12/02/2026 09:00"."""
    found = _TIME.fullmatch(text)
    if found is None:
        return datetime.combine(read_day(text), time(), tzinfo=VIETNAM)
    hour, minute = int(found[2]), int(found[3])
    if hour > 23 or minute > 59:
        raise Invalid(f"Không có giờ {found[2]}:{found[3]}.")
    return datetime.combine(read_day(found[1]), time(hour, minute), tzinfo=VIETNAM)


def _unit(text: str) -> DayUnit:
    try:
        return DayUnit(text)
    except ValueError as error:
        raise Invalid("Xin chọn ngày hoặc ngày làm việc.") from error


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and 1 <= int(text) <= LONGEST):
        raise BadField(name, f"Xin ghi một số từ 1 đến {LONGEST}.")
    return int(text)


def _reading(name: str, read: Callable[[], T]) -> T:
    """What ``read`` gives; a refusal is shown at the field."""
    try:
        return read()
    except (Invalid, Missing) as error:
        raise BadField(name, error.message) from error
