"""From the day of receipt to the day it is due, one explained step after the other (pure).

A day counts unless something says otherwise, and whatever says otherwise is a step of its own: the day of receipt, days
of rest and holidays (limits in working days), days on which the case was still waiting when the day ended, the move of
an end that nobody works on. The steps add up: the days of all steps together lead from the receipt to the due date.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.calendar.days import DayUnit, Limit
from app.calendar.working_time import ONE_DAY, DayKind, SpecialDay, WorkingCalendar
from app.clock import VIETNAM
from app.errors import Invalid

LONGEST_TERM = 20_000
"""Days after which a term is certainly wrong: a pause of decades."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How days are counted; versioned data (matter "counting"), the law's text not being the same for ever."""

    first_day_counts: bool = False
    end_moves_to_working_day: bool = True
    pauses_stop_calendar_days: bool = True
    pauses_stop_working_days: bool = True

    def pauses_stop(self, unit: DayUnit) -> bool:
        """Whether a pause stops a limit of this unit."""
        return self.pauses_stop_working_days if unit is DayUnit.WORKING else self.pauses_stop_calendar_days


@dataclass(frozen=True, slots=True)
class Pause:
    """A gap in the clock and the document that caused it; without an end the clock still stands."""

    start: datetime
    end: datetime | None
    document: str

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError("A pause needs moments with a zone.")
        if self.end is not None and self.end < self.start:
            raise BadTerm("Thời điểm hết tạm dừng không được trước lúc bắt đầu.")


@dataclass(frozen=True, slots=True)
class Extension:
    """More days, and who signed for them."""

    limit: Limit
    signed_by: str
    document: str
    decided_on: date


class StepKind(StrEnum):
    """What a step tells."""

    RECEIVED = "received"
    COUNTED = "counted"
    REST = "rest"
    HOLIDAY = "holiday"
    WORKED = "worked"
    PAUSE = "pause"
    EXTENSION = "extension"
    MOVED = "moved"
    STANDING = "standing"
    PROVISIONAL = "provisional"
    DUE = "due"


class BadTerm(Invalid):
    """A term that cannot be reckoned."""


@dataclass(frozen=True, slots=True)
class Step:
    """One reason. ``days`` is what it adds between receipt and due date; ``first`` and ``last`` where it lies."""

    kind: StepKind
    days: int
    first: date
    last: date
    unit: DayUnit | None = None
    name: str = ""
    document: str = ""
    signed_by: str = ""
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A due date and why. ``is_standing``: a pause has no end yet, so the date still moves.

    ``is_provisional``: a day that the date rests on is not certain, such as a Tết break without notice.
    """

    received_on: date
    due_on: date
    due_at: datetime
    limit: Limit
    calendar_version: int
    steps: tuple[Step, ...]
    is_standing: bool = False
    is_provisional: bool = False

    def is_late(self, on: date) -> bool:
        """Whether the date has passed on a day; never while the clock stands."""
        return not self.is_standing and on > self.due_on


def reckon(
    received_on: date,
    limit: Limit,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    calendar: WorkingCalendar,
    counting: Counting,
    now: datetime | None = None,
) -> Reckoning:
    """Reckon when a term ends.

    Parameters
    ----------
    received_on
        The local day from which the term runs, itself not counted unless ``counting`` says so.
    limit, extensions
        The term and what was added to it, each in its own unit; only the end of the last one moves to a working day.
    pauses
        Gaps in any order, overlapping or not. A day does not count when the clock still stands as the day ends:
        at midnight for calendar days, at the end of working time for working days, so that a pause outside working
        time adds nothing.
    calendar, counting
        The versions under which the case began; the same ones always give the same date.
    now
        Up to when a pause without end is counted; without it such a pause adds nothing yet.

    Raises
    ------
    BadTerm
        When the term goes on for decades.
    """
    walk = _Walk(received_on, received_on, calendar, counting, _Standing.of(pauses, now))
    walk.go(limit)
    for extension in sorted(extensions, key=lambda one: one.decided_on):
        walk.extend(extension)
    if counting.end_moves_to_working_day:
        walk.move()
    is_standing = any(pause.end is None for pause in pauses)
    return Reckoning(
        received_on=received_on,
        due_on=walk.day,
        due_at=calendar.closing(walk.day),
        limit=limit,
        calendar_version=calendar.version,
        steps=(*walk.steps, *_last_steps(walk, pauses, is_provisional=walk.is_provisional)),
        is_standing=is_standing,
        is_provisional=walk.is_provisional,
    )


def days_left(due_on: date, on: date, unit: DayUnit, calendar: WorkingCalendar) -> int:
    """Days after ``on`` up to and with the due date; 0 on the due date itself, negative when it has passed."""
    if unit is DayUnit.CALENDAR:
        return (due_on - on).days
    return calendar.working_days_between(on, due_on)


def is_late(due_on: date, on: date) -> bool:
    """Whether a stored due date has passed on a day."""
    return on > due_on


@dataclass(frozen=True, slots=True)
class _Standing:
    """The pauses, earliest first, with an end each."""

    gaps: tuple[tuple[datetime, datetime, Pause], ...]

    @classmethod
    def of(cls, pauses: Sequence[Pause], now: datetime | None) -> "_Standing":
        ended = ((one.start, one.end or max(one.start, now or one.start), one) for one in pauses)
        return cls(tuple(sorted(ended, key=lambda gap: (gap[0], gap[1]))))

    def at(self, moment: datetime) -> Pause | None:
        """The pause in which the clock stands just before a moment, still standing at it."""
        return next((pause for start, end, pause in self.gaps if start < moment <= end), None)


@dataclass(slots=True)
class _Walk:
    """Goes from day to day and writes down why a day does not count."""

    received_on: date
    day: date
    calendar: WorkingCalendar
    counting: Counting
    standing: _Standing
    steps: list[Step] = field(default_factory=list)
    is_provisional: bool = False

    def go(self, limit: Limit) -> None:
        """The term itself."""
        days = -1 if self.counting.first_day_counts else 0
        self.steps.append(Step(StepKind.RECEIVED, days, self.received_on, self.received_on))
        self.day += timedelta(days=days)
        self._count(limit, StepKind.COUNTED)

    def extend(self, extension: Extension) -> None:
        """More days after the end reached so far."""
        self._count(extension.limit, StepKind.EXTENSION, extension)

    def move(self) -> None:
        """Put the end on the next day that is worked and on which the clock runs."""
        before = self.day
        self._look(DayUnit.WORKING)
        while not self.calendar.is_working_day(self.day) or (self.day != before and self._pause(DayUnit.WORKING)):
            self._next()
            self._look(DayUnit.WORKING)
        if self.day != before:
            why = self.calendar.days.get(before)
            name = why.name if why is not None and why.kind is DayKind.OFF else ""
            self.steps.append(Step(StepKind.MOVED, (self.day - before).days, before, self.day, name=name))

    def _count(self, limit: Limit, kind: StepKind, extension: Extension | None = None) -> None:
        before, left = self.day, limit.value
        others: list[Step] = []
        while left:
            self._next()
            self._look(limit.unit)
            step = self._why_not(limit.unit)
            if step is None:
                left -= 1
                others.extend(self._worked(limit.unit))
            else:
                others.append(step)
        signed, document = (extension.signed_by, extension.document) if extension else ("", "")
        counted = Step(kind, limit.value, before + ONE_DAY, self.day, limit.unit, signed_by=signed, document=document)
        self.steps += (counted, *_joined(others))

    def _next(self) -> None:
        self.day += ONE_DAY
        if (self.day - self.received_on).days > LONGEST_TERM:
            raise BadTerm("Thời hạn kéo dài quá lâu, xin xem lại các lần tạm dừng và gia hạn.")

    def _look(self, unit: DayUnit) -> None:
        """Note when what is known about the present day, and matters here, is not certain."""
        if unit is DayUnit.WORKING and not self.calendar.is_certain(self.day):
            self.is_provisional = True

    def _why_not(self, unit: DayUnit) -> Step | None:
        """Why the present day does not count; None when it does."""
        if unit is DayUnit.WORKING and not self.calendar.is_working_day(self.day):
            special = self.calendar.days.get(self.day)
            if special is None or not self.calendar.usual_ranges(self.day):
                return Step(StepKind.REST, 1, self.day, self.day)
            return _of(special, StepKind.HOLIDAY, 1)
        pause = self._pause(unit)
        if pause is None:
            return None
        return Step(StepKind.PAUSE, 1, self.day, self.day, unit, document=pause.document, pause=pause)

    def _worked(self, unit: DayUnit) -> Iterator[Step]:
        special = self.calendar.days.get(self.day)
        if unit is DayUnit.WORKING and special is not None and special.kind is DayKind.WORKING:
            yield _of(special, StepKind.WORKED, 0)

    def _pause(self, unit: DayUnit) -> Pause | None:
        """The pause in which the present day ends, as days of this unit end."""
        if not self.counting.pauses_stop(unit):
            return None
        if unit is DayUnit.WORKING:
            return self.standing.at(self.calendar.closing(self.day))
        return self.standing.at(datetime.combine(self.day + timedelta(days=1), time(), tzinfo=VIETNAM))


def _of(special: SpecialDay, kind: StepKind, days: int) -> Step:
    return Step(kind, days, special.day, special.day, name=special.name, document=special.source)


def _joined(steps: Sequence[Step]) -> Iterator[Step]:
    """Days of rest as one step, holidays that follow each other as one, the days of a pause as one."""
    groups: list[list[Step]] = []
    for step in steps:
        fits = (group for group in groups if _belongs(group[-1], step))
        group = next(fits, None)
        if group is None:
            groups.append([step])
        else:
            group.append(step)
    for group in groups:
        first, last = group[0], group[-1]
        name = first.name if first.kind is not StepKind.HOLIDAY else _name_of(group)
        yield Step(
            first.kind, sum(one.days for one in group), first.first, last.last, first.unit, name, first.document,
            first.signed_by, first.pause,
        )  # fmt: skip


def _belongs(last: Step, step: Step) -> bool:
    if last.kind is not step.kind:
        return False
    if step.kind is StepKind.HOLIDAY:
        return (step.first - last.last).days <= 1 or _between_are_rest(last, step)
    if step.kind is StepKind.PAUSE:
        return last.pause is step.pause
    return step.kind is StepKind.REST


def _between_are_rest(last: Step, step: Step) -> bool:
    """Whether only a weekend lies between two holidays, as in a Tết break."""
    gap = (step.first - last.last).days
    return gap <= 3 and last.last.isoweekday() == 5 and step.first.isoweekday() == 1


def _name_of(group: Sequence[Step]) -> str:
    """The names of a run of holidays, each once."""
    return ", ".join(dict.fromkeys(one.name for one in group))


def _last_steps(walk: _Walk, pauses: Sequence[Pause], *, is_provisional: bool) -> Iterator[Step]:
    """What adds no days: pauses that changed nothing, a clock that stands, uncertain days, and the date."""
    seen = {step.pause for step in walk.steps if step.pause is not None}
    for pause in sorted(pauses, key=lambda one: one.start):
        first = pause.start.astimezone(VIETNAM).date()
        if pause.end is None:
            yield Step(StepKind.STANDING, 0, first, first, document=pause.document, pause=pause)
        elif pause not in seen:
            last = pause.end.astimezone(VIETNAM).date()
            yield Step(StepKind.PAUSE, 0, first, last, document=pause.document, pause=pause)
    if is_provisional:
        yield Step(StepKind.PROVISIONAL, 0, walk.day, walk.day)
    yield Step(StepKind.DUE, 0, walk.day, walk.day)
