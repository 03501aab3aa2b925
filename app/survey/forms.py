"""The form that opens a round. What decides the method has no default: whoever opens the round chooses."""

from datetime import date
from typing import Any

from wtforms import StringField
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from app.survey.models import Aggregation, IndexFormula, SampleKind
from app.units.import_cells import BadCell, read_date
from app.web.csrf import OfficerForm

KIND_OPTIONS = [
    (SampleKind.OPEN.value, "Mở: người dân tự quét mã tại quầy. Kết quả không đại diện cho mọi người dân."),
    (SampleKind.PROBABILITY.value, "Mẫu ngẫu nhiên: người trả lời được chọn ngẫu nhiên từ danh sách."),
    (SampleKind.CENSUS.value, "Toàn bộ: hỏi tất cả những người đã được phục vụ."),
]
FORMULA_OPTIONS = [
    (
        IndexFormula.TOP2.value,
        "TOP2 – tỷ lệ hài lòng: phần trăm câu trả lời ở mức 4 và 5. Nếu mọi người chọn “Hài lòng”, chỉ số là 100.",
    ),
    (
        IndexFormula.MEAN5.value,
        "MEAN5 – mức độ hài lòng: điểm trung bình từ 1 đến 5, chia cho 5. Nếu mọi người chọn “Hài lòng”, chỉ số là 80.",
    ),
]
AGGREGATION_OPTIONS = [
    (
        Aggregation.MEAN_OF_CRITERIA.value,
        "Trung bình các tiêu chí: mỗi tiêu chí nặng như nhau, dù nhiều hay ít người trả lời.",
    ),
    (
        Aggregation.POOLED.value,
        "Gộp câu trả lời: mỗi câu trả lời nặng như nhau, tiêu chí được trả lời nhiều thì nặng hơn.",
    ),
    (
        Aggregation.RESPONDENT.value,
        "Theo người trả lời: tính điểm của từng người đã trả lời ít nhất một nửa số tiêu chí, rồi lấy trung bình.",
    ),
]
KIND_WORDS = {
    SampleKind.OPEN: "Mở, người tự quét mã",
    SampleKind.PROBABILITY: "Mẫu ngẫu nhiên",
    SampleKind.CENSUS: "Toàn bộ",
}
FORMULA_WORDS = {
    IndexFormula.TOP2: "TOP2 – tỷ lệ hài lòng",
    IndexFormula.MEAN5: "MEAN5 – mức độ hài lòng",
}
AGGREGATION_WORDS = {
    Aggregation.MEAN_OF_CRITERIA: "Trung bình các tiêu chí",
    Aggregation.POOLED: "Gộp câu trả lời",
    Aggregation.RESPONDENT: "Theo người trả lời",
}


def _one_of(options: list[tuple[str, str]], message: str) -> AnyOf:
    return AnyOf([value for value, _ in options], message)


class RoundForm(OfficerForm):
    """A new round. Every field holds the text that was typed, so that nothing is lost when something is wrong."""

    name = StringField(
        "Tên đợt",
        [DataRequired("Xin đặt tên cho đợt khảo sát."), Length(max=200, message="Tên có nhiều nhất 200 ký tự.")],
    )
    question_set = StringField("Bộ câu hỏi", [DataRequired("Xin chọn bộ câu hỏi.")])
    unit = StringField(
        "Đơn vị", [DataRequired("Xin nhập mã hoặc tên đơn vị."), Length(max=200, message="Tên đơn vị quá dài.")]
    )
    kind = StringField("Loại đợt", [_one_of(KIND_OPTIONS, "Xin chọn loại đợt.")])
    formula = StringField("Cách tính", [_one_of(FORMULA_OPTIONS, "Xin chọn cách tính điểm của một tiêu chí.")])
    aggregation = StringField("Cách gộp", [_one_of(AGGREGATION_OPTIONS, "Xin chọn cách gộp các tiêu chí.")])
    starts_on = StringField("Từ ngày", [DataRequired("Xin nhập ngày bắt đầu.")])
    ends_on = StringField("Đến hết ngày")

    def validate_starts_on(self, field: Any) -> None:
        """It must be a day."""
        _day(field.data)

    def validate_ends_on(self, field: Any) -> None:
        """It must be a day, not before the first one; empty means no end yet."""
        if not (field.data or "").strip():
            return
        last = _day(field.data)
        try:
            first = read_date((self.starts_on.data or "").strip())
        except BadCell:
            return  # said at that field
        if last < first:
            raise ValidationError("Ngày kết thúc phải từ ngày bắt đầu trở đi.")

    @property
    def first_day(self) -> date:
        """The first day, once the form is valid."""
        return read_date(self.starts_on.data.strip())

    @property
    def last_day(self) -> date | None:
        """The last day, once the form is valid; None without an end."""
        typed = (self.ends_on.data or "").strip()
        return read_date(typed) if typed else None

    def typed(self) -> dict[str, str]:
        """What stands in the fields, for drawing them again."""
        return {name: field.data or "" for name, field in self._fields.items() if field.type == "StringField"}


def _day(text: str) -> date:
    try:
        return read_date(text.strip())
    except BadCell as error:
        raise ValidationError(error.message) from error
