"""What a reader asked to see (pure): round, unit, period and filters, as they stand in the address."""

from dataclasses import dataclass
from enum import StrEnum

from app.analysis.models import WHOLE_ROUND, Dimension, Ledger
from app.calendar.periods import Period
from app.config import SmallNumbers


class Audience(StrEnum):
    """Who reads; decides between live sums and sealed blocks, and the least number."""

    PUBLIC = "public"
    UNIT_OFFICER = "unit_officer"
    HOME_AFFAIRS = "home_affairs"

    @property
    def ledger(self) -> Ledger:
        """The sums this audience may see."""
        return Ledger.LIVE if self is Audience.HOME_AFFAIRS else Ledger.RELEASED

    def least(self, small_numbers: SmallNumbers) -> int:
        """The least number of people behind a figure shown to this audience."""
        return small_numbers.home_affairs if self is Audience.HOME_AFFAIRS else small_numbers.public


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a view.

    At most one of channel and kind, and neither with a counter or field: crossed breakdowns could single people out.
    """

    period: Period | None = None
    counter_id: int | None = None
    field_id: int | None = None
    channel: str | None = None
    kind: str | None = None

    @property
    def dimension(self) -> Dimension:
        """The marginal table the view is read from."""
        if self.channel is not None:
            return Dimension.CHANNEL
        return Dimension.RESPONDENT_KIND if self.kind is not None else Dimension.ALL

    @property
    def category(self) -> str:
        """The category of that table."""
        return self.channel or self.kind or ""

    @property
    def months(self) -> tuple[int, int]:
        """First and last month as YYYYMM."""
        if self.period is None:
            return WHOLE_ROUND
        first, last = self.period.first_day, self.period.last_day
        return first.year * 100 + first.month, last.year * 100 + last.month

    @property
    def is_part(self) -> bool:
        """Whether the view is of some of the people only: those of a counter, a field, a channel or a kind."""
        return any(one is not None for one in (self.counter_id, self.field_id, self.channel, self.kind))

    @property
    def is_whole(self) -> bool:
        """Whether the view is a whole unit over the whole round, for which sums stand ready."""
        return self == Filters()
