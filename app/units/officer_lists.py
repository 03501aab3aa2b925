"""The lists of units, counters, procedures and fields.

Their files have the columns of the imports, so that a list that was downloaded is a pattern for rows to add.
"""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from app import clock
from app.calendar.opening_hours import format_opening_hours
from app.i18n.folding import natural_key
from app.units import list_queries, queries
from app.units.forms import LEVEL_OPTIONS
from app.units.list_queries import CounterKey, FieldLine, ProcedureLine, UnitDetails
from app.units.models import Counter
from app.units.queries import UnitLine
from app.units.types import UNIT_TYPES, unit_type
from app.web.access import EVERYWHERE, actor
from app.web.lists import Asked, Column, Filter, Kind, Listing, by_database, same
from app.web.permissions import Permission

READ = Permission.UNITS_READ
ENDED = "ended"
LEVEL_WORDS = dict(LEVEL_OPTIONS)
LoadedCounter = tuple[CounterKey, Counter]


def manages_everywhere() -> bool:
    """Whether the officer may change what all units share: procedures and fields."""
    return actor().scopes.get(Permission.UNITS_MANAGE) == EVERYWHERE


def _units(session: Session, asked: Asked) -> Sequence[UnitLine]:
    roots, is_ended = actor().scopes[READ], asked.of("state") == ENDED
    return queries.found(
        session,
        asked.text,
        clock.local_date(),
        roots or None,
        type_code=asked.of("type"),
        is_ended=is_ended,
        order=asked.sort,
        is_descending=asked.is_descending,
    )


def _unit_filters(_session: Session) -> tuple[Filter, ...]:
    kinds = Filter("type", "Loại đơn vị", [(kind.code, kind.name) for kind in UNIT_TYPES])
    # Who sees a part of the tree saw an ended unit there as of its own last day, which no single question asks.
    state = Filter("state", "Tình trạng", [(ENDED, "Đã kết thúc")], everything="Đang hoạt động")
    return (kinds, state) if actor().scopes[READ] == EVERYWHERE else (kinds,)


def _unit_details(session: Session, lines: Sequence[UnitLine]) -> list[UnitDetails]:
    return list_queries.unit_details(session, lines, clock.local_date())


UNITS: Listing[UnitLine, UnitDetails] = Listing(
    code="units",
    title="Đơn vị",
    search_label="Tìm theo tên hoặc mã",
    columns=(
        Column(
            "name",
            "Tên đơn vị",
            lambda row: row.name,
            sort=by_database,
            url=lambda row: url_for("units_officer.show", unit_id=row.unit.id),
        ),
        Column("code", "Mã đơn vị", lambda row: row.unit.code, sort=by_database),
        Column("type", "Loại đơn vị", lambda row: unit_type(row.unit.type).name, sort=by_database),
        Column("parent_name", "Trực thuộc", lambda row: row.parent_name, only_page=True),
        Column("parent", "Mã đơn vị cấp trên", lambda row: row.parent_code, only_file=True),
        Column("start", "Ngày bắt đầu", lambda row: row.unit.valid_from, Kind.DATE, only_file=True),
        Column("end", "Ngày kết thúc", lambda row: row.unit.valid_to, Kind.DATE, only_file=True),
        Column("counters", "Quầy đang mở", lambda row: row.counters, Kind.WHOLE),
    ),
    find=_units,
    load=_unit_details,
    filters=_unit_filters,
    empty=("Chưa có đơn vị nào", "Thêm đơn vị đầu tiên, hoặc nhập cả danh sách từ một bảng Excel."),
)


def _counters(session: Session, asked: Asked) -> Sequence[CounterKey]:
    field_id = asked.of("field")
    return list_queries.counters_found(
        session,
        asked.words,
        clock.local_date(),
        within=actor().scopes[READ] or None,
        field_id=int(field_id) if field_id else None,
        is_closed=asked.of("state") == ENDED,
        order=asked.sort,
        is_descending=asked.is_descending,
    )


def _counter_filters(session: Session) -> tuple[Filter, ...]:
    return (
        Filter("field", "Lĩnh vực", list_queries.field_options(session), everything="Mọi lĩnh vực"),
        Filter("state", "Tình trạng", [(ENDED, "Đã đóng")], everything="Đang mở"),
    )


COUNTERS: Listing[CounterKey, LoadedCounter] = Listing(
    code="counters",
    title="Quầy",
    search_label="Tìm theo quầy, đơn vị hoặc mã đơn vị",
    columns=(
        Column(
            "counter",
            "Quầy",
            lambda row: row[1].label,
            sort=by_database,
            url=lambda row: url_for("units_officer.show", unit_id=row[0].unit_id),
            only_page=True,
        ),
        Column("unit_name", "Đơn vị", lambda row: row[0].unit_name, sort=by_database),
        Column("unit", "Mã đơn vị", lambda row: row[0].unit_code, only_file=True),
        Column("number", "Số quầy", lambda row: row[0].number, only_file=True),
        Column("name", "Tên quầy", lambda row: row[0].name, only_file=True),
        Column("fields", "Lĩnh vực", lambda row: "; ".join(field.name for field in row[1].fields)),
        Column("hours", "Giờ làm việc", lambda row: format_opening_hours(row[1].opening_hours)),
        Column("start", "Ngày bắt đầu", lambda row: row[1].valid_from, Kind.DATE),
        Column("end", "Ngày kết thúc", lambda row: row[1].valid_to, Kind.DATE),
    ),
    find=_counters,
    load=list_queries.counters_loaded,
    filters=_counter_filters,
    empty=("Chưa có quầy nào", "Mở trang của một đơn vị để thêm quầy, hoặc nhập cả danh sách từ một bảng Excel."),
)


def _procedures(session: Session, asked: Asked) -> Sequence[ProcedureLine]:
    field_id = asked.of("field")
    return list_queries.procedures_found(
        session,
        asked.matches,
        clock.local_date(),
        field_id=int(field_id) if field_id else None,
        level=asked.of("level"),
        is_ended=asked.of("state") == ENDED,
    )


def _procedure_filters(session: Session) -> tuple[Filter, ...]:
    return (
        Filter("field", "Lĩnh vực", list_queries.field_options(session), everything="Mọi lĩnh vực"),
        Filter("level", "Cấp thực hiện", LEVEL_OPTIONS, everything="Mọi cấp"),
        Filter("state", "Tình trạng", [(ENDED, "Đã kết thúc")], everything="Đang áp dụng"),
    )


def _procedure_url(row: ProcedureLine) -> str | None:
    return url_for("procedures_officer.edit", procedure_id=row.id) if manages_everywhere() else None


PROCEDURES: Listing[ProcedureLine, ProcedureLine] = Listing(
    code="procedures",
    title="Thủ tục hành chính",
    search_label="Tìm theo mã, tên hoặc lĩnh vực",
    columns=(
        Column("code", "Mã thủ tục", lambda row: row.code, sort=lambda key: natural_key(key.code), url=_procedure_url),
        Column("name", "Tên thủ tục", lambda row: row.name, sort=lambda key: natural_key(key.name)),
        Column("field", "Lĩnh vực", lambda row: row.field, sort=lambda key: natural_key(key.field)),
        Column("level", "Cấp thực hiện", lambda row: LEVEL_WORDS.get(row.level, row.level), sort=lambda key: key.level),
        Column("start", "Ngày bắt đầu", lambda row: row.valid_from, Kind.DATE),
        Column("end", "Ngày kết thúc", lambda row: row.valid_to, Kind.DATE),
    ),
    find=_procedures,
    load=same,
    filters=_procedure_filters,
    empty=("Chưa có thủ tục nào", "Thêm từng thủ tục, hoặc nhập cả danh mục đã công bố từ một bảng Excel."),
)


def _field_url(row: FieldLine) -> str | None:
    return url_for("procedures_officer.edit_field", field_id=row.id) if manages_everywhere() else None


FIELDS: Listing[FieldLine, FieldLine] = Listing(
    code="fields",
    title="Lĩnh vực",
    search_label="Tìm theo tên",
    columns=(
        Column("name", "Tên lĩnh vực", lambda row: row.name, sort=lambda key: natural_key(key.name), url=_field_url),
        Column("counters", "Quầy đang mở", lambda row: row.counters, Kind.WHOLE, sort=lambda key: key.counters),
        Column("procedures", "Thủ tục", lambda row: row.procedures, Kind.WHOLE, sort=lambda key: key.procedures),
    ),
    find=lambda session, asked: list_queries.fields_found(session, asked.matches, clock.local_date()),
    load=same,
    empty=("Chưa có lĩnh vực nào", "Lĩnh vực được thêm ở đây, hoặc tự có khi nhập quầy và thủ tục."),
    files=".field_files",
)
