"""What can go wrong with information about a breach of law."""

from app.errors import Conflict, Invalid, Missing

UNKNOWN = "Không tìm thấy tin này, hoặc Ông/Bà không được giao xem."


class UnknownDenunciation(Missing):
    """There is none with this id, or the asker may not know that there is."""


class StaleDenunciation(Conflict):
    """Somebody else acted since the page was drawn."""


class NotFromHere(Conflict):
    """The act does not fit the present state."""


class WordsMissing(Invalid):
    """An act needs words; ``field`` names the field they are missing from."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
