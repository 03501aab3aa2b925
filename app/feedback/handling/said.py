"""What templates say about acts: who, when, and the facts of a line of the history in words."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.accounts.names import full_names
from app.accounts.roles import words_of
from app.calendar.days import DayUnit, days_words
from app.feedback.cases.answers import OUTCOMES
from app.feedback.cases.history import HistoryLine
from app.feedback.cases.kinds import Event, Outcome
from app.feedback.conflicts.kinds import REASONS, Reason
from app.feedback.conflicts.undoing import MISTAKE
from app.feedback.handling.words import EVENTS, EXCLUSIONS, KINDS, Exclusion
from app.feedback.routing.pages import WHY_WORDS
from app.i18n.formats import format_date, format_moment
from app.rules.kinds import Kind
from app.units import queries as units

GIVEN = frozenset({Event.ASSIGNED, Event.UNASSIGNED})


def words_for(session: Session, lines: list[HistoryLine]) -> dict[str, object]:
    """What ``templates/cases/_history.html`` asks for, for these lines."""
    acted = {line.officer_id for line in lines if line.officer_id is not None}
    names = full_names(session, acted | {_key(line, "officer") for line in lines if line.event in GIVEN})

    def who(officer_id: int, role: str | None) -> str:
        name = names.get(officer_id, f"Cán bộ {officer_id}")
        return f"{name} ({words_of(role)})" if role else name

    named = _named(session, lines, names)
    return {
        "event_words": EVENTS,
        "who": who,
        "moment": format_moment,
        "facts": lambda line: named.get(line.sequence) or facts(line),
    }


def _named(session: Session, lines: list[HistoryLine], people: Mapping[int, str]) -> dict[int, str]:
    """The facts of lines that name units or officers, by the number of the line."""
    moved = [line for line in lines if line.event is Event.MOVED]
    places = units.names_on(session, {_key(line, end) for line in moved for end in ("from", "to")}, clock.local_date())
    found = {line.sequence: f"{people.get(_key(line, 'officer'), '')}." for line in lines if line.event in GIVEN}
    for line in moved:
        ends = f"Từ {places.get(_key(line, 'from'), '?')} đến {places.get(_key(line, 'to'), '?')}."
        why = WHY_WORDS.get(str(line.detail.get("why", "")), "")
        found[line.sequence] = f"{ends} {why}." if why else ends
    return found


def _key(line: HistoryLine, name: str) -> int:
    value = line.detail.get(name)
    return value if isinstance(value, int) else 0


def facts(line: HistoryLine) -> str:
    """The codes, numbers and dates of a line as a sentence; empty where there is nothing to add."""
    detail = line.detail
    return {
        Event.TAKEN_UP: lambda: _kept(detail),
        Event.REQUALIFIED: lambda: f"Từ {_kind(detail, 'from')} sang {_kind(detail, 'to')}.",
        Event.ASKED: lambda: f"Chờ trả lời đến hết ngày {_day(detail, 'until')}.",
        Event.EXTENDED: lambda: f"Thêm {_days(detail)}.",
        Event.DUE_RECKONED: lambda: f"Từ {_day(detail, 'from')} thành {_day(detail, 'to')}.",
        Event.DUE_MISSED: lambda: f"Hạn là {_day(detail, 'due_on')}.",
        Event.CLOSED: lambda: f"Kết quả: {_outcome(detail)}.",
        Event.EXCLUDED: lambda: f"Vì sao: {_exclusion(detail)}.",
        Event.EXCLUSION_LIFTED: lambda: f"Trước đây bị loại vì: {_exclusion(detail)}.{_mistake(detail)}",
    }.get(line.event, lambda: "")()


def _kind(detail: Mapping[str, object], name: str) -> str:
    code = str(detail.get(name, ""))
    return KINDS.get(Kind(code), code) if code in set(Kind) else "?"


def _outcome(detail: Mapping[str, object]) -> str:
    code = str(detail.get("outcome", ""))
    return OUTCOMES[Outcome(code)] if code in set(Outcome) else "?"


def _kept(detail: Mapping[str, object]) -> str:
    return "Người đã được giao vẫn là người xử lý." if "assignee" in detail else ""


def _exclusion(detail: Mapping[str, object]) -> str:
    code = str(detail.get("rule", ""))
    if code in set(Reason):
        return f"{REASONS[Reason(code)]} (theo quy định, tự động)"
    return EXCLUSIONS[Exclusion(code)] if code in set(Exclusion) else code


def _mistake(detail: Mapping[str, object]) -> str:
    return " Tự động bỏ vì dòng lịch trực ghi nhầm đã được rút." if detail.get("why") == MISTAKE else ""


def _days(detail: Mapping[str, object]) -> str:
    unit, count = str(detail.get("unit", "")), detail.get("days")
    return days_words(count, DayUnit(unit)) if unit in set(DayUnit) and isinstance(count, int) else "?"


def _day(detail: Mapping[str, object], name: str) -> str:
    value = detail.get(name)
    return format_date(date.fromisoformat(value)) if isinstance(value, str) else "không có hạn"
