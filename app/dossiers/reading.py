"""A delivery of dossiers, from a file or the interface, into typed rows: all faults at once (pure).

What exists comes in as ``Known``. A dossier delivered again replaces what was known of it; one that contradicts itself
is a fault of its row, and nothing is imported while one fault remains.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.dossiers import codes
from app.dossiers.statuses import WORDS, Status, read_status
from app.files.tables import Column, Record
from app.units.import_cells import BadCell, RowError, RowReader, read_date, read_name

COLUMNS: tuple[Column, ...] = (
    Column("code", "Mã hồ sơ", ("Số hồ sơ", "Mã số hồ sơ"), is_required=True),
    Column("unit", "Mã đơn vị", ("Mã cơ quan", "Đơn vị"), is_required=True),
    Column("procedure", "Mã thủ tục", ("Mã TTHC", "Mã thủ tục hành chính")),
    Column("received", "Ngày tiếp nhận", ("Ngày nhận",), is_required=True),
    Column("due", "Ngày hẹn trả", ("Hạn trả kết quả", "Ngày hẹn trả kết quả")),
    Column("finished", "Ngày kết thúc", ("Ngày trả kết quả", "Ngày có kết quả")),
    Column("status", "Trạng thái", ("Tình trạng",), is_required=True),
    Column("name", "Họ tên người nộp", ("Người nộp", "Chủ hồ sơ")),
    Column("address", "Địa chỉ người nộp", ("Địa chỉ",)),
)
TITLES = {column.key: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Known:
    """Units by code on this day (only those that may be delivered for), procedures by code with their field."""

    units: Mapping[str, int]
    procedures: Mapping[str, tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One dossier as delivered."""

    row: int
    code: str
    unit_id: int
    procedure_id: int | None
    field_id: int | None
    received_on: date
    due_on: date | None
    finished_on: date | None
    status: Status
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows, and everything that is wrong (then nothing may be imported).

    ``unknown_procedures``: codes that no list of procedures has; those dossiers count without procedure and field.
    """

    rows: tuple[DossierRow, ...] = ()
    errors: tuple[RowError, ...] = ()
    unknown_procedures: tuple[str, ...] = ()


@dataclass(slots=True)
class _Collected:
    rows: list[DossierRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    first_rows: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)


def parse(records: Sequence[Record], known: Known, today: date) -> Parsed:
    """All rows typed and checked against each other and against what is known."""
    found = _Collected()
    for one in records:
        reader = RowReader(one, TITLES)
        row = _row(reader, known, today, found)
        found.errors += reader.errors
        if row is not None and not reader.errors:
            found.rows.append(row)
    return Parsed(tuple(found.rows), tuple(found.errors), tuple(found.unknown))


def _row(reader: RowReader, known: Known, today: date, found: _Collected) -> DossierRow | None:
    code = reader.read("code", _read_code)
    unit_id = reader.read("unit", lambda text: _read_unit(text, known))
    received, due, finished = (reader.read(key, read_date) for key in ("received", "due", "finished"))
    status = reader.read("status", _read_status)
    name, address = (reader.read(key, read_name) or "" for key in ("name", "address"))
    procedure = reader.record.values["procedure"].strip()
    if procedure and procedure not in known.procedures:
        found.unknown.setdefault(procedure[:60])
    _check_days(reader, received, due, finished, today)
    _check_status(reader, status, finished)
    # A code of a wrong form that stands twice is told twice over, so that the file is mended in one go.
    if typed := codes.normalise(reader.record.values["code"]):
        first = found.first_rows.setdefault(typed, reader.record.row)
        if first != reader.record.row:
            reader.reject("code", f"Mã hồ sơ này đã có ở dòng {first}.")
    if code is None or unit_id is None or received is None or status is None:
        return None
    procedure_id, field_id = known.procedures.get(procedure, (None, None))
    return DossierRow(
        reader.record.row, code, unit_id, procedure_id, field_id, received, due, finished, status, name, address
    )


def _read_code(text: str) -> str:
    code = codes.normalise(text)
    if not codes.is_well_formed(code):
        raise BadCell(f"Mã hồ sơ “{text[:40]}” không đúng dạng. {codes.FORM}")
    return code


def _read_unit(text: str, known: Known) -> int:
    found = known.units.get(text.strip())
    if found is None:
        raise BadCell(f"Không có đơn vị mã “{text[:40]}”, hoặc Ông/Bà không được nhập cho đơn vị này.")
    return found


def _read_status(text: str) -> Status:
    found = read_status(text)
    if found is None:
        raise BadCell(f"Không hiểu trạng thái “{text[:60]}”. Ông/Bà hãy ghi một trong: {', '.join(WORDS.values())}.")
    return found


def _check_days(reader: RowReader, received: date | None, due: date | None, finished: date | None, today: date) -> None:
    if received is not None and received > today:
        reader.reject("received", "Ngày tiếp nhận nằm trong tương lai.")
    if received is not None and due is not None and due < received:
        reader.reject("due", "Ngày hẹn trả đứng trước ngày tiếp nhận.")
    if finished is not None and finished > today:
        reader.reject("finished", "Ngày kết thúc nằm trong tương lai.")
    if received is not None and finished is not None and finished < received:
        reader.reject("finished", "Ngày kết thúc đứng trước ngày tiếp nhận.")


def _check_status(reader: RowReader, status: Status | None, finished: date | None) -> None:
    if status is Status.OPEN and finished is not None:
        reader.reject("status", "Hồ sơ có ngày kết thúc nhưng trạng thái là đang giải quyết.")
    if status is not None and status is not Status.OPEN and finished is None and reader.record.values["finished"] == "":
        reader.reject("finished", "Hồ sơ đã kết thúc thì phải có ngày kết thúc.")
