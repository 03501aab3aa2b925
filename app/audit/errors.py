"""Errors of the record."""

from app.errors import Invalid


class ReasonMissing(Invalid):
    """The act must be explained and was not."""


class BadThreshold(Invalid):
    """No such threshold, or a number that makes no sense for it."""


class BadFilter(Invalid):
    """A filter of the log that cannot be."""
