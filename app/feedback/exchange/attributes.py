"""What may be told of a report beyond its text, in the words of the norm: at which counter, on which day.

The counter is more than convenience: it tells who was on duty, and so who must not handle the case.
"""

from datetime import date

from sqlalchemy.orm import Session

from app.feedback.exchange.offers import Offer
from app.feedback.exchange.reading import COUNTER, HAPPENED_ON, Refused
from app.feedback.exchange.written import Entry
from app.feedback.intake.reading import OLDEST
from app.units import queries as units
from app.units.models import counter_label


def definition(session: Session, offer: Offer, on: date) -> list[Entry]:
    """The attributes of a service; a unit without counters has only the day."""
    counters: list[Entry] = [
        {"key": one.number, "name": counter_label(one.number, one.name)}
        for one in units.counters_of(session, offer.unit_id, on)
    ]
    found = [_attribute(COUNTER, "singlevaluelist", "Quầy nơi việc xảy ra", "Số quầy", counters)] if counters else []
    return [*found, _attribute(HAPPENED_ON, "datetime", "Ngày xảy ra", "Ví dụ 2026-11-22", [])]


def counter_of(session: Session, offer: Offer, number: str, on: date) -> int | None:
    """The counter of a number; None when none was named.

    Raises
    ------
    Refused
        400 when the unit has no such counter today.
    """
    if not number:
        return None
    for one in units.counters_of(session, offer.unit_id, on):
        if one.number == number:
            return one.id
    raise Refused(400, f"attribute[{COUNTER}] is none of the values in the service definition")


def day_of(day: date | None, today: date) -> date | None:
    """The day it happened; raises ``Refused`` (400) for one that cannot be meant."""
    if day is not None and not today - OLDEST <= day <= today:
        raise Refused(400, f"attribute[{HAPPENED_ON}] lies in the future or too long ago")
    return day


def _attribute(code: str, datatype: str, description: str, hint: str, values: list[Entry]) -> Entry:
    order = 1 if code == COUNTER else 2
    told: dict[str, object] = {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": hint,
        "order": order,
        "description": description,
    }
    return told | ({"values": values} if values else {})  # type: ignore[return-value]
