"""What can go wrong with a roster."""

from app.errors import Conflict, Invalid, Missing
from app.i18n.messages import message

UNKNOWN = message("Không tìm thấy dòng này trong lịch trực, hoặc Ông/Bà không được giao quầy này.")


class UnknownDuty(Missing):
    """There is no such line, or the asker may not know it."""

    def __init__(self) -> None:
        super().__init__(UNKNOWN)


class BadDuty(Invalid):
    """A line would break a rule."""


class OwnDuty(Conflict):
    """Nobody ends or withdraws what is said of themselves."""
