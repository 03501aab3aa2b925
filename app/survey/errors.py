"""What can go wrong with rounds and question sets."""

from app.errors import Conflict, Invalid, Missing


class NotPublishable(Invalid):
    """The set has wording that nobody has verified, or its file is wrong."""


class NotAttachable(Invalid):
    """The set may not be asked in this way."""


class RoundChange(Conflict):
    """A round's method cannot change, or two rounds would ask the same counters at once."""


class DraftsFull(Conflict):
    """An officer is working on too many coming versions at once."""


class VersionTaken(Conflict):
    """Somebody else has just stored a version of that number."""


class UnknownRound(Missing):
    """No such round, or not one the officer may see."""


class UnknownQuestionSet(Missing):
    """No such version of a question set."""
