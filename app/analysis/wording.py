"""The words that go with figures (pure): method, formula, sample, reasons. The same on page, file and API."""

from app.analysis.scores import NO_ANSWERS, ScoreCard
from app.analysis.stats.disclosure import TOO_FEW
from app.analysis.stats.index import Formula
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.stats.spread import Aggregation
from app.analysis.stats.weighting.sensitivity import sensitivity
from app.i18n.formats import format_decimal, format_integer, format_percent, format_percent_range, format_until

DEFECT = 0.05
"""The data defect correlation of which pages speak: larger ones are rare (docs/statistics.md, 7)."""
FORMULAS = {
    Formula.TOP2: "TOP2: giá trị một tiêu chí là tỷ lệ người chọn “Hài lòng” hoặc “Rất hài lòng”.",
    Formula.MEAN5: "MEAN5: giá trị một tiêu chí là điểm trung bình (1–5) chia cho 5.",
}
AGGREGATIONS = {
    Aggregation.MEAN_OF_CRITERIA: "trung bình các tiêu chí, chỉ số là trung bình cộng giá trị các tiêu chí.",
    Aggregation.POOLED: "gộp chung, chỉ số gộp mọi câu trả lời của các tiêu chí rồi tính một lần.",
    Aggregation.RESPONDENT: "theo từng người, trung bình chỉ số của từng người trả lời ít nhất nửa số tiêu chí.",
}
SAMPLES = {
    SampleKind.OPEN: (
        "Phiếu mở qua mã QR: người trả lời tự chọn tham gia, không phải mẫu ngẫu nhiên. "
        "Khoảng mô hình 95 % chỉ cho biết con số dao động ra sao nếu cùng nhóm người ấy tiếp tục trả lời; "
        "đó không phải sai số chọn mẫu. "
        "Không dùng để xếp hạng."
    ),
    SampleKind.PROBABILITY: "Mẫu chọn ngẫu nhiên: khoảng tin cậy 95 % tính theo thiết kế mẫu.",
    SampleKind.CENSUS: "Khảo sát toàn bộ: không có sai số chọn mẫu.",
}
RANGE_NAMES = {
    SampleKind.OPEN: "Khoảng mô hình 95 %",
    SampleKind.PROBABILITY: "Khoảng tin cậy 95 %",
    SampleKind.CENSUS: "Toàn bộ",
}
METHODS = {
    "wilson_own_variance": "Khoảng Wilson với cỡ mẫu hiệu dụng suy từ phương sai giữa người với người.",
    "smoothed_wilson": "Khoảng Wilson với hệ số thiết kế làm trơn trên các đơn vị và tiêu chí của cùng cuộc khảo sát.",
    "wilson": "Khoảng Wilson cho tỷ lệ.",
    "census": "Khảo sát toàn bộ nên không có khoảng.",
}


def reason(nothing: NoData, least: int) -> str:
    """Why there is no figure."""
    if nothing.reason == TOO_FEW:
        return f"ít hơn {least} phiếu nên không hiện"
    if nothing.reason == NO_ANSWERS:
        return "chưa có phiếu trả lời"
    return "chưa có số liệu"


def _of_those_served(card: ScoreCard) -> list[str]:
    """How many answered of those who were served, and what that leaves open."""
    if card.served is None or card.people is None:
        return []
    served, n = format_integer(card.served), format_integer(card.people)
    if card.people > card.served:
        words = (
            f"Trong thời gian này đơn vị giải quyết {served} hồ sơ, ít hơn {n} phiếu: có người trả lời không nộp hồ sơ "
            "hoặc trả lời nhiều lần, nên không tính được tỷ lệ người trả lời."
        )
        return [words]
    share = format_percent(card.people / card.served, places=1)
    told = f"Trong thời gian này đơn vị giải quyết {served} hồ sơ; {n} phiếu bằng {share} số ấy."
    if not isinstance(card.tap, Estimate) or card.sample_kind is not SampleKind.OPEN:
        return [told]
    return [f"{told} {_of_the_silent(card.tap, card.served)}"]


def _of_the_silent(tap: Estimate, served: int) -> str:
    """What a known number of people served says of those who kept silent (docs/statistics.md, 7)."""
    found = sensitivity(tap.value, n=tap.n, population=served, satisfied=round(tap.value * tap.n), defects=(DEFECT,))
    band, possible = (
        f"{format_percent_range(one.low, one.high, places=1)}\u00a0%"
        for one in (found.bands[0].interval, found.possible)
    )
    return (
        "Người trả lời tự chọn tham gia, nên số hồ sơ không làm khoảng mô hình hẹp lại. Về câu hỏi một chạm: nếu người "
        "hài lòng và người không hài lòng sẵn lòng trả lời khác nhau chút ít (tương quan "
        f"{format_decimal(DEFECT, places=2)}) thì tỷ lệ của mọi người có hồ sơ có thể là {band}; không giả định gì thì "
        f"là {possible}."
    )


def method_of(card: ScoreCard) -> str:
    """The name of the method behind the ranges of a card."""
    return card.overall.method if isinstance(card.overall, Estimate) else "wilson_own_variance"


def notes(card: ScoreCard, *, method: str) -> list[str]:
    """How the figures of a card came about, for the foot of the page and the notes sheet of a file."""
    counted = (
        "" if card.people is None else f" Tất cả {format_integer(card.people)} phiếu, kể cả phiếu chỉ chạm một lần."
    )
    apart = []
    if card.is_released:
        apart.append(
            f"Số liệu công bố theo từng khối ít nhất {card.least} phiếu, nên vài phiếu mới nhất có thể chưa có."
        )
    if card.predecessors:
        names = ", ".join(card.predecessors[:5]) + ("…" if len(card.predecessors) > 5 else "")
        apart.append(f"Gồm cả phiếu của đơn vị đã nhập vào: {names}.")
    return [
        f"Số liệu {format_until(card.as_of)}; ngày hôm nay chưa tính.{counted}",
        *apart,
        *_of_those_served(card),
        f"Công thức {FORMULAS[card.formula]}",
        f"Cách gộp: {AGGREGATIONS[card.aggregation]}",
        SAMPLES[card.sample_kind],
        METHODS[method],
        "Câu hỏi một chạm được trình bày riêng với số phiếu riêng và không vào chỉ số.",
        "“Không áp dụng” và bỏ trống không tính vào giá trị, được đếm riêng.",
        f"Không hiện số liệu của ít hơn {card.least} người, kể cả khi có thể suy ra bằng phép trừ.",
    ]
