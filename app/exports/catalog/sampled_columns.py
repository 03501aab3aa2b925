"""The columns of the files of a sampled round (pure); a change of them is a new version."""

from app.exports.definitions import Column, Kind
from app.survey.definitions import QuestionSet

PLACES = 1  # of percent, as on the page
UNIT = (Column("unit_code", "Mã đơn vị"), Column("unit", "Đơn vị"))
ESTIMATE = (
    Column("value", "Chỉ số (%)", Kind.PERCENT, PLACES),
    Column("low", "Cận dưới (%)", Kind.PERCENT, PLACES),
    Column("high", "Cận trên (%)", Kind.PERCENT, PLACES),
    Column("range", "Loại khoảng"),
    Column("n", "n", Kind.WHOLE),
    Column("n_eff", "n hiệu dụng (quy về một tỷ lệ)", Kind.DECIMAL, 1),
    Column("deff", "Hệ số thiết kế", Kind.DECIMAL, 2),
    Column("se", "Sai số chuẩn (điểm %)", Kind.PERCENT, 2),
    Column("mark", "Độ chính xác"),
    Column("reason", "Vì sao không có số"),
)


def _difference(compared: str) -> tuple[Column, ...]:
    """The limits hold for one comparison by itself, p and verdict for all: the headings have to say so."""
    alone = f"khoảng 95 % của riêng {compared} này, chưa hiệu chỉnh"
    return (
        Column("difference", "Chênh lệch (điểm %)", Kind.PERCENT, PLACES),
        Column("difference_low", f"Chênh lệch, cận dưới ({alone})", Kind.PERCENT, PLACES),
        Column("difference_high", f"Chênh lệch, cận trên ({alone})", Kind.PERCENT, PLACES),
        Column("p", "p", Kind.DECIMAL, 6),
        Column("p_corrected", "p hiệu chỉnh Holm", Kind.DECIMAL, 6),
        Column("verdict", "Nhận xét"),
    )


def units(_: QuestionSet) -> tuple[Column, ...]:
    """A unit and the units below it: index, rank interval, groups, comparison with the mean."""
    return (
        *UNIT,
        Column("level", "Cấp"),
        Column("people", "Số phiếu", Kind.WHOLE),
        *ESTIMATE,
        Column("rank_low", "Hạng từ", Kind.WHOLE),
        Column("rank_high", "Hạng đến", Kind.WHOLE),
        Column("ranked", "Trên số đơn vị", Kind.WHOLE),
        Column("groups", "Nhóm không phân biệt được"),
        Column("mean", "Trung bình các đơn vị (%)", Kind.PERCENT, PLACES),
        *_difference("đơn vị"),
    )


def figures(_: QuestionSet) -> tuple[Column, ...]:
    """Components, factors and criteria of each unit."""
    names = (Column("code", "Mã"), Column("number", "Số thứ tự"), Column("label", "Tên"))
    return (*UNIT, Column("level", "Cấp"), *names, *ESTIMATE)


def pairs(_: QuestionSet) -> tuple[Column, ...]:
    """Every pair of ranked units."""
    second = (Column("second_code", "Mã đơn vị so với"), Column("second", "So với đơn vị"))
    return (*UNIT, *second, *_difference("cặp"))


def reliability(_: QuestionSet) -> tuple[Column, ...]:
    """Alpha and omega of factors, and what each criterion adds."""
    return (
        Column("level", "Cấp"),
        Column("code", "Mã"),
        Column("label", "Tên"),
        Column("items", "Số tiêu chí", Kind.WHOLE),
        Column("n", "n", Kind.WHOLE),
        Column("alpha", "Alpha", Kind.DECIMAL, 3),
        Column("alpha_low", "Alpha, cận dưới", Kind.DECIMAL, 3),
        Column("alpha_high", "Alpha, cận trên", Kind.DECIMAL, 3),
        Column("omega", "Omega", Kind.DECIMAL, 3),
        Column("item_rest", "Tương quan với các tiêu chí còn lại", Kind.DECIMAL, 3),
        Column("if_dropped", "Alpha nếu bỏ tiêu chí", Kind.DECIMAL, 3),
        Column("remarks", "Lưu ý"),
    )


def drivers(_: QuestionSet) -> tuple[Column, ...]:
    """What goes with overall satisfaction."""
    return (
        Column("code", "Mã"),
        Column("label", "Yếu tố"),
        Column("share", "Phần giải thích (%)", Kind.PERCENT, PLACES),
        Column("share_low", "Phần giải thích, cận dưới", Kind.PERCENT, PLACES),
        Column("share_high", "Phần giải thích, cận trên", Kind.PERCENT, PLACES),
        Column("level", "Điểm trung bình", Kind.DECIMAL, 2),
        Column("level_low", "Điểm trung bình, cận dưới", Kind.DECIMAL, 2),
        Column("level_high", "Điểm trung bình, cận trên", Kind.DECIMAL, 2),
        Column("place", "Vị trí"),
        Column("remarks", "Lưu ý"),
    )
