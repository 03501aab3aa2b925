"""Forms of the pages about units and counters. Dates are typed as dd/mm/yyyy."""

from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from app.calendar.opening_hours import parse_opening_hours
from app.errors import Invalid
from app.units.import_cells import read_code, read_date, read_list, read_name
from app.units.imports import ImportKind
from app.units.types import UNIT_TYPES, Level
from app.web.csrf import OfficerForm

TYPE_OPTIONS = [(kind.code, f"{kind.name} ({kind.level.label})") for kind in UNIT_TYPES]
LEVEL_OPTIONS = [(level.value, level.label) for level in Level if level is not Level.POINT]
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
_SHORT = Length(max=200, message="Tên hoặc mã đơn vị quá dài.")
_UNIT = [DataRequired("Xin nhập mã hoặc một phần tên đơn vị."), _SHORT]


class UnitForm(OfficerForm):
    """A new unit under another one."""

    code = StringField("Mã đơn vị", [DataRequired("Xin nhập mã đơn vị."), Reads(read_code)])
    name = StringField("Tên đơn vị", _NAME)
    type = StringField("Loại đơn vị", [AnyOf([kind.code for kind in UNIT_TYPES], "Xin chọn một loại trong danh sách.")])
    parent = StringField("Đơn vị cấp trên", [_SHORT])
    on = StringField("Ngày bắt đầu", _DATE)


class RenameForm(OfficerForm):
    """Another name from a day on."""

    name = StringField("Tên mới", _NAME)
    on = StringField("Có hiệu lực từ ngày", _DATE)


class MoveForm(OfficerForm):
    """Another parent from a day on."""

    other = StringField("Đơn vị cấp trên mới", _UNIT)
    on = StringField("Có hiệu lực từ ngày", _DATE)


class SuccessionForm(OfficerForm):
    """Which units follow, from which day; ``confirmed`` comes back from the preview."""

    on: StringField
    confirmed = StringField("Xác nhận")

    def typed(self) -> list[Any]:
        """The fields that name a unit that follows, where something was typed."""
        return [field for field in self if field.name.startswith("other") and (field.data or "").strip()]


class MergeForm(SuccessionForm):
    """Into which unit."""

    other = StringField("Đơn vị tiếp nhận", _UNIT)
    on = StringField("Ngày đơn vị tiếp nhận bắt đầu", _DATE)


class SplitForm(SuccessionForm):
    """Into which units, at least two."""

    other_1 = StringField("Đơn vị mới thứ nhất", _UNIT)
    other_2 = StringField("Đơn vị mới thứ hai", _UNIT)
    other_3 = StringField("Đơn vị mới thứ ba", [_SHORT])
    other_4 = StringField("Đơn vị mới thứ tư", [_SHORT])
    other_5 = StringField("Đơn vị mới thứ năm", [_SHORT])
    on = StringField("Ngày các đơn vị mới bắt đầu", _DATE)


class DissolveForm(SuccessionForm):
    """Who takes over the work, if anybody."""

    other = StringField("Đơn vị tiếp nhận công việc", [_SHORT])
    on = StringField("Ngày đầu tiên không còn hoạt động", _DATE)


class CounterEntryForm(OfficerForm):
    """A counter: number, name, fields separated by semicolons, opening hours."""

    number = StringField("Số quầy", [DataRequired("Xin nhập số quầy."), Reads(read_code)])
    name = StringField("Tên quầy", _NAME)
    areas = StringField("Lĩnh vực", [Reads(read_list)])
    hours = StringField("Giờ làm việc", [Reads(parse_opening_hours)])


class CloseForm(OfficerForm):
    """The last day of a counter or procedure."""

    on = StringField("Ngày cuối cùng", _DATE)


class ProcedureForm(OfficerForm):
    """A procedure. The code is given once: the form of a change has none."""

    code = StringField("Mã thủ tục", [DataRequired("Xin nhập mã thủ tục."), Reads(read_code)])
    name = StringField("Tên thủ tục", _NAME)
    area = StringField("Lĩnh vực", _NAME)
    level = StringField("Cấp thực hiện", [AnyOf([value for value, _ in LEVEL_OPTIONS], "Xin chọn một cấp.")])
    on = StringField("Ngày bắt đầu", [Reads(read_date)])


class FieldForm(OfficerForm):
    """The name of a field."""

    name = StringField("Tên lĩnh vực", _NAME)


class UploadForm(OfficerForm):
    """A table to import."""

    kind = StringField("Nội dung của bảng", [AnyOf([kind.value for kind in ImportKind], "Xin chọn nội dung của bảng.")])
    file = FileField("Tệp", [DataRequired("Xin chọn tệp .xlsx hoặc .csv.")])
