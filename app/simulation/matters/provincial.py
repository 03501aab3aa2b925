"""Matters of procedures that the province decides: enterprises, nationality, work (pure)."""

from app.simulation.matters.model import Group, Subject

ENTERPRISE = Group(
    ("doanh nghiệp",),
    (
        "Công ty đã ký hợp đồng thuê nhà xưởng từ đầu tháng.",
        "Đề nghị nêu hết các điểm cần sửa trong một lần.",
        "Tổng đài chuyển máy ba lần rồi ngắt.",
        "Chúng tôi nộp qua mạng, có chữ ký số.",
    ),
    (
        "Phòng đăng ký kinh doanh đã xem lại các lần thông báo",
        "Trung tâm đã làm việc với Sở Tài chính về hồ sơ này",
        "Đã kiểm tra lịch sử xử lý trên hệ thống đăng ký doanh nghiệp",
    ),
    (
        "Mỗi hồ sơ chỉ thông báo sửa đổi một lần, nêu hết các điểm",
        "Quầy số 1 có người trả lời điện thoại riêng cho doanh nghiệp",
        "Các lỗi thường gặp đã được đăng trên trang của trung tâm",
    ),
    "Sở Tài chính",
)
NATIONALITY = Group(
    ("Quốc tịch",),
    (
        "Tôi cần giấy để mua vé về nước.",
        "Mỗi lần hỏi lại được trả lời đang chờ xác minh.",
        "Đề nghị cho biết còn thiếu giấy gì.",
    ),
    (
        "Sở Tư pháp đã rà lại hồ sơ và các văn bản xác minh",
        "Trung tâm đã hỏi bộ phận thụ lý và cơ quan được hỏi xác minh",
    ),
    (
        "Người nộp được nhắn tin mỗi khi hồ sơ sang bước mới",
        "Danh mục giấy tờ thay thế đã được dán tại quầy",
    ),
    "Bộ Tư pháp",
)
WORK = Group(
    ("Việc làm",),
    (
        "Chuyên gia của công ty phải chờ, dây chuyền đứng máy.",
        "Đề nghị ghi rõ mẫu giấy xác nhận kinh nghiệm được chấp nhận.",
        "Chúng tôi đã nộp bổ sung ngay trong ngày.",
    ),
    (
        "Sở Nội vụ đã xem lại hồ sơ và phiếu yêu cầu bổ sung",
        "Trung tâm đã mời người nộp đến làm rõ tại quầy",
    ),
    (
        "Mẫu giấy xác nhận được chấp nhận đã đăng trên trang của trung tâm",
        "Hồ sơ bổ sung trong ngày được xử lý nối tiếp, không xếp lại từ đầu",
    ),
    "Sở Nội vụ",
)
PROVINCIAL: tuple[Subject, ...] = (
    Subject(
        "enterprise",
        ENTERPRISE,
        (
            "Hồ sơ đăng ký doanh nghiệp bị thông báo sửa đổi bốn lần",
            "Đăng ký thay đổi người đại diện công ty quá ba ngày làm việc chưa có kết quả",
            "Hỏi về ngành nghề có điều kiện ở quầy đăng ký doanh nghiệp không ai hướng dẫn",
        ),
        ("Thông báo sửa đổi hồ sơ doanh nghiệp nhiều lần", "Đăng ký thay đổi doanh nghiệp chậm"),
        (
            "Các điểm cần sửa đã được gộp một lần, hồ sơ đã được chấp thuận và trả kết quả",
            "Hồ sơ chậm do lỗi chữ ký số; chuyên viên đã hỗ trợ và trả giấy chứng nhận trong ngày",
            "Đã cử người hướng dẫn riêng về ngành nghề có điều kiện và gửi tài liệu cho công ty",
        ),
        "Giấy chứng nhận đã cấp; việc liên thông mã số thuế còn chờ cơ quan thuế",
        "Các lần thông báo đều vì tài liệu nộp lại vẫn thiếu chữ ký của thành viên góp vốn",
        procedure="9.000103",
    ),
    Subject(
        "nationality",
        NATIONALITY,
        (
            "Xin giấy xác nhận có quốc tịch Việt Nam đã hai tháng chưa có kết quả",
            "Hồ sơ quốc tịch bị yêu cầu nộp lại giấy tờ đã có trong lần nộp đầu",
        ),
        ("Xác nhận quốc tịch kéo dài", "Yêu cầu nộp lại giấy tờ đã có trong hồ sơ quốc tịch"),
        (
            "Kết quả xác minh đã về và giấy xác nhận đã trao; đơn vị xin lỗi vì không báo tiến độ",
            "Giấy tờ đã có thì không yêu cầu nộp lại; hồ sơ đã được thụ lý tiếp và có kết quả",
        ),
        "Đã có kết quả tra cứu trong nước; còn chờ trả lời của cơ quan đại diện ở nước ngoài",
        "Thời gian xác minh ở cơ quan khác không tính vào thời hạn, như đã ghi trên phiếu hẹn",
        procedure="9.000104",
    ),
    Subject(
        "work_permit",
        WORK,
        (
            "Giấy phép lao động cho chuyên gia của công ty chậm hơn ngày hẹn",
            "Hồ sơ giấy phép lao động bị trả vì mẫu giấy xác nhận kinh nghiệm",
        ),
        ("Giấy phép lao động cấp chậm", "Mẫu giấy xác nhận kinh nghiệm trong hồ sơ giấy phép lao động"),
        (
            "Giấy phép đã cấp; phần chậm là do chuyển bước trên phần mềm, bộ phận đã rút kinh nghiệm",
            "Mẫu công ty dùng được chấp nhận; hồ sơ đã được xử lý tiếp và có kết quả",
        ),
        "Giấy phép của hai người đã cấp; hồ sơ còn lại chờ công ty bổ sung bằng cấp",
        "Giấy xác nhận do chính chuyên gia tự ký nên không thay được giấy của nơi làm việc cũ",
        procedure="9.000105",
    ),
)
