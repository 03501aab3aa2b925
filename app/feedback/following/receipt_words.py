"""What a check of a receipt found, in sentences for people."""

from app.feedback.following.receipts import Finding, Verdict
from app.i18n.messages import Message, message

HEADINGS = {
    Finding.GENUINE: message("Biên nhận là thật"),
    Finding.NO_RECEIPT: message("Đây không phải là biên nhận"),
    Finding.CUT: message("Biên nhận bị cắt bớt"),
    Finding.ADDED: message("Biên nhận có dòng thêm vào"),
    Finding.ALTERED: message("Biên nhận đã bị sửa hoặc gõ sai"),
    Finding.UNKNOWN_KEY: message("Biên nhận được ký bằng khóa khác"),
    Finding.BAD_SIGNATURE: message("Chữ ký không khớp"),
    Finding.OTHER_TEXT: message("Biên nhận là thật, nhưng của nội dung khác"),
}
WHOLE = message("Số, thời điểm nhận, nơi nhận và dấu nội dung đúng như khi hệ thống ký.")
WHOLE_WITH_TEXT = message("Nội dung đưa vào đúng là nội dung đã được nhận, không sai một ký tự nào.")
SENTENCES = {
    Finding.NO_RECEIPT: message(
        "Không thấy dòng nào của biên nhận. Xin dán toàn bộ biên nhận, từ dòng tên đến dòng chữ ký."
    ),
    Finding.BAD_SIGNATURE: message(
        "Các dòng đọc được nhưng không phải những dòng đã được ký: số, thời điểm, nơi nhận, dấu nội dung hoặc chữ ký "
        "đã bị thay đổi. Biên nhận này không chứng minh được điều gì."
    ),
    Finding.OTHER_TEXT: message(
        "Biên nhận còn nguyên, nhưng nội dung đưa vào khác nội dung đã được nhận, dù chỉ một dấu cách. Xin dùng đúng "
        "nội dung đã gửi."
    ),
}


def sentence(verdict: Verdict) -> Message:
    """The finding in one sentence, with what it is about and what to do."""
    if verdict.finding is Finding.GENUINE:
        return WHOLE_WITH_TEXT if verdict.is_text_checked else WHOLE
    named = "; ".join(f"“{line[:80]}”" for line in verdict.lines)
    if verdict.finding is Finding.CUT:
        return message("Thiếu dòng %(lines)s. Xin dùng biên nhận đầy đủ.", lines=named)
    if verdict.finding is Finding.ADDED:
        return message("Dòng %(lines)s không thuộc biên nhận. Xin bỏ dòng đó rồi kiểm tra lại.", lines=named)
    if verdict.finding is Finding.ALTERED:
        return message(
            "Dòng %(lines)s không còn như khi được ký. Nếu gõ lại từ bản in, xin xem lại dòng này.", lines=named
        )
    if verdict.finding is Finding.UNKNOWN_KEY:
        return message(
            "Khóa %(lines)s không có trong các khóa công khai dùng để kiểm tra. Biên nhận do nơi khác ký, hoặc danh "
            "sách khóa chưa đủ.",
            lines=named,
        )
    return SENTENCES[verdict.finding]
