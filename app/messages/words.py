"""What administrators read about messages (pure): what kind, what became of it, why not; never to whom."""

from collections.abc import Mapping

from app.messages.states import Channel, MessageState

CHANNELS: Mapping[Channel, str] = {Channel.EMAIL: "Thư điện tử", Channel.PHONE: "Điện thoại"}
TEMPLATES: Mapping[str, str] = {
    "case-received": "Báo người gửi: đã nhận đơn",
    "case-noted": "Báo người gửi: đã nhận đơn",
    "case-answered": "Báo người gửi: đã có trả lời",
    "case-news": "Báo người gửi: có thông tin mới",
    "case-question": "Báo người gửi: có câu hỏi chờ",
    "contact-code": "Mã xác nhận địa chỉ của cán bộ",
    "officer-assigned": "Báo cán bộ: được giao đơn",
    "officer-new": "Báo cán bộ: đơn chuyển đến đơn vị",
    "officer-news": "Báo cán bộ: đơn có thông tin mới",
    "officer-due": "Nhắc cán bộ: sắp đến hạn",
    "officer-due-today": "Nhắc cán bộ: đến hạn hôm nay",
    "officer-late": "Báo lãnh đạo, cấp trên: quá hạn",
    "officer-digest": "Tổng hợp việc buổi sáng",
    "denunciation-received": "Báo cán bộ: có việc mới",
    "letter-owed": "Nhắc thư xin lỗi phải gửi",
}
TAGS: Mapping[MessageState, str] = {
    MessageState.WAITING: "plain",
    MessageState.SENDING: "plain",
    MessageState.SENT: "good",
    MessageState.MAYBE_SENT: "off",
    MessageState.DELIVERED: "good",
    MessageState.UNDELIVERED: "bad",
    MessageState.FAILED: "bad",
    MessageState.CANCELLED: "off",
}
FAILURES: Mapping[str, str] = {
    "no-connection": "Không nối được với máy chủ thư",
    "broken-off": "Đứt kết nối khi đang gửi",
    "no-answer": "Cổng tin nhắn không trả lời",
    "left-on-its-way": "Máy dừng khi đang gửi, không rõ tin đã đi chưa",
    "not-to-be-written": "Không soạn được tin từ những gì đã lưu",
    "too-often-left": "Máy dừng nhiều lần khi đang gửi, không rõ tin đã đi chưa",
    "not-in-time": "Quá giờ còn có ích nên không gửi",
    "no-longer-needed": "Không còn cần",
    "no-longer-allowed": "Người nhận không còn được biết việc này, đã đổi địa chỉ hoặc không muốn nhận",
}


REFUSALS: Mapping[str, str] = {
    "refused": "Nơi nhận từ chối",
    "later": "Nơi nhận tạm từ chối",
    "settings": "Máy chủ thư hoặc cổng tin nhắn không nhận từ hệ thống này, xin xem lại cài đặt",
}


def failure(code: str | None) -> str:
    """A failure in words; refusals with the number the other side gave."""
    if not code:
        return ""
    kind, _, number = code.rpartition("-")
    return f"{REFUSALS[kind]} (mã {number})" if kind in REFUSALS else FAILURES.get(code, code)
