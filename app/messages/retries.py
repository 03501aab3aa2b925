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


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after this many tries (1 or more); None: give up."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None
