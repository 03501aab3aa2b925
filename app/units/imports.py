"""Imports of units, counters and procedures from an uploaded table: all rows typed, all errors at once.

Pure: what exists already comes in as ``Known``. Nothing is imported while one error remains.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain

from app.calendar.opening_hours import OpeningHours, parse_opening_hours
from app.files.sheets import Sheet
from app.files.tables import Column, Record, match_columns
from app.i18n.folding import fold_words
from app.units.import_cells import (
    BadCell,
    RowError,
    RowReader,
    read_code,
    read_codes,
    read_date,
    read_level,
    read_list,
    read_name,
    read_unit_type,
)
from app.units.import_units import TITLES, UnitKey, UnitPlan, UnitRow, plan_units
from app.units.spans import Span
from app.units.successions import SuccessionKind
from app.units.tree import Node
from app.units.types import Level


class ImportKind(StrEnum):
    """What a table holds."""

    UNITS = "units"
    COUNTERS = "counters"
    PROCEDURES = "procedures"

    @property
    def label(self) -> str:
        """The Vietnamese word."""
        return {"units": "Đơn vị", "counters": "Quầy", "procedures": "Thủ tục hành chính"}[self.value]


_START = Column("start", "Ngày bắt đầu", ("Ngày hiệu lực", "Từ ngày"))
_END = Column("end", "Ngày kết thúc", ("Ngày hết hiệu lực", "Đến ngày"))

COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = {
    ImportKind.UNITS: (
        Column("code", TITLES["code"], ("Mã",), is_required=True),
        Column("name", "Tên đơn vị", ("Tên",), is_required=True),
        Column("type", TITLES["type"], ("Loại",), is_required=True),
        Column("parent", TITLES["parent"], ("Mã cấp trên", "Đơn vị cấp trên")),
        Column("start", _START.title, _START.aliases, is_required=True),
        _END,
        Column("successor", TITLES["successor"], ("Đơn vị kế thừa",)),
        Column("kind", "Hình thức kế thừa", ("Hình thức",)),
    ),
    ImportKind.COUNTERS: (
        Column("unit", "Mã đơn vị", is_required=True),
        Column("number", "Số quầy", ("Quầy số", "Mã quầy"), is_required=True),
        Column("name", "Tên quầy", is_required=True),
        Column("fields", "Lĩnh vực"),
        Column("hours", "Giờ làm việc", ("Giờ mở cửa",)),
        _START,
        _END,
    ),
    ImportKind.PROCEDURES: (
        Column("code", "Mã thủ tục", ("Mã TTHC", "Mã thủ tục hành chính"), is_required=True),
        Column("name", "Tên thủ tục", ("Tên TTHC", "Tên thủ tục hành chính"), is_required=True),
        Column("field", "Lĩnh vực", is_required=True),
        Column("level", "Cấp thực hiện", ("Cấp", "Cấp giải quyết"), is_required=True),
    ),
}

_KINDS = {
    **{fold_words(kind.label): kind for kind in SuccessionKind if kind is not SuccessionKind.RENAME},
    "hop nhat": SuccessionKind.MERGE,
    "sap nhap": SuccessionKind.MERGE,
    "nhap": SuccessionKind.MERGE,
    "chia": SuccessionKind.SPLIT,
    "tach": SuccessionKind.SPLIT,
    "chia tach": SuccessionKind.SPLIT,
}


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A counter to create at the unit ``unit_key``."""

    row: int
    unit_key: UnitKey
    number: str
    name: str
    fields: tuple[str, ...]
    opening_hours: OpeningHours
    span: Span


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure to create."""

    row: int
    code: str
    name: str
    field: str
    level: Level


@dataclass(frozen=True, slots=True)
class Known:
    """What exists before the import."""

    units: Mapping[UnitKey, Node[UnitKey]] = field(default_factory=dict)
    counters: frozenset[tuple[UnitKey, str]] = frozenset()
    procedures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The outcome: what would be created, and everything that is wrong (then nothing may be created)."""

    kind: ImportKind
    units: tuple[UnitPlan, ...] = ()
    counters: tuple[CounterRow, ...] = ()
    procedures: tuple[ProcedureRow, ...] = ()
    errors: tuple[RowError, ...] = ()

    @property
    def count(self) -> int:
        """How many things would be created."""
        return len(self.units) + len(self.counters) + len(self.procedures)


def records_of(sheet: Sheet, kind: ImportKind) -> tuple[Record, ...]:
    """The records of a sheet for this kind of import; raises BadTable when a mandatory column is missing."""
    return match_columns(sheet, COLUMNS[kind]).records


def parse_records(records: Iterable[Record], kind: ImportKind, known: Known, today: date) -> Parsed:
    """Type and check all records; ``today`` is the first day of counters that name none."""
    titles = {column.key: column for column in COLUMNS[kind]}
    readers = [RowReader(record, titles) for record in records]
    if kind is ImportKind.UNITS:
        units = [row for reader in readers if (row := _unit(reader)) is not None]
        plans, more = plan_units(units, known.units)
        _name_unknown_codes(readers, {row.row for row in units}, known)
        return Parsed(kind, units=tuple(plans), errors=_all_errors(readers, more))
    if kind is ImportKind.COUNTERS:
        nodes = _by_code(known)
        counters = [one for reader in readers if (one := _counter(reader, nodes, today)) is not None]
        return Parsed(kind, counters=tuple(_new_counters(counters, known, readers)), errors=_all_errors(readers))
    procedures = [found for reader in readers if (found := _procedure(reader)) is not None]
    return Parsed(kind, procedures=tuple(_new_procedures(procedures, known, readers)), errors=_all_errors(readers))


def _by_code(known: Known) -> Mapping[str, list[Node[UnitKey]]]:
    found: defaultdict[str, list[Node[UnitKey]]] = defaultdict(list)
    for node in known.units.values():
        found[node.key[0]].append(node)
    return found


def _all_errors(readers: Iterable[RowReader], more: Iterable[RowError] = ()) -> tuple[RowError, ...]:
    found = chain((error for reader in readers for error in reader.errors), more)
    return tuple(sorted(dict.fromkeys(found), key=lambda error: error.row))


def _unit(reader: RowReader) -> UnitRow | None:
    code = reader.read("code", read_code)
    name = reader.read("name", read_name)
    kind = reader.read("type", read_unit_type)
    parent = reader.read("parent", read_code)
    span = _span(reader, None)
    successors = reader.read("successor", read_codes) or ()
    succession = reader.read("kind", _succession_kind) or SuccessionKind.MERGE
    if code is None or name is None or kind is None or span is None or span.start is None:
        return None
    return UnitRow(reader.record.row, code, name, kind, parent, span, successors, succession)


def _name_unknown_codes(readers: Iterable[RowReader], planned: Collection[int], known: Known) -> None:
    """For rows that could not be planned: name the units they point at and nobody knows, so that one look tells all."""
    rows = list(readers)
    codes = {key[0] for key in known.units} | {reader.record.values["code"] for reader in rows}
    for reader in (one for one in rows if one.record.row not in planned):
        parent = reader.record.values["parent"]
        if parent and parent not in codes and not any(error.column == TITLES["parent"] for error in reader.errors):
            reader.reject("parent", f"Không có đơn vị cấp trên mang mã {parent}.")
        for code in re.split("[;,]", reader.record.values["successor"]):
            if code.strip() and code.strip() not in codes:
                reader.reject("successor", f"Không có đơn vị kế thừa mang mã {code.strip()}.")


def _succession_kind(text: str) -> SuccessionKind:
    found = _KINDS.get(fold_words(text))
    if found is None:
        raise BadCell(f"Không có hình thức “{text[:40]}”. Ông/Bà hãy ghi: Hợp nhất, Chia tách hoặc Giải thể.")
    return found


def _span(reader: RowReader, default: date | None) -> Span | None:
    """The dates of a row; None when they are wrong."""
    before = len(reader.errors)
    span = Span(reader.read("start", read_date) or default, reader.read("end", read_date))
    if span.is_backward and len(reader.errors) == before:
        reader.reject("end", "Ngày kết thúc đứng trước ngày bắt đầu.")
    return span if len(reader.errors) == before else None


def _counter(reader: RowReader, nodes: Mapping[str, list[Node[UnitKey]]], today: date) -> CounterRow | None:
    unit = reader.read("unit", read_code)
    number = reader.read("number", read_code)
    name = reader.read("name", read_name)
    fields = reader.read("fields", read_list) or ()
    hours = reader.read("hours", parse_opening_hours) or {}
    span = _span(reader, today)
    key = _unit_key(reader, unit, span, nodes.get(unit, [])) if unit and span else None
    if number is None or name is None or span is None or key is None:
        return None
    return CounterRow(reader.record.row, key, number, name, fields, hours, span)


def _unit_key(reader: RowReader, code: str, span: Span, same: list[Node[UnitKey]]) -> UnitKey | None:
    """The one of the units with this code that lives through ``span``."""
    found = next((node.key for node in same if node.span.covers(span)), None)
    if found is None:
        reason = "không hoạt động trong toàn bộ thời gian này" if same else "chưa có trong hệ thống"
        reader.reject("unit", f"Đơn vị mã {code} {reason}.")
    return found


def _new_counters(rows: list[CounterRow], known: Known, readers: list[RowReader]) -> Iterable[CounterRow]:
    by_row = {reader.record.row: reader for reader in readers}
    first: dict[tuple[UnitKey, str], int] = {}
    for row in rows:
        key = (row.unit_key, row.number)
        if key in known.counters:
            by_row[row.row].reject("number", f"Đơn vị {row.unit_key[0]} đã có quầy số {row.number}.")
        elif key in first:
            by_row[row.row].reject("number", f"Quầy số {row.number} trùng với dòng {first[key]}.")
        else:
            first[key] = row.row
            yield row


def _procedure(reader: RowReader) -> ProcedureRow | None:
    code = reader.read("code", read_code)
    name = reader.read("name", read_name)
    area = reader.read("field", read_name)
    level = reader.read("level", read_level)
    if code is None or name is None or area is None or level is None:
        return None
    return ProcedureRow(reader.record.row, code, name, area, level)


def _new_procedures(rows: list[ProcedureRow], known: Known, readers: list[RowReader]) -> Iterable[ProcedureRow]:
    by_row = {reader.record.row: reader for reader in readers}
    first: dict[str, int] = {}
    for row in rows:
        if row.code in known.procedures:
            by_row[row.row].reject("code", f"Mã thủ tục {row.code} đã có trong hệ thống.")
        elif row.code in first:
            by_row[row.row].reject("code", f"Mã thủ tục {row.code} trùng với dòng {first[row.code]}.")
        else:
            first[row.code] = row.row
            yield row
