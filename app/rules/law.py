"""The law an installation begins with: calendar and rules, loaded once, whoever makes or upgrades the database."""

from sqlalchemy.orm import Session

from app.calendar import first_load as first_calendar
from app.db.turns import take_turn
from app.rules import first_load as first_rules


def load(session: Session) -> bool:
    """Bring in what is missing; calling it again does nothing. Whether there was something to do."""
    take_turn(session, "law")
    has_calendar = first_calendar.load(session)
    return bool(first_rules.load(session)) or has_calendar
