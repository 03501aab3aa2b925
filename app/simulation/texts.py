"""What simulated people write (pure). Names nobody; some pieces look like personal data, as real texts do."""

from collections.abc import Sequence
from random import Random

from app.simulation.case_subjects import fitting, written

CONTENT = (
    "Cán bộ hướng dẫn nhiệt tình, dễ hiểu.",
    "Làm nhanh hơn tôi nghĩ, cảm ơn.",
    "Phòng chờ sạch sẽ, có nước uống.",
    "Lấy số thứ tự rõ ràng, không phải chen lấn.",
    "Được nhắn tin khi có kết quả, rất tiện.",
    "Công chức trẻ nhưng lịch sự, giải thích kỹ.",
    "Nộp trực tuyến được cán bộ giúp nên xong ngay.",
    "Tôi hài lòng, mong giữ được như vậy.",
)
MIXED = (
    "Nên có thêm ghế ngồi chờ cho người già.",
    "Biển chỉ dẫn từ cổng vào còn khó thấy.",
    "Máy lấy số hay hết giấy.",
    "Mong có chỗ photo giấy tờ ngay tại trung tâm.",
    "Nên niêm yết lệ phí chữ to hơn.",
    "Mạng chậm, kê khai trên điện thoại mãi mới xong.",
    "Giờ nghỉ trưa nên có người trực.",
)
DISCONTENT = (
    "Hẹn trả kết quả ngày thứ sáu, đến nơi lại hẹn sang tuần sau.",
    "Hồ sơ đất đai trễ hẹn gần một tháng mà không có thư xin lỗi.",
    "Phải đi lại ba lần vì mỗi lần yêu cầu thêm một giấy tờ.",
    "Chờ từ 8 giờ đến gần trưa mới đến lượt.",
    "Trễ hẹn mà không ai báo trước, mất một ngày công.",
    "Cán bộ trả lời cộc lốc, hỏi lại thì khó chịu.",
    "Quầy có bảng tên nhưng không có người ngồi.",
    "Nói nộp trực tuyến rồi vẫn bắt mang bản giấy ra.",
)
REVEALING = (
    "Hồ sơ quá hẹn, xin gọi lại cho tôi số 0912 345 678.",
    "Mã hồ sơ H49.12.05-261008-0975 trễ hẹn 12 ngày.",
    "Tôi để lại thư nguoidan@example.vn, mong được trả lời.",
    "Số căn cước 001099012345 của con tôi bị nhập sai trong giấy khai sinh.",
)
ENGLISH = (
    "Staff were kind and helped me with the form.",
    "Signs in English would help.",
    "Quick service, thank you.",
)
REVEALING_SHARE = 0.08
NAMES_PROCEDURE = 0.55


def comment(level: int, luck: float, *, english: bool) -> str:
    """A comment that fits the level of the tap; ``luck`` in 0..1 chooses it."""
    if english:
        return _one(ENGLISH, luck)
    if luck < REVEALING_SHARE:
        return _one(REVEALING, luck / REVEALING_SHARE)
    rest = (luck - REVEALING_SHARE) / (1 - REVEALING_SHARE)
    return _one(DISCONTENT if level <= 2 else MIXED if level == 3 or rest < 0.3 else CONTENT, (rest * 7) % 1)


def feedback(luck: float, counter: str = "") -> tuple[str, str, str]:
    """A text for the unit, what its writer says it is about, and the code of a procedure if one is named.

    ``luck`` in 0..1 and the counter's name choose it.
    """
    random = Random(luck)  # noqa: S311 - nothing secret is drawn
    subject = random.choice(fitting(counter))
    text = written(subject, random)
    procedure = subject.procedure if random.random() < NAMES_PROCEDURE else ""
    return text, "idea" if subject.is_idea else "bad_service", procedure


def _one(texts: Sequence[str], luck: float) -> str:
    return texts[min(int(luck * len(texts)), len(texts) - 1)]
