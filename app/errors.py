"""Kinds of domain error. Packages subclass them; ``app/web/errors.py`` turns a kind into a page and a status.

Messages are shown to people: Vietnamese, what happened and what to do.
"""


class DomainError(Exception):
    """Something a rule of the domain forbids. ``message`` is Vietnamese and fit to be shown."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Missing(DomainError):
    """The thing asked for does not exist, or the asker may not know that it does."""


class Gone(DomainError):
    """The thing existed and has ended."""


class Conflict(DomainError):
    """The act does not fit the present state, which somebody may have changed meanwhile."""


class Invalid(DomainError):
    """The input breaks a rule."""


class NotAllowed(DomainError):
    """The actor lacks the permission."""
