"""Facts about the cases a viewer may see, and answers that were sent many times."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar.working_time import WorkingCalendar
from app.clock import VIETNAM
from app.feedback.cases import access, deadlines, misses
from app.feedback.cases.access import Viewer
from app.feedback.cases.fields import fields_of
from app.feedback.cases.kinds import Event, Outcome
from app.feedback.cases.models import Case, CaseEvent, CasePause, CaseRating, CaseReply, CaseRequest
from app.feedback.oversight.figures import Fact
from app.rules.kinds import Kind

DISSATISFIED = 2
"""A rating of this or lower is a judgement of "not satisfied"."""
REPEATED = 3
"""As many equal answers stand out."""
FIRST_WORDS = 160
ONE_DAY = timedelta(days=1)
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RepeatedAnswer:
    """One answer that went to several senders; ``cases``: public number → id, in order."""

    words: str
    cases: Mapping[str, str]


def facts(
    session: Session, viewer: Viewer, first: date, last: date, today: date, *, kind: Kind | None = None
) -> list[Fact]:
    """One fact for each case received in some days that exists for the viewer."""
    wanted = [access.visible(session, viewer, today), Case.received_on.between(first, last)]
    if kind is not None:
        wanted.append(Case.kind == kind)
    days = (Case.received_on, Case.due_on, Case.closed_on)
    columns = (Case.id, Case.unit_id, Case.kind, *days, Case.procedure_id, Case.counter_id)
    rows = session.execute(select(*columns, Case.outcome, Case.channel).where(*wanted)).all()
    if not rows:
        return []
    of_these = select(Case.id).where(*wanted)
    scores: dict[str, list[int]] = defaultdict(list)
    for case_id, score in session.execute(
        select(CaseRating.case_id, CaseRating.score).where(CaseRating.case_id.in_(of_these))
    ):
        scores[case_id].append(score)
    reopened = set(
        session.scalars(
            select(CaseEvent.case_id).where(CaseEvent.event == Event.REOPENED, CaseEvent.case_id.in_(of_these))
        )
    )
    complained = set(session.scalars(select(CaseRequest.case_id).where(CaseRequest.case_id.in_(of_these))))
    missed = misses.kinds_of(session, of_these)
    pauses: dict[str, list[_Pause]] = defaultdict(list)
    for case_id, started_at, ended_at in session.execute(
        select(CasePause.case_id, CasePause.started_at, CasePause.ended_at).where(CasePause.case_id.in_(of_these))
    ):
        pauses[case_id].append(_Pause(_local(started_at), None if ended_at is None else _local(ended_at)))
    worked = _Days(deadlines.calendar_of(session), min(row.received_on for row in rows))
    fields = fields_of(session)
    return [
        Fact(
            unit_id=row.unit_id,
            kind=row.kind,
            received_on=row.received_on,
            due_on=row.due_on,
            closed_on=row.closed_on,
            is_reopened=row.id in reopened,
            is_dissatisfied=any(score <= DISSATISFIED for score in scores[row.id]) or row.id in complained,
            scores=tuple(scores[row.id]),
            working_days=_days(worked, row.received_on, row.closed_on, pauses[row.id]),
            case_id=row.id,
            field_id=fields.of(row.procedure_id, row.counter_id),
            has_procedure=row.procedure_id is not None,
            stands_since=_stands_since(pauses[row.id]),
            is_competent=row.outcome is not Outcome.NOT_COMPETENT,
            channel=row.channel,
            missed_as=missed.get(row.id, frozenset()),
        )
        for row in rows
    ]


def repeated_answers(session: Session, viewer: Viewer, first: date, last: date, today: date) -> list[RepeatedAnswer]:
    """Answers of the period that are equal but for numbers, case and marks, most often sent first.

    Compared are their marks; of the texts one is opened for each answer that stands out.
    """
    rows = session.execute(
        select(CaseReply.likeness, CaseReply.case_id, CaseReply.number, Case.public_number)
        .join(Case, Case.id == CaseReply.case_id)
        .where(access.visible(session, viewer, today), Case.closed_on.between(first, last))
        .where(CaseReply.likeness.is_not(None))
    )
    alike: dict[bytes | None, list[tuple[str, str, int]]] = defaultdict(list)
    for mark, case_id, number, public_number in rows:
        alike[mark].append((public_number, case_id, number))
    many = [sorted(group) for group in alike.values() if len({case_id for _, case_id, _ in group}) >= REPEATED]
    many.sort(key=lambda group: (-len(group), group[0]))
    texts = _texts(session, [group[0][1] for group in many])
    return [
        RepeatedAnswer(
            " ".join(texts[group[0][1:]].split())[:FIRST_WORDS],
            {public_number: case_id for public_number, case_id, _ in group},
        )
        for group in many
    ]


def _texts(session: Session, case_ids: Sequence[str]) -> dict[tuple[str, int], str]:
    """The words of the answers of some cases, by case and number."""
    found: dict[tuple[str, int], str] = {}
    for start in range(0, len(case_ids), AT_ONCE):
        of_cases = CaseReply.case_id.in_(case_ids[start : start + AT_ONCE])
        rows = session.execute(select(CaseReply.case_id, CaseReply.number, CaseReply.text).where(of_cases))
        found |= {(case_id, number): text for case_id, number, text in rows}
    return found


class _Pause(NamedTuple):
    """From which day to which the clock stood; no end: it stands."""

    begin: date
    end: date | None


class _Days:
    """Working days between two days: figures ask for thousands of spans, so each day is looked at once."""

    def __init__(self, working: WorkingCalendar, first: date) -> None:
        self._working, self._last = working, first
        self._counted = {first: 0}

    def between(self, start: date, end: date) -> int:
        """As ``WorkingCalendar.working_days_between``."""
        while self._last < end:
            before, self._last = self._counted[self._last], self._last + ONE_DAY
            self._counted[self._last] = before + self._working.is_working_day(self._last)
        if start in self._counted and end in self._counted:
            return self._counted[end] - self._counted[start]
        return self._working.working_days_between(start, end)


def _local(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def _stands_since(pauses: Sequence[_Pause]) -> date | None:
    """From which day the clock stands."""
    return min((one.begin for one in pauses if one.end is None), default=None)


def _days(days: _Days, received: date, closed: date | None, pauses: Sequence[_Pause]) -> int | None:
    """Working days from receipt to answer without those that lie in a pause."""
    if closed is None:
        return None
    still = sum(max(0, days.between(one.begin, min(one.end, closed))) for one in pauses if one.end is not None)
    return max(0, days.between(received, closed) - still)
