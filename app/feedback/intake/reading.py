"""Reads what each page of the door posted (pure): a changed draft, or what is wrong and how to put it right.

What was typed always stands in the draft that comes back, wrong or not, so that the page can show it again.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from app.crypto.blind_index import phone_digits
from app.feedback.intake.door import Answer
from app.feedback.intake.draft import Draft
from app.i18n.messages import Message, message
from app.rules.kinds import Kind
from app.web import text_input
from app.web.privacy_hints import find_hints

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 5000
MOST_LINE = 200
OLDEST = timedelta(days=20 * 366)

Posted = Mapping[str, Sequence[str]]
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
WRITE_FIRST = message("Xin Ông/Bà viết nội dung rồi bấm Tiếp tục.")
TOO_SHORT = message(
    "Xin viết thêm vài chữ (ít nhất %(least)s ký tự): chuyện gì, ở đâu, Ông/Bà mong muốn gì.", least=LEAST_CHARACTERS
)
CHOOSE_KIND = message("Xin chọn một trong bốn loại.")
NO_SUCH_COUNTER = message("Quầy này không thuộc nơi đã chọn. Xin chọn lại.")
NO_SUCH_PROCEDURE = message("Không có thủ tục này. Xin tìm lại hoặc bỏ qua.")
BAD_DAY = message("Xin ghi ngày/tháng/năm như ví dụ ở ô này, hoặc để trống.")
IN_THE_FUTURE = message("Ngày này chưa đến. Xin ghi lại hoặc để trống.")
TOO_LONG_AGO = message("Ngày này đã quá lâu. Xin xem lại năm, hoặc để trống.")
CHOOSE_WHO = message("Xin chọn gửi ẩn danh hay để lại liên hệ.")
NAME_MISSING = message("Xin ghi họ và tên, hoặc chọn gửi ẩn danh.")
REACH_MISSING = message("Xin ghi ít nhất số điện thoại, thư điện tử hoặc địa chỉ, hoặc chọn gửi ẩn danh.")
BAD_PHONE = message("Số điện thoại gồm 8 đến 15 chữ số, ví dụ 0912 345 678.")
NOTICES_WHERE = message("Muốn nhận tin báo, xin để lại số điện thoại hoặc thư điện tử.")
BAD_EMAIL = message("Địa chỉ thư điện tử có dạng ten@noi.vn.")
LINE_TOO_LONG = message("Dài quá %(most)s ký tự. Xin rút ngắn.", most=MOST_LINE)
AGREE_FIRST = message("Xin chọn ô đồng ý, hoặc chọn gửi ẩn danh.")
CONTACT_FIELDS = ("name", "phone", "email", "address")


@dataclass(frozen=True, slots=True)
class Reading:
    """The draft with what was typed; ``wrong``: field → what to do; ``hints``: what looks like personal data.

    ``stays``: something was looked up or changed on the page, which is shown again.
    """

    draft: Draft
    wrong: Mapping[str, Message | str] = field(default_factory=dict)
    hints: tuple[Message, ...] = ()
    stays: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether the next page may follow."""
        return not self.wrong and not self.hints


def one(posted: Posted, name: str) -> str:
    """What was posted under a name, cleaned, in one line."""
    return " ".join(text_input.clean("".join(posted.get(name, ()))).split())


def is_trapped(posted: Posted) -> bool:
    """Whether a field that people cannot see was filled in."""
    return any(posted.get("website", ()))


def read_start(draft: Draft, posted: Posted) -> Reading:
    """What happened, and what it is about."""
    text = text_input.clean("".join(posted.get("text", ())))
    about = tuple(sorted({value for value in posted.get("about", ()) if value in set(Answer)}))
    changed = replace(draft, text=text, answers=about)
    wrong = problem_of_text(text)
    if wrong is not None:
        return Reading(changed, {"text": wrong})
    if posted.get("send_as_is") == ["1"] or text == draft.text:
        return Reading(changed)
    return Reading(changed, hints=tuple(hint.message for hint in find_hints(text)))


def problem_of_text(text: str) -> Message | str | None:
    """Why a cleaned text cannot be sent, or None."""
    if not text.strip():
        return WRITE_FIRST
    if len(text.strip()) < LEAST_CHARACTERS:
        return TOO_SHORT
    return text_input.problem(text, MOST_CHARACTERS)


def read_kind(draft: Draft, posted: Posted) -> Reading:
    """The track that was chosen."""
    value = one(posted, "kind")
    if value not in set(Kind):
        return Reading(draft, {"kind": CHOOSE_KIND})
    return Reading(draft.choosing(Kind(value)))


def read_guidance(draft: Draft, _posted: Posted) -> Reading:
    """The page was read."""
    return Reading(replace(draft, has_read_guidance=True))


def read_place(
    draft: Draft, posted: Posted, *, counters: Collection[int], procedures: Collection[int], today: date
) -> Reading:
    """Counter, procedure and day, once the unit is known."""
    wrong: dict[str, Message | str] = {}
    counter, procedure, day = one(posted, "counter"), one(posted, "procedure"), one(posted, "happened_on")
    if counter and _number(counter) not in counters:
        wrong["counter"] = NO_SUCH_COUNTER
    if procedure and _number(procedure) not in procedures:
        wrong["procedure"] = NO_SUCH_PROCEDURE
    happened = parse_day(day)
    if day and happened is None:
        wrong["happened_on"] = BAD_DAY
    elif happened is not None and happened > today:
        wrong["happened_on"] = IN_THE_FUTURE
    elif happened is not None and happened < today - OLDEST:
        wrong["happened_on"] = TOO_LONG_AGO
    changed = replace(
        draft,
        counter_id=_number(counter) if counter and "counter" not in wrong else None,
        procedure_id=_number(procedure) if procedure and "procedure" not in wrong else None,
        happened_on=happened.isoformat() if happened and "happened_on" not in wrong else "",
        is_remote=draft.chosen is Kind.COMPLAINT and posted.get("is_remote") == ["1"],
        typed_procedure=one(posted, "sought_procedure")[:MOST_LINE],
        has_place=not wrong,
    )
    return Reading(changed, wrong)


def read_contact(draft: Draft, posted: Posted) -> Reading:
    """Anonymous, or who may be reached how. Without a name nothing of what was typed is kept."""
    who = one(posted, "who")
    if who == "anonymous" or draft.is_information:
        return Reading(replace(draft, is_anonymous=True, name="", phone="", email="", address="", wants_notices=False))
    typed = {name: one(posted, name) for name in CONTACT_FIELDS}
    changed = replace(
        draft,
        is_anonymous=None if who != "named" else False,
        name=typed["name"],
        phone=typed["phone"],
        email=typed["email"],
        address=typed["address"],
        wants_notices=posted.get("notices") == ["1"],
    )
    if who != "named":
        return Reading(changed, {"who": CHOOSE_WHO})
    wrong = wrong_contact(typed)
    if changed.wants_notices and not (typed["phone"] or typed["email"]):
        wrong.setdefault("phone", NOTICES_WHERE)
    if posted.get("agree") != ["1"]:
        wrong["agree"] = AGREE_FIRST
    return Reading(changed, wrong)


def wrong_contact(typed: Mapping[str, str]) -> dict[str, Message | str]:
    """What is wrong with a name and ways to reach somebody, by field."""
    wrong: dict[str, Message | str] = {name: LINE_TOO_LONG for name, value in typed.items() if len(value) > MOST_LINE}
    wrong |= {name: broken for name, value in typed.items() if (broken := text_input.problem(value, MOST_LINE))}
    if not typed["name"]:
        wrong["name"] = NAME_MISSING
    if not any(typed[name] for name in ("phone", "email", "address")):
        wrong["phone"] = REACH_MISSING
    digits = phone_digits(typed["phone"])
    if typed["phone"] and not (8 <= len(digits) <= 15 and re.fullmatch(r"[\d\s+().\-]+", typed["phone"])):
        wrong.setdefault("phone", BAD_PHONE)
    if typed["email"] and not _EMAIL.fullmatch(typed["email"]):
        wrong.setdefault("email", BAD_EMAIL)
    return wrong


def parse_day(typed: str) -> date | None:
    """A day as people or browsers write it: 21/11/2026, 21.11.2026, 2026-11-21."""
    try:
        match = _DAY.fullmatch(typed)
        if match is not None:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(typed) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed) else None
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
