"""Files of a case as lines of a page: by number and kind, never by what a sender called them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.files.gate.models import CheckedFile, FileState, MediaType
from app.files.gate.refusals import Refusal
from app.i18n.formats import format_decimal, format_integer

KINDS = {MediaType.JPEG: "ảnh JPEG", MediaType.PDF: "tài liệu PDF"}
STATES = {
    FileState.WAITING: "đang được kiểm tra an toàn, chưa mở được",
    FileState.ACCEPTED: "",
    FileState.REFUSED: "không nhận được: tệp không an toàn hoặc không đọc được, không được lưu",
}
NAMED = "có thể cho biết người gửi là ai, chỉ người được xem họ tên, liên hệ mới mở được; bản đã che thì mở được"
LOST = "không còn được lưu: đã hết thời hạn lưu"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file; without ``url`` nobody can open it."""

    number: int
    words: str
    state_words: str
    url: str | None


def file_lines(
    files: Iterable[tuple[int, CheckedFile]], url_of: Callable[[int], str], *, may_open: bool = True
) -> list[FileLine]:
    """The lines of some files, each under its number; what may not be opened says why."""
    return [
        FileLine(
            number=number,
            words=f"{KINDS[file.media_type]}, {_size(file.size)}",
            state_words=_state_words(file, may_open=may_open),
            url=url_of(number) if may_open and file.state is FileState.ACCEPTED else None,
        )
        for number, file in files
    ]


def _state_words(file: CheckedFile, *, may_open: bool) -> str:
    if file.refusal is Refusal.LOST:
        return LOST
    return STATES[file.state] if may_open or file.state is not FileState.ACCEPTED else NAMED


def _size(size: int) -> str:
    if size < MEGABYTE:
        return f"{format_integer(max(1, size // 1024))} KB"
    return f"{format_decimal(size / MEGABYTE, places=1)} MB"
