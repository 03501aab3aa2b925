"""Why a file is not taken (pure): one code each. The words for them stand in ``words.py``."""

from enum import StrEnum

from app.errors import Invalid
from app.i18n.messages import Message


class Refusal(StrEnum):
    """Readable values stay valid for ever: refused files bear them."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    UNKNOWN_TYPE = "unknown-type"
    NAME_DIFFERS = "name-differs"
    NO_HEIC = "no-heic"
    TOO_MANY_PIXELS = "too-many-pixels"
    ANIMATED = "animated"
    UNREADABLE = "unreadable"
    TOOK_TOO_LONG = "took-too-long"
    MALWARE = "malware"
    PDF_LOCKED = "pdf-locked"
    PDF_ACTIVE = "pdf-active"
    PDF_ATTACHMENTS = "pdf-attachments"
    PDF_TOO_LONG = "pdf-too-long"
    LOST = "lost"


class FileRefused(Invalid):
    """A file cannot be taken; ``code`` says why, ``message`` says it in words with what to do."""

    def __init__(self, code: Refusal, message: Message) -> None:
        super().__init__(message)
        self.code = code
