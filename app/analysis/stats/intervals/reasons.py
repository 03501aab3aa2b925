"""Why an interval looks the way it does: a closed set of codes, and the words for each in Vietnamese and English.

Pages, files and the API show these words; no other sentence about a single interval exists. They are written for the
leader of a unit: what happened, and what may be read from the figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """What a reader has to be told about one interval."""

    # There is no figure, or no spread behind it.
    NO_ANSWERS = "no_answers"
    ONE_ANSWER = "one_answer"
    ONE_PSU = "one_psu"
    NO_DEGREES_OF_FREEDOM = "no_degrees_of_freedom"
    NO_VARIANCE = "no_variance"
    CRITERIA_WITHOUT_ANSWERS = "criteria_without_answers"
    # The share stands at an end of the scale.
    ALL_AT_ZERO = "all_at_zero"
    ALL_AT_ONE = "all_at_one"
    # A method by name has no answer here.
    UNDEFINED_AT_THE_ENDS = "undefined_at_the_ends"
    LIMIT_NOT_REACHED = "limit_not_reached"
    # Why this method.
    CENSUS = "census"
    KNOWN_POPULATION = "known_population"
    SMOOTHED_DESIGN_EFFECT = "smoothed_design_effect"
    FEW_PSUS = "few_psus"
    PLANNED_DESIGN_EFFECT = "planned_design_effect"
    REPRODUCIBLE = "reproducible"
    OPEN_SAMPLE = "open_sample"
    # No method can be relied on here (`cautions`).
    FEW_DISSATISFIED = "few_dissatisfied"
    UNLIKE_OTHERS = "unlike_others"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or two, in both languages."""

    vi: str
    en: str


REASON_TEXTS: Mapping[Reason, Text] = {
    Reason.NO_ANSWERS: Text(
        "Chưa có ai trả lời nên chưa có con số.",
        "Nobody has answered, so there is no figure.",
    ),
    Reason.ONE_ANSWER: Text(
        "Chỉ có một người trả lời. Một người không cho biết những người khác nghĩ giống hay khác, nên khoảng rất rộng.",
        "Only one person answered. One person says nothing about how much people differ, so the range is very wide.",
    ),
    Reason.ONE_PSU: Text(
        "Mọi câu trả lời đến từ cùng một nơi được chọn (một thôn, một quầy), nên không biết các nơi khác nhau đến đâu. "
        "Con số vẫn đúng cho những người đã trả lời; sai số chuẩn theo thiết kế mẫu thì không tính được.",
        "All answers come from one selected place (one village, one counter), so how much places differ is unknown. "
        "The figure holds for those who answered; a standard error from the sampling design cannot be computed.",
    ),
    Reason.NO_DEGREES_OF_FREEDOM: Text(
        "Mỗi nhóm địa bàn chỉ có một nơi được chọn nên không so được nơi này với nơi khác; cách tính này không cho "
        "khoảng tin cậy.",
        "Each stratum has only one selected place, so places cannot be compared; this method gives no interval.",
    ),
    Reason.NO_VARIANCE: Text(
        "Các câu trả lời, hoặc các nơi được chọn, cho kết quả giống hệt nhau nên công thức thông thường ra sai số "
        "bằng 0. Sai số 0 ấy là do may, không có nghĩa là con số chắc chắn.",
        "All answers, or all selected places, agree exactly, so the usual formula gives an error of 0. "
        "That 0 is luck; it does not make the figure certain.",
    ),
    Reason.CRITERIA_WITHOUT_ANSWERS: Text(
        "Có tiêu chí chưa ai trả lời nên không tính vào con số này.",
        "Some criteria were answered by nobody and are not part of this figure.",
    ),
    Reason.ALL_AT_ZERO: Text(
        "Không ai trong số người trả lời hài lòng. Những người chưa được hỏi có thể nghĩ khác: giới hạn trên cho biết "
        "tỷ lệ thật còn có thể cao đến đâu.",
        "Nobody who answered was satisfied. Those who were not asked may differ: the upper limit says how high the "
        "true share could still be.",
    ),
    Reason.ALL_AT_ONE: Text(
        "Mọi người trả lời đều hài lòng. Những người chưa được hỏi có thể nghĩ khác: giới hạn dưới cho biết tỷ lệ "
        "thật còn có thể thấp đến đâu.",
        "Everybody who answered was satisfied. Those who were not asked may differ: the lower limit says how low the "
        "true share could still be.",
    ),
    Reason.UNDEFINED_AT_THE_ENDS: Text(
        "Cách tính này không dùng được khi tỷ lệ là 0 % hoặc 100 %. Hãy dùng khoảng Wilson làm trơn.",
        "This method does not exist at 0 % or 100 %. Use the smoothed Wilson interval.",
    ),
    Reason.LIMIT_NOT_REACHED: Text(
        "Có quá ít nơi được chọn: cách tính này không tìm được giới hạn. Hãy dùng khoảng Wilson làm trơn.",
        "Too few selected places: this method finds no limit. Use the smoothed Wilson interval.",
    ),
    Reason.CENSUS: Text(
        "Khảo sát toàn bộ: ai cũng đã trả lời, không còn phần nào phải suy ra từ mẫu, nên không có khoảng tin cậy.",
        "Everybody was asked and answered; nothing is inferred from a sample, so there is no interval.",
    ),
    Reason.KNOWN_POPULATION: Text(
        "Mẫu chọn ngẫu nhiên từ số hồ sơ đã biết của đơn vị: khoảng được tính chính xác từ chính số hồ sơ ấy.",
        "A random sample from the known number of dossiers of the unit: the interval is exact for that number.",
    ),
    Reason.SMOOTHED_DESIGN_EFFECT: Text(
        "Mẫu chọn theo thôn, xã hoặc có trọng số: khoảng Wilson, với ảnh hưởng của cách chọn mẫu được ước lượng chung "
        "từ mọi đơn vị và câu hỏi của cuộc khảo sát.",
        "The sample was drawn by villages or communes, or is weighted: a Wilson interval whose design effect is "
        "learnt from all units and questions of the survey.",
    ),
    Reason.FEW_PSUS: Text(
        "Cuộc khảo sát chỉ có một đơn vị và không quá năm nơi được chọn: khoảng rộng là đúng với điều đã biết.",
        "The survey has one unit and at most five selected places: the wide range is an honest one.",
    ),
    Reason.PLANNED_DESIGN_EFFECT: Text(
        "Cả cuộc khảo sát chỉ có một nơi được chọn nên không đo được ảnh hưởng của cách chọn mẫu; khoảng dùng hệ số "
        "thiết kế dự kiến khi lập kế hoạch.",
        "The whole survey has one selected place, so its design effect cannot be measured; the interval uses the one "
        "assumed when the survey was planned.",
    ),
    Reason.REPRODUCIBLE: Text(
        "Bảng chính thức phải tính lại được từng ô bằng R: khoảng Korn–Graubard, an toàn và thường rộng hơn.",
        "An official table that must be reproducible in R cell by cell: the Korn-Graubard interval, safe and often "
        "wider.",
    ),
    Reason.OPEN_SAMPLE: Text(
        "Người trả lời tự chọn tham gia: đây là khoảng mô hình, cho biết con số dao động ra sao nếu cùng nhóm người "
        "ấy tiếp tục trả lời, không phải sai số chọn mẫu.",
        "People chose to take part themselves: this is a model range, saying how the figure would vary if the same "
        "kind of people kept answering; it is not a sampling error.",
    ),
    Reason.FEW_DISSATISFIED: Text(
        "Cần đọc thận trọng: rất ít người không hài lòng, và họ ở cùng một vài nơi được chọn. Nếu có nơi kém hơn mà "
        "mẫu không chọn trúng thì khoảng này quá hẹp; không cách tính nào bù được điều đó.",
        "Read with care: very few people were dissatisfied, and they come from the same few places. If a worse place "
        "was not drawn, this range is too narrow; no method can make up for that.",
    ),
    Reason.UNLIKE_OTHERS: Text(
        "Cần đọc thận trọng: các nơi được chọn của đơn vị này khác nhau nhiều hơn hẳn so với các đơn vị khác, nên "
        "khoảng tính theo ảnh hưởng chung của cả cuộc khảo sát có thể quá hẹp.",
        "Read with care: the places drawn for this unit differ far more from each other than those of the other "
        "units, so the range, which learns from the whole survey, may be too narrow.",
    ),
}
