"""The letters there are, what an officer writes into each, and what each says (pure).

``CaseFacts`` is all a letter knows of a case, ``Sender`` all it may know of who sent it, and only with identity. The
copy for who is complained about is made from ``ConcernedFacts``, which has no place for either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.documents.paper import BLANK, Paper
from app.i18n.folding import fold
from app.rules.kinds import Kind

MOST_LINE = 300
MOST_TEXT = 5000


class Form(StrEnum):
    """Which letter. Readable values stay valid for ever."""

    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    TRANSFER = "transfer"
    REPLY = "reply"
    EXTENSION = "extension"
    CONCERNED = "concerned"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to write; ``is_long``: several lines."""

    name: str
    label: str
    hint: str = ""
    is_long: bool = True


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes: the unit, the one above it, whether its data are real."""

    name: str
    above: str = ""
    simulated: str = ""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a letter to the sender, or to another office that takes over, says of the case."""

    public_number: str
    kind: str
    received_on: str
    due_on: str = ""
    kind_code: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent the case. A letter without identity is made without one of these."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class ConcernedFacts:
    """What the copy for the accused, or the unit concerned, is made from.

    No number of the case, no day, no counter, no word of the sender: what stands in it the officer has written anew.
    """

    recipient: str
    content: str
    wanted: str
    answer_until: str


_SIGNER = (
    Field("authority", "Chức vụ người ký", "Như “CHỦ TỊCH” hoặc “KT. CHỦ TỊCH, PHÓ CHỦ TỊCH”.", is_long=False),
    Field("signer", "Họ tên người ký", "Để trống nếu chưa biết.", is_long=False),
)
_CONTENT = Field("content", "Tóm tắt nội dung", "Viết lại bằng lời của đơn vị.")
FIELDS: Mapping[Form, tuple[Field, ...]] = {
    Form.ACCEPTANCE: (_CONTENT, *_SIGNER),
    Form.REFUSAL: (_CONTENT, Field("reason", "Vì sao không tiếp nhận", "Nêu điều, khoản làm căn cứ."), *_SIGNER),
    Form.TRANSFER: (
        Field("recipient", "Cơ quan nhận", is_long=False),
        _CONTENT,
        Field("reason", "Căn cứ, lý do chuyển"),
        *_SIGNER,
    ),
    Form.REPLY: (_CONTENT, Field("answer", "Trả lời"), *_SIGNER),
    Form.EXTENSION: (
        Field("reason", "Vì sao gia hạn"),
        Field("new_due", "Hạn mới", "Như 31/12/2026.", is_long=False),
        *_SIGNER,
    ),
    Form.CONCERNED: (
        Field("recipient", "Gửi ai", "Cơ quan, đơn vị hoặc chức danh.", is_long=False),
        Field(
            "content",
            "Nội dung cần giải trình",
            "Viết lại bằng lời của đơn vị: không chép nguyên văn, không nêu ngày giờ, quầy, hồ sơ khiến người nhận "
            "đoán ra ai đã gửi.",
        ),
        Field("wanted", "Đề nghị"),
        Field("answer_until", "Trả lời trước ngày", "Như 31/12/2026.", is_long=False),
        *_SIGNER,
    ),
}
OPTIONAL = frozenset({"authority", "signer", "new_due", "answer_until"})
NAMES: Mapping[Form, str] = {
    Form.ACCEPTANCE: "Thông báo tiếp nhận, thụ lý",
    Form.REFUSAL: "Thông báo không tiếp nhận, không thụ lý",
    Form.TRANSFER: "Phiếu chuyển đơn",
    Form.REPLY: "Văn bản trả lời",
    Form.EXTENSION: "Thông báo gia hạn",
    Form.CONCERNED: "Văn bản gửi người hoặc đơn vị bị phản ánh",
}
PURPOSES: Mapping[Form, str] = {
    Form.ACCEPTANCE: "Báo cho người gửi rằng đơn vị đã nhận và sẽ giải quyết.",
    Form.REFUSAL: "Báo cho người gửi rằng đơn vị không giải quyết, và vì sao.",
    Form.TRANSFER: "Chuyển việc đến cơ quan có thẩm quyền, báo cho người gửi biết.",
    Form.REPLY: "Trả lời người gửi bằng văn bản có chữ ký, con dấu.",
    Form.EXTENSION: "Báo cho người gửi rằng việc cần thêm thời gian.",
    Form.CONCERNED: "Đề nghị người hoặc đơn vị bị phản ánh giải trình. Mẫu này không có chỗ ghi thông tin người gửi.",
}
DECISION = "Quyết định giải quyết khiếu nại"
WITH_IDENTITY = frozenset(Form) - {Form.CONCERNED}


_PLACES = frozenset(
    {
        *("province", "central_city", "rural_district", "urban_district", "town", "provincial_city", "municipal_city"),
        *("commune", "ward", "township", "special_zone"),
    }
)


def authority_of(name: str, unit_type: str) -> str:
    """The authority that writes for a unit: of a place not the place, but its People's Committee."""
    if unit_type not in _PLACES or fold(name).startswith(("uy ban", "ubnd")):
        return name
    return f"Ủy ban nhân dân {name[:1].lower()}{name[1:]}"


def names_of(kind_code: str) -> Mapping[Form, str]:
    """The letters about a kind of case by their names: a complaint is ended by a decision."""
    return {**NAMES, Form.REPLY: DECISION} if kind_code == Kind.COMPLAINT else NAMES


def offered(*, is_closed: bool, is_incompetent: bool) -> tuple[Form, ...]:
    """The letters that still mean something; one that refuses goes with an end for want of competence."""
    before_the_end = {Form.ACCEPTANCE, Form.EXTENSION} | (set() if is_incompetent else {Form.REFUSAL})
    return tuple(form for form in Form if not is_closed or form not in before_the_end)


def to_sender(form: Form, office: Office, facts: CaseFacts, given: Mapping[str, str], sender: Sender | None) -> Paper:
    """Any letter but the copy for who is concerned; ``sender`` None: without identity."""
    is_decision = form is Form.REPLY and facts.kind_code == Kind.COMPLAINT
    kind, symbol, subject = _DECISION_HEAD if is_decision else _HEADS[form]
    about = _about(facts, sender)
    addressed = given["recipient"] if form is Form.TRANSFER else _addressed(facts, sender)
    receivers = ("Như trên;", "Người gửi (để biết);") if form is Form.TRANSFER else ("Như trên;",)
    if is_decision:
        receivers = (f"{addressed};",)
    body = _DECISION_BODY if is_decision else _BODIES[form]
    return Paper(
        title=f"{names_of(facts.kind_code)[form]} {facts.public_number}",
        office=office.name,
        above=office.above,
        symbol=symbol,
        kind=kind,
        subject=subject.format(kind=facts.kind.lower()),
        to=() if is_decision else (addressed,),
        body=tuple(one for part in body for one in part.format(**_values(office, facts, about, given)).split("\n")),
        receivers=receivers,
        authority=given.get("authority") or "THỦ TRƯỞNG CƠ QUAN",
        signer=given.get("signer", ""),
        simulated=office.simulated,
    )


def to_concerned(office: Office, facts: ConcernedFacts, given: Mapping[str, str]) -> Paper:
    """The copy for the accused or the unit concerned."""
    until = f" trước ngày {facts.answer_until}" if facts.answer_until else ""
    closing = (
        f"Văn bản giải trình gửi về {office.name}{until}. Đề nghị không tìm cách xác định người phản ánh; làm lộ thông "
        "tin hoặc trả thù người phản ánh là vi phạm pháp luật."
    )
    body = (
        f"{office.name} nhận được thông tin phản ánh có nội dung như sau:",
        *facts.content.split("\n"),
        f"{office.name} đề nghị:",
        *facts.wanted.split("\n"),
        closing,
    )
    return Paper(
        title=NAMES[Form.CONCERNED],
        office=office.name,
        above=office.above,
        symbol="",
        subject="đề nghị giải trình nội dung phản ánh",
        to=(facts.recipient,),
        body=body,
        receivers=("Như trên;",),
        authority=given.get("authority") or "THỦ TRƯỞNG CƠ QUAN",
        signer=given.get("signer", ""),
        simulated=office.simulated,
    )


_HEADS: Mapping[Form, tuple[str, str, str]] = {
    Form.ACCEPTANCE: ("Thông báo", "TB", "Về việc tiếp nhận {kind}"),
    Form.REFUSAL: ("Thông báo", "TB", "Về việc không tiếp nhận {kind}"),
    Form.TRANSFER: ("Phiếu chuyển", "PC", "Chuyển {kind} đến cơ quan có thẩm quyền"),
    Form.REPLY: ("", "", "trả lời {kind}"),
    Form.EXTENSION: ("Thông báo", "TB", "Về việc gia hạn thời hạn giải quyết {kind}"),
}
_BODIES: Mapping[Form, tuple[str, ...]] = {
    Form.ACCEPTANCE: (
        "Ngày {received_on}, {office} nhận được {about}.",
        "Nội dung: {content}",
        "Sau khi xem xét, {office} tiếp nhận để giải quyết theo quy định.{due}",
        "{office} thông báo để Ông/Bà biết",
    ),
    Form.REFUSAL: (
        "Ngày {received_on}, {office} nhận được {about}.",
        "Nội dung: {content}",
        "Sau khi xem xét, {office} không tiếp nhận để giải quyết. Lý do: {reason}",
        "{office} thông báo để Ông/Bà biết",
    ),
    Form.TRANSFER: (
        "Ngày {received_on}, {office} nhận được {about}.",
        "Nội dung: {content}",
        "Căn cứ, lý do chuyển: {reason}",
        "{office} chuyển đến {recipient} để xem xét, giải quyết theo thẩm quyền và thông báo kết quả cho người gửi",
    ),
    Form.REPLY: (
        "Ngày {received_on}, {office} nhận được {about}.",
        "Nội dung: {content}",
        "{office} trả lời như sau:",
        "{answer}",
    ),
    Form.EXTENSION: (
        "Ngày {received_on}, {office} nhận được {about}.",
        "Việc giải quyết cần thêm thời gian. Lý do: {reason}",
        "Hạn giải quyết mới: {new_due}.",
        "{office} thông báo để Ông/Bà biết",
    ),
}

_DECISION_HEAD = ("Quyết định", "QĐ", "Về việc giải quyết {kind}")
_DECISION_BODY = (
    "Căn cứ Luật Khiếu nại;",
    "Xét {about}, nhận ngày {received_on}.",
    "Nội dung khiếu nại: {content}",
    "QUYẾT ĐỊNH:",
    "Điều 1. Giải quyết khiếu nại như sau:",
    "{answer}",
    (
        "Điều 2. Nếu không đồng ý với quyết định này, người khiếu nại có quyền khiếu nại tiếp (đối với quyết định giải "
        "quyết lần đầu) hoặc khởi kiện vụ án hành chính tại Tòa án, trong thời hạn do pháp luật quy định."
    ),
    "Điều 3. Người khiếu nại và cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành quyết định này",
)


def _values(office: Office, facts: CaseFacts, about: str, given: Mapping[str, str]) -> dict[str, str]:
    due = f" Hạn trả lời: ngày {facts.due_on}." if facts.due_on else ""
    names = ("content", "reason", "recipient", "answer", "new_due")
    texts = {name: given.get(name, "") or BLANK for name in names}
    return {"received_on": facts.received_on, "office": office.name, "about": about, "due": due, **texts}


def _about(facts: CaseFacts, sender: Sender | None) -> str:
    """The case, and who sent it if that may stand there."""
    about = f"{facts.kind.lower()} số {facts.public_number}"
    if sender is None:
        return about
    return f"{about} của Ông/Bà {sender.name or BLANK}" + (f", địa chỉ: {sender.address}" if sender.address else "")


def _addressed(facts: CaseFacts, sender: Sender | None) -> str:
    if sender is None:
        return f"Người gửi {facts.kind.lower()} số {facts.public_number}"
    return f"Ông/Bà {sender.name or BLANK}" + (f", {sender.address}" if sender.address else "")
