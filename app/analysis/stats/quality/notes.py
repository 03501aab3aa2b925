"""What a reader has to be told beside a figure of this room: a code, the items it is about, and words for pages."""

from dataclasses import dataclass
from enum import StrEnum


class QualityCode(StrEnum):
    """Codes of warnings and remarks."""

    REVERSED_ITEM = "reversed_item"
    ITEMS_REPEAT = "items_repeat"
    CONSTANT_ITEM = "constant_item"
    DESIGN_IGNORED = "design_ignored"
    PAIRWISE = "pairwise"
    LONELY_PSU = "lonely_psu"
    NO_DF = "no_df"
    HEYWOOD_BOUND = "heywood_bound"
    HEYWOOD_FREE = "heywood_free"
    JUST_IDENTIFIED = "just_identified"
    SMALL_SAMPLE = "small_sample"
    NOT_NORMAL = "not_normal"
    FACTORS_NOT_DISTINCT = "factors_not_distinct"
    SUGGESTION_ONLY = "suggestion_only"


@dataclass(frozen=True, slots=True)
class QualityNote:
    """One remark; `items` are columns from 0, empty when it is about the whole."""

    code: QualityCode
    items: tuple[int, ...] = ()


# Vietnamese first, then English.
TEXTS: dict[QualityCode, tuple[str, str]] = {
    QualityCode.REVERSED_ITEM: (
        "Tiêu chí này đi ngược với các tiêu chí còn lại: có thể thang đo bị đảo chiều.",
        "This item runs against the others: its scale may be reversed.",
    ),
    QualityCode.ITEMS_REPEAT: (
        "Hệ số trên 0,95: các tiêu chí gần như hỏi cùng một điều.",
        "Above 0.95: the items ask nearly the same thing.",
    ),
    QualityCode.CONSTANT_ITEM: (
        "Mọi người trả lời giống nhau ở tiêu chí này; tương quan của nó không tính được.",
        "Everybody answered this item alike; it has no correlations.",
    ),
    QualityCode.DESIGN_IGNORED: (
        "Khoảng này coi mỗi người được chọn độc lập, chưa tính thiết kế mẫu.",
        "These limits take every person as drawn independently; the sampling design is not in them.",
    ),
    QualityCode.PAIRWISE: (
        "Mỗi cặp tiêu chí tính trên những người trả lời cả hai tiêu chí của cặp đó.",
        "Every pair of items rests on the people who answered both.",
    ),
    QualityCode.LONELY_PSU: (
        "Có tầng chỉ có một đơn vị mẫu: sai số chuẩn theo quy tắc đã chọn cho tầng đó.",
        "Some stratum has one sampled unit; the standard error follows the rule chosen for it.",
    ),
    QualityCode.NO_DF: (
        "Quá ít đơn vị mẫu để tính khoảng.",
        "Too few sampled units for limits.",
    ),
    QualityCode.HEYWOOD_BOUND: (
        "Phương sai riêng của tiêu chí này chạm mức thấp nhất được phép; nghiệm không bình thường.",
        "The residual variance of this item lies at its lowest allowed value; the solution is improper.",
    ),
    QualityCode.HEYWOOD_FREE: (
        "Phương sai riêng của tiêu chí này ra số âm; nghiệm không bình thường.",
        "The residual variance of this item came out negative; the solution is improper.",
    ),
    QualityCode.JUST_IDENTIFIED: (
        "Mô hình vừa đủ số liệu: luôn khớp, nên độ khớp không nói lên điều gì.",
        "The model has as many parameters as data: it always fits, so its fit says nothing.",
    ),
    QualityCode.SMALL_SAMPLE: (
        "Số phiếu ít so với số tham số của mô hình; kết quả chỉ là gợi ý.",
        "Few answers for the number of parameters; take the result as a suggestion.",
    ),
    QualityCode.NOT_NORMAL: (
        "Điểm trả lời lệch xa phân phối chuẩn; các chỉ số độ khớp chỉ là gợi ý.",
        "The answers are far from normal; take the fit figures as a suggestion.",
    ),
    QualityCode.FACTORS_NOT_DISTINCT: (
        "Hai nhóm yếu tố tương quan trên 0,85 (hoặc ngoài khoảng −1…1): khó tách thành hai yếu tố.",
        "Two factors correlate above 0.85 (or outside -1..1): they are hard to tell apart.",
    ),
    QualityCode.SUGGESTION_ONLY: (
        "Gợi ý: độ khớp tính như thể mọi người được chọn độc lập và trả lời theo phân phối chuẩn.",
        "A suggestion: the fit is computed as if people were drawn independently and answered normally.",
    ),
}
