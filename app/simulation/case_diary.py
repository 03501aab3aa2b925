"""What the generator of cases remembers of each of them, in days and in words of its own (pure).

Nothing here asks the product: whoever compares reckons from this alone what the product should say.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from app.calendar.days import Limit
from app.feedback.cases.kinds import Outcome
from app.rules.kinds import Kind
from app.simulation.case_subjects import OTHER
from app.simulation.matters.model import Subject


class Stage(Enum):
    """Where a case stands, as those who handle it would say."""

    NEW = "new"
    WORKING = "working"
    ASKED = "asked"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(slots=True)
class Diary:
    """One case. A gap is its first day without a clock and the first day with one again (None: not yet).

    ``again_on``: since when it is looked at once more, if the term began anew; ``is_second``: by the level above.
    ``is_slow``: nobody hurries when its due date comes near.
    """

    case_id: str
    public_number: str
    code: str
    kind: Kind
    unit_id: int
    received_on: date
    text: str = ""
    subject: Subject = OTHER
    outcome: Outcome = Outcome.SOLVED
    stage: Stage = Stage.NEW
    accepted_on: date | None = None
    again_on: date | None = None
    is_second: bool = False
    gaps: list[tuple[date, date | None]] = field(default_factory=list)
    extensions: list[tuple[date, Limit]] = field(default_factory=list)
    asked_until: date | None = None
    questions: int = 0
    replies: int = 0
    rated: int = 0
    closed_on: date | None = None
    is_private: bool = False
    is_published: bool = False
    leading_id: str | None = None
    is_slow: bool = False
    excluded: set[int] = field(default_factory=set)
    done: list[str] = field(default_factory=list)

    def stand_still(self, day: date) -> None:
        """The clock stops."""
        self.gaps.append((day, None))

    def go_on(self, day: date) -> None:
        """The clock runs again."""
        first, _ = self.gaps[-1]
        self.gaps[-1] = (first, max(first, day))


Act = Callable[[Diary], bool]
"""Something that happens to a case; False where it turned out that there was nothing to do."""
