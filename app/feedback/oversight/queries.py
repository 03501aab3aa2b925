"""Facts about the cases a viewer may see, and answers that were sent many times."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar.working_time import WorkingCalendar
from app.clock import VIETNAM
from app.feedback.cases import access, deadlines
from app.feedback.cases.access import Viewer
from app.feedback.cases.fields import fields_of
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case, CaseEvent, CasePause, CaseRating, CaseReply
from app.feedback.oversight.figures import Fact
from app.i18n.folding import fold_words
from app.rules.kinds import Kind

DISSATISFIED = 2
"""A rating of this or lower is a judgement of "not satisfied"."""
REPEATED = 3
"""As many equal answers stand out."""
FIRST_WORDS = 160
NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class RepeatedAnswer:
    """One answer that went to several senders."""

    words: str
    cases: tuple[str, ...]
    case_ids: frozenset[str] = frozenset()


def facts(
    session: Session, viewer: Viewer, first: date, last: date, today: date, *, kind: Kind | None = None
) -> list[Fact]:
    """One fact for each case received in some days that exists for the viewer."""
    wanted = [access.visible(session, viewer, today), Case.received_on.between(first, last)]
    if kind is not None:
        wanted.append(Case.kind == kind)
    days = (Case.received_on, Case.due_on, Case.closed_on)
    columns = (Case.id, Case.unit_id, Case.kind, *days, Case.procedure_id, Case.counter_id)
    rows = session.execute(select(*columns).where(*wanted)).all()
    if not rows:
        return []
    of_these = select(Case.id).where(*wanted)
    scores: dict[str, list[int]] = defaultdict(list)
    for rating in session.scalars(select(CaseRating).where(CaseRating.case_id.in_(of_these))):
        scores[rating.case_id].append(rating.score)
    reopened = set(
        session.scalars(
            select(CaseEvent.case_id).where(CaseEvent.event == Event.REOPENED, CaseEvent.case_id.in_(of_these))
        )
    )
    pauses: dict[str, list[CasePause]] = defaultdict(list)
    for pause in session.scalars(select(CasePause).where(CasePause.case_id.in_(of_these))):
        pauses[pause.case_id].append(pause)
    working = deadlines.calendar_of(session)
    fields = fields_of(session)
    return [
        Fact(
            unit_id=row.unit_id,
            kind=row.kind,
            received_on=row.received_on,
            due_on=row.due_on,
            closed_on=row.closed_on,
            is_reopened=row.id in reopened,
            is_dissatisfied=any(score <= DISSATISFIED for score in scores[row.id]) or row.id in reopened,
            scores=tuple(scores[row.id]),
            working_days=_days(working, row.received_on, row.closed_on, pauses[row.id]),
            case_id=row.id,
            field_id=fields.of(row.procedure_id, row.counter_id),
            has_procedure=row.procedure_id is not None,
            stands_since=_stands_since(pauses[row.id]),
        )
        for row in rows
    ]


def repeated_answers(session: Session, viewer: Viewer, first: date, last: date, today: date) -> list[RepeatedAnswer]:
    """Answers of the period that are equal but for numbers, case and marks, most often sent first."""
    rows = session.execute(
        select(CaseReply.text, Case.public_number, Case.id)
        .join(Case, Case.id == CaseReply.case_id)
        .where(access.visible(session, viewer, today), Case.closed_on.between(first, last))
        .order_by(Case.public_number)
    )
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for text, number, key in rows:
        found[NUMBERS.sub("#", fold_words(text))].append((text, number, key))
    many = [group for group in found.values() if len({number for _, number, _ in group}) >= REPEATED]
    return [
        RepeatedAnswer(
            " ".join(group[0][0].split())[:FIRST_WORDS],
            tuple(dict.fromkeys(number for _, number, _ in group)),
            frozenset(key for _, _, key in group),
        )
        for group in sorted(many, key=len, reverse=True)
    ]


def _stands_since(pauses: Sequence[CasePause]) -> date | None:
    """From which day the clock stands."""
    return min((one.started_at.astimezone(VIETNAM).date() for one in pauses if one.ended_at is None), default=None)


def _days(working: WorkingCalendar, received: date, closed: date | None, pauses: Sequence[CasePause]) -> int | None:
    """Working days from receipt to answer without those that lie in a pause."""
    if closed is None:
        return None
    whole = working.working_days_between(received, closed)
    still = 0
    for pause in pauses:
        if pause.ended_at is not None:
            start, end = (moment.astimezone(VIETNAM).date() for moment in (pause.started_at, pause.ended_at))
            still += max(0, working.working_days_between(start, min(end, closed)))
    return max(0, whole - still)
