"""What simulated cases are about (pure): texts that fit the counter, and answers that fit subject and outcome.

Nobody real is named. Each opening belongs to one subject alone, so that the subject of a text is found again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.feedback.cases.kinds import Outcome

SIMULATED = "(Nội dung mô phỏng.)"


@dataclass(frozen=True, slots=True)
class Subject:
    """A matter people write about. ``fields``: words of counters where it comes up, none for everywhere.

    ``title``, ``done`` and ``partly`` are what the unit says; ``procedure`` is the code of one, where it is about one.
    """

    name: str
    fields: tuple[str, ...]
    openings: tuple[str, ...]
    details: tuple[str, ...]
    title: str
    done: tuple[str, ...]
    partly: str
    refusal: str
    procedure: str = ""
    is_idea: bool = False


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "land_late",
        ("Đất đai",),
        (
            "Hồ sơ cấp giấy chứng nhận quyền sử dụng đất của gia đình tôi trễ hẹn",
            "Hồ sơ tách thửa nộp từ đầu tháng đến nay vẫn chưa có kết quả",
            "Phiếu hẹn trả kết quả đất đai đã quá ngày mà không ai báo trước",
        ),
        (
            "Tôi đã đến hỏi hai lần, lần nào cũng được hẹn sang tuần sau.",
            "Đề nghị cho biết hồ sơ đang ở bước nào và bao giờ có kết quả.",
            "Tra cứu trên cổng chỉ thấy dòng đang xử lý.",
        ),
        "Hồ sơ đất đai trả chậm so với phiếu hẹn",
        (
            "Hồ sơ chậm ở khâu đo đạc lại ranh giới; đơn vị đã xin lỗi bằng văn bản và hẹn lại ngày trả",
            "Đã rà soát các hồ sơ đất đai quá hạn, trả kết quả và gọi báo cho người nộp",
        ),
        "Phần lấy ý kiến về ranh giới đã xong; phần xác định nghĩa vụ tài chính còn chờ cơ quan thuế",
        "Hồ sơ vẫn trong thời hạn ghi trên phiếu hẹn; ngày người gửi nêu là ngày của lần nộp đã rút",
    ),
    Subject(
        "land_papers",
        ("Đất đai",),
        (
            "Nộp hồ sơ sang tên đất phải bổ sung giấy tờ ba lần",
            "Quầy đất đai yêu cầu thêm giấy xác nhận không có trong danh mục niêm yết",
        ),
        (
            "Mỗi lần đến lại được yêu cầu thêm một giấy khác.",
            "Tôi phải nghỉ làm ba buổi chỉ vì việc này.",
            "Đề nghị hướng dẫn một lần cho đủ, ghi ra giấy.",
        ),
        "Yêu cầu bổ sung giấy tờ nhiều lần ở quầy đất đai",
        (
            "Đã nhắc nhở người hướng dẫn; từ nay mỗi hồ sơ chỉ yêu cầu bổ sung một lần, bằng phiếu",
            "Đơn vị bỏ giấy tờ không có trong danh mục và đã tiếp nhận hồ sơ",
        ),
        "Đã bỏ một giấy tờ không có căn cứ; giấy còn lại vẫn cần theo quy định hiện hành",
        "Giấy tờ được yêu cầu có trong thành phần hồ sơ đã niêm yết",
    ),
    Subject(
        "birth",
        ("Hộ tịch",),
        (
            "Giấy khai sinh của con tôi in sai tên đệm",
            "Bảng niêm yết thủ tục khai sinh đã cũ, khác với hướng dẫn trên cổng dịch vụ công",
            "Đăng ký khai sinh nộp trực tuyến nhưng vẫn bị yêu cầu mang bản giấy",
        ),
        (
            "Tôi phát hiện khi làm thẻ bảo hiểm cho cháu.",
            "Đề nghị kiểm tra và cho biết phải làm gì.",
            "Người ở quầy nói không rõ, bảo tôi hỏi nơi khác.",
        ),
        "Thủ tục đăng ký khai sinh",
        (
            "Đã đối chiếu sổ hộ tịch, cải chính và trả bản mới, không thu phí",
            "Đã thay bảng niêm yết theo bộ thủ tục hiện hành và hướng dẫn lại bộ phận hộ tịch",
        ),
        "Bảng niêm yết đã thay; việc kết nối dữ liệu với bảo hiểm còn chờ cơ quan bảo hiểm",
        "Thông tin trên giấy khai sinh trùng với tờ khai có chữ ký của người đi khai",
        procedure="1.001193",
    ),
    Subject(
        "certify",
        ("Hộ tịch", "Chứng thực"),
        (
            "Chứng thực bản sao phải chờ từ đầu giờ đến gần trưa",
            "Quầy chứng thực trả bản sao vào hôm sau dù nộp buổi sáng",
            "Lệ phí chứng thực thu khác với bảng niêm yết",
        ),
        (
            "Có hơn hai mươi người chờ mà chỉ mở một quầy.",
            "Đề nghị ghi rõ giờ trả và lệ phí ngay tại quầy.",
            "Tôi chỉ có năm trang cần sao.",
        ),
        "Thời gian chờ và lệ phí chứng thực bản sao",
        (
            "Đã mở thêm quầy chứng thực vào đầu giờ sáng và trả trong buổi",
            "Đã niêm yết lại lệ phí chữ to tại quầy và hoàn phần thu nhầm",
        ),
        "Đã trả bản sao trong buổi; việc thêm người trực còn chờ bố trí biên chế",
        "Biên lai cho thấy số tiền thu đúng số trang theo mức niêm yết",
        procedure="2.000815",
    ),
    Subject(
        "business",
        ("Kinh doanh", "doanh nghiệp"),
        (
            "Đăng ký hộ kinh doanh qua mạng bị trả lại mà không ghi lý do",
            "Mã ngành trên giấy đăng ký kinh doanh ghi khác với tờ khai",
            "Hỏi về thuế khoán ở quầy kinh doanh không ai hướng dẫn",
        ),
        (
            "Tôi đã gọi số điện thoại niêm yết nhưng không ai nghe máy.",
            "Đề nghị ghi rõ phải sửa mục nào.",
            "Quán đã thuê mặt bằng, chậm ngày nào tốn ngày ấy.",
        ),
        "Đăng ký hộ kinh doanh",
        (
            "Đã xem lại hồ sơ, sửa mã ngành và cấp giấy đăng ký",
            "Đã ghi rõ lý do trả lại và giúp nộp lại ngay tại quầy",
        ),
        "Giấy đăng ký đã cấp; câu hỏi về thuế khoán đã gửi cơ quan thuế",
        "Lý do trả lại có trong thư gửi vào hộp thư mà người nộp đã khai",
        procedure="1.001612",
    ),
    Subject(
        "welfare",
        ("Bảo trợ", "Người có công", "Lao động"),
        (
            "Trợ cấp hằng tháng của mẹ tôi hai tháng nay chưa nhận được",
            "Hồ sơ trợ cấp khuyết tật nộp đã lâu chưa có lịch họp hội đồng",
            "Người cao tuổi phải tự đến quầy bảo trợ xã hội ký nhận",
        ),
        (
            "Cụ đi lại khó khăn, đề nghị có cách khác.",
            "Hỏi ở quầy thì được bảo chờ.",
            "Đề nghị báo cho gia đình biết ngày nào có kết quả.",
        ),
        "Chi trả và xét trợ cấp xã hội",
        (
            "Đã chi trả phần còn thiếu qua tài khoản và xin lỗi gia đình",
            "Hội đồng đã họp; người ở quầy sẽ đến nhà với người không đi lại được",
        ),
        "Đã chi trả một tháng; tháng còn lại chờ danh sách bổ sung được duyệt",
        "Danh sách chi trả cho thấy gia đình đã ký nhận đủ",
        procedure="1.001776",
    ),
    Subject(
        "manners",
        (),
        (
            "Người ở quầy trả lời cộc lốc, hỏi lại thì tỏ ra khó chịu",
            "Trong giờ làm việc quầy không có người ngồi",
            "Người tiếp nhận nói chuyện riêng khi còn nhiều người chờ",
        ),
        (
            "Tôi lớn tuổi, nghe không rõ nên phải hỏi lại.",
            "Chờ chừng bốn mươi phút mới có người quay lại.",
            "Đề nghị nhắc nhở để bà con đỡ ngại.",
        ),
        "Thái độ và giờ trực tại quầy",
        (
            "Đã họp bộ phận, nhắc nhở người trực và xin lỗi người dân",
            "Đã phân công người trực thay khi có việc phải rời quầy",
        ),
        "Đã nhắc nhở người trực; việc lắp camera ở quầy còn chờ kinh phí",
        "Lịch trực và số liệu lấy số không cho thấy quầy bỏ trống vào buổi được nêu",
    ),
    Subject(
        "queue",
        (),
        (
            "Máy lấy số hỏng đã hơn một tuần",
            "Sáng thứ hai nào cũng phải chờ rất lâu mới đến lượt",
            "Lấy số xong vẫn bị người đến sau chen lên trước",
        ),
        (
            "Mọi người phải tự nhớ thứ tự, rất lộn xộn.",
            "Đề nghị có người điều phối ở cửa.",
            "Màn hình gọi số cũng không sáng.",
        ),
        "Lấy số và chờ đến lượt",
        (
            "Máy lấy số đã được sửa; có người điều phối ở cửa vào giờ đông",
            "Đã thêm một người trực sáng thứ hai và gọi theo số thứ tự",
        ),
        "Đã có người điều phối; màn hình mới còn chờ mua sắm",
        "Số liệu của máy cho thấy thời gian chờ trung bình dưới mức đã công bố",
    ),
    Subject(
        "building",
        (),
        (
            "Nhà vệ sinh của trung tâm không có nước",
            "Phòng chờ thiếu ghế, người già phải đứng",
            "Bãi để xe thu tiền dù có biển miễn phí",
        ),
        (
            "Mấy hôm nắng nóng rất khổ.",
            "Đề nghị kiểm tra và sửa sớm.",
            "Tôi thấy nhiều người cũng than phiền.",
        ),
        "Cơ sở vật chất nơi đón tiếp",
        (
            "Đã sửa đường nước và giao người kiểm tra mỗi ngày",
            "Đã kê thêm ghế chờ và chấm dứt việc thu tiền xe",
        ),
        "Đã kê thêm ghế; việc mở rộng phòng chờ đưa vào kế hoạch năm sau",
        "Đã kiểm tra tại chỗ nhưng không thấy tình trạng được nêu",
    ),
    Subject(
        "wish",
        (),
        (
            "Mong trung tâm làm thêm sáng thứ bảy cho công nhân ca kíp",
            "Kiến nghị có lối đi cho xe lăn ở cửa chính",
            "Mong có chỗ sao chụp giấy tờ ngay tại trung tâm",
            "Kiến nghị niêm yết lệ phí bằng chữ to hơn",
            "Mong có bàn hướng dẫn nộp trực tuyến cho người lớn tuổi",
        ),
        (
            "Nhiều nơi đã làm và bà con rất hài lòng.",
            "Như vậy đỡ phải đi lại nhiều lần.",
            "Tôi nghĩ không tốn kém bao nhiêu.",
        ),
        "Góp ý về cách phục vụ",
        (
            "Góp ý xác đáng; đơn vị đã đưa vào kế hoạch và bắt đầu thực hiện",
            "Đơn vị đã làm thử theo góp ý và sẽ giữ nếu nhiều người dùng",
        ),
        "Đã làm được một phần; phần còn lại chờ kinh phí",
        "Đơn vị chưa thể thực hiện vì không đủ người và kinh phí trong năm nay",
        is_idea=True,
    ),
)
COMPLAINT = Subject(
    "decision",
    (),
    (
        "Tôi khiếu nại quyết định thu hồi giấy chứng nhận đăng ký hộ kinh doanh",
        "Tôi khiếu nại việc từ chối tiếp nhận hồ sơ đất đai của gia đình",
        "Tôi khiếu nại quyết định thôi hưởng trợ cấp xã hội",
    ),
    (
        "Quyết định không nêu căn cứ và không cho tôi giải trình. Đề nghị hủy quyết định.",
        "Tôi cho rằng việc này trái quy định và gây thiệt hại cho gia đình. Đề nghị xem xét lại.",
    ),
    "Khiếu nại quyết định hành chính",
    (
        "Sau khi xác minh và đối thoại, đơn vị sửa quyết định bị khiếu nại và khôi phục quyền lợi",
        "Nội dung khiếu nại là đúng; quyết định bị khiếu nại đã được thu hồi",
    ),
    "Khiếu nại đúng một phần: căn cứ ghi thiếu đã được bổ sung, phần còn lại giữ nguyên",
    "Quyết định bị khiếu nại ban hành đúng thẩm quyền, trình tự và căn cứ",
)
OTHER = next(one for one in SUBJECTS if one.name == "manners")
_CLOSINGS = (
    "Đơn vị cảm ơn Ông/Bà và mong tiếp tục nhận được ý kiến.",
    "Nếu còn điều chưa rõ, xin Ông/Bà hỏi lại qua trang theo dõi.",
    "Đơn vị xin lỗi vì sự bất tiện này.",
    "Xin cảm ơn Ông/Bà đã cho biết.",
)
_CHECKED = (
    "Đã kiểm tra tại quầy và hỏi những người trực",
    "Đã xem lại sổ theo dõi và hồ sơ liên quan",
    "Lãnh đạo đơn vị đã trực tiếp xem xét",
    "Đã làm việc với bộ phận liên quan",
)
_PLACES: Mapping[str, str] = {
    "land_late": "Văn phòng đăng ký đất đai",
    "business": "cơ quan thuế cơ sở",
    "welfare": "cơ quan bảo hiểm xã hội",
    "building": "đơn vị quản lý tòa nhà",
}


def fitting(counter: str, *, is_idea: bool | None = None) -> list[Subject]:
    """What people write about at a counter of this name; matters of that very counter come up more often."""
    found = [one for one in SUBJECTS if is_idea is None or one.is_idea == is_idea]
    own = [one for one in found if any(word in counter for word in one.fields)]
    return own + own + [one for one in found if not one.fields]


def written(subject: Subject, random: Random) -> str:
    """A text on a subject, as one of many people would put it."""
    details = random.sample(subject.details, random.randint(1, len(subject.details) - 1))
    return " ".join((f"{random.choice(subject.openings)}.", *details, SIMULATED))


def subject_of(text: str) -> Subject:
    """What a text that was written here is about."""
    return next((one for one in (*SUBJECTS, COMPLAINT) if text.startswith(one.openings)), OTHER)


def answered(subject: Subject, outcome: Outcome, on: date, random: Random) -> str:
    """The unit's answer."""
    checked, closing = random.choice(_CHECKED), random.choice(_CLOSINGS)
    day = on - timedelta(days=random.randint(0, 5))
    return f"{checked} (ngày {day:%d/%m/%Y}). {_found(subject, outcome, random)}. {closing} (Câu trả lời mô phỏng.)"


def given(subject: Subject, name: str, on: date, random: Random) -> str:
    """What has to be said besides the answer with some outcomes, by its name."""
    if name == "refusal":
        return f"{subject.refusal}."
    return f"{went_to(subject)}, văn bản số {random.randint(12, 480)} ngày {on:%d/%m/%Y} (mô phỏng)"


def went_to(subject: Subject) -> str:
    """Who decides about it, if the unit does not."""
    return _PLACES.get(subject.name, "Ủy ban nhân dân tỉnh").capitalize()


def published(subject: Subject, text: str, outcome: Outcome, random: Random) -> tuple[str, str, str]:
    """Heading, question and answer for everybody: without a day."""
    opening = next((one for one in subject.openings if text.startswith(one)), subject.openings[0])
    question = f"{opening}. {random.choice(subject.details)}"
    return subject.title, question, f"{random.choice(_CHECKED)}. {_found(subject, outcome, random)}."


def _found(subject: Subject, outcome: Outcome, random: Random) -> str:
    if outcome is Outcome.PARTLY_SOLVED:
        return subject.partly
    if outcome is Outcome.NOT_ACCEPTED:
        return f"Kết quả chưa cho phép chấp nhận: {subject.refusal[0].lower()}{subject.refusal[1:]}"
    if outcome is Outcome.NOT_COMPETENT:
        return f"Việc này không thuộc thẩm quyền của đơn vị mà của {went_to(subject)}; nội dung đã được gửi đến đó"
    return random.choice(subject.done)
