"""What has to be said beside weighted figures: a closed set of codes, and the words for each in both languages."""

from collections.abc import Mapping
from enum import StrEnum

from app.analysis.stats.intervals.reasons import Text


class WeightingNote(StrEnum):
    """What a reader has to be told about weights, or about a figure of an open sample."""

    SELF_SELECTED = "self_selected"
    MODEL_RANGE = "model_range"
    NOT_A_SAMPLING_ERROR = "not_a_sampling_error"
    NOT_FOR_RANKING = "not_for_ranking"
    CATEGORIES_MERGED = "categories_merged"
    HEAVY_WEIGHTS = "heavy_weights"
    NEGATIVE_WEIGHTS = "negative_weights"
    NOT_REPRESENTED = "not_represented"
    WEIGHTS_TRIMMED = "weights_trimmed"
    WEIGHTS_ABOVE_LIMIT = "weights_above_limit"


# Codes of what has to be said beside every figure of an open sample.
OPEN_SAMPLE_NOTES = (
    WeightingNote.SELF_SELECTED,
    WeightingNote.MODEL_RANGE,
    WeightingNote.NOT_A_SAMPLING_ERROR,
    WeightingNote.NOT_FOR_RANKING,
)

NOTE_TEXTS: Mapping[WeightingNote, Text] = {
    WeightingNote.SELF_SELECTED: Text(
        "Phiếu mở qua mã QR: người trả lời tự chọn tham gia, không phải mẫu ngẫu nhiên.",
        "Open QR form: people chose to take part; this is not a random sample.",
    ),
    WeightingNote.MODEL_RANGE: Text(
        "Khoảng mô hình: con số đã được điều chỉnh theo số hồ sơ đã biết, và khoảng chỉ đúng nếu trong mỗi nhóm người "
        "trả lời giống người không trả lời.",
        "Model range: the figure was adjusted to known numbers of dossiers, and the range holds only if within each "
        "group those who answered are like those who did not.",
    ),
    WeightingNote.NOT_A_SAMPLING_ERROR: Text(
        "Khoảng này không phải sai số chọn mẫu.",
        "This range is not a sampling error.",
    ),
    WeightingNote.NOT_FOR_RANKING: Text(
        "Không dùng để xếp hạng, cũng không so sánh với kết quả của mẫu ngẫu nhiên.",
        "Not for ranking, nor for comparison with results of random samples.",
    ),
    WeightingNote.CATEGORIES_MERGED: Text(
        "Có nhóm quá ít phiếu nên đã gộp với nhóm khác trước khi điều chỉnh.",
        "Some categories had too few answers and were joined with others before adjusting.",
    ),
    WeightingNote.HEAVY_WEIGHTS: Text(
        "Một số ít phiếu đại diện cho nhiều người, nên con số đã điều chỉnh kém chắc chắn hơn số phiếu cho thấy.",
        "A few answers stand for many people, so the adjusted figure is less certain than their number suggests.",
    ),
    WeightingNote.NEGATIVE_WEIGHTS: Text(
        "Có phiếu mang trọng số âm; nên dùng cách hiệu chỉnh có giới hạn.",
        "Some answers have negative weights; calibration within bounds should be used.",
    ),
    WeightingNote.NOT_REPRESENTED: Text(
        "Có nhóm không có phiếu nào, nên con số không đại diện cho nhóm ấy.",
        "Some categories have no answer at all; the figure does not stand for them.",
    ),
    WeightingNote.WEIGHTS_TRIMMED: Text(
        "Trọng số quá lớn đã được cắt bớt rồi hiệu chỉnh lại.",
        "Extreme weights were cut and the rest calibrated again.",
    ),
    WeightingNote.WEIGHTS_ABOVE_LIMIT: Text(
        "Sau khi hiệu chỉnh lại vẫn còn trọng số vượt mức cắt, vì tổng số đã biết đòi hỏi như vậy.",
        "Some weights are above the limit again after calibration, because the known totals require it.",
    ),
}
