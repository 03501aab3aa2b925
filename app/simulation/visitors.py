"""From drawn people to visitors with tokens, fields and texts, in batches that share a moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

import numpy as np

from app import clock
from app.simulation import texts
from app.simulation.conversation import Visitor
from app.simulation.population import AFTERNOON, BLANK, BURST, EVENING, MORNING, NOT_APPLICABLE, NOT_SHOWN, People
from app.simulation.world import World
from app.survey.definitions import QuestionSet

MOMENTS = {MORNING: time(9, 0), AFTERNOON: time(14, 30), EVENING: time(19, 30), BURST: time(17, 20)}
SATURDAY_MOMENT = time(8, 30)


@dataclass(frozen=True, slots=True)
class Batch:
    """Visitors who scan their codes at the same moment."""

    moment: datetime
    visitors: tuple[Visitor, ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The codes of the province: by unit code and counter number, and the kiosk of a unit."""

    counters: Mapping[tuple[str, str], str]
    kiosks: Mapping[str, str]


def batches(world: World, people: People, tokens: Tokens, question_set: QuestionSet) -> Iterator[Batch]:
    """The people as visitors, moment by moment."""
    keys = people.day * len(MOMENTS) + people.part
    edges = np.flatnonzero(np.diff(keys)) + 1
    for places in np.split(np.arange(len(people)), edges):
        if len(places):
            first = int(places[0])
            day = world.days[int(people.day[first])]
            at = SATURDAY_MOMENT if day.weekday() == 5 else MOMENTS[int(people.part[first])]
            moment = datetime.combine(day, at, tzinfo=clock.VIETNAM)
            found = tuple(visitor_of(world, people, int(place), tokens, question_set) for place in places)
            yield Batch(moment, found)


def visitor_of(world: World, people: People, place: int, tokens: Tokens, question_set: QuestionSet) -> Visitor:
    """One person as a visitor of the public pages."""
    unit = world.units[int(people.unit[place])]
    number = unit.counters[int(people.counter[place])]
    token = tokens.kiosks[unit.code] if people.kiosk[place] else tokens.counters[unit.code, number]
    assert question_set.overall is not None
    answers = _answers(people, place, question_set) if people.goes_on[place] else None
    chosen = int(people.counter[place])
    name = unit.counter_names[chosen] if unit.counter_names else ""
    told = texts.feedback(float(people.luck[place]), name) if people.feedback[place] else None
    return Visitor(
        token=token,
        overall_field=question_set.overall.field,
        tap=int(people.tap[place]),
        answers=answers,
        feedback=told and told[0],
        about=told[1] if told else "bad_service",
        procedure=told[2] if told else "",
        language="en" if people.english[place] else "vi",
        hasty=bool(people.is_hasty[place]),
        again=bool(people.again[place]),
        trapped=bool(people.trapped[place]),
    )


def _answers(people: People, place: int, question_set: QuestionSet) -> dict[str, str]:
    codes: Sequence[int] = people.criteria[place].tolist()
    posted = {
        question.field: _posted(code)
        for question, code in zip(question_set.criteria, codes, strict=True)
        if code not in (BLANK, NOT_SHOWN)
    }
    kind, comment = question_set.respondent_kind, question_set.comment
    if kind is not None and people.kind[place] not in (BLANK, NOT_SHOWN):
        posted[kind.field] = str(int(people.kind[place]))
    if comment is not None:
        written = people.comments[place]
        level, luck = int(people.tap[place]), float(people.luck[place])
        posted[comment.field] = texts.comment(level, luck, english=bool(people.english[place])) if written else ""
    return posted


def _posted(code: int) -> str:
    return "na" if code == NOT_APPLICABLE else str(code)
