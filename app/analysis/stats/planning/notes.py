"""What a planner must be told beside a size: a closed set of codes, and the words for each."""

from collections.abc import Mapping
from enum import StrEnum

from app.analysis.stats.intervals.reasons import Text


class PlanNote(StrEnum):
    """Warning that belongs to a planned size."""

    ASK_EVERYBODY = "ask_everybody"
    TOO_FEW_TO_INVITE = "invitations_above_population"
    SIMPLE_RANDOM_ONLY = "simple_random_sampling_only"


PLAN_NOTE_TEXTS: Mapping[PlanNote, Text] = {
    PlanNote.ASK_EVERYBODY: Text(
        "Số người cần hỏi bằng số người hiện có: hãy hỏi tất cả mọi người.",
        "As many answers are needed as there are people: ask everybody.",
    ),
    PlanNote.TOO_FEW_TO_INVITE: Text(
        "Với tỷ lệ trả lời dự kiến, số người cần mời nhiều hơn số người hiện có: hãy mời tất cả, tìm cách để nhiều "
        "người trả lời hơn, hoặc chấp nhận sai số lớn hơn.",
        "At the expected response rate more people would have to be invited than there are: invite everybody, get "
        "more of them to answer, or accept a wider margin.",
    ),
    PlanNote.SIMPLE_RANDOM_ONLY: Text(
        "Công thức cũ chỉ đúng khi chọn ngẫu nhiên đơn giản từ một danh sách. Khi hỏi theo thôn, xã, cỡ mẫu này quá "
        "nhỏ và phải nhân với hệ số thiết kế; nó cũng không đủ để phân biệt 93 % với 97 %.",
        "The former formula holds only for a simple random sample from a list. For samples in villages and communes "
        "it is too small by the design effect, and it is too coarse to tell 93 % from 97 %.",
    ),
}
