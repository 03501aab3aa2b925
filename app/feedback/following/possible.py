"""What a sender may still do with a case, until when, and if not, why not (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.feedback.cases.kinds import Event, Outcome, RequestKind, State
from app.i18n.formats import format_date
from app.i18n.messages import Message, message

REAL = frozenset(
    {
        Outcome.SOLVED,
        Outcome.PARTLY_SOLVED,
        Outcome.NOT_ACCEPTED,
        Outcome.NOT_COMPETENT,
        Outcome.PARTLY_WITHDRAWN,
    }
)
"""How a unit ends a case by answering it; after the other outcomes there is no answer to rate."""

MOST_FILES = 20
NOT_CLOSED = message("Chưa có trả lời. Khi đơn vị trả lời, phần này mở ra.")
NO_ANSWER = message("Việc kết thúc mà không có câu trả lời để đánh giá.")
RATED = message("Ông/Bà đã đánh giá câu trả lời này.")
NOT_RATED_BY_LAW = message("Loại việc này không có phần đánh giá.")
UNDECIDED: Mapping[RequestKind, Message] = {
    RequestKind.REOPENING: message("Đề nghị xem lại của Ông/Bà đang chờ quyết định."),
    RequestKind.SECOND_STAGE: message("Đề nghị cấp trên xem xét của Ông/Bà đang chờ quyết định."),
}
ASKED_BEFORE = message("Đề nghị xem lại câu trả lời này đã được quyết định. Quyết định nằm ở trên.")
REVIEW_DECIDED = message("Đề nghị cấp trên xem xét đã được quyết định. Quyết định nằm ở trên.")
REOPENING_FIRST = message(
    "Trước hết xin đề nghị đơn vị xem lại. Nếu đơn vị không chấp nhận, Ông/Bà đề nghị được cấp trên."
)
NO_ADDRESS = message("Không có số điện thoại hay thư điện tử để gửi tin báo.")
NOBODY_ABOVE = message("Không có đơn vị cấp trên trong hệ thống này. Xin liên hệ bộ phận tiếp công dân.")
CLOSED_TO_FILES = message("Việc đã kết thúc nên không gửi thêm tệp được. Nếu được mở lại, phần này mở ra.")
ENOUGH_FILES = message("Đã có %(most)s tệp, là số nhiều nhất.", most=MOST_FILES)
QUESTION_OVER = message("Câu hỏi này đã kết thúc; đơn vị xử lý tiếp với những gì đã có. Ông/Bà vẫn gửi thêm tệp được.")


@dataclass(frozen=True, slots=True)
class May:
    """Whether an act is possible; ``why_not`` is empty where the page need not speak of it; ``until``: its last day.

    ``is_told_elsewhere``: the page says so already, in the box of the answer or of the request that it is about.
    """

    is_possible: bool
    why_not: Message | str = ""
    until: date | None = None
    reply_number: int = 0
    is_told_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the sender since the case was last closed. ``is_accepted`` is None while nobody has decided."""

    kind: RequestKind
    is_accepted: bool | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules below need to know of a case.

    ``reopening_until`` and ``review_until`` are the last days of the terms for asking.
    """

    state: State
    outcome: Outcome | None
    reply_number: int
    is_rated: bool
    may_be_rated: bool
    has_second_stage: bool
    has_unit_above: bool
    asked: Sequence[Asked]
    file_count: int
    reopening_until: date | None
    review_until: date | None
    today: date


def rating(case: Standing) -> May:
    """Rating the last answer: once for each real closing."""
    if case.state is not State.CLOSED:
        return May(is_possible=False)
    if case.outcome not in REAL or not case.reply_number:
        return May(is_possible=False, why_not=NO_ANSWER)
    if not case.may_be_rated:
        return May(is_possible=False, why_not=NOT_RATED_BY_LAW)
    if case.is_rated:
        return May(is_possible=False, why_not=RATED, is_told_elsewhere=True)
    return May(is_possible=True, reply_number=case.reply_number)


def reopening(case: Standing) -> May:
    """Asking the unit itself to look again: once for each closing, within the term."""
    if case.state is not State.CLOSED:
        return May(is_possible=False)
    mine = [one for one in case.asked if one.kind is RequestKind.REOPENING]
    if waiting := _undecided(case):
        return waiting
    if mine:
        return May(is_possible=False, why_not=ASKED_BEFORE)
    return _within(case.reopening_until, case.today)


def review(case: Standing) -> May:
    """Asking the level above: at once where the law knows a second stage, otherwise after a refused reopening."""
    if case.state is not State.CLOSED:
        return May(is_possible=False)
    if waiting := _undecided(case):
        return waiting
    if any(one.kind is RequestKind.SECOND_STAGE for one in case.asked):
        return May(is_possible=False, why_not=REVIEW_DECIDED)
    if not case.has_unit_above:
        return May(is_possible=False, why_not=NOBODY_ABOVE)
    was_refused = any(one.kind is RequestKind.REOPENING and one.is_accepted is False for one in case.asked)
    if not case.has_second_stage and not was_refused:
        return May(is_possible=False, why_not=REOPENING_FIRST)
    return _within(case.review_until, case.today)


def adding_files(state: State, file_count: int) -> May:
    """Sending a file later, such as one whose upload broke off."""
    if state is State.CLOSED:
        return May(is_possible=False, why_not=CLOSED_TO_FILES)
    if file_count >= MOST_FILES:
        return May(is_possible=False, why_not=ENOUGH_FILES)
    return May(is_possible=True)


def since_last_closing(events: Sequence[Event]) -> int:
    """How many requests were made after the case was last closed."""
    asking = {Event.REOPENING_ASKED, Event.REVIEW_ASKED}
    last = max((place for place, event in enumerate(events) if event is Event.CLOSED), default=-1)
    return sum(event in asking for event in events[last + 1 :])


def _undecided(case: Standing) -> May | None:
    """Why nothing more can be asked while a request waits, by the name of that request."""
    waiting = next((one.kind for one in case.asked if one.is_accepted is None), None)
    if waiting is None:
        return None
    return May(is_possible=False, why_not=UNDECIDED[waiting], is_told_elsewhere=True)


def _within(until: date | None, today: date) -> May:
    if until is not None and today > until:
        return May(is_possible=False, why_not=message("Đã hết hạn vào ngày %(day)s.", day=format_date(until)))
    return May(is_possible=True, until=until)
