"""When a case is due, and why: its own version of the law, its pauses and extensions, the newest calendar."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar.days import DayUnit, Limit
from app.calendar.queries import calendar, latest_version
from app.calendar.reckoning import Extension, Pause, Reckoning, reckon
from app.calendar.working_time import WorkingCalendar
from app.clock import VIETNAM
from app.feedback.cases import history
from app.feedback.cases.kinds import CLASS_OF, Decision, Event, RequestKind, StateClass
from app.feedback.cases.models import Case, CaseExtension, CasePause, CaseRequest
from app.rules.content import Begins, KindRule
from app.rules.kinds import Kind
from app.rules.queries import counting_on, counting_version, kind_rule_on, kind_rule_version

CALENDARS = "langnghe-case-calendars"


@dataclass(frozen=True, slots=True)
class Term:
    """From which day which term runs. ``is_second``: a higher office looks again."""

    start: date
    limit: Limit
    is_second: bool = False


def begin(session: Session, case: Case) -> None:
    """Let a new case, or one that became another kind, stand under the law of the day it was received."""
    case.rule_version_id = kind_rule_on(session, case.kind, case.received_on).id
    if case.counting_version_id is None:
        case.counting_version_id = counting_on(session, case.received_on).id
    case.calendar_version = latest_version(session)


def rule_of(session: Session, case: Case) -> KindRule | None:
    """The law a case began under; None for what came over from the first intake."""
    return None if case.rule_version_id is None else kind_rule_version(session, case.rule_version_id).content


def reckoning(session: Session, case: Case, now: datetime | None = None) -> Reckoning | None:
    """The due date with its steps, or None where the law sets no term.

    A complaint that does not meet the form of the law is information: its day of receipt is kept, it has no term.
    Without ``now`` a pause that goes on adds nothing yet, so the same case always gives the same date.
    """
    term = term_of(session, case)
    if term is None or case.counting_version_id is None:
        return None
    return reckon(
        term.start,
        term.limit,
        pauses=_pauses(session, case),
        extensions=_extensions(session, case, term.start),
        calendar=_calendar(session, case.calendar_version),
        counting=counting_version(session, case.counting_version_id).content.counting,
        now=now,
    )


def term_of(session: Session, case: Case) -> Term | None:
    """Which term runs now: the one to accept a case, to resolve it, or to look again."""
    rule = rule_of(session, case)
    if rule is None or (case.kind is Kind.COMPLAINT and not case.meets_form):
        return None
    again = session.scalars(
        select(CaseRequest)
        .where(CaseRequest.case_id == case.id, CaseRequest.decision == Decision.ACCEPTED)
        .order_by(CaseRequest.decided_at)
    ).all()
    is_second = any(one.kind is RequestKind.SECOND_STAGE for one in again)
    limit = rule.resolve_limit(is_remote=case.is_remote, is_second=is_second)
    if again and (decided_at := again[-1].decided_at) is not None:
        return Term(decided_at.astimezone(VIETNAM).date(), limit, is_second)
    if rule.begins is Begins.ACCEPTED:
        accepted_on = history.first_day(session, case.id, Event.TAKEN_UP)
        if accepted_on is None:
            return Term(case.received_on, rule.accept or limit)
        return Term(accepted_on, limit)
    return Term(case.received_on, limit)


def refresh(session: Session, case: Case) -> None:
    """Reckon the due date anew with the newest calendar; the history tells when it changed."""
    if CLASS_OF[case.state] is StateClass.DONE:
        return
    case.calendar_version = latest_version(session) or None
    found = reckoning(session, case)
    before, case.due_on = case.due_on, None if found is None else found.due_on
    if before != case.due_on:
        detail = {"from": _day(before), "to": _day(case.due_on), "calendar": case.calendar_version}
        history.append(session, case, Event.DUE_RECKONED, shown=True, detail=detail)


def extensions_left(session: Session, case: Case) -> Limit | None:
    """The longest term by which the law lets a case be made longer once more; None: it may not.

    Where the law names a longer term for complex matters instead of extensions, the difference may be added once.
    """
    rule, term = rule_of(session, case), term_of(session, case)
    if rule is None or term is None:
        return None
    count = len(_extensions(session, case, term.start))
    if rule.extension is not None:
        return rule.extension if count < max(rule.extensions_complex, rule.extensions_special) else None
    far, again = case.is_remote, term.is_second
    plain = rule.resolve_limit(is_remote=far, is_second=again)
    hard = rule.resolve_limit(is_complex=True, is_remote=far, is_second=again)
    if count or hard.unit is not plain.unit or hard.value <= plain.value:
        return None
    return Limit(hard.value - plain.value, hard.unit)


def question_until(session: Session, case: Case, today: date) -> date:
    """The last day for which the law of a case lets its unit wait for the answer to a question asked today."""
    rule = rule_of(session, case) or kind_rule_on(session, case.kind, case.received_on).content
    counting = counting_on(session, today).content.counting
    return reckon(today, rule.question_term, calendar=calendar(session), counting=counting).due_on


def _calendar(session: Session, version: int | None) -> WorkingCalendar:
    """Versions never change, so each is loaded once for a session: lists and jobs reckon many dates."""
    wanted = latest_version(session) if version is None else version
    kept: dict[int, WorkingCalendar] = session.info.setdefault(CALENDARS, {})
    if wanted not in kept:
        kept[wanted] = calendar(session, wanted)
    return kept[wanted]


def _pauses(session: Session, case: Case) -> list[Pause]:
    rows = session.scalars(select(CasePause).where(CasePause.case_id == case.id).order_by(CasePause.number))
    return [Pause(row.started_at, row.ended_at, row.document) for row in rows]


def _extensions(session: Session, case: Case, since: date) -> list[Extension]:
    """Those of the present term: what was granted before a case was opened again belongs to the term before."""
    rows = session.scalars(
        select(CaseExtension)
        .where(CaseExtension.case_id == case.id, CaseExtension.decided_on >= since)
        .order_by(CaseExtension.number)
    )
    return [
        Extension(Limit(row.limit_value, DayUnit(row.limit_unit)), row.signed_by, row.document, row.decided_on)
        for row in rows
    ]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
