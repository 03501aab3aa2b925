"""What officers see of rounds: their counters with the number of today's answers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.crypto.day_keys import DayKeys
from app.i18n.folding import fold
from app.survey.models import SurveyRound
from app.survey.staging import counts_of
from app.units import queries as units
from app.units.models import Counter, counter_label


@dataclass(frozen=True, slots=True)
class CounterToday:
    """A counter of a round and how many answers it got today: all that may be known before the day is closed."""

    unit_name: str
    counter_label: str
    answers: int


def todays_totals(session: Session, keys: DayKeys, today: date) -> dict[int, int]:
    """Today's answers by round."""
    totals: dict[int, int] = defaultdict(int)
    for (round_id, _), count in counts_of(session, keys, today).items():
        totals[round_id] += count
    return totals


def counters_today(session: Session, keys: DayKeys, survey_round: SurveyRound, today: date) -> list[CounterToday]:
    """The open counters of a round's unit and of all units below it, by unit and number."""
    unit_ids = units.subtree_ids(session, survey_round.unit_id, today)
    names = units.names_on(session, unit_ids, today)
    answers = counts_of(session, keys, today)
    statement = (
        select(Counter.id, Counter.unit_id, Counter.number, Counter.name)
        .where(Counter.unit_id.in_(unit_ids), units.in_force(Counter.valid_from, Counter.valid_to, today))
        .order_by(func.length(Counter.number), Counter.number)
    )
    lines = [
        CounterToday(names.get(unit_id, ""), counter_label(number, name), answers[survey_round.id, counter_id])
        for counter_id, unit_id, number, name in session.execute(statement)
    ]
    return sorted(lines, key=lambda line: (fold(line.unit_name), line.unit_name))
