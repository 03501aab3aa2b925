"""What officers and senders of simulated cases say beside texts and answers (pure)."""

QUESTIONS = (
    "Việc xảy ra vào khoảng mấy giờ?",
    "Ông/Bà nộp hồ sơ ngày nào, ở quầy số mấy?",
    "Ông/Bà còn giữ phiếu hẹn không, trên phiếu ghi ngày nào?",
    "Ông/Bà có thể cho biết mã hồ sơ ghi trên giấy tiếp nhận không?",
    "Hôm ấy Ông/Bà làm việc với người ở quầy nào?",
)
REPLIES = (
    "Khoảng 9 giờ sáng.",
    "Tôi nộp hôm đầu tuần, quầy số 2.",
    "Còn giữ phiếu hẹn, ghi ngày thứ sáu tuần trước.",
    "Mã ghi trên giấy bị mờ, tôi chỉ đọc được mấy số cuối.",
    "Tôi không nhớ tên, chỉ nhớ là quầy gần cửa ra vào.",
)
KINDS_MISTAKEN = (
    "Người gửi góp ý cách làm, không phản ánh một sự việc cụ thể.",
    "Nội dung nêu một sự việc cần trả lời, không phải góp ý chung.",
)
PRIVATE = (
    "Nội dung có hoàn cảnh gia đình và sức khỏe của người gửi.",
    "Nội dung có thông tin về người khác không liên quan.",
)
PASSED_ON = (
    "Việc cần cấp tỉnh quyết định; đơn vị đã gửi kèm hồ sơ liên quan.",
    "Nội dung thuộc thẩm quyền của cấp trên, đơn vị chuyển để được xem xét.",
)
NOT_YET = (
    "Câu trả lời chưa đúng việc tôi hỏi.",
    "Tôi đến quầy thì mọi việc vẫn như cũ, đề nghị xem lại.",
    "Trả lời đã giải quyết nhưng tôi chưa nhận được kết quả.",
)
DECIDED = {
    True: (
        "Đơn vị nhận thấy câu trả lời trước chưa nói hết, xin xem xét lại.",
        "Có tình tiết mới do người gửi nêu, đơn vị mở lại để kiểm tra.",
    ),
    False: (
        "Nội dung đã được trả lời đầy đủ, không có tình tiết mới.",
        "Việc người gửi nêu thêm là một việc khác, xin gửi thành đơn mới.",
    ),
}
ALWAYS_THE_SAME = (
    "Đơn vị đã tiếp thu ý kiến của Ông/Bà, sẽ kiểm tra và rút kinh nghiệm trong thời gian tới. (Câu trả lời mô phỏng.)"
)
RATED = {
    2: ("Trả lời chung chung.", "Giải quyết còn chậm.", ""),
    3: ("Tạm được.", "", ""),
    4: ("Cảm ơn đơn vị đã trả lời.", "", ""),
    5: ("Rất hài lòng, đã được gọi điện xin lỗi.", "Giải quyết nhanh, cảm ơn.", "", ""),
}
