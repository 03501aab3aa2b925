"""From what was typed into the form of an act to the service that does it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.orm import Session

from app import clock
from app.calendar.days import DayUnit, Limit
from app.clock import VIETNAM
from app.feedback.answering import approvals
from app.feedback.answering.points import set_points
from app.feedback.cases.access import Viewer
from app.feedback.cases.errors import FieldMissing
from app.feedback.cases.kinds import Decision
from app.feedback.conflicts.services import lift_exclusion
from app.feedback.handling import services
from app.feedback.handling.act_fields import FORMS
from app.feedback.handling.words import Exclusion
from app.feedback.routing import services as routing
from app.feedback.routing.pages import unit_meant
from app.feedback.routing.rules import Why
from app.rules.kinds import Kind

T = TypeVar("T", bound=StrEnum)
Typed = Mapping[str, str]
MOST_DAYS = 999
CHOOSE = "Xin chọn một mục."


@dataclass(frozen=True, slots=True)
class At:
    """On which case, as seen in which version, by whom under which role."""

    viewer: Viewer
    case_id: str
    version: int
    role: str


def missing(name: str, typed: Typed) -> dict[str, str]:
    """The fields of an act that were left empty, all at once, with what to do."""
    fields = (field for field in FORMS[name].fields if not field.is_optional and not typed.get(field.name, "").strip())
    return {
        field.name: f"Xin {'chọn' if field.shape in ('choice', 'select') else 'điền'} “{field.label}”."
        for field in fields
    }


def perform(session: Session, at: At, name: str, typed: Typed) -> None:
    """Do it.

    Raises
    ------
    FieldMissing
        When something typed is no value of its field; further errors are those of the service.
    """
    STEPS[name](session, at, typed)


def _take_up(session: Session, at: At, _typed: Typed) -> None:
    services.take_up(session, at.viewer, at.case_id, at.version, role=at.role)


def _requalify(session: Session, at: At, typed: Typed) -> None:
    kind = _one_of(Kind, "kind", typed)
    services.requalify(session, at.viewer, at.case_id, at.version, kind, typed["reason"], role=at.role)


def _ask(session: Session, at: At, typed: Typed) -> None:
    until = _day("answer_until", typed)
    services.ask(session, at.viewer, at.case_id, at.version, typed["text"], until, role=at.role)


def _withdraw_question(session: Session, at: At, _typed: Typed) -> None:
    services.withdraw_question(session, at.viewer, at.case_id, at.version, role=at.role)


def _pause(session: Session, at: At, typed: Typed) -> None:
    services.pause(session, at.viewer, at.case_id, at.version, typed["document"], role=at.role)


def _suspend(session: Session, at: At, typed: Typed) -> None:
    services.suspend(session, at.viewer, at.case_id, at.version, typed["document"], role=at.role)


def _resume(session: Session, at: At, _typed: Typed) -> None:
    services.resume(session, at.viewer, at.case_id, at.version, role=at.role)


def _extend(session: Session, at: At, typed: Typed) -> None:
    limit = Limit(_whole("limit", typed, MOST_DAYS), _one_of(DayUnit, "limit_unit", typed))
    signer, document = typed["signed_by"], typed["document"]
    services.extend(session, at.viewer, at.case_id, at.version, limit, signer, document, role=at.role)


def _decide(session: Session, at: At, typed: Typed) -> None:
    request, decision = _whole("request", typed, MOST_DAYS), _one_of(Decision, "decision", typed)
    services.decide(session, at.viewer, at.case_id, at.version, request, decision, typed["words"], role=at.role)


def _set_private(session: Session, at: At, typed: Typed) -> None:
    services.set_private(session, at.viewer, at.case_id, at.version, typed["reason"], role=at.role)


def _unset_private(session: Session, at: At, typed: Typed) -> None:
    services.unset_private(session, at.viewer, at.case_id, at.version, typed["reason"], role=at.role)


def _exclude(session: Session, at: At, typed: Typed) -> None:
    officer = _whole("officer", typed, 2_147_483_647)
    rule = _one_of(Exclusion, "rule", typed)
    services.exclude(session, at.viewer, at.case_id, at.version, officer, rule.value, typed["words"], role=at.role)


def _set_points(session: Session, at: At, typed: Typed) -> None:
    set_points(session, at.viewer, at.case_id, at.version, typed["points"], role=at.role)


def _return_answer(session: Session, at: At, typed: Typed) -> None:
    approvals.return_answer(session, at.viewer, at.case_id, at.version, typed["words"], role=at.role)


def _take_back_answer(session: Session, at: At, _typed: Typed) -> None:
    approvals.take_back_answer(session, at.viewer, at.case_id, at.version, role=at.role)


def _lift_exclusion(session: Session, at: At, typed: Typed) -> None:
    officer = _whole("excluded", typed, 2_147_483_647)
    lift_exclusion(session, at.viewer, at.case_id, at.version, officer, typed["words"], role=at.role)


def _assign(session: Session, at: At, typed: Typed) -> None:
    officer = _whole("assignee", typed, 2_147_483_647)
    routing.assign(session, at.viewer, at.case_id, at.version, officer, role=at.role)


def _unassign(session: Session, at: At, _typed: Typed) -> None:
    routing.unassign(session, at.viewer, at.case_id, at.version, role=at.role)


def _take(session: Session, at: At, _typed: Typed) -> None:
    routing.take(session, at.viewer, at.case_id, at.version, role=at.role)


def _transfer(session: Session, at: At, typed: Typed) -> None:
    to_unit, ground = unit_meant(session, typed, clock.local_date()), _one_of(Why, "ground", typed)
    routing.transfer(session, at.viewer, at.case_id, at.version, to_unit, ground, typed["reason"], role=at.role)


def _send_back(session: Session, at: At, typed: Typed) -> None:
    routing.send_back(session, at.viewer, at.case_id, at.version, typed["words"], role=at.role)


STEPS: Mapping[str, Callable[[Session, At, Typed], None]] = {
    "take_up": _take_up,
    "requalify": _requalify,
    "ask": _ask,
    "withdraw_question": _withdraw_question,
    "pause": _pause,
    "suspend": _suspend,
    "resume": _resume,
    "extend": _extend,
    "decide": _decide,
    "assign": _assign,
    "unassign": _unassign,
    "take": _take,
    "transfer": _transfer,
    "send_back": _send_back,
    "set_private": _set_private,
    "unset_private": _unset_private,
    "exclude": _exclude,
    "lift_exclusion": _lift_exclusion,
    "set_points": _set_points,
    "return_answer": _return_answer,
    "take_back_answer": _take_back_answer,
}


def _one_of(choices: type[T], name: str, typed: Typed) -> T:
    try:
        return choices(typed.get(name, ""))
    except ValueError:
        raise FieldMissing(name, CHOOSE) from None


def _day(name: str, typed: Typed) -> date:
    text = typed.get(name, "").strip()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):  # as browsers send a day, and as people type it where they cannot
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM).date()
    raise FieldMissing(name, "Xin chọn ngày, viết như 01/12/2026.")


def _whole(name: str, typed: Typed, most: int) -> int:
    text = typed.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and 1 <= int(text) <= most):
        raise FieldMissing(name, "Xin nhập một số nguyên dương hợp lý.")
    return int(text)
