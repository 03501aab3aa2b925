"""What can go wrong with ways to reach an officer."""

from app.errors import Invalid, Missing


class NoContact(Missing):
    """There is no such address."""


class TooSoon(Invalid):
    """A code was sent a moment ago."""
