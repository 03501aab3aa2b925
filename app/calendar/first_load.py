"""The calendar that an installation begins with: usual office hours and the holidays of eleven years."""

from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from app.audit.services import record
from app.audit.tags import Action
from app.calendar import queries
from app.calendar.library import proposals
from app.calendar.models import CalendarHours
from app.calendar.services import Entry, add_days, new_version
from app.calendar.sources import Status
from app.calendar.working_time import read_ranges

FIRST_YEARS = range(2020, 2031)
HOURS_FROM = date(2020, 1, 1)
USUAL = [["07:30", "11:30"], ["13:30", "17:00"]]
HOURS = {str(weekday): USUAL for weekday in range(1, 6)}
HOURS_SOURCE = "Giờ hành chính thường dùng; mỗi địa phương tự đặt"
REASON = "Lịch ban đầu của hệ thống"


def load(session: Session) -> bool:
    """Make the first version where there is none yet; whether there was something to do."""
    if queries.latest_version(session):
        return False
    version = new_version(session, None, REASON)
    session.add(
        CalendarHours(
            version=version.number, valid_from=HOURS_FROM, hours=HOURS, source=HOURS_SOURCE, status=Status.OWN
        )
    )
    add_days(session, version, _first_days())
    facts = {"days": len(_first_days()), "from_year": FIRST_YEARS[0], "to_year": FIRST_YEARS[-1]}
    record(session, None, Action.LAW_LOAD, f"calendar:{version.number}", facts)
    return True


@lru_cache(maxsize=1)
def _first_days() -> tuple[Entry, ...]:
    return tuple(proposals(FIRST_YEARS, read_ranges(USUAL)))
