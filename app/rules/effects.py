"""What a new rule changes for a case that comes in on a day: due dates under the old and the new one (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.calendar.days import DayUnit, Limit
from app.calendar.reckoning import Counting, reckon
from app.calendar.words import day_words
from app.calendar.working_time import WorkingCalendar
from app.rules.content import Content, CountingRule
from app.rules.differences import NOTHING
from app.rules.stored import facts_of

EXAMPLES = (Limit(10, DayUnit.WORKING), Limit(30, DayUnit.CALENDAR))
"""Terms by which a change in how days are counted is shown."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One term: when it ends now, and when it would end."""

    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        """Whether the date moves."""
        return self.old != self.new


def effects(
    old: Content | None, new: Content, *, on: date, calendar: WorkingCalendar, counting: Counting
) -> list[Effect]:
    """Every term of a rule, reckoned from a day under both versions."""
    if isinstance(new, CountingRule):
        before = old.counting if isinstance(old, CountingRule) else counting
        return [
            Effect(str(limit.words), _due(limit, on, calendar, before), _due(limit, on, calendar, new.counting))
            for limit in EXAMPLES
        ]
    return list(_terms(old, new, on, calendar, counting))


def _terms(
    old: Content | None, new: Content, on: date, calendar: WorkingCalendar, counting: Counting
) -> Iterator[Effect]:
    for fact in facts_of(type(new)):
        if fact.type is Limit:
            before = getattr(old, fact.name) if old is not None else None
            after = getattr(new, fact.name)
            if before is not None or after is not None:
                yield Effect(fact.label, _due(before, on, calendar, counting), _due(after, on, calendar, counting))


def _due(limit: Limit | None, on: date, calendar: WorkingCalendar, counting: Counting) -> str:
    if limit is None:
        return NOTHING
    return str(day_words(reckon(on, limit, calendar=calendar, counting=counting).due_on))
