"""A clock that stands where a test puts it."""

from datetime import UTC, date, datetime, time, timedelta

from app.clock import VIETNAM


class SettableClock:
    """Stands still until it is moved; begins on 21 November 2026 at nine in the morning in Việt Nam."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM).astimezone(UTC)

    def __call__(self) -> datetime:
        return self._now

    @property
    def today(self) -> date:
        """The local date."""
        return self._now.astimezone(VIETNAM).date()

    def set(self, moment: datetime) -> None:
        """Move to an aware moment."""
        self._now = moment.astimezone(UTC)

    def set_local(self, day: date, at: time = time(9)) -> None:
        """Move to a local date and time of day."""
        self.set(datetime.combine(day, at, tzinfo=VIETNAM))

    def advance(self, **span: float) -> None:
        """Move on: ``advance(minutes=5)``."""
        self._now += timedelta(**span)

    def next_day(self, days: int = 1) -> date:
        """Move to the same time of a later day; gives that day."""
        self.advance(days=days)
        return self.today
