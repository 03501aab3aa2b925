"""What can go wrong with a case."""

from app.errors import Conflict, Invalid, Missing
from app.i18n.messages import message

UNKNOWN = message("Không tìm thấy đơn này, hoặc Ông/Bà không được giao xem đơn này.")
STALE = message(
    "Đơn này vừa có người khác cập nhật. Xin xem lại diễn biến ở dưới; điều Ông/Bà đã nhập còn nguyên, gửi lại nếu "
    "vẫn đúng."
)

DONE = "Việc này Ông/Bà đã làm xong lúc nãy. Không cần làm lại."


class UnknownCase(Missing):
    """There is no such case, or the asker may not know that there is: the same words for both."""

    def __init__(self) -> None:
        super().__init__(UNKNOWN)


class StaleCase(Conflict):
    """Somebody wrote to the case since the page was drawn."""

    def __init__(self) -> None:
        super().__init__(STALE)


class DoneAlready(StaleCase):
    """The same officer has just done the same on the very state of the case that the form was drawn for."""

    def __init__(self) -> None:
        Conflict.__init__(self, DONE)


class NotInThisState(Conflict):
    """The act does not fit the state of the case."""


class FieldMissing(Invalid):
    """An act needs something that was not given, or not like this; ``field`` names it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class ContactNeeded(Invalid):
    """The kind asks who sends it."""
