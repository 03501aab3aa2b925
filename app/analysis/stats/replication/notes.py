"""What must be told beside a replicate variance: a closed set of codes, and the words for each."""

from collections.abc import Mapping
from enum import StrEnum

from app.analysis.stats.intervals.reasons import Text


class ReplicateNote(StrEnum):
    """Warning that belongs to replicates or to an estimate from them."""

    FPC_DROPPED = "finite_population_not_used"
    FIRST_STAGE_ONLY = "later_stages_not_used"
    NOT_FOR_QUANTILES = "jackknife_not_valid_for_quantiles"
    UNDEFINED = "undefined_in_some_replicates"
    DISCARDED = "undefined_replicates_discarded"


REPLICATE_NOTE_TEXTS: Mapping[ReplicateNote, Text] = {
    ReplicateNote.FPC_DROPPED: Text(
        "Cách tính này không trừ phần tổng thể đã được hỏi, nên sai số hơi lớn hơn thực tế.",
        "This method does not use the finite population correction; the error is a little too large.",
    ),
    ReplicateNote.FIRST_STAGE_ONLY: Text(
        "Chỉ tính phần sai số của bước chọn đầu tiên; các bước chọn sau bị bỏ qua nên sai số hơi nhỏ hơn thực tế.",
        "Only the first stage of selection is counted; without the later stages the error is a little too small.",
    ),
    ReplicateNote.NOT_FOR_QUANTILES: Text(
        "Phương pháp bỏ từng đơn vị (jackknife) không cho sai số đúng của trung vị và các phân vị.",
        "The jackknife gives no valid error of medians and other quantiles.",
    ),
    ReplicateNote.UNDEFINED: Text(
        "Mọi câu trả lời của nhóm này đến từ cùng một nơi được chọn nên không tính được sai số chuẩn.",
        "All answers of this group come from one selected place, so there is no standard error.",
    ),
    ReplicateNote.DISCARDED: Text(
        "Một số lần lấy mẫu lặp không có ai thuộc nhóm này và đã bị bỏ ra khỏi phép tính sai số.",
        "Some replicates hold nobody of this group and were left out of the error.",
    ),
}
