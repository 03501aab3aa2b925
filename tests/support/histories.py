"""A small province that gets answers over months, and a reader that writes down all the public could ever look at."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.analysis import rollups
from app.analysis.cells import UNSTATED, layout_of, people_of_index
from app.analysis.day_closing import close_due_days
from app.analysis.models import Ledger
from app.analysis.rollups import Place, set_of_round
from app.analysis.scope import view_units
from app.analysis.stats import sums
from app.analysis.view import Filters
from app.calendar.periods import Period, PeriodKind, period_of
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.qr.models import Channel
from app.survey import packing, sets, staging
from app.survey.definitions import QuestionSet
from app.survey.models import Aggregation, IndexFormula, QuestionSetVersion, SampleKind, SurveyRound
from app.survey.rounds import open_round
from app.survey.staged import Staged
from app.units.models import Counter, Field
from tests.factories.places import make_counter, make_unit
from tests.factories.surveys import COUNTER_SET, LONG_AGO

LEAST = 10
KINDS = ("1", "2", "3", UNSTATED)
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """Some people of one day who answered alike. ``kind`` 0 says nothing; without details only the tap is there."""

    counter: int
    people: int
    channel: Channel = Channel.QR
    kind: int = 0
    has_details: bool = True
    level: int = 4


@dataclass(frozen=True)
class Day:
    """A day of a history: how many days after the one before, what came, and whether it is closed on the day itself."""

    after: int
    groups: tuple[Group, ...]
    is_closed_at_once: bool = False


@dataclass
class Province:
    """One province of two communes; three centres, four counters; the first two counters share a field."""

    database: Database
    keys: DayKeys
    units: dict[str, int]
    parents: dict[str, str]
    counters: list[int]
    field_id: int
    round_id: int
    question_set: QuestionSet
    today: date = date(2026, 1, 5)
    closings: int = 0
    answered: int = 0

    def live(self, day: Day) -> None:
        """Let a day of answers come in and be closed: after midnight, or at once as a simulated database may."""
        self.today = date.fromordinal(self.today.toordinal() + day.after)
        with self.database.writing_connection() as connection:
            for group in day.groups:
                for _ in range(group.people):
                    staging.store_tap(
                        connection,
                        self.keys,
                        Staged(
                            round_id=self.round_id,
                            counter_id=self.counters[group.counter],
                            form_issued_on=self.today,
                            channel=group.channel.value,
                            language="vi",
                            flags=0,
                            answers=self.packed(group),
                        ),
                        form_id=secrets.token_bytes(16),
                        today=self.today,
                    )
                    self.answered += 1
        if not day.is_closed_at_once:
            self.today = date.fromordinal(self.today.toordinal() + 1)
        close_due_days(self.database, self.keys, today=self.today, least=LEAST, through_today=day.is_closed_at_once)
        self.closings += 1

    def packed(self, group: Group) -> bytes:
        """The answers of one of the group, one criterion left blank here and there."""
        questions = self.question_set
        assert questions.overall is not None
        assert questions.respondent_kind is not None
        codes: dict[str, tuple[int, ...]] = {questions.overall.id: (group.level,)}
        if group.has_details:
            codes |= {question.id: (group.level,) for question in questions.criteria}
            codes[questions.criteria[self.answered % len(questions.criteria)].id] = (255,)
            codes[questions.respondent_kind.id] = (group.kind or 255,)
        return packing.pack(questions, codes)


def make_province(database: Database, folder: Path) -> Province:
    """The province with an open round; nothing answered yet."""
    parents = {"A": "P", "B": "P", "A1": "A", "A2": "A", "B1": "B"}
    types = {"P": "province", "A": "ward", "B": "ward"}
    with database.transaction() as session:
        made = {"P": make_unit(session, "P", type_code="province", start=LONG_AGO)}
        for code, parent in parents.items():
            kind = types.get(code, "communal_service_centre")
            made[code] = make_unit(session, code, parent=made[parent], type_code=kind, start=LONG_AGO)
        counters = [
            make_counter(session, made[code], number) for code, number in (("A1", "1"), ("A1", "2"), ("A2", "1"))
        ]
        counters.append(make_counter(session, made["B1"], "1"))
        shared = Field(name="Hộ tịch", folded="ho tich")
        for counter in counters[:2]:
            counter.fields.append(shared)
        session.flush()
        survey_round = _open(session, made["P"].id)
        return Province(
            database=database,
            keys=DayKeys(folder),
            units={code: unit.id for code, unit in made.items()},
            parents=parents,
            counters=[counter.id for counter in counters],
            field_id=shared.id,
            round_id=survey_round.id,
            question_set=set_of_round(survey_round),
        )


def _open(session: Session, unit_id: int) -> SurveyRound:
    sets.register_files(session)
    session.flush()
    version = session.scalars(select(QuestionSetVersion).where(QuestionSetVersion.code == COUNTER_SET)).one()
    sets.publish(version)
    asked = open_round(
        session,
        name="Khảo sát",
        version=version,
        unit_id=unit_id,
        sample_kind=SampleKind.OPEN,
        index_formula=IndexFormula.TOP2,
        aggregation=Aggregation.MEAN_OF_CRITERIA,
        starts_on=LONG_AGO,
        ends_on=None,
    )
    session.flush()
    return asked


@dataclass(frozen=True)
class Axes:
    """What all views together are made of: units × periods × filters."""

    units: tuple[str, ...]
    periods: tuple[Period | None, ...]
    filters: tuple[Filters, ...]


def axes_of(province: Province, history: Iterable[Day]) -> Axes:
    """Every unit, every period that holds a day of the history, every filter a page offers."""
    first = province.today.toordinal()
    last = first + sum(day.after + 1 for day in history)
    days = [date.fromordinal(number) for number in range(first, last + 1)]
    periods = sorted({period_of(day, kind) for day in days for kind in PeriodKind}, key=lambda one: one.address)
    places = [Filters(), *(Filters(counter_id=counter) for counter in province.counters)]
    places.append(Filters(field_id=province.field_id))
    filters = [
        Filters(counter_id=place.counter_id, field_id=place.field_id, **category)
        for place in places
        for category in (
            {},
            *({"channel": channel.value} for channel in Channel),
            *({"kind": kind} for kind in KINDS),
        )
    ]
    return Axes(tuple(province.units), (None, *periods), tuple(filters))


def read_all(province: Province, axes: Axes) -> Ints:
    """All released views as they stand now, before anything is hidden: unit × period × filter × three numbers.

    The numbers, which add up as the sums do, are the people of the index, all people, and a fingerprint of the sums.
    Hiding small numbers only takes away from what is read here, so what holds here holds for the pages. The cells
    are added up here once more instead of through the queries of the pages, which would take a thousand queries;
    ``test_f7_score_cards_show_what_is_released_or_nothing`` holds both against each other.
    """
    with province.database.reading() as session:
        survey_round = session.get_one(SurveyRound, province.round_id)
        cells = rollups.stored(session, Ledger.RELEASED, survey_round)
        inside = [view_units(session, province.units[code], province.today) for code in axes.units]
    layout = layout_of(province.question_set)
    weights = np.random.default_rng(1).integers(1, 2**40, layout.size)
    found = np.zeros((len(axes.units), len(axes.periods), len(axes.filters), 3), dtype=np.int64)
    for place, vector in cells.items():
        if place == rollups.unit_round(place.unit_id):
            continue
        units = [u for u, ids in enumerate(inside) if place.unit_id in ids]
        periods = [p for p, one in enumerate(axes.periods) if _spans(one, place)]
        filters = [f for f, one in enumerate(axes.filters) if _takes(province, one, place)]
        numbers = (people_of_index(layout, vector), int(sums.responses(vector)), int(vector @ weights))
        found[np.ix_(units, periods, filters)] += np.array(numbers, dtype=np.int64)
    return found


def _spans(period: Period | None, place: Place) -> bool:
    first, last = Filters(period).months
    return first <= place.from_month and place.to_month <= last


def _takes(province: Province, filters: Filters, place: Place) -> bool:
    if filters.counter_id is not None and place.counter_id != filters.counter_id:
        return False
    if filters.field_id is not None and place.counter_id not in province.counters[:2]:
        return False
    return (place.dimension, place.category) == (filters.dimension, filters.category)


def ledgers_agree(province: Province) -> None:
    """Stored live sums are those of the answers; what waits and what is released make up what is live."""
    with province.database.reading() as session:
        survey_round = session.get_one(SurveyRound, province.round_id)
        live = rollups.stored(session, Ledger.LIVE, survey_round)
        fresh = rollups.rebuild(session, survey_round)
        assert live.keys() == fresh.keys()
        assert all(np.array_equal(live[place], fresh[place]) for place in live)
        units = {row.id: row.unit_id for row in session.scalars(select(Counter))}
        whole = _sum(vector for place, vector in live.items() if place == rollups.unit_round(place.unit_id))
        released = rollups.stored(session, Ledger.RELEASED, survey_round)
        sealed = _sum(vector for place, vector in released.items() if place == rollups.unit_round(place.unit_id))
        pending = rollups.stored(session, Ledger.PENDING, survey_round)
        waiting = _sum(vector for place, vector in pending.items() if place.category == "")
        assert np.array_equal(np.asarray(sealed) + waiting, np.asarray(whole))
        assert {place.counter_id for place in pending} <= set(units)


def _sum(vectors: Iterable[Ints]) -> Ints | int:
    return sum(vectors)


def contained(axes: Axes, parents: dict[str, str]) -> tuple[Sequence[tuple[int, int]], ...]:
    """Positions (outer, inner) of units, periods and filters of which the second lies inside the first."""
    units = [
        (u, v)
        for u, outer in enumerate(axes.units)
        for v, inner in enumerate(axes.units)
        if outer in _up(inner, parents)
    ]
    periods = [
        (p, q)
        for p, outer in enumerate(axes.periods)
        for q, inner in enumerate(axes.periods)
        if outer is None or (inner is not None and inner in outer)
    ]
    filters = [
        (f, g) for f, outer in enumerate(axes.filters) for g, inner in enumerate(axes.filters) if _inside(outer, inner)
    ]
    return units, periods, filters


def _up(code: str, parents: dict[str, str]) -> list[str]:
    return [code, *(_up(parents[code], parents) if code in parents else [])]


def _inside(outer: Filters, inner: Filters) -> bool:
    names = ("channel", "kind", "counter_id", "field_id")
    return all(getattr(outer, name) in (None, getattr(inner, name)) for name in names)
