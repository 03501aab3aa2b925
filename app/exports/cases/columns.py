"""The columns of a file of cases (pure). Who sent a case stands in columns of their own, in another kind of file."""

from app.exports.definitions import Column, Kind

VERSION = 2
COLUMNS: tuple[Column, ...] = (
    Column("number", "Số đơn"),
    Column("kind_code", "Mã loại"),
    Column("kind", "Loại"),
    Column("form", "Đủ hình thức"),
    Column("stage", "Lần xem xét", Kind.WHOLE),
    Column("state", "Trạng thái"),
    Column("outcome", "Kết quả"),
    Column("unit_code", "Mã đơn vị xử lý"),
    Column("unit", "Đơn vị xử lý"),
    Column("concerned_unit", "Nói về đơn vị"),
    Column("counter", "Quầy"),
    Column("procedure_code", "Mã thủ tục"),
    Column("procedure", "Thủ tục"),
    Column("field", "Lĩnh vực"),
    Column("channel", "Cách gửi"),
    Column("system", "Hệ thống gửi"),
    Column("received_on", "Nhận ngày", Kind.DATE),
    Column("due_on", "Hạn trả lời", Kind.DATE),
    Column("closed_on", "Kết thúc ngày", Kind.DATE),
    Column("days_late", "Số ngày quá hạn", Kind.WHOLE),
    Column("reopened", "Số lần mở lại", Kind.WHOLE),
    Column("rating", "Điểm người gửi cho", Kind.WHOLE),
    Column("assignee", "Người xử lý"),
    Column("anonymous", "Ẩn danh"),
    Column("private", "Chế độ"),
    Column("text", "Nội dung"),
    Column("answer", "Trả lời gần nhất"),
)
CONTACT: tuple[Column, ...] = (
    Column("sender_name", "Họ tên người gửi"),
    Column("sender_phone", "Điện thoại người gửi"),
    Column("sender_email", "Thư điện tử người gửi"),
    Column("sender_address", "Địa chỉ người gửi"),
)
KIND_CODES = {"petition": "PAKN", "complaint": "KN", "suggestion": "GY"}
PRIVATE = "KHÔNG CÔNG KHAI"
PRIVATE_NOTE = f"Đơn ghi “{PRIVATE}” ở cột Chế độ: không đưa ra ngoài, không trích dẫn nguyên văn."
TEXT_NOTE = "Nội dung do người dân tự viết, có thể có dữ liệu cá nhân: không chuyển tiếp nguyên văn."
YES, NO = "Có", "Không"


def columns(*, with_contact: bool) -> tuple[Column, ...]:
    """The columns of one kind of file."""
    return (*COLUMNS, *CONTACT) if with_contact else COLUMNS
