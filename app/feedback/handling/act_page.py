"""What the page of an act shows: its form with what was typed, what changed meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.feedback.answering.points import proposed
from app.feedback.cases import access, deadlines, due_words, history
from app.feedback.cases.access import Viewer
from app.feedback.cases.models import Case, CaseRequest
from app.feedback.cases.workflow import Move
from app.feedback.conflicts import perhaps
from app.feedback.conflicts.lifting import liftable
from app.feedback.handling import said, viewers
from app.feedback.handling.act_fields import FORMS, Field, Options
from app.feedback.handling.words import KINDS, REQUESTS, STATES
from app.feedback.routing import pages as routing_pages
from app.feedback.routing import people
from app.i18n.formats import format_date
from app.web.permissions import Permission

MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands in the way: wrong fields, or somebody who was faster."""

    errors: Mapping[str, str]
    conflict: str = ""


NONE = Trouble({})


def context(
    session: Session,
    viewer: Viewer,
    case: Case,
    move: Move,
    typed: Mapping[str, str],
    on: date,
    trouble: Trouble = NONE,
) -> dict[str, object]:
    """What ``templates/cases/act.html`` needs.

    After a conflict the form carries the present version, because what changed stands on the same page.
    """
    lines = history.lines(session, case.id, shown_only=False)
    last = lines[-1].sequence if lines else 0
    is_fresh = bool(trouble.conflict) or "version" not in typed
    changes = _changes(lines, typed.get("seen", "")) if trouble.conflict else []
    asked = _request(session, viewer, case, typed.get("request", ""), on) if move.name == "decide" else None
    is_allowed = case.state in move.from_states and (move.name != "decide" or asked is not None)
    wrong = trouble.errors.items()
    return {
        "case": case,
        "due": due_words.due_line(session, case, on),
        "move": move,
        "form": FORMS[move.name],
        "fields": [_drawn(session, viewer, case, field, typed, trouble, on) for field in FORMS[move.name].fields],
        "is_allowed": is_allowed,
        "state_words": STATES,
        "asked": asked,
        "note": whose(session, viewer, [case]) if move.name == "take_up" else "",
        "request_words": REQUESTS,
        "seen_version": case.version if is_fresh else typed["version"],
        "seen_sequence": last if is_fresh else typed.get("seen", ""),
        "errors": [{"field_id": name if is_allowed else "", "message": words} for name, words in wrong],
        "conflict": trouble.conflict,
        "changes": [(line, "") for line in changes],
        **said.words_for(session, changes),
    }


def whose(session: Session, viewer: Viewer, cases: Sequence[Case]) -> str:
    """Who will have cases once they are accepted: whoever was given one keeps it."""
    others = [one.assignee_id for one in cases if one.assignee_id not in (None, viewer.officer_id)]
    if len(cases) == 1:
        name = session.scalar(select(Officer.full_name).where(Officer.id.in_(others)))
        return f"Đơn đã giao cho {name}: người này vẫn xử lý." if name else "Ông/Bà sẽ là người xử lý đơn này."
    kept = f" {len(others)} đơn đã giao cho người khác: những người ấy vẫn xử lý." if others else ""
    mine = len(cases) - len(others)
    return (f"Ông/Bà sẽ là người xử lý {mine} đơn." if mine else "") + kept


def open_requests(session: Session, viewer: Viewer, case: Case, on: date) -> list[CaseRequest]:
    """What the sender asked for and this viewer may decide."""
    waiting = session.scalars(
        select(CaseRequest)
        .where(CaseRequest.case_id == case.id, CaseRequest.decision.is_(None))
        .order_by(CaseRequest.number)
    )
    approve = Permission.CASES_APPROVE
    return [one for one in waiting if access.reaches(session, viewer, one.unit_id, on, approve)]


def _request(session: Session, viewer: Viewer, case: Case, number: str, on: date) -> CaseRequest | None:
    waiting = open_requests(session, viewer, case, on)
    return next((one for one in waiting if str(one.number) == number), waiting[0] if waiting and not number else None)


def _changes(lines: Sequence[history.HistoryLine], seen: str) -> list[history.HistoryLine]:
    """What was added since the form was drawn; the last few lines when that is not known."""
    if seen.isascii() and seen.isdecimal() and len(seen) < 10:
        return [line for line in lines if line.sequence > int(seen)]
    return list(lines[-MOST_CHANGES:])


def _drawn(
    session: Session, viewer: Viewer, case: Case, field: Field, typed: Mapping[str, str], trouble: Trouble, on: date
) -> dict[str, object]:
    return {
        "name": field.name,
        "label": field.label,
        "shape": field.shape,
        "hint": _hint(session, case, field, on),
        "options": _options(session, viewer, case, field, typed, on),
        "most": field.most,
        "value": typed.get(field.name, _proposed(session, case, field, on)),
        "error": trouble.errors.get(field.name, ""),
    }


def _proposed(session: Session, case: Case, field: Field, on: date) -> str:
    """What stands in a field before anybody types: the points of the text, the last day as browsers take a day."""
    if field.name == "points":
        return proposed(session, case)
    return deadlines.question_until(session, case, on).isoformat() if field.name == "answer_until" else ""


def _hint(session: Session, case: Case, field: Field, on: date) -> str:
    if field.name == "answer_until":
        return f"Chậm nhất {format_date(deadlines.question_until(session, case, on))}, theo quy định của loại đơn này."
    if field.name == "assignee":
        return perhaps.meant(session, case, people.handlers(session, case, on)) or field.hint
    if field.name != "limit":
        return field.hint
    most = deadlines.extensions_left(session, case)
    return "Không còn được gia hạn theo quy định." if most is None else f"Nhiều nhất {most.words}."


def _options(session: Session, viewer: Viewer, case: Case, field: Field, typed: Mapping[str, str], on: date) -> Options:
    if field.options is not None:
        return field.options
    if field.name == "kind":
        return tuple((kind.value, words) for kind, words in KINDS.items() if kind is not case.kind)
    if field.name in ("assignee", "to"):
        return routing_pages.options(session, viewer, case, field.name, typed, on)
    if field.name == "excluded":
        people = liftable(session, viewer, case, on)
        return (("", "Chọn cán bộ"), *((str(key), name) for key, name in people))
    return (("", "Chọn cán bộ"), *_officers(session, case, on))


def _officers(session: Session, case: Case, on: date) -> Options:
    """Who can see the case now."""
    people = {line.officer.id: line.officer.full_name for line in viewers.holders(session, case, on)}
    return tuple((str(key), name) for key, name in people.items())
