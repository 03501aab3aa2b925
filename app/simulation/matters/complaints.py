"""What formal complaints are about: always a decision or an act of the unit itself (pure)."""

from app.simulation.matters.model import Group, Subject

DECISIONS = Group(
    (),
    (
        "Quyết định không nêu căn cứ và không cho tôi giải trình. Đề nghị hủy quyết định.",
        "Tôi cho rằng việc này trái quy định và gây thiệt hại cho gia đình. Đề nghị xem xét lại.",
        "Tôi gửi kèm bản sao giấy tờ và đề nghị được đối thoại.",
        "Tôi biết quyết định này khi nhận được qua bưu điện tuần trước.",
    ),
    (
        "Người giải quyết khiếu nại đã giao xác minh và đối thoại với người khiếu nại",
        "Đã xác minh hồ sơ ban hành quyết định và nghe ý kiến hai bên",
        "Tổ xác minh đã làm việc với bộ phận ban hành và đối thoại với người khiếu nại",
    ),
    (
        "Quyết định giải quyết đã gửi người khiếu nại và công khai theo luật",
        "Nếu không đồng ý, người khiếu nại có quyền khiếu nại lần hai hoặc khởi kiện tại Tòa án",
    ),
)
COMPLAINTS: tuple[Subject, ...] = (
    Subject(
        "licence",
        DECISIONS,
        ("Tôi khiếu nại quyết định thu hồi giấy chứng nhận đăng ký hộ kinh doanh",),
        ("Khiếu nại quyết định thu hồi giấy đăng ký hộ kinh doanh",),
        (
            "Nội dung khiếu nại là đúng; quyết định thu hồi đã được hủy và giấy đăng ký có hiệu lực trở lại",
            "Quyết định thu hồi ban hành khi chưa báo trước; đơn vị đã hủy và xin lỗi",
        ),
        "Khiếu nại đúng một phần: thời điểm thu hồi được sửa lại, phần còn lại giữ nguyên",
        "Quyết định ban hành đúng thẩm quyền, trình tự và căn cứ",
        procedure="1.001612",
    ),
    Subject(
        "refused_file",
        DECISIONS,
        (
            "Tôi khiếu nại việc từ chối tiếp nhận hồ sơ đất đai của gia đình",
            "Tôi khiếu nại văn bản trả lại hồ sơ cấp giấy chứng nhận lần đầu",
        ),
        ("Khiếu nại việc từ chối tiếp nhận hồ sơ đất đai",),
        (
            "Việc từ chối không có căn cứ; hồ sơ đã được tiếp nhận và tính hạn từ ngày nộp đầu tiên",
            "Văn bản trả lại đã được thu hồi và hồ sơ được thụ lý",
        ),
        "Khiếu nại đúng một phần: hồ sơ được tiếp nhận, nhưng phải bổ sung bản vẽ ranh giới",
        "Thửa đất đang có tranh chấp được thụ lý nên chưa đủ điều kiện tiếp nhận",
        procedure="9.000101",
    ),
    Subject(
        "stopped_allowance",
        DECISIONS,
        ("Tôi khiếu nại quyết định thôi hưởng trợ cấp xã hội",),
        ("Khiếu nại quyết định thôi hưởng trợ cấp xã hội",),
        (
            "Quyết định thôi hưởng đã được thu hồi và gia đình được truy lĩnh",
            "Sau khi xác minh lại hoàn cảnh, trợ cấp được tiếp tục từ tháng bị dừng",
        ),
        "Khiếu nại đúng một phần: trợ cấp được khôi phục từ tháng xác minh lại",
        "Người hưởng đã chuyển nơi cư trú sang tỉnh khác nên trợ cấp do nơi mới chi trả",
        procedure="1.001776",
    ),
)
