"""Reads what an officer wrote down for somebody else (pure): the same rules as at the door, on one page."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from app.feedback.cases.kinds import Channel
from app.feedback.intake import reading
from app.feedback.intake.draft import Draft
from app.feedback.intake.reading import Posted, one
from app.i18n.messages import Message
from app.rules.kinds import Kind
from app.web import text_input
from app.web.privacy_hints import find_hints

CHANNELS = {
    Channel.WALK_IN: "Trực tiếp tại cơ quan",
    Channel.PHONE: "Qua điện thoại",
    Channel.LETTER: "Qua thư, đơn giấy",
}
KINDS = {
    Kind.PETITION: "Phản ánh, kiến nghị",
    Kind.COMPLAINT: "Khiếu nại",
    Kind.SUGGESTION: "Góp ý",
}
"""Tố cáo is not written down here: whoever brings one is led to where it is lodged."""
CHOOSE_CHANNEL = "Xin chọn người dân đến bằng cách nào."
CHOOSE_KIND = "Xin chọn loại. Tố cáo không ghi ở đây, xin xem hướng dẫn trên trang."
TEXT_MISSING = "Xin ghi nội dung người dân trình bày."


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written down; ``wrong``: field → what to do; ``hints``: what looks like personal data in the text."""

    draft: Draft
    channel: Channel | None
    wrong: dict[str, Message | str] = field(default_factory=dict)
    hints: tuple[Message, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether it can be opened."""
        return not self.wrong and not self.hints


def read(
    posted: Posted, *, unit_id: int | None, counters: Collection[int], procedures: Collection[int], today: date
) -> Entry:
    """Read the whole page; ``counters`` and ``procedures`` are those that may be named."""
    wrong: dict[str, Message | str] = {}
    text = text_input.clean("".join(posted.get("text", ())))
    if (problem := reading.problem_of_text(text)) is not None:
        wrong["text"] = TEXT_MISSING if problem == reading.WRITE_FIRST else problem
    channel = Channel(one(posted, "channel")) if one(posted, "channel") in set(CHANNELS) else None
    if channel is None:
        wrong["channel"] = CHOOSE_CHANNEL
    kind = Kind(one(posted, "kind")) if one(posted, "kind") in set(KINDS) else None
    if kind is None:
        wrong["kind"] = CHOOSE_KIND
    draft = Draft(text=text, kind=kind.value if kind else "", unit_id=unit_id)
    place = reading.read_place(draft, posted, counters=counters, procedures=procedures, today=today)
    contact = reading.read_contact(place.draft, posted)
    wrong |= {**place.wrong, **contact.wrong}
    letter = kind is Kind.COMPLAINT and posted.get("has_letter") == ["1"]
    is_meant = posted.get("send_as_is") == ["1"]
    hints = () if is_meant else tuple(hint.message for hint in find_hints(text))
    return Entry(replace(contact.draft, has_signed_letter=letter), channel, wrong, hints)
