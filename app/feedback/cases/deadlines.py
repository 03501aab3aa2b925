"""When a case is due, and why: its own version of the law, its pauses and extensions, the newest calendar."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendar.days import DayUnit, Limit
from app.calendar.queries import calendar, latest_version
from app.calendar.reckoning import Counting, Extension, Pause, Reckoning, reckon
from app.calendar.working_time import WorkingCalendar
from app.clock import VIETNAM
from app.feedback.cases import history
from app.feedback.cases.kinds import CLASS_OF, Decision, Event, RequestKind, StateClass
from app.feedback.cases.models import Case, CaseEvent, CaseExtension, CasePause, CaseRequest
from app.rules.content import Begins, KindRule
from app.rules.kinds import Kind
from app.rules.queries import Rule, counting_on, counting_version, kind_rule_on, kind_rule_version

CALENDARS = "langnghe-case-calendars"
VERSIONS = "langnghe-case-rules"


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
    version = version_of(session, case)
    return None if version is None else version.content


def version_of(session: Session, case: Case) -> Rule[KindRule] | None:
    """The version of the law a case began under, with what it rests on."""
    return None if case.rule_version_id is None else _versions(session).kind(case.rule_version_id)


def reckoning(session: Session, case: Case, now: datetime | None = None) -> Reckoning | None:
    """The due date with its steps, or None where the law sets no term.

    A complaint that does not meet the form of the law is information: its day of receipt is kept, it has no term.
    Without ``now`` a pause that goes on adds nothing yet, so the same case always gives the same date.
    """
    return reckonings(session, [case], now)[case.id]


def reckonings(session: Session, cases: Sequence[Case], now: datetime | None = None) -> dict[str, Reckoning | None]:
    """The same for several cases, by their ids: with as many questions to the database as for one."""
    happened = _happened(session, [case.id for case in cases])
    return {case.id: _reckoned(session, case, happened[case.id], now) for case in cases}


def term_of(session: Session, case: Case) -> Term | None:
    """Which term runs now: the one to accept a case, to resolve it, or to look again."""
    return _term(session, case, _happened(session, [case.id])[case.id])


def awaits_acceptance(session: Session, case: Case) -> bool:
    """Whether the date of a case is the one to say if it is accepted; the term of its answer begins after that."""
    return _awaits_acceptance(session, case, _happened(session, [case.id])[case.id])


def standing(session: Session, case: Case, now: datetime) -> tuple[Reckoning | None, bool]:
    """``reckoning`` and ``awaits_acceptance``, with as many questions to the database as for one of them."""
    happened = _happened(session, [case.id])[case.id]
    return _reckoned(session, case, happened, now), _awaits_acceptance(session, case, happened)


def _awaits_acceptance(session: Session, case: Case, happened: "_Happened") -> bool:
    rule = rule_of(session, case)
    return (
        rule is not None
        and rule.begins is Begins.ACCEPTED
        and rule.accept is not None
        and happened.accepted_on is None
        and not happened.again
        and _term(session, case, happened) is not None
    )


def _term(session: Session, case: Case, happened: "_Happened") -> Term | None:
    rule = rule_of(session, case)
    if rule is None or (case.kind is Kind.COMPLAINT and not case.meets_form):
        return None
    again = happened.again
    is_second = any(one.kind is RequestKind.SECOND_STAGE for one in again)
    limit = rule.resolve_limit(is_remote=case.is_remote, is_second=is_second)
    if again and (decided_at := again[-1].decided_at) is not None:
        return Term(decided_at.astimezone(VIETNAM).date(), limit, is_second)
    if rule.begins is Begins.ACCEPTED:
        if happened.accepted_on is None:
            return Term(case.received_on, rule.accept or limit)
        return Term(happened.accepted_on, limit)
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
    happened = _happened(session, [case.id])[case.id]
    rule, term = rule_of(session, case), _term(session, case, happened)
    if rule is None or term is None:
        return None
    count = len(_extensions(happened, term.start))
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
    return reckon(today, rule.question_term, calendar=calendar_of(session), counting=counting).due_on


def counting_of(session: Session, version_id: int) -> Counting:
    """How days are counted, by the version that a case began under."""
    return _versions(session).counting(version_id)


def calendar_of(session: Session, version: int | None = None) -> WorkingCalendar:
    """A version of the calendar, the newest without a number.

    Versions never change, so each is loaded once for a session: lists and jobs reckon many dates.
    """
    wanted = latest_version(session) if version is None else version
    kept: dict[int, WorkingCalendar] = session.info.setdefault(CALENDARS, {})
    if wanted not in kept:
        kept[wanted] = calendar(session, wanted)
    return kept[wanted]


def _reckoned(session: Session, case: Case, happened: "_Happened", now: datetime | None) -> Reckoning | None:
    term = _term(session, case, happened)
    if term is None or case.counting_version_id is None:
        return None
    return reckon(
        term.start,
        term.limit,
        pauses=happened.pauses,
        extensions=_extensions(happened, term.start),
        calendar=calendar_of(session, case.calendar_version),
        counting=_versions(session).counting(case.counting_version_id),
        now=now,
    )


@dataclass(slots=True)
class _Happened:
    """What happened to a case that moves its date; ``again``: the requests of its sender that were accepted."""

    pauses: list[Pause] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    again: list[CaseRequest] = field(default_factory=list)
    accepted_on: date | None = None


def _happened(session: Session, case_ids: Sequence[str]) -> dict[str, _Happened]:
    found = {case_id: _Happened() for case_id in case_ids}
    paused = select(CasePause).where(CasePause.case_id.in_(case_ids)).order_by(CasePause.number)
    for row in session.scalars(paused):
        found[row.case_id].pauses.append(Pause(row.started_at, row.ended_at, row.document))
    extended = select(CaseExtension).where(CaseExtension.case_id.in_(case_ids)).order_by(CaseExtension.number)
    for one in session.scalars(extended):
        limit = Limit(one.limit_value, DayUnit(one.limit_unit))
        found[one.case_id].extensions.append(Extension(limit, one.signed_by, one.document, one.decided_on))
    requests = (
        select(CaseRequest)
        .where(CaseRequest.case_id.in_(case_ids), CaseRequest.decision == Decision.ACCEPTED)
        .order_by(CaseRequest.decided_at)
    )
    for request in session.scalars(requests):
        found[request.case_id].again.append(request)
    accepted = (
        select(CaseEvent.case_id, func.min(CaseEvent.happened_on))
        .where(CaseEvent.case_id.in_(case_ids), CaseEvent.event == Event.TAKEN_UP)
        .group_by(CaseEvent.case_id)
    )
    for case_id, day in session.execute(accepted):
        found[case_id].accepted_on = day
    return found


def _extensions(happened: _Happened, since: date) -> list[Extension]:
    """Those of the present term: what was granted before a case was opened again belongs to the term before."""
    return [one for one in happened.extensions if one.decided_on >= since]


class _Versions:
    """Versions of the law never change, so each is read once for a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kinds: dict[int, Rule[KindRule]] = {}
        self._countings: dict[int, Counting] = {}

    def kind(self, version_id: int) -> Rule[KindRule]:
        """The rule of a kind."""
        if version_id not in self._kinds:
            self._kinds[version_id] = kind_rule_version(self._session, version_id)
        return self._kinds[version_id]

    def counting(self, version_id: int) -> Counting:
        """How days are counted."""
        if version_id not in self._countings:
            self._countings[version_id] = counting_version(self._session, version_id).content.counting
        return self._countings[version_id]


def _versions(session: Session) -> _Versions:
    kept: _Versions = session.info.setdefault(VERSIONS, _Versions(session))
    return kept


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
