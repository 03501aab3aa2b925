"""The steps of a reckoning in words a citizen understands (pure). Pages put them into their language."""

from collections.abc import Mapping
from datetime import date, datetime

from app.calendar.days import DayUnit, days_words
from app.calendar.reckoning import Pause, Reckoning, Step, StepKind
from app.clock import VIETNAM
from app.i18n.formats import format_date
from app.i18n.messages import Message, message

WEEKDAYS: Mapping[int, Message] = {
    1: message("thứ Hai"),
    2: message("thứ Ba"),
    3: message("thứ Tư"),
    4: message("thứ Năm"),
    5: message("thứ Sáu"),
    6: message("thứ Bảy"),
    7: message("Chủ nhật"),
}


def day_words(day: date) -> Message:
    """A day with its weekday: "thứ Hai, 16/02/2026"."""
    return message("%(weekday)s, %(date)s", weekday=WEEKDAYS[day.isoweekday()], date=format_date(day))


def explanation(reckoning: Reckoning) -> tuple[Message, ...]:
    """Why this date: one sentence for each step, in order."""
    return tuple(step_words(step) for step in reckoning.steps)


def step_words(step: Step) -> Message:
    """One step as a sentence."""
    return _SENTENCES[step.kind](step)


def remaining_words(days: int, unit: DayUnit) -> Message:
    """How long there is left, from ``days_left``: "còn 3 ngày làm việc", "hạn là hôm nay", "quá hạn 2 ngày"."""
    if days == 0:
        return message("hạn là hôm nay")
    if days > 0:
        return message("còn %(days)s", days=days_words(days, unit))
    return message("quá hạn %(days)s", days=days_words(-days, unit))


def _received(step: Step) -> Message:
    if step.days:
        return message("Bắt đầu từ %(day)s; ngày này được tính là ngày thứ nhất.", day=day_words(step.first))
    return message("Bắt đầu từ %(day)s; ngày này không tính, đếm từ hôm sau.", day=day_words(step.first))


def _counted(step: Step) -> Message:
    assert step.unit is not None
    return message("Thời hạn là %(days)s.", days=days_words(step.days, step.unit))


def _rest(step: Step) -> Message:
    if step.days == 1:
        return message("Không tính %(day)s là ngày nghỉ cuối tuần.", day=day_words(step.first))
    return message(
        "Không tính %(count)s ngày nghỉ cuối tuần từ %(first)s đến %(last)s.",
        count=step.days,
        first=format_date(step.first),
        last=format_date(step.last),
    )


def _holiday(step: Step) -> Message:
    if step.first == step.last:
        return message("Không tính %(day)s: %(name)s.", day=day_words(step.first), name=step.name)
    return message(
        "Không tính %(count)s ngày nghỉ từ %(first)s đến %(last)s: %(name)s.",
        count=step.days,
        first=format_date(step.first),
        last=format_date(step.last),
        name=step.name,
    )


def _worked(step: Step) -> Message:
    return message("Tính cả %(day)s vì là ngày làm bù: %(name)s.", day=day_words(step.first), name=step.name)


def _pause(step: Step) -> Message:
    assert step.pause is not None
    pause = step.pause
    start, end = _day_of(pause.start), _day_of(pause.end) if pause.end else ""
    if not step.days:
        return message(
            "Tạm dừng từ %(start)s đến %(end)s (%(document)s): không thêm ngày nào.",
            start=start,
            end=end,
            document=step.document,
        )
    assert step.unit is not None
    days = days_words(step.days, step.unit)
    if pause.end is None:
        return message(
            "Tạm dừng từ %(start)s đến nay (%(document)s): thêm %(days)s.",
            start=start,
            document=step.document,
            days=days,
        )
    return message(
        "Tạm dừng từ %(start)s đến %(end)s (%(document)s): thêm %(days)s.",
        start=start,
        end=end,
        document=step.document,
        days=days,
    )


def _extension(step: Step) -> Message:
    assert step.unit is not None
    return message(
        "Gia hạn thêm %(days)s theo %(document)s, người ký: %(signer)s.",
        days=days_words(step.days, step.unit),
        document=step.document,
        signer=step.signed_by,
    )


def _moved(step: Step) -> Message:
    if step.name:
        return message(
            "Ngày cuối rơi vào %(day)s (%(name)s) nên lùi đến %(next)s.",
            day=day_words(step.first),
            name=step.name,
            next=day_words(step.last),
        )
    return message(
        "Ngày cuối rơi vào %(day)s là ngày nghỉ nên lùi đến %(next)s.",
        day=day_words(step.first),
        next=day_words(step.last),
    )


def _standing(step: Step) -> Message:
    assert isinstance(step.pause, Pause)
    return message(
        "Thời hạn đang tạm dừng từ %(start)s (%(document)s); hạn sẽ còn lùi lại cho đến khi hết tạm dừng.",
        start=_day_of(step.pause.start),
        document=step.document,
    )


def _provisional(_step: Step) -> Message:
    return message("Lịch nghỉ của một số ngày nói trên chưa có thông báo chính thức nên ngày này còn có thể thay đổi.")


def _due(step: Step) -> Message:
    return message("Vì vậy hạn là hết giờ làm việc %(day)s.", day=day_words(step.first))


def _day_of(moment: datetime) -> str:
    """The day alone: the minute at which a pause ended would read like the minute at which a sender answered."""
    return format_date(moment.astimezone(VIETNAM).date())


_SENTENCES = {
    StepKind.RECEIVED: _received,
    StepKind.COUNTED: _counted,
    StepKind.REST: _rest,
    StepKind.HOLIDAY: _holiday,
    StepKind.WORKED: _worked,
    StepKind.PAUSE: _pause,
    StepKind.EXTENSION: _extension,
    StepKind.MOVED: _moved,
    StepKind.STANDING: _standing,
    StepKind.PROVISIONAL: _provisional,
    StepKind.DUE: _due,
}
