"""Signals about how an answer came in (pure). They are stored beside the answer and never refuse it.

The rules are published (docs/policy.md) so that anybody can recompute a result with and without flagged answers.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import IntFlag

TAP_SECONDS = 2
SECONDS_PER_QUESTION = 1
STRAIGHT_LINE_LEAST = 10


class Flag(IntFlag):
    """One bit each; the values are stored and must not change."""

    TOO_FAST = 1
    STRAIGHT_LINE = 2
    HONEYPOT = 4
    CLOSED_HOURS = 8
    BURST = 16
    SAME_DEVICE = 32


def is_open(opening_hours: Mapping[str, Sequence[Sequence[str]]], moment: datetime) -> bool:
    """Whether a counter is open at a local moment. A counter without stated hours is taken as always open."""
    if not opening_hours:
        return True
    at = moment.strftime("%H:%M")
    return any(start <= at <= end for start, end in opening_hours.get(str(moment.isoweekday()), ()))


def of_tap(*, seconds: int, is_trapped: bool, is_open: bool, is_burst: bool, is_repeat: bool, is_kiosk: bool) -> Flag:
    """The flags of the first tap. A kiosk is used by one person after another, so a repeat says nothing there."""
    flags = Flag(0)
    flags |= Flag.TOO_FAST if seconds < TAP_SECONDS and not is_kiosk else Flag(0)
    flags |= Flag.HONEYPOT if is_trapped else Flag(0)
    flags |= Flag(0) if is_open else Flag.CLOSED_HOURS
    flags |= Flag.BURST if is_burst else Flag(0)
    flags |= Flag.SAME_DEVICE if is_repeat and not is_kiosk else Flag(0)
    return flags


def of_details(*, seconds: int, answered: int, levels: Sequence[int], is_trapped: bool) -> Flag:
    """The flags that the further questions add. ``levels``: the levels chosen for the criteria, in order."""
    flags = Flag(0)
    flags |= Flag.TOO_FAST if seconds < answered * SECONDS_PER_QUESTION else Flag(0)
    flags |= Flag.STRAIGHT_LINE if len(levels) >= STRAIGHT_LINE_LEAST and len(set(levels)) == 1 else Flag(0)
    flags |= Flag.HONEYPOT if is_trapped else Flag(0)
    return flags
