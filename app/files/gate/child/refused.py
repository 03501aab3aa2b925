"""How the child says no."""


class Refused(Exception):
    """The file will not do; ``code`` is a value of ``Refusal``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


UNREADABLE = "unreadable"
TOO_MANY_PIXELS = "too-many-pixels"
ANIMATED = "animated"
PDF_LOCKED = "pdf-locked"
PDF_ACTIVE = "pdf-active"
PDF_ATTACHMENTS = "pdf-attachments"
PDF_TOO_LONG = "pdf-too-long"
