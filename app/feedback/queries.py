"""Feedback as officers see it: of the units they look after, and of the units those took over from."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.feedback.models import Feedback
from app.i18n.folding import fold
from app.units import queries as units
from app.units.models import Counter, Unit, counter_label

PAGE_SIZE = 25
READ_AT_ONCE = 500
ORDER = (Feedback.received_on.desc(), Feedback.public_number)


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """One text as the list shows it."""

    public_number: str
    received_on: date
    unit_name: str
    counter_name: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """Some texts, latest day first; ``total`` counts all that match, ``number`` begins at 1."""

    lines: tuple[FeedbackLine, ...]
    number: int
    total: int

    @property
    def last_number(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


def feedback_of(
    session: Session,
    allowed: frozenset[int] | None,
    on: date,
    *,
    unit_id: int | None = None,
    search: str = "",
    number: int = 1,
) -> FeedbackPage:
    """One page of the feedback of these units (None: all), as the tree stands on a date.

    What was sent to a unit that has ended belongs to whichever units stand for it now. Within a day the order is that
    of the random numbers. ``unit_id`` narrows to one unit; ``search`` is compared with text and number, without tone
    marks. Texts are encrypted, so a search opens every text of these units.
    """
    conditions = _visible(session, allowed, on)
    if unit_id is not None:
        conditions.append(Feedback.unit_id == unit_id)
    offset = (max(1, number) - 1) * PAGE_SIZE
    if sought := fold(search.strip()):
        found = _numbers_with(session, conditions, sought)
        total = len(found)
        conditions, offset = [Feedback.public_number.in_(found[offset : offset + PAGE_SIZE])], 0
    else:
        total = session.scalar(select(func.count()).select_from(Feedback).where(*conditions)) or 0
    rows = session.execute(
        select(Feedback, Counter.number, Counter.name)
        .join(Counter, Counter.id == Feedback.counter_id)
        .where(*conditions)
        .order_by(*ORDER)
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()
    names = units.names_on(session, {feedback.unit_id for feedback, _, _ in rows}, on)
    lines = tuple(
        FeedbackLine(
            public_number=feedback.public_number,
            received_on=feedback.received_on,
            unit_name=names.get(feedback.unit_id, ""),
            counter_name=counter_label(counter_number, counter_name),
            text=feedback.text,
        )
        for feedback, counter_number, counter_name in rows
    )
    return FeedbackPage(lines, max(1, number), total)


def units_with_feedback(session: Session, allowed: frozenset[int] | None, on: date) -> list[tuple[int, str]]:
    """The units among these to which something was sent, with their names, by name."""
    found = session.scalars(select(Feedback.unit_id).where(*_visible(session, allowed, on)).distinct()).all()
    return sorted(units.names_on(session, found, on).items(), key=lambda item: (fold(item[1]), item[0]))


def by_form_id(session: Session, form_id: bytes) -> Feedback | None:
    """What a form stored, for the page after the redirect."""
    return session.scalar(select(Feedback).where(Feedback.form_id == form_id))


def _visible(session: Session, allowed: frozenset[int] | None, on: date) -> list[ColumnElement[bool]]:
    return [] if allowed is None else [Feedback.unit_id.in_(_with_predecessors(session, allowed, on))]


def _with_predecessors(session: Session, allowed: frozenset[int], on: date) -> set[int]:
    """The units allowed, and the ended ones with feedback that they stand for."""
    ended = session.scalars(
        select(Unit.id).where(Unit.valid_to < on, Unit.id.in_(select(Feedback.unit_id).distinct()))
    ).all()
    return set(allowed) | {
        unit_id for unit_id in ended if not allowed.isdisjoint(units.successors(session, unit_id, on))
    }


def _numbers_with(session: Session, conditions: list[ColumnElement[bool]], sought: str) -> list[str]:
    """The numbers of the texts that hold the folded words, in the order of the list. No text is kept."""
    rows = session.execute(
        select(Feedback.public_number, Feedback.text)
        .where(*conditions)
        .order_by(*ORDER)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    return [number for number, text in rows if sought in number.lower() or sought in fold(text)]
