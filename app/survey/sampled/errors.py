"""What can go wrong with the import of a sampled survey."""

from app.errors import Conflict, Invalid, Missing


class RoundTakesNoImport(Conflict):
    """The round is of people who scan a code, or it is closed."""


class UnknownDraft(Missing):
    """No such upload waits for this officer."""


class ImportRefused(Conflict):
    """The file has faults, or no longer fits what the round holds; nothing was imported."""


class MappingRefused(Invalid):
    """The choice of columns cannot be right."""


class UnknownMapping(Missing):
    """No such saved mapping for this question set."""
