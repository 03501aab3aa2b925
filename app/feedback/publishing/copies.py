"""What is made public of a case (pure): an edited copy, never what was received."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST_TITLE = 150
MOST_TEXT = 10_000
MOST_REASON = 2000
_DAY = re.compile(r"(?<!\d)\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{4})?(?!\d)")


class Basis(StrEnum):
    """Why a copy may be read by everybody. Readable values stay valid for ever."""

    ANONYMISED = "anonymised"
    AGREED = "agreed"


class Act(StrEnum):
    """What was done with the public copy."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Copy:
    """A public copy as an officer writes it.

    ``agreement``: how and when the sender agreed, for that basis. ``reason``: why it differs from the copy before.
    ``is_checked``: the officer looked at every piece that looks personal and says that none tells who somebody is.
    ``files``: numbers of the blacked-out copies that go with it; ``are_seen`` says the same of each of those.
    """

    title: str
    question: str
    answer: str
    basis: Basis = Basis.ANONYMISED
    agreement: str = ""
    reason: str = ""
    is_checked: bool = False
    files: tuple[int, ...] = ()
    are_seen: bool = False

    @property
    def whole(self) -> str:
        """All that will be read, for looking for personal data."""
        return f"{self.title}\n\n{self.question}\n\n{self.answer}"


def days_in(text: str) -> tuple[str, ...]:
    """Exact days that stand in a text: whoever was there on that day is soon known."""
    return tuple(dict.fromkeys(found[0] for found in _DAY.finditer(text)))


def month_of(day: date) -> date:
    """The month, as its first day: next to a text without a name no exact day may stand."""
    return day.replace(day=1)
