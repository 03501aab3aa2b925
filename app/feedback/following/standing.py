"""Gathers from the database what the rules on a sender's acts need to know of a case."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendar.days import Limit
from app.calendar.reckoning import reckon
from app.clock import VIETNAM
from app.feedback.cases import deadlines, history
from app.feedback.cases.kinds import Decision, RequestKind
from app.feedback.cases.models import Case, CaseFile, CaseRating, CaseReply, CaseRequest, Reporter
from app.feedback.cases.places import standing_for
from app.feedback.cases.promises import Part
from app.feedback.following.possible import Asked, Standing, since_last_closing
from app.rules.content import KindRule
from app.rules.kinds import Kind
from app.rules.queries import Rule, counting_on, kind_rule_on, kind_rule_version
from app.units import queries as units


def rule_of(session: Session, case: Case) -> Rule[KindRule]:
    """The rule a case began under."""
    if case.rule_version_id is None:
        return kind_rule_on(session, case.kind, case.received_on)
    return kind_rule_version(session, case.rule_version_id)


def of(session: Session, case: Case, today: date) -> Standing:
    """Where a case stands for its sender."""
    rule = rule_of(session, case).content
    reply = session.scalar(select(func.max(CaseReply.number)).where(CaseReply.case_id == case.id)) or 0
    asked = _asked(session, case.id)
    is_rated = session.scalar(
        select(func.count())
        .select_from(CaseRating)
        .where(CaseRating.case_id == case.id, CaseRating.reply_number == reply)
    )
    return Standing(
        state=case.state,
        outcome=case.outcome,
        reply_number=reply,
        is_rated=bool(is_rated),
        may_be_rated=rule.may_be_rated,
        has_second_stage=rule.has_second_stage,
        has_unit_above=unit_above(session, case.unit_id, today) is not None,
        asked=asked,
        file_count=file_count(session, case.id),
        reopening_until=_end(session, case.closed_on, rule.reopening_within),
        review_until=_review_until(session, case, rule, asked),
        today=today,
    )


def missing(session: Session, case: Case) -> tuple[Part, ...]:
    """What a complaint lacks of its form, as far as what is kept tells."""
    if case.kind is not Kind.COMPLAINT or case.meets_form:
        return ()
    sender = session.get(Reporter, case.id)
    if sender is not None and sender.erased_on is not None:
        return ()  # what was said is gone
    lacks = [Part.NAME] if sender is None or not sender.name else []
    if sender is None or not sender.address:
        lacks.append(Part.ADDRESS)
    is_open = bool(lacks) and file_count(session, case.id) > 0
    return (*lacks, Part.PERHAPS_LETTER if is_open else Part.LETTER)


def file_count(session: Session, case_id: str) -> int:
    """How many files a case has."""
    return session.scalar(select(func.count()).select_from(CaseFile).where(CaseFile.case_id == case_id)) or 0


def unit_above(session: Session, unit_id: int, on: date) -> int | None:
    """The unit one level above the one that handles a case, or above what took over from it."""
    for living in sorted(standing_for(session, [unit_id], on)[unit_id]):
        above = units.parent_id(session, living, on)
        if above is not None:
            return above
    return None


def _asked(session: Session, case_id: str) -> tuple[Asked, ...]:
    """The requests since the last closing. They carry no time, so the history tells how many there are."""
    count = since_last_closing([line.event for line in history.lines(session, case_id, shown_only=False)])
    rows = session.scalars(
        select(CaseRequest).where(CaseRequest.case_id == case_id).order_by(CaseRequest.number.desc()).limit(count)
    )
    return tuple(_of(row) for row in rows) if count else ()


def _of(row: CaseRequest) -> Asked:
    is_accepted = None if row.decision is None else row.decision is Decision.ACCEPTED
    decided_on = None if row.decided_at is None else row.decided_at.astimezone(VIETNAM).date()
    return Asked(row.kind, is_accepted, decided_on)


def _review_until(session: Session, case: Case, rule: KindRule, asked: tuple[Asked, ...]) -> date | None:
    """The last day for asking the level above: by law from the answer, elsewhere from the refusal of the reopening."""
    if rule.second_lodge is not None:
        return _end(session, case.closed_on, (case.is_remote and rule.second_lodge_remote) or rule.second_lodge)
    refused = [one.decided_on for one in asked if one.kind is RequestKind.REOPENING and one.is_accepted is False]
    return _end(session, refused[0] if refused else case.closed_on, rule.reopening_within)


def _end(session: Session, first: date | None, limit: Limit) -> date | None:
    if first is None:
        return None
    counting = counting_on(session, first).content.counting
    return reckon(first, limit, calendar=deadlines.calendar_of(session), counting=counting).due_on
