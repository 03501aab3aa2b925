"""A roster from a table into typed rows: all faults at once (pure)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.feedback.conflicts.kinds import ALL_WEEK, SHIFTS, WORKING_WEEK, Shift, mask
from app.files.tables import Column, Record
from app.i18n.folding import fold_words
from app.units.import_cells import BadCell, RowError, RowReader, read_date, read_name

COLUMNS: tuple[Column, ...] = (
    Column("unit", "Mã đơn vị", ("Đơn vị",), is_required=True),
    Column("counter", "Số quầy", ("Quầy",), is_required=True),
    Column("who", "Người trực", ("Họ tên", "Tên đăng nhập", "Cán bộ"), is_required=True),
    Column("days", "Thứ", ("Ngày trong tuần",)),
    Column("shift", "Buổi", ("Ca",)),
    Column("first", "Từ ngày", ("Ngày bắt đầu",), is_required=True),
    Column("last", "Đến hết ngày", ("Đến ngày", "Ngày kết thúc")),
)
HINTS: Mapping[str, str] = {
    "unit": "Mã một đơn vị Ông/Bà được giao",
    "counter": "Số quầy của đơn vị ấy",
    "who": "Tên đăng nhập, hoặc họ tên; người không có tài khoản thì ghi họ tên",
    "days": "Ví dụ T2-T6; T2, T4, CN; để trống là mọi ngày",
    "shift": "Cả ngày; Buổi sáng; Buổi chiều; để trống là cả ngày",
    "first": "Ngày/tháng/năm, ví dụ 01/07/2025",
    "last": "Ngày/tháng/năm; để trống nếu chưa có ngày cuối",
}
TITLES = {column.key: column for column in COLUMNS}
_SHIFTS = {fold_words(words): shift for shift, words in SHIFTS.items()} | {
    "sang": Shift.MORNING,
    "chieu": Shift.AFTERNOON,
    "ca ngay": Shift.DAY,
}
_DAYS = {"t2": 1, "t3": 2, "t4": 3, "t5": 4, "t6": 5, "t7": 6, "cn": 7}
_SPAN = re.compile(r"([a-z0-9]+)\s*[-–]\s*([a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One line as it was read; ``officer_id`` None: a name without account."""

    row: int
    counter_id: int
    officer_id: int | None
    person_name: str
    weekdays: int
    shift: Shift
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows, and everything that is wrong (then nothing may be imported)."""

    rows: tuple[DutyRow, ...] = ()
    errors: tuple[RowError, ...] = ()

    @property
    def without_account(self) -> int:
        """How many rows name somebody who has no account."""
        return sum(row.officer_id is None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Known:
    """Counters by unit code and number, only those the importer may change; and who is meant at a counter."""

    counters: Mapping[tuple[str, str], int]
    officer: Callable[[int, str], int | None]


def parse(records: Sequence[Record], known: Known) -> Parsed:
    """All rows typed and checked."""
    rows, errors = [], []
    for one in records:
        reader = RowReader(one, TITLES)
        row = _row(reader, known)
        errors += reader.errors
        if row is not None and not reader.errors:
            rows.append(row)
    return Parsed(tuple(rows), tuple(errors))


def read_days(text: str) -> int:
    """Weekdays as people write them: "T2-T6", "T2, T4, CN", "Thứ hai", "mọi ngày"."""
    plain = " ".join(text.lower().replace("thứ ", "t").replace("chủ nhật", "cn").split())
    for word, short in (("hai", "2"), ("ba", "3"), ("tư", "4"), ("năm", "5"), ("sáu", "6"), ("bảy", "7")):
        plain = plain.replace(f"t{word}", f"t{short}")
    if plain in ("", "mọi ngày", "cả tuần"):
        return ALL_WEEK
    if plain == "ngày làm việc":
        return WORKING_WEEK
    found: set[int] = set()
    for part in re.split(r"[,;]", plain):
        span = _SPAN.fullmatch(part.strip())
        first, last = (span[1], span[2]) if span else (part.strip(), part.strip())
        start, end = _DAYS.get(first), _DAYS.get(last)
        if start is None or end is None or end < start:
            raise BadCell(f"“{text[:40]}” không phải các thứ trong tuần, ví dụ T2-T6 hoặc T2, T4, CN.")
        found |= set(range(start, end + 1))
    return mask(found)


def read_shift(text: str) -> Shift:
    """A part of the day."""
    found = _SHIFTS.get(fold_words(text))
    if found is None:
        raise BadCell("Buổi phải là: Cả ngày, Buổi sáng hoặc Buổi chiều.")
    return found


def _row(reader: RowReader, known: Known) -> DutyRow | None:
    unit, number = reader.read("unit", str.strip), reader.read("counter", str.strip)
    who = reader.read("who", read_name)
    days, shift = reader.read("days", read_days), reader.read("shift", read_shift)
    first, last = reader.read("first", read_date), reader.read("last", read_date)
    counter_id = None if unit is None or number is None else known.counters.get((unit, number))
    if unit is not None and number is not None and counter_id is None:
        reader.reject("counter", f"Không có quầy “{number[:20]}” ở đơn vị mã “{unit[:40]}” mà Ông/Bà được giao.")
    if first is not None and last is not None and last < first:
        reader.reject("last", "Ngày cuối không được trước ngày bắt đầu.")
    if counter_id is None or who is None or first is None:
        return None
    officer_id = known.officer(counter_id, who)
    name = " ".join(who.split())
    weekdays = ALL_WEEK if days is None else days
    return DutyRow(reader.record.row, counter_id, officer_id, name, weekdays, shift or Shift.DAY, first, last)
