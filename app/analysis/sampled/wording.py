"""The words of a report on a sampled round (pure): the same on page and in files."""

from collections.abc import Sequence

from app.analysis.sampled.exact import METHOD
from app.analysis.sampled.questionnaire import NO_OVERALL_QUESTION, ONE_FACTOR, Consistency, Questionnaire
from app.analysis.sampled.results import SampledReport
from app.analysis.sampled.standing import MOST_PAIRED, Difference, Standing, Verdict
from app.analysis.stats.drivers.notes import TEXTS as DRIVER_TEXTS
from app.analysis.stats.drivers.notes import DriverCode
from app.analysis.stats.drivers.priority import Quadrant
from app.analysis.stats.intervals.marks import MARK_EXPLANATIONS, MARK_TEXTS, PublicationMark
from app.analysis.stats.intervals.reasons import REASON_TEXTS, Reason
from app.analysis.stats.quality.notes import TEXTS as QUALITY_TEXTS
from app.analysis.stats.quality.notes import QualityCode
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.wording import AGGREGATIONS, FORMULAS, SAMPLES
from app.i18n.formats import format_date, format_decimal, format_integer, format_percent

NONE = "–"
CAUTIONS = (Reason.FEW_DISSATISFIED, Reason.UNLIKE_OTHERS)
WARNING = "khoảng có thể quá hẹp"
LEAST_P = 0.001
VERDICTS = {
    Verdict.ABOVE: "cao hơn rõ rệt",
    Verdict.BELOW: "thấp hơn rõ rệt",
    Verdict.OPEN: "chưa phân biệt được",
}
CENSUS_VERDICTS = {Verdict.ABOVE: "cao hơn", Verdict.BELOW: "thấp hơn", Verdict.OPEN: "bằng nhau"}
QUADRANTS = {
    Quadrant.FIX_FIRST: "ưu tiên cải thiện",
    Quadrant.KEEP_UP: "giữ vững",
    Quadrant.LOW_PRIORITY: "chưa cần ưu tiên",
    Quadrant.POSSIBLE_OVERKILL: "đang làm tốt, ít liên hệ với mức hài lòng chung",
}
REASONS = {
    "too_few_complete": "quá ít người trả lời đủ các câu cần dùng",
    "no_variance": "mọi người trả lời giống hệt nhau nên không có gì để so",
    "nothing_explained": "mức hài lòng chung không liên hệ với yếu tố nào",
    "not_computable": "số liệu không cho phép tính",
    NO_OVERALL_QUESTION: "bộ câu hỏi của đợt không có câu hỏi về mức hài lòng chung",
    ONE_FACTOR: "bộ câu hỏi chỉ có một yếu tố",
}


def precision(mark: PublicationMark | None, estimate: Estimate | NoData) -> str:
    """How precise a figure is, in words, with a warning where its range cannot be relied on."""
    if mark is None or isinstance(estimate, NoData):
        return NONE
    words = MARK_TEXTS[mark].vi
    return f"{words}; {WARNING}" if set(cautions_of(estimate)) else words


def cautions_of(estimate: Estimate | NoData) -> list[Reason]:
    """Why the range of a figure cannot be relied on; mostly nothing."""
    if isinstance(estimate, NoData):
        return []
    return [reason for reason in CAUTIONS if reason in estimate.notes]


def caution_notes(estimates: Sequence[Estimate | NoData]) -> list[str]:
    """What the warnings that occur mean."""
    found = {reason for estimate in estimates for reason in cautions_of(estimate)}
    return [f"“{WARNING}”: {REASON_TEXTS[reason].vi}" for reason in CAUTIONS if reason in found]


def mark_notes(marks: Sequence[PublicationMark]) -> list[str]:
    """What the marks that occur mean."""
    return [f"“{MARK_TEXTS[mark].vi}”: {MARK_EXPLANATIONS[mark].vi}" for mark in PublicationMark if mark in marks]


def rank_words(standing: Standing | None) -> str:
    """Such as "hạng 3–9 trên 18"."""
    if standing is None:
        return NONE
    places = str(standing.low) if standing.low == standing.high else f"{standing.low}–{standing.high}"
    return f"hạng {places} trên {standing.ranked}"


def verdict_words(difference: Difference) -> str:
    """Whether a difference may be spoken of."""
    return (CENSUS_VERDICTS if difference.corrected is None else VERDICTS)[difference.verdict]


def points(fraction: float) -> str:
    """A difference such as "+3,5" or "−15,1" points of percent."""
    text = format_decimal(100.0 * fraction, places=1)
    return f"+{text}" if fraction > 0 and text.strip("0,") else text


def p_words(p: float | None) -> str:
    """A p value with two digits that count."""
    if p is None:
        return NONE
    if p < LEAST_P:
        return "< 0,001"
    return format_decimal(p, places=3 if p < 0.1 else 2)


def p_sign(p: float) -> str:
    """A p value behind the letter: "= 0,012", "< 0,001"."""
    words = p_words(p)
    return words if words.startswith("<") else f"= {words}"


def standing_sentences(report: SampledReport) -> list[str]:
    """Where a unit stands, for its leader."""
    standing = report.standing
    if standing is None:
        return [_not_ranked(report)] if report.parent_name and report.figures else []
    against = standing.versus_mean
    among = f"{standing.ranked} đơn vị được xếp hạng của {report.parent_name}"
    if against.corrected is None:
        said = f"Khảo sát toàn bộ: {rank_words(standing)}, trong {among}."
        whole = f"So với trung bình các đơn vị ({format_percent(standing.mean, places=1)}): {verdict_words(against)}, "
        return [said, f"{whole}chênh lệch {points(against.difference)} điểm phần trăm."]
    low, high = points(against.interval.low), points(against.interval.high)
    sentences = [
        (
            f"{rank_words(standing).capitalize()}, trong {among}. Thứ hạng thật nằm đâu đó trong khoảng này; "
            "khoảng đúng cùng lúc cho mọi đơn vị với độ tin cậy 95 %."
        ),
        (
            f"So với trung bình các đơn vị ({format_percent(standing.mean, places=1)}): {verdict_words(against)} "
            f"(chênh lệch {points(against.difference)} điểm phần trăm, khoảng 95 % của riêng phép so này: từ {low} đến "
            f"{high}; p đã hiệu chỉnh {p_sign(against.corrected)})."
        ),
    ]
    if standing.above is not None and standing.below is not None:
        rest = standing.ranked - 1 - standing.above - standing.below
        sentences.append(
            f"So từng cặp với các đơn vị khác: cao hơn rõ rệt {standing.above} đơn vị, thấp hơn rõ rệt "
            f"{standing.below} đơn vị, chưa phân biệt được với {rest} đơn vị."
        )
    return [*sentences, stricter_words(standing.ranked), *holds_words(standing)]


def stricter_words(ranked: int) -> str:
    """Why a unit may differ from the mean and yet from no other unit; two and three units have no more pairs."""
    pairs = ranked * (ranked - 1) // 2
    if pairs <= ranked:
        return "So với trung bình là một câu hỏi khác với hạng và so từng cặp, có hiệu chỉnh riêng."
    return (
        f"Hạng và so từng cặp khắt khe hơn vì xét cùng lúc cả {format_integer(pairs)} cặp đơn vị; so với trung bình là "
        f"một câu hỏi khác, chỉ có {format_integer(ranked)} phép so và được hiệu chỉnh riêng."
    )


def holds_words(standing: Standing) -> list[str]:
    """What holds for a unit that differs clearly from the mean and from no single unit."""
    verdict = standing.versus_mean.verdict
    if verdict is Verdict.BELOW and (standing.low == 1 if standing.below is None else standing.below == 0):
        return ["Kém hơn mức trung bình là rõ; kém đơn vị cụ thể nào thì chưa đủ số liệu để nói."]
    if verdict is Verdict.ABOVE and (
        standing.high == standing.ranked if standing.above is None else standing.above == 0
    ):
        return ["Cao hơn mức trung bình là rõ; hơn đơn vị cụ thể nào thì chưa đủ số liệu để nói."]
    return []


def _not_ranked(report: SampledReport) -> str:
    overall = report.overall
    if overall is not None and overall.mark is PublicationMark.NOT_RANKED:
        return f"Đơn vị không được xếp hạng: {MARK_EXPLANATIONS[PublicationMark.NOT_RANKED].vi}"
    return "Đơn vị không được xếp hạng vì có quá ít phiếu, hoặc không có đơn vị nào khác đủ phiếu để so."


def no_pairs(report: SampledReport) -> str:
    """Why there is no pair of units to be compared."""
    if not report.units:
        return "Đơn vị không có đơn vị trực thuộc nào có phiếu trong đợt nên không có cặp nào để so."
    if sum(row.standing is not None for row in report.units) > MOST_PAIRED:
        return f"Có hơn {MOST_PAIRED} đơn vị nên không so từng cặp; xin đọc khoảng hạng."
    return "Chưa có hai đơn vị trực thuộc nào được xếp hạng nên không có cặp nào để so."


def no_questionnaire(report: SampledReport) -> str:
    """Why nothing is said of the questionnaire."""
    if report.is_whole:
        return "Quá ít phiếu để xem bộ câu hỏi có đáng tin không."
    return "Chỉ tính một lần cho cả đợt; xin xem tệp của đơn vị mở đợt khảo sát."


def consistency_words(found: Consistency, labels: Sequence[str]) -> list[str]:
    """Warnings beside the alpha of a factor; ``labels`` name its criteria."""
    if found.reason:
        return [f"Không tính được: {REASONS.get(found.reason, found.reason)}."]
    texts = []
    for code, items in found.notes:
        which = f" ({', '.join(labels[item] for item in items)})" if items else ""
        texts.append(f"{QUALITY_TEXTS[QualityCode(code)][0]}{which}")
    return texts


def drivers_words(found: Questionnaire) -> list[str]:
    """What has to be said beside the drivers, or why there are none."""
    drivers = found.drivers
    if drivers.reason:
        return [f"Không tính được: {REASONS.get(drivers.reason, drivers.reason)}."]
    explained = "" if drivers.r_squared is None else format_percent(drivers.r_squared, places=0)
    people = format_integer(drivers.n)
    said = f"Các yếu tố cùng nhau giải thích {explained} khác biệt về mức hài lòng chung ({people} người trả lời đủ)."
    return [said, *(DRIVER_TEXTS[DriverCode(code)][0] for code in drivers.notes)]


def straight_words(found: Questionnaire) -> str:
    """How many people gave one level to everything."""
    if found.straight_share is None:
        return ""
    share, people = format_percent(found.straight_share, places=1), format_integer(found.straight_n)
    return (
        f"Chọn một mức cho mọi tiêu chí: {share} trong {people} người trả lời ít nhất nửa số tiêu chí. Tỷ lệ cao có "
        "thể do hài lòng thật, cũng có thể do trả lời cho xong; không phiếu nào bị bỏ vì vậy."
    )


def notes(report: SampledReport) -> list[str]:
    """How the figures of a report came about, for the foot of the page and the notes sheet of a file."""
    facts, is_census = report.facts, report.sample_kind is SampleKind.CENSUS
    drawn = f"{format_integer(facts.people)} phiếu"
    if facts.has_clusters:
        drawn = f"{drawn} từ {format_integer(facts.places)} nơi được chọn trong {format_integer(facts.strata)} tầng"
    elif facts.strata > 1:
        drawn = f"{drawn} chọn trong {format_integer(facts.strata)} tầng"
    return [
        f"Cả đợt: {drawn}. Đơn vị theo danh sách ngày {format_date(report.on)}.",
        f"Công thức {FORMULAS[report.formula]}",
        f"Cách gộp: {AGGREGATIONS[report.aggregation]}",
        SAMPLES[report.sample_kind],
        *([] if is_census else _method(report)),
        *_exact(report),
        *(REASON_TEXTS[reason].vi for reason in report.reasons if reason not in CAUTIONS),
        *([] if is_census else _comparing()),
        "“Không áp dụng” và bỏ trống không tính vào giá trị.",
        f"Không hiện số liệu của ít hơn {report.least} người, kể cả khi có thể suy ra bằng phép trừ.",
    ]


def _method(report: SampledReport) -> list[str]:
    corrected = (
        "tính như khi chỉ chọn một phần rất nhỏ (không dùng hệ số tổng thể hữu hạn) nên hơi rộng, về phía an toàn"
    )
    if report.facts.has_clusters:
        corrected = (
            "không dùng hệ số tổng thể hữu hạn, kể cả khi tệp có số tổng thể: trong mỗi nơi được chọn chỉ hỏi một số "
            "người, nên trừ đi phần nơi đã chọn sẽ làm khoảng hẹp hơn mức số liệu cho phép; bỏ qua thì khoảng hơi "
            "rộng, về phía an toàn"
        )
    if not report.facts.has_clusters and report.facts.populations is not None:
        corrected = "có tính số người của từng tầng (hệ số tổng thể hữu hạn)"
    return [
        (
            "Sai số chuẩn: tuyến tính hóa Taylor trên tổng của từng nơi được chọn, giữ nguyên toàn bộ thiết kế mẫu; "
            f"{corrected}. Tầng chỉ có một nơi được chọn so với trung bình chung."
        ),
        (
            "Khoảng của một tiêu chí: Wilson với cỡ mẫu hiệu dụng n / hệ số thiết kế; hệ số thiết kế được làm trơn "
            "trên mọi đơn vị và tiêu chí của đợt, nên khoảng của một đơn vị phụ thuộc nhẹ vào số liệu các đơn vị khác."
        ),
        (
            "Khoảng của chỉ số và yếu tố: Wilson với cỡ mẫu hiệu dụng quy về một tỷ lệ, là số người cần hỏi để một "
            "tỷ lệ có hoặc không có cùng sai số. Số này không bằng n / hệ số thiết kế và có thể lớn hơn n, vì điểm gộp "
            "của một người dao động ít hơn một câu trả lời có hoặc không; số ấy chỉ ghi trong tệp."
        ),
    ]


def _exact(report: SampledReport) -> list[str]:
    used = any(isinstance(one.estimate, Estimate) and one.estimate.method == METHOD for one in report.figures)
    return [f"Riêng từng tiêu chí: {REASON_TEXTS[Reason.KNOWN_POPULATION].vi}"] if used else []


def _comparing() -> list[str]:
    return [
        (
            "Khoảng hạng và nhóm “không phân biệt được”: phương pháp kiểu Tukey, đúng cùng lúc cho mọi đơn vị ở "
            "mức 95 %. So với trung bình và so từng cặp: khoảng của hiệu (MOVER), p hiệu chỉnh Holm theo số so sánh đã "
            "xem; các khoảng của hiệu là của riêng từng phép so, chưa hiệu chỉnh. Ở sát ranh giới, các cách có thể "
            "nói khác nhau."
        ),
    ]
