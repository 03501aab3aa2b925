"""When to remind and when to tell those above (pure): counted in working days, on working days only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.calendar.working_time import WorkingCalendar
from app.clock import VIETNAM
from app.feedback.cases.kinds import Step

A_MOMENT = timedelta(microseconds=1)
DAY_BEGINS, DAY_ENDS = time(7), time(20)


LATE = (Step.LEADER, Step.ABOVE)


@dataclass(frozen=True, slots=True)
class Plan:
    """How many working days before the due date the first reminder is, and after it the two others; 0: not at all.

    On the due date itself there is always one.
    """

    before: int
    leader: int
    above: int


def reached(plan: Plan, due_on: date, today: date, calendar: WorkingCalendar) -> tuple[Step, ...]:
    """The steps that a due date has reached, in order; nothing on a day without work.

    A due date never lies on such a day, but the present day may.
    """
    if not calendar.is_working_day(today):
        return ()
    left = calendar.working_days_between(today, due_on)
    is_reached = {
        Step.BEFORE: plan.before > 0 and left <= plan.before,
        Step.TODAY: left <= 0,
        Step.LEADER: plan.leader > 0 and -left >= plan.leader,
        Step.ABOVE: plan.above > 0 and -left >= plan.above,
    }
    return tuple(step for step in Step if is_reached[step])


def to_tell(steps: Collection[Step], noted: Collection[Step], *, is_late: bool) -> tuple[Step, ...]:
    """Of the steps reached those that still have to be told: of what goes to the same person only the latest.

    A machine that stood still for a week does not say first that a case is due soon and then that it is late.
    """
    new = [step for step in steps if step not in noted]
    kind = [step for step in new if step not in LATE][-1:]
    return tuple([] if is_late else kind) + tuple(step for step in new if step in LATE)


def horizon(plan: Plan, today: date, calendar: WorkingCalendar) -> date:
    """The latest due date about which there is something to say today."""
    return calendar.add_working_days(today, plan.before)


def in_working_time(calendar: WorkingCalendar, now: datetime) -> datetime:
    """Now, or when work begins again."""
    return calendar.add_working_time(now, A_MOMENT) - A_MOMENT


def in_daytime(now: datetime) -> datetime:
    """Now, or the next morning: no telephone rings at night."""
    here = now.astimezone(VIETNAM)
    if DAY_BEGINS <= here.time() < DAY_ENDS:
        return now
    day = here.date() if here.time() < DAY_BEGINS else here.date() + timedelta(days=1)
    return datetime.combine(day, DAY_BEGINS, tzinfo=VIETNAM)
