"""When to try again (pure): bounded, with growing pauses."""

from datetime import timedelta

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""After the first, second, … try that failed for the time being; after the last there is no further try."""

LEASE = timedelta(minutes=5)
"""A message that has been on its way for longer was left by a process that died; no transport waits that long."""


MOST_TRIES = len(PAUSES) + 1


def pause_after(tries: int, asked: timedelta = timedelta(0)) -> timedelta | None:
    """How long to wait after this many tries (1 or more), at least as long as was asked for; None: give up."""
    return max(PAUSES[tries - 1], asked) if tries < MOST_TRIES else None
