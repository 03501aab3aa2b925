"""The closed lists of conflicts of interest (pure), and when somebody is on duty."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
SHORT_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
WORKING_WEEK = 31
ALL_WEEK = 127


class Shift(StrEnum):
    """Which part of a day. Citizens name days only, so the whole day counts when it is asked who was there."""

    DAY = "day"
    MORNING = "morning"
    AFTERNOON = "afternoon"


SHIFTS: Mapping[Shift, str] = {
    Shift.DAY: "Cả ngày",
    Shift.MORNING: "Buổi sáng",
    Shift.AFTERNOON: "Buổi chiều",
}


class Reason(StrEnum):
    """Why a rule excluded somebody, the surest first. Values stay valid for ever: exclusions bear them."""

    ON_DUTY = "on_duty"
    ON_ROSTER = "on_roster"
    NAMED = "named"
    REGISTERED = "registered"
    ANSWERED = "answered"
    SUPERIOR_RULE = "superior_rule"
    SAME_NAME = "same_name"


REASONS: Mapping[Reason, str] = {
    Reason.ON_DUTY: "Trực ở quầy vào ngày xảy ra việc",
    Reason.ON_ROSTER: "Có tên trong lịch trực của quầy, không rõ ngày xảy ra việc",
    Reason.NAMED: "Được nêu tên trong đơn",
    Reason.REGISTERED: "Người vào sổ thay, có tên trong lịch trực của quầy",
    Reason.ANSWERED: "Đã trả lời lần đầu, đơn được cấp trên xem xét lại",
    Reason.SUPERIOR_RULE: "Lãnh đạo đơn vị của người bị phản ánh",
    Reason.SAME_NAME: "Cùng họ tên với một người bị loại: có thể là tài khoản thứ hai của người ấy, xin kiểm tra",
}


def mask(days: Iterable[int]) -> int:
    """The number that stores some weekdays; 1 is Monday, as ISO has it."""
    return sum({1 << (day - 1) for day in days})


def days_of(weekdays: int) -> tuple[int, ...]:
    """The weekdays that a number stores."""
    return tuple(day for day in range(1, 8) if weekdays & (1 << (day - 1)))


def days_words(weekdays: int) -> str:
    """Such as "T2, T3, T6"."""
    if weekdays == ALL_WEEK:
        return "Mọi ngày"
    return "T2–T6" if weekdays == WORKING_WEEK else ", ".join(SHORT_WEEKDAYS[day - 1] for day in days_of(weekdays))


def is_on_duty(weekdays: int, first: date, last: date | None, day: date) -> bool:
    """Whether a line of a roster holds a day."""
    return first <= day and (last is None or day <= last) and bool(weekdays & (1 << (day.isoweekday() - 1)))
