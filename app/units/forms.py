"""Forms of the pages about units and counters. Dates are typed as dd/mm/yyyy."""

from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import AnyOf, DataRequired, ValidationError

from app.calendar.opening_hours import parse_opening_hours
from app.errors import Invalid
from app.units.import_cells import read_code, read_date, read_list, read_name
from app.units.imports import ImportKind
from app.units.types import UNIT_TYPES
from app.web.csrf import OfficerForm

TYPE_OPTIONS = [(kind.code, f"{kind.name} ({kind.level.label})") for kind in UNIT_TYPES]
KIND_OPTIONS = [(kind.value, kind.label) for kind in ImportKind]


class Reads:
    """A validator that passes the text to a reader and shows its refusal."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def __call__(self, _form: OfficerForm, field: Any) -> None:
        """Refuse what the reader refuses; an empty field is for other validators."""
        text = (field.data or "").strip()
        try:
            if text:
                self.reader(text)
        except Invalid as error:
            raise ValidationError(error.message) from error


def day_of(field: Any) -> date:
    """The date of a field that has passed its validators."""
    return read_date(field.data.strip())


_DATE = [DataRequired("Xin nhập ngày, dạng ngày/tháng/năm."), Reads(read_date)]
_NAME = [DataRequired("Xin nhập tên."), Reads(read_name)]


class UnitForm(OfficerForm):
    """A new unit under another one; ``parent`` is a code."""

    code = StringField("Mã đơn vị", [DataRequired("Xin nhập mã đơn vị."), Reads(read_code)])
    name = StringField("Tên đơn vị", _NAME)
    type = StringField("Loại đơn vị", [AnyOf([kind.code for kind in UNIT_TYPES], "Xin chọn một loại trong danh sách.")])
    parent = StringField("Mã đơn vị cấp trên", [Reads(read_code)])
    on = StringField("Ngày bắt đầu", _DATE)


class RenameForm(OfficerForm):
    """Another name from a day on."""

    name = StringField("Tên mới", _NAME)
    on = StringField("Có hiệu lực từ ngày", _DATE)


class MoveForm(OfficerForm):
    """Another parent from a day on; ``other`` is a code."""

    other = StringField("Mã đơn vị cấp trên mới", [DataRequired("Xin nhập mã đơn vị."), Reads(read_code)])
    on = StringField("Có hiệu lực từ ngày", _DATE)


class MergeForm(OfficerForm):
    """Into which unit, from which day; ``confirmed`` comes back from the preview."""

    other = StringField("Mã đơn vị tiếp nhận", [DataRequired("Xin nhập mã đơn vị."), Reads(read_code)])
    on = StringField("Ngày đơn vị tiếp nhận bắt đầu", _DATE)
    confirmed = StringField("Xác nhận")


class CounterEntryForm(OfficerForm):
    """A counter: number, name, fields separated by semicolons, opening hours."""

    number = StringField("Số quầy", [DataRequired("Xin nhập số quầy."), Reads(read_code)])
    name = StringField("Tên quầy", _NAME)
    areas = StringField("Lĩnh vực", [Reads(read_list)])
    hours = StringField("Giờ làm việc", [Reads(parse_opening_hours)])


class CloseForm(OfficerForm):
    """The last day of a counter."""

    on = StringField("Ngày cuối cùng", _DATE)


class UploadForm(OfficerForm):
    """A table to import."""

    kind = StringField("Nội dung của bảng", [AnyOf([kind.value for kind in ImportKind], "Xin chọn nội dung của bảng.")])
    file = FileField("Tệp", [DataRequired("Xin chọn tệp .xlsx hoặc .csv.")])
