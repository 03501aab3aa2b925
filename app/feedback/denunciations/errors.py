"""What can go wrong with information about a breach of law."""

from app.errors import Conflict, Invalid, Missing
from app.i18n.messages import message

UNKNOWN = "Không tìm thấy tin này, hoặc Ông/Bà không được giao xem."
NOBODY_ABOVE = message(
    "Trong hệ thống này không có cấp nào đứng trên nơi đã chọn, nên ở đây không nhận tin ẩn danh về nơi ấy: chính nơi "
    "ấy sẽ đọc. Chưa có gì được gửi, nội dung đã viết vẫn còn. Xin nộp tố cáo ở cơ quan cấp trên của nơi ấy, thanh "
    "tra hoặc công an; hoặc chọn nơi khác, loại khác."
)


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


class NobodyAbove(Invalid):
    """The unit concerned stands at the top of the tree: it would read what is told about itself."""
