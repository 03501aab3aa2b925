"""The filters of a list of cases, kept with a file that is made later; and the same in words for its notes (pure)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from app.calendar.periods import parse_period
from app.feedback.cases.kinds import Channel, State, StateClass
from app.feedback.cases.queries import Due, Filters, Measure
from app.feedback.handling.words import CHANNELS, KINDS, STATES
from app.rules.kinds import Kind

CLOSED_LISTS: Mapping[str, type] = {"kind": Kind, "state": State, "state_class": StateClass, "channel": Channel}
DUE_WORDS: Mapping[str, str] = {
    Due.LATE: "đã quá hạn",
    Due.SOON: "sắp đến hạn",
    Due.NONE: "không có hạn",
}
MEASURE_WORDS: Mapping[str, str] = {
    Measure.KEPT: "trả lời đúng hạn",
    Measure.MISSED: "quá hạn, kể cả chưa trả lời",
    Measure.UNFINISHED: "chưa trả lời",
    Measure.REOPENED: "đã mở lại",
}
CLASS_WORDS: Mapping[StateClass, str] = {
    StateClass.OPEN: "chưa kết thúc, thời hạn đang chạy",
    StateClass.PAUSED: "chưa kết thúc, thời hạn tạm dừng",
    StateClass.DONE: "đã kết thúc",
}


def kept(filters: Filters) -> str:
    """The filters as one text."""
    return json.dumps(asdict(filters), ensure_ascii=False, default=str)


def given_back(text: str) -> Filters:
    """The filters out of that text."""
    told: dict[str, Any] = json.loads(text)
    known = {one.name for one in fields(Filters)}
    return Filters(
        **{
            name: CLOSED_LISTS[name](value) if name in CLOSED_LISTS and value is not None else value
            for name, value in told.items()
            if name in known
        }
    )


def codes(filters: Filters) -> dict[str, object]:
    """What the record of acts is told: codes and numbers; of a search only that there was one, it may be a name."""
    plain = {
        name: str(value) if isinstance(value, str) else value
        for name, value in asdict(filters).items()
        if name not in {"search", "sort"} and value not in (None, "", False)
    }
    return plain | ({"searched": True} if filters.search else {})


def in_words(filters: Filters, unit_name: str) -> str:
    """The filters as people read them, without what was searched for."""
    said = (
        f"đơn vị: {unit_name}" if filters.unit_id is not None else "",
        f"loại: {KINDS[filters.kind]}" if filters.kind is not None and filters.kind in KINDS else "",
        f"trạng thái: {STATES[filters.state]}" if filters.state is not None else "",
        CLASS_WORDS[filters.state_class] if filters.state_class is not None else "",
        DUE_WORDS.get(filters.due or "", ""),
        "giao cho người xuất tệp" if filters.assignee_id is not None else "",
        "có đề nghị chờ quyết định" if filters.is_asked else "",
        f"nhận trong kỳ: {parse_period(filters.period).label}" if filters.period else "",
        MEASURE_WORDS.get(filters.measure or "", ""),
        "một lĩnh vực" if filters.field_id is not None else "",
        f"cách gửi: {CHANNELS[filters.channel]}" if filters.channel is not None else "",
        "có tìm theo chữ" if filters.search else "",
    )
    return "; ".join(part for part in said if part) or "không lọc"
