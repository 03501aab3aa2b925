"""What can go wrong with dossiers."""

from app.errors import Conflict, Invalid, Missing


class ImportRefused(Conflict):
    """The delivery has faults; nothing was imported."""


class UnknownDossier(Missing):
    """There is no such dossier in the units of this officer."""


class BadCounts(Invalid):
    """Totals that contradict themselves; ``field`` names the one to mend."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class BadLetter(Invalid):
    """A letter that cannot be sent like this; ``field`` names what to mend."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field
