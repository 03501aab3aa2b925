"""Errors of the calendar."""

from app.errors import Conflict, Invalid, Missing


class UnknownVersion(Missing):
    """There is no calendar version of that number, or no calendar at all yet."""


class BadDay(Invalid):
    """An entry that contradicts itself, or says nothing new."""


class CalendarMoved(Conflict):
    """Somebody changed the calendar since the page was made."""
