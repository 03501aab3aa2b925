"""What is said of the day of an answer (pure): in the same words at the door, on paper and on the sender's page."""

from collections.abc import Sequence
from enum import StrEnum
from functools import reduce

from app.i18n.messages import Message, message


class Part(StrEnum):
    """What the law asks of a complaint by its form."""

    NAME = "name"
    ADDRESS = "address"
    LETTER = "letter"
    PERHAPS_LETTER = "perhaps_letter"  # files came with it; whether the letter is among them was not said


PARTS = {
    Part.NAME: message("họ tên"),
    Part.ADDRESS: message("địa chỉ"),
    Part.LETTER: message("ảnh đơn có chữ ký"),
    Part.PERHAPS_LETTER: message("ảnh đơn có chữ ký (nếu chưa gửi)"),
}
NOT_RUNNING = message("Đơn chưa đủ hình thức nên thời hạn theo luật chưa chạy.")
NOT_RUNNING_FOR = message("Đơn chưa đủ hình thức nên thời hạn theo luật chưa chạy. Còn thiếu: %(missing)s.")
TO_ANONYMOUS = message("Hạn xử lý là ngày %(day)s; với người gửi ẩn danh đơn vị không bắt buộc trả lời bằng văn bản.")
ACCEPTED_BY = message("Báo có nhận giải quyết hay không trước hết ngày %(day)s.")


def not_running(missing: Sequence[Part]) -> Message:
    """Why no term runs for a complaint, with what is missing as far as that is known."""
    if not missing:
        return NOT_RUNNING
    words = [PARTS[one] for one in missing]
    listed = reduce(lambda first, then: message("%(first)s, %(then)s", first=first, then=then), words)
    return message(NOT_RUNNING_FOR.source, missing=listed)


def accepted_by(day: str) -> Message:
    """The day for what must be accepted first: the term of the answer begins only then."""
    return message(ACCEPTED_BY.source, day=day)


def to_anonymous(day: str) -> Message:
    """The day for somebody who gave no name, to whom the law owes no letter."""
    return message(TO_ANONYMOUS.source, day=day)
