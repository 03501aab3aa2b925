"""What the address of the list of cases asks for, the same as a bar of filters, and the tabs above it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from flask import request

from app.calendar.periods import PeriodError, parse_period
from app.feedback.cases import queries
from app.feedback.cases.kinds import Channel, State, StateClass
from app.feedback.cases.queries import Due, Filters, Measure
from app.feedback.handling import words
from app.rules.kinds import Kind
from app.web.access import actor
from app.web.search import MOST_CHARACTERS, sought
from app.web.text_input import clean

T = TypeVar("T", bound=StrEnum)
Options = Sequence[tuple[str, str]]

NAMES = ("q", "unit", "kind", "state", "due", "mine", "asked", "channel", "period", "measure", "field", "sort")
"""Everything the list may be asked for, but for its page."""

NOBODY, MINE_VALUE = "none", "1"
DUE = (
    ("", "Mọi hạn"),
    (Due.LATE.value, "Đã quá hạn"),
    (Due.SOON.value, f"Còn {queries.SOON} ngày làm việc trở xuống"),
    (Due.NONE.value, "Không có hạn"),
)
CLASSES = {
    StateClass.OPEN.value: "Chưa kết thúc, thời hạn đang chạy",
    StateClass.PAUSED.value: "Chưa kết thúc, thời hạn tạm dừng",
}
SORTS = (("", "Hạn trả lời"), ("received", "Ngày nhận, mới nhất trước"), ("unit", "Đơn vị"))
MINE = (("", "Của mọi người"), (MINE_VALUE, "Giao cho tôi"), (NOBODY, "Chưa giao cho ai"))
MEASURES = (
    ("", "Tất cả"),
    (Measure.KEPT.value, "Trả lời đúng hạn"),
    (Measure.MISSED.value, "Quá hạn, kể cả chưa trả lời"),
    (Measure.UNFINISHED.value, "Chưa trả lời"),
    (Measure.REOPENED.value, "Đã mở lại"),
)
ASKED = (("", "Có hoặc không"), ("1", "Có đề nghị chờ"))


class Tab(NamedTuple):
    """A way to look at the list that everybody needs: nothing but a fixed choice of its filters."""

    label: str
    query: Mapping[str, str]

    @property
    def address(self) -> str:
        """The query of its address."""
        return urlencode(self.query)


TABS = (
    Tab("Tất cả", {}),
    Tab("Chưa giao", {"mine": NOBODY, "measure": Measure.UNFINISHED.value}),
    Tab("Của tôi", {"mine": MINE_VALUE, "measure": Measure.UNFINISHED.value}),
    Tab("Quá hạn", {"due": Due.LATE.value}),
    Tab("Sắp đến hạn", {"due": Due.SOON.value}),
    Tab("Đề nghị chờ quyết định", {"asked": "1"}),
)


def asked_filters() -> Filters:
    """What the address of the present request asks for."""
    return filters_of(request.args, actor().officer_id, sought())


def filters_of(asked: Mapping[str, str], officer_id: int, words_sought: str | None = None) -> Filters:
    """What a query asks for, for an officer; a value that is no choice counts as not said."""
    mine, state = _choice(asked, "mine", MINE), asked.get("state", "")
    return Filters(
        search=clean(asked.get("q", ""))[:MOST_CHARACTERS] if words_sought is None else words_sought,
        unit_id=_whole(asked.get("unit", "")),
        kind=_one_of(Kind, asked.get("kind", "")),
        state=_one_of(State, state),
        state_class=_one_of(StateClass, state),
        due=_choice(asked, "due", DUE) or None,
        assignee_id=officer_id if mine == MINE_VALUE else None,
        is_unassigned=mine == NOBODY,
        is_asked=bool(_choice(asked, "asked", ASKED)),
        period=_period(asked.get("period", "")),
        field_id=_whole(asked.get("field", "")),
        measure=_choice(asked, "measure", MEASURES) or None,
        channel=_one_of(Channel, asked.get("channel", "")),
        sort=_choice(asked, "sort", SORTS),
    )


def query_of(asked: Mapping[str, str]) -> str:
    """The query of the list as it is asked for, in one order, without what it does not know."""
    return urlencode([(name, value) for name in NAMES if (value := clean(asked.get(name, ""))[:MOST_CHARACTERS])])


def bar(wanted: Filters, units: Options) -> list[dict[str, object]]:
    """What ``components/filter_bar.html`` draws."""
    kinds = [("", "Mọi loại"), *((kind.value, name) for kind, name in words.KINDS.items())]
    states = [("", "Mọi trạng thái"), *CLASSES.items(), *((state.value, name) for state, name in words.STATES.items())]
    channels = [("", "Mọi cách gửi"), *((channel.value, name) for channel, name in words.CHANNELS.items())]
    mine = MINE_VALUE if wanted.assignee_id else (NOBODY if wanted.is_unassigned else "")
    chosen = (
        ("q", "Tìm trong nội dung, số đơn", wanted.search, None),
        ("unit", "Đơn vị", wanted.unit_id or "", [("", "Mọi đơn vị"), *units]),
        ("kind", "Loại", wanted.kind or "", kinds),
        ("state", "Trạng thái", wanted.state or wanted.state_class or "", states),
        ("due", "Hạn", wanted.due or "", DUE),
        ("mine", "Giao cho", mine, MINE),
        ("asked", "Đề nghị chờ Ông/Bà quyết định", "1" if wanted.is_asked else "", ASKED),
        ("channel", "Cách gửi", wanted.channel or "", channels),
        ("sort", "Xếp theo", wanted.sort, SORTS),
    )
    bar: list[dict[str, object]] = [
        {"name": name, "label": label, "value": value, "options": options} for name, label, value, options in chosen
    ]
    return [*bar[:-1], *_counted(wanted), bar[-1]]


def _counted(wanted: Filters) -> list[dict[str, object]]:
    """Choices that only the figures make; the bar shows them as long as they hold, so that they can be taken off."""
    chosen: tuple[tuple[str, str, str, Options], ...] = (
        ("period", "Nhận trong kỳ", wanted.period, (("", "Mọi kỳ"), (wanted.period, _period_label(wanted.period)))),
        ("measure", "Theo số liệu", wanted.measure or "", MEASURES),
        (
            "field",
            "Lĩnh vực",
            "" if wanted.field_id is None else str(wanted.field_id),
            (("", "Mọi lĩnh vực"), (str(wanted.field_id), "Lĩnh vực đã chọn" if wanted.field_id else "Không rõ")),
        ),
    )
    return [
        {"name": name, "label": label, "value": value, "options": options}
        for name, label, value, options in chosen
        if value
    ]


def _period(asked: str) -> str:
    """The period of an address, in the one way it is written; nothing where there is none."""
    try:
        return parse_period(asked).address if asked else ""
    except PeriodError:
        return ""


def _period_label(period: str) -> str:
    return parse_period(period).label if period else ""


def _one_of(choices: type[T], asked: str) -> T | None:
    return choices(asked) if asked in set(choices) else None


def _choice(asked: Mapping[str, str], name: str, options: Options) -> str:
    value = asked.get(name, "")
    return value if value in dict(options) else ""


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
