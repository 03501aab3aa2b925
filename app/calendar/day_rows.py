"""Tables and forms of days into entries (pure): every fault with its row and column, in Vietnamese."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.calendar.opening_hours import parse_opening_hours
from app.calendar.sources import WORDS as STATUS_WORDS
from app.calendar.sources import Status
from app.calendar.working_time import Ranges, read_ranges
from app.errors import Invalid
from app.files.tables import Column, Record
from app.i18n.folding import fold_words

LONGEST_NAME = 120
LONGEST_SOURCE = 300
LONGEST_SPAN = 31
MOST_ROWS = 1000
FIRST_YEAR, LAST_YEAR = 2000, 2100
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")

OFF, WORKED, USUAL = "off", "working", "usual"
KIND_WORDS: Mapping[str, str] = {OFF: "Nghỉ", WORKED: "Làm bù", USUAL: "Bỏ mục này"}
_KINDS = {fold_words(words): kind for kind, words in KIND_WORDS.items()} | {
    "ngay nghi": OFF,
    "nghi le": OFF,
    "nghi bu": OFF,
    "lam viec": WORKED,
    "ngay lam bu": WORKED,
    "bo": USUAL,
    "xoa": USUAL,
    "ngay thuong": USUAL,
}
_STATUSES = {fold_words(words): status for status, words in STATUS_WORDS.items()} | {one.value: one for one in Status}

COLUMNS: tuple[Column, ...] = (
    Column("day", "Ngày", ("Từ ngày",), is_required=True),
    Column("until", "Đến hết ngày", ("Đến ngày",)),
    Column("kind", "Loại", ("Loại ngày",), is_required=True),
    Column("name", "Tên", ("Tên ngày", "Nội dung")),
    Column("hours", "Giờ làm việc", ("Giờ",)),
    Column("source", "Số văn bản", ("Nguồn", "Văn bản")),
    Column("status", "Mức kiểm chứng"),
)
TITLES = {column.key: column.title for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of a table: what it is to be. ``ranges`` are given for worked days only."""

    day: date
    kind: str
    name: str
    ranges: Ranges
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong where; an empty column stands for the whole row."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The days of a table, and its faults."""

    rows: tuple[DayRow, ...]
    faults: tuple[RowFault, ...]


class BadCell(Invalid):
    """A cell that cannot be read, with the key of its column."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


def read_day(text: str) -> date:
    """A date as dd/mm/yyyy (or yyyy-mm-dd). Raises Invalid."""
    plain = text.strip()
    match, iso = _DATE.fullmatch(plain), _ISO.fullmatch(plain)
    if match:
        day, month, year = (int(part) for part in match.groups())
    elif iso:
        year, month, day = (int(part) for part in iso.groups())
    else:
        raise Invalid(f"Ngày “{plain[:20]}” không đúng dạng ngày/tháng/năm, ví dụ 24/11/2026.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(f"Năm {year} nằm ngoài khoảng {FIRST_YEAR}–{LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Invalid(f"Không có ngày {plain}.") from error


def read_hours(text: str, usual: Ranges) -> Ranges:
    """The hours of one day, such as "07:30-11:30; 13:30-17:00"; ``usual`` when nothing is written. Raises Invalid."""
    if not text.strip():
        return usual
    hours = parse_opening_hours(text)
    if len({tuple(map(tuple, ranges)) for ranges in hours.values()}) != 1:
        raise Invalid("Xin ghi giờ của một ngày, ví dụ 07:30-11:30; 13:30-17:00, không ghi thứ trong tuần.")
    return read_ranges(next(iter(hours.values())))


def read_rows(records: Sequence[Record], usual: Ranges) -> Parsed:
    """The days of a table; a row may stand for several days on end."""
    rows: dict[date, DayRow] = {}
    faults: list[RowFault] = []
    for record in records:
        try:
            for one in days_of(record.values, usual):
                if one.day in rows:
                    again = f"Ngày {one.day:%d/%m/%Y} đã có ở dòng khác của bảng."
                    faults.append(RowFault(record.row, TITLES["day"], again))
                rows[one.day] = one
        except BadCell as error:
            faults.append(RowFault(record.row, TITLES.get(error.key, ""), error.message))
    if len(rows) > MOST_ROWS:
        faults.append(RowFault(records[0].row, "", f"Bảng có hơn {MOST_ROWS} ngày. Xin chia thành nhiều tệp."))
    return Parsed(tuple(rows[day] for day in sorted(rows)), tuple(faults))


def days_of(values: Mapping[str, str], usual: Ranges) -> Iterator[DayRow]:
    """The days one row or form stands for. Raises BadCell."""
    first = _read("day", values["day"])
    last = _read("until", values["until"]) if values.get("until") else first
    if not 0 <= (last - first).days < LONGEST_SPAN:
        raise BadCell("until", f"Ngày cuối phải từ ngày đầu trở đi và cách không quá {LONGEST_SPAN} ngày.")
    kind = _KINDS.get(fold_words(values["kind"])) or (values["kind"] if values["kind"] in KIND_WORDS else None)
    if kind is None:
        raise BadCell("kind", f"Loại phải là một trong: {', '.join(KIND_WORDS.values())}.")
    name, source = values.get("name", "").strip(), values.get("source", "").strip()
    if kind != USUAL:
        _require("name", name, LONGEST_NAME, "Xin ghi tên ngày, ví dụ Nghỉ Tết Nguyên đán.")
        _require("source", source, LONGEST_SOURCE, "Xin ghi số văn bản, ví dụ 9441/TB-BNV.")
    status = _status(values.get("status", ""))
    ranges = _hours(values.get("hours", ""), usual) if kind == WORKED else ()
    for more in range((last - first).days + 1):
        yield DayRow(first + timedelta(days=more), kind, name, ranges, source, status)


def _read(key: str, text: str) -> date:
    try:
        return read_day(text)
    except Invalid as error:
        raise BadCell(key, error.message) from error


def _hours(text: str, usual: Ranges) -> Ranges:
    try:
        found = read_hours(text, usual)
    except Invalid as error:
        raise BadCell("hours", error.message) from error
    if not found:
        raise BadCell("hours", "Xin ghi giờ làm việc của ngày làm bù.")
    return found


def _status(text: str) -> Status:
    if not text.strip():
        return Status.VERIFIED
    found = _STATUSES.get(fold_words(text)) or _STATUSES.get(text.strip())
    if found is None:
        raise BadCell("status", f"Mức kiểm chứng phải là một trong: {', '.join(STATUS_WORDS.values())}.")
    return found


def _require(key: str, text: str, longest: int, missing: str) -> None:
    if not text:
        raise BadCell(key, missing)
    if len(text) > longest:
        raise BadCell(key, f"Nội dung dài quá {longest} ký tự.")
