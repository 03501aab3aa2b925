"""Forms of the pages about the calendar. Dates are typed as dd/mm/yyyy."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from app.calendar.day_rows import KIND_WORDS, OFF, WORKED, read_day
from app.calendar.days import DayUnit
from app.calendar.opening_hours import parse_opening_hours
from app.calendar.sources import WORDS as STATUS_WORDS
from app.calendar.sources import Status
from app.errors import Invalid
from app.web.csrf import OfficerForm
from app.web.text_input import clean

KIND_OPTIONS = [(kind, KIND_WORDS[kind]) for kind in (OFF, WORKED)]
STATUS_OPTIONS = [(status.value, str(STATUS_WORDS[status])) for status in Status if status is not Status.PROJECTED]
UNIT_OPTIONS = [(DayUnit.WORKING.value, "ngày làm việc"), (DayUnit.CALENDAR.value, "ngày")]
LONGEST = 300
TOO_LONG = f"Nội dung dài quá {LONGEST} ký tự."


def tidy(text: Any) -> Any:
    """One Unicode form, without characters no database takes."""
    return clean(text).strip() if isinstance(text, str) else text


class Reads:
    """A validator that passes the text to a reader and shows its refusal; an empty field is for other validators."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def __call__(self, _form: OfficerForm, field: Any) -> None:
        """Refuse what the reader refuses."""
        if field.data:
            try:
                self.reader(field.data)
            except Invalid as error:
                raise ValidationError(error.message) from error


def _text(label: str, *validators: Any) -> StringField:
    return StringField(label, [*validators, Length(max=LONGEST, message=TOO_LONG)], filters=[tidy])


def _needed(words: str) -> DataRequired:
    return DataRequired(words)


class DayForm(OfficerForm):
    """A day off or a worked day, or several on end."""

    day = _text("Ngày", _needed("Xin nhập ngày."), Reads(read_day))
    until = _text("Đến hết ngày", Reads(read_day))
    kind = StringField("Loại", [AnyOf([kind for kind, _ in KIND_OPTIONS], "Xin chọn nghỉ hoặc làm bù.")])
    name = _text("Tên", _needed("Xin ghi tên ngày."))
    hours = _text("Giờ làm việc", Reads(parse_opening_hours))
    source = _text("Số văn bản", _needed("Xin ghi số văn bản."))
    status = StringField("Mức kiểm chứng", [AnyOf([one for one, _ in STATUS_OPTIONS], "Xin chọn mức kiểm chứng.")])
    reason = _text("Lý do", _needed("Xin ghi lý do."))
    seen = StringField("Phiên bản đã xem")


class RemoveForm(OfficerForm):
    """Taking an entry back."""

    reason = _text("Lý do", _needed("Xin ghi lý do."))
    seen = StringField("Phiên bản đã xem")


class HoursForm(OfficerForm):
    """Weekly hours from a day on."""

    valid_from = _text("Có hiệu lực từ ngày", _needed("Xin nhập ngày."), Reads(read_day))
    hours = _text("Giờ làm việc trong tuần", _needed("Xin nhập giờ làm việc."), Reads(parse_opening_hours))
    source = _text("Số văn bản", _needed("Xin ghi số văn bản."))
    reason = _text("Lý do", _needed("Xin ghi lý do."))
    seen = StringField("Phiên bản đã xem")


class UploadForm(OfficerForm):
    """A table of days."""

    file = FileField("Tệp", [DataRequired("Xin chọn tệp .xlsx hoặc .csv.")])


class ConfirmForm(OfficerForm):
    """The yes to a preview: the rows come back with it and are read and checked again."""

    rows = StringField("Các dòng", [_needed("Bản xem trước đã mất. Xin tải tệp lên lại.")])
    reason = _text("Lý do", _needed("Xin ghi lý do."))
    seen = StringField("Phiên bản đã xem")
