"""Read single cells of an import: each reader returns a value or raises BadCell with a Vietnamese sentence."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from app.errors import Invalid
from app.files.tables import Column, Record
from app.i18n.folding import fold_words
from app.units.types import UNIT_TYPES, Level

MAX_CODE = 40
MAX_NAME = 300
FIRST_YEAR, LAST_YEAR = 1945, 2100

T = TypeVar("T")

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]*")
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

_TYPE_ALIASES = {
    "so": "department",
    "phong": "division",
    "thanh pho": "central_city",
    "chi nhanh": "service_centre_branch",
    "diem tiep nhan": "reception_point",
    "trung tam phuc vu hanh chinh cong xa": "communal_service_centre",
    "trung tam phuc vu hanh chinh cong tinh": "provincial_service_centre",
    "chi nhanh van phong dang ky dat dai": "land_registration_branch",
}
_TYPES = {
    **_TYPE_ALIASES,
    **{fold_words(kind.name): kind.code for kind in UNIT_TYPES},
    **{fold_words(kind.code): kind.code for kind in UNIT_TYPES},
}
_LEVELS = {
    "trung uong": Level.CENTRAL,
    "bo": Level.CENTRAL,
    "tinh": Level.PROVINCE,
    "huyen": Level.DISTRICT,
    "xa": Level.COMMUNE,
}


class BadCell(Invalid):
    """One cell cannot be understood."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong where: the row of the sheet, the title of the column ("" for the whole row), the sentence."""

    row: int
    column: str
    message: str


@dataclass(slots=True)
class RowReader:
    """Reads the cells of one record and collects their errors instead of stopping at the first."""

    record: Record
    titles: dict[str, Column]
    errors: list[RowError] = field(default_factory=list)

    def read(self, key: str, reader: Callable[[str], T]) -> T | None:
        """The value of a cell; None if it is empty (an error when mandatory) or wrong (the error is kept)."""
        text = self.record.values[key]
        column = self.titles[key]
        if not text:
            if column.is_required:
                self.reject(key, "Ô bắt buộc đang để trống.")
            return None
        try:
            return reader(text)
        except Invalid as error:
            self.reject(key, error.message)
            return None

    def reject(self, key: str, message: str) -> None:
        """Keep an error of the cell under ``key``."""
        self.errors.append(RowError(self.record.row, self.titles[key].title, message))


def read_code(text: str) -> str:
    """A code of a unit, counter or procedure."""
    if len(text) > MAX_CODE:
        raise BadCell(f"Mã dài hơn {MAX_CODE} ký tự.")
    if not _CODE.fullmatch(text):
        raise BadCell(f"Mã “{text}” chỉ được gồm chữ không dấu, chữ số và các dấu . - _ /")
    return text


def read_name(text: str) -> str:
    """A name of at most 300 characters."""
    if len(text) > MAX_NAME:
        raise BadCell(f"Nội dung dài {len(text)} ký tự, nhiều hơn {MAX_NAME} ký tự cho phép.")
    return text


def read_date(text: str) -> date:
    """A date as dd/mm/yyyy (or yyyy-mm-dd)."""
    match, iso = _DATE.fullmatch(text), _ISO_DATE.fullmatch(text)
    if match:
        day, month, year = (int(part) for part in match.groups())
    elif iso:
        year, month, day = (int(part) for part in iso.groups())
    else:
        raise BadCell(f"Ngày “{text[:20]}” không đúng dạng ngày/tháng/năm, ví dụ 01/07/2025.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadCell(f"Năm {year} nằm ngoài khoảng {FIRST_YEAR}–{LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadCell(f"Không có ngày {text}.") from error


def read_unit_type(text: str) -> str:
    """The code of a kind of unit, from its Vietnamese name or its code."""
    found = _TYPES.get(fold_words(text))
    if found is None:
        names = ", ".join(kind.name for kind in UNIT_TYPES)
        raise BadCell(f"Không có loại đơn vị “{text[:60]}”. Các loại được nhận: {names}.")
    return found


def read_level(text: str) -> Level:
    """The level of government that settles a procedure."""
    found = _LEVELS.get(fold_words(text).removeprefix("cap "))
    if found is None:
        raise BadCell(f"Không có cấp thực hiện “{text[:40]}”. Ông/Bà hãy ghi một trong: Trung ương, Tỉnh, Huyện, Xã.")
    return found


def read_list(text: str) -> tuple[str, ...]:
    """Names separated by semicolons, each once, in their order."""
    names = (read_name(part.strip()) for part in text.split(";") if part.strip())
    return tuple(dict.fromkeys(names))


def read_codes(text: str) -> tuple[str, ...]:
    """Codes separated by semicolons or commas."""
    return tuple(read_code(part.strip()) for part in re.split("[;,]", text) if part.strip())
