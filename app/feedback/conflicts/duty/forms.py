"""Forms of the roster pages. Dates are typed as dd/mm/yyyy."""

from collections.abc import Sequence
from typing import Any

from wtforms import StringField
from wtforms.validators import AnyOf, DataRequired, Length

from app.feedback.conflicts.duty.errors import BadDuty
from app.feedback.conflicts.kinds import ALL_WEEK, SHIFTS, WEEKDAYS, mask
from app.units.forms import Reads
from app.units.import_cells import read_date
from app.web.csrf import OfficerForm
from app.web.text_input import clean, problem

MOST_NAME = 200
SHIFT_OPTIONS = [(shift.value, words) for shift, words in SHIFTS.items()]
DAY_OPTIONS = [(str(number), words) for number, words in enumerate(WEEKDAYS, start=1)]
_DAY: list[Any] = [DataRequired("Xin nhập ngày, dạng ngày/tháng/năm."), Reads(read_date)]


def weekdays_of(chosen: Sequence[str]) -> int:
    """The weekdays ticked; none ticked means all.

    Raises
    ------
    BadDuty
        For what is no weekday.
    """
    if not set(chosen) <= set(dict(DAY_OPTIONS)):
        raise BadDuty("Xin chọn các thứ trong tuần trong danh sách.")
    return mask(int(one) for one in chosen) or ALL_WEEK


def name_of(typed: str) -> str:
    """A user name or a full name, cleaned.

    Raises
    ------
    BadDuty
        For signs that no name has.
    """
    name = " ".join(clean(typed).split())
    if not name or (wrong := problem(name, MOST_NAME)):
        raise BadDuty(str(wrong) if name else "Xin nhập tên đăng nhập hoặc họ tên.")
    return name


class DutyForm(OfficerForm):
    """Somebody at a counter."""

    who = StringField(
        "Người trực",
        [DataRequired("Xin nhập tên đăng nhập hoặc họ tên."), Length(max=MOST_NAME, message="Tên quá dài.")],
    )
    shift = StringField("Buổi", [AnyOf([value for value, _ in SHIFT_OPTIONS], "Xin chọn một mục.")])
    first = StringField("Từ ngày", _DAY)
    last = StringField("Đến hết ngày", [Reads(read_date)])


class EndForm(OfficerForm):
    """The last day of a line."""

    last = StringField("Ngày cuối", _DAY)
