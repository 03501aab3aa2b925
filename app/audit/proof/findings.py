"""What the check can find, in plain words (pure)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.i18n.formats import format_date


class RecordChangedError(Exception):
    """The nightly check found something."""


class Kind(StrEnum):
    """Kinds of tampering, as they stand in brackets before each line of the report."""

    EDITED_ROW = "edited-row"
    SWAPPED_ROWS = "swapped-rows"
    REMOVED_ROWS = "removed-rows"
    CUT_TAIL = "cut-tail"
    FORK = "fork"
    REWRITTEN = "rewritten"
    BROKEN_LINK = "broken-link"
    ADDED_ROWS = "added-rows"
    REMOVED_DAY = "removed-day"
    FORGED_HEAD = "forged-head"
    REMOVED_HEAD = "removed-head"
    UNSIGNED_DAY = "unsigned-day"
    CHANGED_ANSWERS = "changed-answers"
    CHANGED_CASE = "changed-case"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where, and what it means."""

    kind: Kind
    words: str
    day: date | None = None

    def __str__(self) -> str:
        where = "" if self.day is None else f"Ngày {format_date(self.day)}: "
        return f"[{self.kind}] {where}{self.words}"


def edited(day: date, sequence: int) -> Finding:
    """A row does not fit its own hash."""
    return Finding(Kind.EDITED_ROW, f"nội dung dòng {sequence} đã bị sửa sau khi ghi.", day)


def swapped(day: date, sequence: int, other_day: date, other: int) -> Finding:
    """Two rows have changed places."""
    there = "" if other_day == day else f" (ngày {format_date(other_day)})"
    return Finding(Kind.SWAPPED_ROWS, f"dòng {sequence} và dòng {other}{there} đã bị tráo chỗ cho nhau.", day)


def removed(day: date, first: int, last: int) -> Finding:
    """Rows are missing inside a day."""
    which = f"dòng {first}" if first == last else f"các dòng {first}–{last}"
    return Finding(Kind.REMOVED_ROWS, f"{which} đã bị xóa.", day)


def cut(day: date, signed: int, there: int) -> Finding:
    """Fewer rows than a signed head, or the end of the chain, says."""
    return Finding(
        Kind.CUT_TAIL,
        f"phần cuối đã bị cắt: từng có {signed} dòng, nay còn {there}; mất dòng {there + 1}–{signed}.",
        day,
    )


def fork(day: date, sequence: int, after: int) -> Finding:
    """Two rows follow the same row."""
    return Finding(
        Kind.FORK,
        f"chuỗi rẽ nhánh ở dòng {sequence}: hai dòng cùng nối vào dòng {after}, như có hai nơi cùng ghi.",
        day,
    )


def twice(day: date, sequence: int) -> Finding:
    """Two rows with one number."""
    return Finding(
        Kind.FORK, f"có hai dòng cùng mang số {sequence}: hai nơi cùng ghi, hoặc một dòng bị chèn thêm.", day
    )


def rewritten(day: date, sequence: int, number: int) -> Finding:
    """The chain is whole in itself but is not the one that was signed."""
    return Finding(
        Kind.REWRITTEN,
        f"chuỗi đến dòng {sequence} không phải chuỗi đã ký (đầu chuỗi số {number}): nhật ký đã bị viết lại.",
        day,
    )


def broken(day: date, sequence: int) -> Finding:
    """A row does not follow the one before it."""
    before = "dòng cuối của ngày trước" if sequence == 1 else f"dòng {sequence - 1}"
    return Finding(
        Kind.BROKEN_LINK,
        f"dòng {sequence} không nối với {before}: {before} đã bị thay thế, bị cắt hoặc được chèn.",
        day,
    )


def added(day: date, signed: int, there: int) -> Finding:
    """Rows stand after the signed end of a day."""
    return Finding(
        Kind.ADDED_ROWS, f"có {there} dòng nhưng ngày đã chốt và ký với {signed} dòng: dòng bị thêm sau.", day
    )


def day_gone(day: date, rows: int) -> Finding:
    """All rows of a signed day are gone."""
    return Finding(Kind.REMOVED_DAY, f"cả ngày đã bị xóa: đầu chuỗi đã ký nói có {rows} dòng.", day)


def forged(day: date, number: int, where: str) -> Finding:
    """A head bears no valid signature of ours."""
    return Finding(Kind.FORGED_HEAD, f"đầu chuỗi số {number} ({where}) không mang chữ ký hợp lệ của hệ thống.", day)


def unreadable(name: str) -> Finding:
    """An exported file is no head."""
    return Finding(Kind.FORGED_HEAD, f"tệp {name} không đọc được như một đầu chuỗi đã ký.")


def head_gone(day: date | None, number: int) -> Finding:
    """A head is missing."""
    return Finding(Kind.REMOVED_HEAD, f"đầu chuỗi số {number} đã bị xóa hoặc thay khỏi cơ sở dữ liệu.", day)


def unsigned(day: date) -> Finding:
    """A day before a signed day has no final head."""
    return Finding(
        Kind.UNSIGNED_DAY, "ngày đã qua mà không có đầu chuỗi chốt ngày, trong khi ngày sau đã được ký.", day
    )


def answers_changed(round_id: int, words: str) -> Finding:
    """The answers of a closed round are not those that were sealed."""
    return Finding(Kind.CHANGED_ANSWERS, f"Đợt khảo sát {round_id}: {words}")


def case_changed(public_number: str) -> Finding:
    """What was received of a case is not what stands there now."""
    return Finding(
        Kind.CHANGED_CASE,
        f"Đơn {public_number}: nội dung, số, ngày nhận hoặc loại không còn như khi nhận (khác dấu nội dung).",
    )
