"""Forms of the dossier pages. Dates are typed as dd/mm/yyyy."""

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from app.units.forms import Reads
from app.units.import_cells import read_date
from app.web.csrf import OfficerForm

_DAY: list[Any] = [DataRequired("Xin nhập ngày, dạng ngày/tháng/năm."), Reads(read_date)]
_WHOLE = Regexp(r"\s*\d{1,9}\s*\Z", message="Xin nhập số nguyên.")
_COUNT: list[Any] = [DataRequired("Xin nhập số, 0 nếu không có."), _WHOLE]
_SHORT = Length(max=300, message="Nội dung dài hơn 300 ký tự.")
_LONG = Length(max=2000, message="Dài hơn 2.000 ký tự.")


class TotalsForm(OfficerForm):
    """Totals of a unit and a stretch of days."""

    unit = StringField("Đơn vị", [DataRequired("Xin nhập mã hoặc một phần tên đơn vị."), _SHORT])
    first_on = StringField("Từ ngày", _DAY)
    last_on = StringField("Đến hết ngày", _DAY)
    received = StringField("Số hồ sơ tiếp nhận", _COUNT)
    settled = StringField("Số hồ sơ đã giải quyết", _COUNT)
    on_time = StringField("Trong đó đúng hạn", _COUNT)
    late = StringField("Trong đó trễ hạn", _COUNT)
    source = StringField("Nguồn số liệu", [DataRequired("Xin ghi nguồn, ví dụ số hiệu báo cáo."), _SHORT])


class LetterForm(OfficerForm):
    """A letter that was sent."""

    sent_on = StringField("Ngày gửi", _DAY)
    new_due_on = StringField("Ngày hẹn trả mới", [Optional(), Reads(read_date)])
    document = StringField("Số văn bản", [Length(max=60, message="Số văn bản dài hơn 60 ký tự.")])
    signed_by = StringField("Người ký", [DataRequired("Xin ghi người ký."), _SHORT])
    reason = TextAreaField("Lý do trễ hạn", [DataRequired("Xin ghi lý do trễ hạn."), _LONG])
