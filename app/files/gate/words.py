"""What a refusal means and what to do, in the words of citizens. Pages say them in the language asked for (pure)."""

from app.files.gate.limits import ORDINARY, Allowed
from app.files.gate.refusals import FileRefused, Refusal
from app.i18n.messages import Message, message

MEGABYTE = 1024 * 1024


def words(code: Refusal, allowed: Allowed = ORDINARY) -> Message:
    """The sentences for a refusal."""
    if code is Refusal.TOO_LARGE:
        return message(
            "Tệp lớn hơn %(most)s MB. Xin Ông/Bà chọn ảnh nhỏ hơn, hoặc chụp lại màn hình ảnh ấy rồi gửi.",
            most=allowed.most_bytes // MEGABYTE,
        )
    if code is Refusal.TOO_MANY:
        return message("Chỉ gửi được %(most)s tệp. Xin Ông/Bà bỏ bớt những tệp ít cần hơn.", most=allowed.most_files)
    if code is Refusal.TOO_MANY_PIXELS:
        return message(
            "Ảnh có hơn %(most)s triệu điểm ảnh. Xin Ông/Bà chụp lại màn hình ảnh ấy, hoặc chọn cỡ ảnh nhỏ hơn.",
            most=allowed.most_pixels // 1_000_000,
        )
    return _WORDS[code]


def refused(code: Refusal, allowed: Allowed = ORDINARY) -> FileRefused:
    """The error to raise."""
    return FileRefused(code, words(code, allowed))


_WORDS: dict[Refusal, Message] = {
    Refusal.EMPTY: message("Tệp không có nội dung. Xin Ông/Bà chọn lại tệp."),
    Refusal.UNKNOWN_TYPE: message(
        "Không nhận loại tệp này. Xin Ông/Bà gửi ảnh (JPEG, PNG, WebP) hoặc PDF; với giấy tờ khác, xin chụp ảnh lại."
    ),
    Refusal.NAME_DIFFERS: message(
        "Tên tệp không đúng với nội dung bên trong. Xin Ông/Bà mở tệp, lưu lại thành ảnh JPEG hoặc PDF rồi gửi."
    ),
    Refusal.NO_HEIC: message(
        "Hệ thống chưa nhận ảnh HEIC. Xin Ông/Bà chụp lại màn hình ảnh ấy, hoặc đặt máy ảnh ở chế độ tương thích nhất."
    ),
    Refusal.ANIMATED: message("Không nhận ảnh động. Xin Ông/Bà chụp lại màn hình ảnh ấy rồi gửi."),
    Refusal.UNREADABLE: message("Tệp bị hỏng hoặc tải lên chưa đủ. Xin Ông/Bà mở thử tệp, rồi gửi lại hoặc chụp lại."),
    Refusal.TOOK_TOO_LONG: message(
        "Tệp quá phức tạp, hệ thống không xử lý được. Xin Ông/Bà chụp ảnh nội dung cần gửi rồi gửi ảnh ấy."
    ),
    Refusal.MALWARE: message(
        "Phần mềm diệt vi-rút báo tệp có mã độc nên tệp đã bị xóa. "
        "Xin Ông/Bà chụp ảnh nội dung cần gửi, và kiểm tra máy của mình."
    ),
    Refusal.PDF_LOCKED: message("Tệp PDF có mật khẩu. Xin Ông/Bà bỏ mật khẩu rồi gửi lại, hoặc chụp ảnh từng trang."),
    Refusal.PDF_ACTIVE: message(
        "Tệp PDF có chứa chương trình hoặc biểu mẫu động. Xin Ông/Bà in tệp ra PDF rồi gửi, hoặc chụp ảnh từng trang."
    ),
    Refusal.PDF_ATTACHMENTS: message(
        "Tệp PDF có tệp khác kèm bên trong. Xin Ông/Bà in tệp ra PDF rồi gửi, hoặc gửi riêng từng tệp."
    ),
    Refusal.PDF_TOO_LONG: message("Tệp PDF có quá nhiều trang. Xin Ông/Bà chỉ gửi những trang cần thiết."),
    Refusal.LOST: message("Không đọc lại được tệp đã gửi. Xin Ông/Bà gửi lại tệp."),
}
