"""What a change of the calendar moves, said before it is saved.

The calendar knows nothing of due dates; whoever has some hands in what tells how they move.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app
from sqlalchemy.orm import Session

EXTENSION = "langnghe-moved-dates"


@dataclass(frozen=True, slots=True)
class Moved:
    """How many due dates move from one day to another."""

    before: date
    after: date | None
    count: int


@dataclass(frozen=True, slots=True)
class Moves:
    """All of them, the nearest first; ``unseen``: further open ones that were not reckoned, being so many."""

    moved: Sequence[Moved] = ()
    unseen: int = 0

    @property
    def count(self) -> int:
        """How many move."""
        return sum(one.count for one in self.moved)


Tell = Callable[[Session], Moves]
"""How due dates move under the newest calendar of this transaction."""


def init_moving(app: Flask, tell: Tell) -> None:
    """Hand in who has due dates."""
    app.extensions[EXTENSION] = tell


def moves(session: Session) -> Moves:
    """How due dates move under the newest calendar of this transaction, which the caller undoes."""
    tell: Tell | None = current_app.extensions.get(EXTENSION)
    return Moves() if tell is None else tell(session)
