"""The law an installation begins with: calendar and rules, loaded once, whoever makes or upgrades the database.

Sentences that an earlier release got wrong are put right at the same time (``corrections``).
"""

from sqlalchemy.orm import Session

from app import clock
from app.calendar import first_load as first_calendar
from app.db.turns import take_turn
from app.rules import corrections
from app.rules import first_load as first_rules


def load(session: Session) -> bool:
    """Bring in what is missing; calling it again does nothing. Whether there was something to do."""
    take_turn(session, "law")
    has_calendar = first_calendar.load(session)
    has_rules = first_rules.load(session) or corrections.apply(session, clock.local_date())
    return bool(has_rules) or has_calendar
