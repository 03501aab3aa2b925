"""The lists of units with codes, and of all codes."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.i18n.folding import natural_key
from app.qr import overview
from app.qr.addresses import short_address
from app.qr.forms import CHANNEL_OPTIONS
from app.qr.overview import CodeInList, UnitCodes
from app.qr.queries import CodeState
from app.web.access import actor
from app.web.lists import Asked, Column, Filter, Kind, Listing, by_database, same
from app.web.pages import site
from app.web.permissions import Permission

READ = Permission.CODES_READ
MISSING, COMPLETE, SILENT = "missing", "complete", "silent"
STATES = {CodeState.ACTIVE: "Đang dùng", CodeState.GRACE: "Sắp hết hạn", CodeState.RETIRED: "Đã ngừng"}
TAGS = {CodeState.ACTIVE: "good", CodeState.GRACE: "plain", CodeState.RETIRED: "off"}
CHANNELS = dict(CHANNEL_OPTIONS)


def _units(session: Session, asked: Asked) -> Sequence[UnitCodes]:
    today = clock.local_date()
    lines = overview.units_with_counters(session, allowed_unit_ids(session, actor(), READ, today), today)
    return [line for line in lines if _is_wanted(line, asked.of("codes")) and asked.matches(line.unit_name)]


def _is_wanted(line: UnitCodes, wanted: str) -> bool:
    kinds = {
        MISSING: line.missing > 0,
        COMPLETE: line.missing == 0,
        SILENT: line.with_code > 0 and line.scans == 0,
    }
    return kinds.get(wanted, True)


UNIT_CODES: Listing[UnitCodes, UnitCodes] = Listing(
    code="unit-codes",
    title="Mã QR theo đơn vị",
    search_label="Tìm theo tên đơn vị",
    columns=(
        Column(
            "unit",
            "Đơn vị",
            lambda row: row.unit_name,
            sort=lambda key: natural_key(key.unit_name),
            url=lambda row: url_for("qr_officer.unit", unit_id=row.unit_id),
        ),
        Column("counters", "Số quầy", lambda row: row.counters, Kind.WHOLE, sort=lambda key: key.counters),
        Column("missing", "Chưa có mã", lambda row: row.missing, Kind.WHOLE, sort=lambda key: key.missing),
        Column("scans", "Lượt quét 7 ngày", lambda row: row.scans, Kind.WHOLE, sort=lambda key: key.scans),
    ),
    find=_units,
    load=same,
    filters=lambda _session: (
        Filter(
            "codes",
            "Tình trạng mã",
            (
                (MISSING, "Còn quầy chưa có mã"),
                (COMPLETE, "Quầy nào cũng có mã"),
                (SILENT, "Có mã nhưng 7 ngày không ai quét"),
            ),
        ),
    ),
    empty=("Chưa có đơn vị nào có quầy", "Xin thêm quầy ở mục Đơn vị, rồi trở lại đây cấp mã."),
)


def _codes(session: Session, asked: Asked) -> Sequence[CodeInList]:
    state = asked.of("state")
    return overview.codes_found(
        session,
        asked.words,
        clock.local_date(),
        within=actor().scopes[READ] or None,
        state=CodeState(state) if state else None,
        channel=asked.of("channel"),
        order=asked.sort,
        is_descending=asked.is_descending,
    )


CODES: Listing[CodeInList, CodeInList] = Listing(
    code="codes",
    title="Mọi mã QR",
    search_label="Tìm theo quầy, đơn vị hoặc số của mã",
    columns=(
        Column(
            "counter",
            "Quầy",
            lambda row: row.counter_label,
            url=lambda row: url_for("qr_officer.show", code_id=row.id),
        ),
        Column("unit", "Đơn vị", lambda row: row.unit_name, sort=by_database),
        Column("id", "Mã số", lambda row: str(row.id), sort=by_database),
        Column("channel", "Dùng cho", lambda row: CHANNELS[row.channel.value]),
        Column("state", "Tình trạng", lambda row: STATES[row.state], tag=lambda row: TAGS[row.state]),
        Column("issued", "Cấp ngày", lambda row: row.issued_on, Kind.DATE, sort=by_database),
        Column("until", "Dùng đến hết", lambda row: row.last_day, Kind.DATE),
        Column("week", "Quét 7 ngày", lambda row: row.week, Kind.WHOLE),
        Column(
            "address",
            "Địa chỉ gõ tay",
            lambda row: short_address(site().config.public_url, row.token),
            only_file=True,
        ),
    ),
    find=_codes,
    load=lambda session, keys: overview.with_scans(session, keys, clock.local_date()),
    filters=lambda _session: (
        Filter("state", "Tình trạng", [(state.value, words) for state, words in STATES.items()]),
        Filter("channel", "Dùng cho", CHANNEL_OPTIONS),
    ),
    empty=("Chưa có mã nào", "Mở trang mã QR của một đơn vị để cấp mã cho các quầy."),
    files=".code_files",
)
