"""Who must know at once that somebody got an account or a right, or lost one: in the transaction of the change.

Accounts know nothing of cases; the application hands the follower in at its start.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy.orm import Session

FOLLOWER = "langnghe-rights-follower"
WAITING = "langnghe-rights-changed"
Follower = Callable[[Session, Collection[int]], object]
"""Does what follows from a change of the rights of some officers."""


class HasInfo(Protocol):
    """A database: what it is told stands in every session of it."""

    @property
    def info(self) -> dict[Any, Any]:
        """What it was told."""


def init_changes(database: HasInfo, follower: Follower) -> None:
    """Hand in who follows."""
    database.info[FOLLOWER] = follower


def changed(session: Session, officer_id: int) -> None:
    """Follow a change of the rights of an officer now, or with others of the same act."""
    waiting: set[int] | None = session.info.get(WAITING)
    if waiting is None:
        _follow(session, {officer_id})
    else:
        waiting.add(officer_id)


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Follow the changes of an act on many officers once, at its end."""
    session.info[WAITING] = waiting = set[int]()
    try:
        yield
    finally:
        del session.info[WAITING]
    _follow(session, waiting)


def _follow(session: Session, officer_ids: Collection[int]) -> None:
    follower: Follower | None = session.info.get(FOLLOWER)
    if follower is not None and officer_ids:
        session.flush()  # what follows is found by what stands in the tables
        follower(session, officer_ids)
