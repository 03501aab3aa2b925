"""What the end of a unit means for things the units know nothing of: codes, rounds, rights.

Each package that hangs something on units says it in sentences; the composition hands them in.
"""

from collections.abc import Callable, Sequence
from datetime import date

from flask import Flask, current_app
from sqlalchemy.orm import Session

EXTENSION = "langnghe-unit-consequences"
Tell = Callable[[Session, int, date], Sequence[str]]
"""Sentences on what happens when a unit is followed by others on a day; nothing to say: none."""


def init_consequences(app: Flask, tellers: Sequence[Tell]) -> None:
    """Hand in who has something to say."""
    app.extensions[EXTENSION] = tuple(tellers)


def consequences(session: Session, unit_id: int, on: date) -> list[str]:
    """All sentences, in the order of the packages."""
    tellers: Sequence[Tell] = current_app.extensions[EXTENSION]
    return [sentence for tell in tellers for sentence in tell(session, unit_id, on)]
