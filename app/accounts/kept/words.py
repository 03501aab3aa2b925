"""What a kept form is called, for people: its page by the endpoint it is sent to, else by the entry of the menu."""

from collections.abc import Mapping
from typing import Any

PAGES: Mapping[str, str] = {
    "case_answer.save": "Soạn câu trả lời",
    "case_answer.send": "Gửi câu trả lời",
    "case_answer.approve": "Duyệt câu trả lời",
    "case_bulk.submit": "Làm một lần cho nhiều đơn",
    "case_merging.merge": "Gộp đơn",
    "case_notes.add": "Ghi chú nội bộ",
    "case_register.add": "Vào sổ thay người dân",
    "denunciations_officer.act_submit": "Tin tố cáo: ghi việc đã làm",
    "dossiers_officer.letter_submit": "Thư xin lỗi",
    "findings.submit": "Trả lời kết quả kiểm tra lại",
    "letters.submit": "Lập văn bản của đơn",
    "publishing_officer.submit": "Công khai câu trả lời",
    "publishing_officer.withdraw": "Gỡ bản công khai",
    "rechecks.submit": "Kiểm tra lại một đơn",
    "redaction.submit_text": "Che thông tin cá nhân trong nội dung",
}
ACTS: Mapping[str, str] = {
    "ask": "Hỏi người gửi",
    "assign": "Giao người xử lý",
    "decide": "Quyết định về đề nghị của người gửi",
    "exclude": "Loại người có liên quan",
    "extend": "Gia hạn",
    "pause": "Tạm dừng thời hạn",
    "requalify": "Xếp lại loại",
    "return-answer": "Trả lại câu trả lời để sửa",
    "send-back": "Chuyển trả",
    "set-points": "Chia thành từng ý",
    "suspend": "Tạm đình chỉ",
    "transfer": "Chuyển đơn",
}
"""Acts on a case, by the last part of the address."""
SHORT = 40
ON_A_CASE = "Xử lý đơn"
OTHER = "Trang khác"
FIELDS: Mapping[str, str] = {
    "agreement": "Sự đồng ý của người gửi",
    "answer": "Câu trả lời",
    "answer-1": "Câu trả lời",
    "document": "Văn bản",
    "note": "Ghi chú",
    "points": "Các ý",
    "question": "Câu hỏi",
    "reason": "Lý do",
    "text": "Nội dung",
    "title": "Tiêu đề",
    "words": "Lời gửi người dân",
}


def page_name(endpoint: str, arguments: Mapping[str, Any], entry: str | None) -> str:
    """The name of the page a form belongs to; ``entry``: the words of its entry in the menu."""
    if endpoint == "case_acts.submit":
        return ACTS.get(str(arguments.get("act", "")), ON_A_CASE)
    return PAGES.get(endpoint) or entry or OTHER


def field_name(name: str, number: int, count: int) -> str:
    """The label of a text; a field that has no words here is told by its place."""
    if name in FIELDS:
        return FIELDS[name]
    return "Chữ đã gõ" if count == 1 else f"Chữ đã gõ, ô thứ {number}"


def is_text(value: str) -> bool:
    """Whether a person typed this, rather than chose it: words, not a code or a number."""
    return len(value) > SHORT or any(sign.isspace() or not sign.isascii() for sign in value)
