"""What a scanned code leads to: the counter, its unit, the round it asks. Kept for some seconds in each process."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from app.qr.models import Channel
from app.qr.queries import Resolution, resolve
from app.survey.definitions import QuestionSet
from app.survey.rounds import is_asking, round_for
from app.survey.sets import set_of
from app.units.models import Counter, counter_label

KEPT_MOST = 4000


class Closed(StrEnum):
    """Why a code cannot be answered; the words of templates/survey/unavailable.html."""

    UNKNOWN_CODE = "unknown_code"
    RETIRED_CODE = "retired_code"
    NO_ROUND = "no_round"
    CLOSED_ROUND = "closed_round"
    DISSOLVED_UNIT = "dissolved_unit"


@dataclass(frozen=True, slots=True)
class ServicePoint:
    """A counter as its code shows it. ``closed`` is None exactly when it can be answered."""

    token: str
    closed: Closed | None
    code_id: int = 0
    counter_id: int = 0
    counter_name: str = ""
    unit_id: int = 0
    unit_name: str = ""
    successors: tuple[str, ...] = ()
    channel: Channel = Channel.QR
    opening_hours: Mapping[str, Sequence[Sequence[str]]] | None = None
    round_id: int = 0
    question_set: QuestionSet | None = None
    takes_feedback: bool = False

    @property
    def is_kiosk(self) -> bool:
        """Whether the code is printed for a shared tablet."""
        return self.channel is Channel.KIOSK


def find_point(session: Session, token: str, today: date) -> ServicePoint:
    """What a token leads to on a date. Never raises for a token: every one has a page."""
    found = resolve(session, token, today)
    if found.place is None:
        return ServicePoint(token=token, closed=Closed.UNKNOWN_CODE)
    closed = Closed.DISSOLVED_UNIT if found.successors else Closed.RETIRED_CODE
    point = _point(session, token, found, None if found.takes_answers else closed)
    if point.closed is not None:
        return point
    asked = round_for(session, point.unit_id, today)
    if asked is None or not is_asking(asked, today):
        return replace(point, closed=Closed.NO_ROUND if asked is None else Closed.CLOSED_ROUND)
    return replace(point, round_id=asked.id, question_set=set_of(asked.question_set_version))


def _point(session: Session, token: str, found: Resolution, closed: Closed | None) -> ServicePoint:
    assert found.place is not None
    place = found.place
    counter = session.get_one(Counter, place.counter_id)
    return ServicePoint(
        token=token,
        closed=closed,
        code_id=place.code_id,
        counter_id=place.counter_id,
        counter_name=counter_label(place.counter_number, place.counter_name),
        unit_id=place.unit.id,
        unit_name=place.unit.name,
        successors=tuple(unit.name for unit in found.successors),
        channel=place.channel,
        opening_hours=counter.opening_hours,
        takes_feedback=True,
    )


class KeptPoints:
    """Points by token, at most ``seconds`` old; a day's change is never missed."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[str, date], tuple[float, ServicePoint]] = {}

    def get(self, token: str, today: date) -> ServicePoint | None:
        """A point that is still fresh."""
        found = self._kept.get((token, today))
        if found is None or time.monotonic() - found[0] > self._seconds:
            return None
        return found[1]

    def put(self, token: str, today: date, point: ServicePoint) -> None:
        """Keep a point; unknown tokens are not kept, so that guessing fills no memory."""
        if point.closed is Closed.UNKNOWN_CODE or self._seconds <= 0:
            return
        if len(self._kept) >= KEPT_MOST:
            self._kept.clear()
        self._kept[(token, today)] = (time.monotonic(), point)
