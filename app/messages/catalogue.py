"""Every message that may be sent, with its words (pure).

Fields are codes, numbers, dates and names of units, each checked by its form: nothing that a stranger typed can get
into a message, so that nobody can use our mail to carry theirs. What speaks of denunciations names no unit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Field(Enum):
    """What a field may hold; the value is the form it must have whole."""

    PUBLIC_NUMBER = re.compile(r"[A-Z]{2}(-[0-9A-Z]{3,8}){1,5}")
    DATE = re.compile(r"\d{2}/\d{2}/\d{4}")
    DUE = re.compile(r"\d{2}/\d{2}/\d{4}|-")  # a day, or that the law sets none
    COUNT = re.compile(r"\d{1,7}")
    PROOF = re.compile(r"\d{6}")
    UNIT = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029<>:@]{1,300}")


class BadMessage(Exception):
    """A message was asked for that the catalogue does not know, or with fields that do not fit: a mistake of ours."""


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body of an e-mail, and the words for a telephone."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message. ``link`` is the page of the product that it leads to, never a case."""

    fields: Mapping[str, Field]
    link: str
    texts: Mapping[str, Text]
    is_about_denunciations: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is sent."""

    subject: str
    body: str
    short: str


SIGNED = "\n\nThư này do hệ thống Lắng Nghe gửi tự động. Xin không trả lời thư này."
SIGNED_EN = "\n\nThis message was sent automatically by Lắng Nghe. Please do not reply."

TEMPLATES: Mapping[str, Template] = {
    "case-received": Template(
        fields={"number": Field.PUBLIC_NUMBER, "due": Field.DATE},
        link="/follow",
        texts={
            "vi": Text(
                "Đã nhận đơn {number}",
                "Đơn số {number} của Ông/Bà đã được nhận. Hạn trả lời: {due}.\n"
                "Xem tình trạng tại {link} bằng mã bí mật đã được cấp khi gửi.",
                "Lang Nghe: da nhan don {number}, han tra loi {due}. Xem: {link}",
            ),
            "en": Text(
                "Your feedback {number} was received",
                "Your feedback {number} was received. An answer is due by {due}.\n"
                "See where it stands at {link} with the secret code you were given.",
                "Lang Nghe: feedback {number} received, answer due {due}. See: {link}",
            ),
        },
    ),
    "case-noted": Template(
        fields={"number": Field.PUBLIC_NUMBER},
        link="/follow",
        texts={
            "vi": Text(
                "Đã nhận đơn {number}",
                "Đơn số {number} của Ông/Bà đã được nhận.\n"
                "Xem tình trạng tại {link} bằng mã bí mật đã được cấp khi gửi.",
                "Lang Nghe: da nhan don {number}. Xem: {link}",
            ),
            "en": Text(
                "Your feedback {number} was received",
                "Your feedback {number} was received.\n"
                "See where it stands at {link} with the secret code you were given.",
                "Lang Nghe: feedback {number} received. See: {link}",
            ),
        },
    ),
    "case-answered": Template(
        fields={"number": Field.PUBLIC_NUMBER},
        link="/follow",
        texts={
            "vi": Text(
                "Đã có trả lời cho đơn {number}",
                "Cơ quan xử lý đã trả lời đơn số {number} của Ông/Bà. Đọc trả lời, cho biết ý kiến hoặc đề nghị "
                "xem lại tại {link} bằng mã bí mật.",
                "Lang Nghe: da co tra loi cho don {number}. Xem: {link}",
            ),
            "en": Text(
                "Your feedback {number} was answered",
                "The office has answered your feedback {number}. Read the answer, rate it or ask for another look at "
                "{link} with your secret code.",
                "Lang Nghe: feedback {number} was answered. See: {link}",
            ),
        },
    ),
    "case-news": Template(
        fields={"number": Field.PUBLIC_NUMBER},
        link="/follow",
        texts={
            "vi": Text(
                "Đơn {number} có thông tin mới",
                "Đơn số {number} của Ông/Bà có thông tin mới. Xem tại {link} bằng mã bí mật.",
                "Lang Nghe: don {number} co thong tin moi. Xem: {link}",
            ),
            "en": Text(
                "News about your feedback {number}",
                "There is news about your feedback {number}. See it at {link} with your secret code.",
                "Lang Nghe: news about feedback {number}. See: {link}",
            ),
        },
    ),
    "case-question": Template(
        fields={"number": Field.PUBLIC_NUMBER, "until": Field.DATE},
        link="/follow",
        texts={
            "vi": Text(
                "Cơ quan hỏi thêm về đơn {number}",
                "Cơ quan xử lý có câu hỏi về đơn số {number}. Xin Ông/Bà trả lời trước hết ngày {until} "
                "tại {link} bằng mã bí mật.",
                "Lang Nghe: co quan hoi them ve don {number}, xin tra loi truoc het ngay {until}: {link}",
            ),
            "en": Text(
                "A question about your feedback {number}",
                "The office has a question about your feedback {number}. Please answer by {until} at {link} "
                "with your secret code.",
                "Lang Nghe: a question about feedback {number}, please answer by {until}: {link}",
            ),
        },
    ),
    "contact-code": Template(
        fields={"code": Field.PROOF},
        link="/officer/account/contacts",
        texts={
            "vi": Text(
                "Mã xác nhận địa chỉ nhận nhắc việc",
                "Mã xác nhận: {code}. Nhập mã này trong 30 phút tại {link}.\n"
                "Nếu Ông/Bà không yêu cầu mã này, xin bỏ qua thư.",
                "Lang Nghe: ma xac nhan {code}, dung trong 30 phut tai {link}",
            )
        },
    ),
    "officer-assigned": Template(
        fields={"number": Field.PUBLIC_NUMBER, "due": Field.DUE},
        link="/officer/cases",
        texts={
            "vi": Text(
                "Được giao xử lý {number}",
                "Ông/Bà được giao xử lý đơn {number}. Hạn: {due}. Mở tại {link}.",
                "Lang Nghe: duoc giao xu ly {number}, han: {due}. {link}",
            )
        },
    ),
    "officer-new": Template(
        fields={"number": Field.PUBLIC_NUMBER, "due": Field.DUE},
        link="/officer/cases",
        texts={
            "vi": Text(
                "Đơn {number} vừa chuyển đến đơn vị",
                "Đơn {number} vừa được chuyển đến đơn vị của Ông/Bà và chờ phân công. Hạn: {due}. Mở tại {link}.",
                "Lang Nghe: don {number} vua chuyen den, han: {due}. {link}",
            )
        },
    ),
    "officer-news": Template(
        fields={"number": Field.PUBLIC_NUMBER},
        link="/officer/cases",
        texts={
            "vi": Text(
                "Đơn {number} có thông tin mới",
                "Người gửi vừa bổ sung hoặc đề nghị về đơn {number}. Mở tại {link}.",
                "Lang Nghe: don {number} co thong tin moi. {link}",
            )
        },
    ),
    "officer-due": Template(
        fields={"number": Field.PUBLIC_NUMBER, "due": Field.DATE, "days": Field.COUNT},
        link="/officer/cases",
        texts={
            "vi": Text(
                "Đơn {number} sắp đến hạn",
                "Đơn {number} còn {days} ngày làm việc, hạn {due}. Mở tại {link}.",
                "Lang Nghe: {number} con {days} ngay lam viec, han {due}. {link}",
            )
        },
    ),
    "officer-due-today": Template(
        fields={"number": Field.PUBLIC_NUMBER},
        link="/officer/cases",
        texts={
            "vi": Text(
                "Đơn {number} đến hạn hôm nay",
                "Hôm nay là ngày cuối cùng để trả lời đơn {number}. Mở tại {link}.",
                "Lang Nghe: {number} den han hom nay. {link}",
            )
        },
    ),
    "officer-late": Template(
        fields={"number": Field.PUBLIC_NUMBER, "due": Field.DATE, "unit": Field.UNIT},
        link="/officer/cases",
        texts={
            "vi": Text(
                "Đơn {number} đã quá hạn",
                "Đơn {number} của {unit} đã quá hạn {due}. Mở tại {link}.",
                "Lang Nghe: {number} da qua han {due}. {link}",
            )
        },
    ),
    "officer-digest": Template(
        fields={
            "open": Field.COUNT,
            "mine": Field.COUNT,
            "new": Field.COUNT,
            "soon": Field.COUNT,
            "late": Field.COUNT,
            "asked": Field.COUNT,
            "ending": Field.COUNT,
        },
        link="/officer/today",
        texts={
            "vi": Text(
                "Việc hôm nay: {late} quá hạn, {soon} sắp đến hạn, {new} mới",
                "Những đơn Ông/Bà được xem:\n"
                "- Chưa kết thúc: {open}; đang xử lý, giao cho Ông/Bà: {mine}\n"
                "- Mới nhận, chưa ai xử lý: {new}\n"
                "- Sắp đến hạn: {soon}\n"
                "- Quá hạn: {late}\n"
                "- Người gửi đề nghị, chờ Ông/Bà quyết định: {asked}\n"
                "- Câu hỏi gửi người dân sắp hết hạn trả lời: {ending}\n"
                "Mở tại {link}.",
                "Lang Nghe: {late} qua han, {soon} sap den han, {new} moi. {link}",
            )
        },
    ),
    "denunciation-received": Template(
        fields={},
        link="/officer",
        is_about_denunciations=True,
        texts={
            "vi": Text(
                "Có việc mới cần Ông/Bà xem",
                "Có việc mới trong hệ thống cần chính Ông/Bà xem. Xin đăng nhập tại {link}.",
                "Lang Nghe: co viec moi can Ong/Ba xem. {link}",
            )
        },
    ),
    "letter-owed": Template(
        fields={"count": Field.COUNT, "until": Field.DATE},
        link="/officer/dossiers/letters",
        texts={
            "vi": Text(
                "Còn {count} thư xin lỗi phải gửi",
                "Còn {count} thư xin lỗi vì hồ sơ trễ hạn; hạn gửi thư gần nhất: hết ngày {until}. Mở tại {link}.",
                "Lang Nghe: con {count} thu xin loi phai gui, han gan nhat het ngay {until}. {link}",
            )
        },
    ),
}


def unit_field(name: str) -> str:
    """The name of a unit as ``Field.UNIT`` takes it: what could begin an address or a new line becomes a space."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029<>:@]", " ", name).split())[:300] or "đơn vị"


def check(code: str, values: Mapping[str, str]) -> Template:
    """The template, if the values fit it whole.

    Raises
    ------
    BadMessage
        For an unknown template, a field too few or too many, or a value of another form.
    """
    template = TEMPLATES.get(code)
    if template is None:
        raise BadMessage(f"There is no message {code!r}.")
    if set(values) != set(template.fields):
        raise BadMessage(f"The message {code!r} takes the fields {sorted(template.fields)}.")
    for name, kind in template.fields.items():
        if not kind.value.fullmatch(values[name]):
            raise BadMessage(f"The field {name!r} of the message {code!r} has another form.")
    return template


def render(code: str, values: Mapping[str, str], language: str, public_url: str) -> Rendered:
    """The words of a message; a language it does not have falls back to Vietnamese. Raises ``BadMessage``."""
    template = check(code, values)
    chosen = language if language in template.texts else "vi"
    text = template.texts[chosen]
    filled = {**values, "link": f"{public_url}{template.link}"}
    signed = SIGNED_EN if chosen == "en" else SIGNED
    return Rendered(
        text.subject.format_map(filled), text.body.format_map(filled) + signed, text.short.format_map(filled)
    )
