"""The list of routes: those in force, or those that have ended, which is their history."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from app import clock
from app.feedback.routing import table
from app.feedback.routing.table import RouteLine
from app.i18n.folding import natural_key
from app.i18n.formats import format_moment
from app.rules.content import BY_CODE
from app.rules.kinds import Kind
from app.web.access import actor
from app.web.lists import Asked, Column, Filter, Listing, same

ENDED = "ended"
ANY_KIND, ANY_FIELD, NOBODY = "Mọi loại", "Mọi lĩnh vực", "Chưa chọn"
KINDS = tuple((kind.value, BY_CODE[kind.matter].title) for kind in Kind if kind is not Kind.DENUNCIATION)
KIND_WORDS = dict(KINDS)


def kind_words(kind: Kind | None) -> str:
    """What kinds a route takes."""
    return ANY_KIND if kind is None else KIND_WORDS[kind.value]


def _find(session: Session, asked: Asked) -> Sequence[RouteLine]:
    found = table.lines(session, actor(), clock.local_date(), ended=asked.of("state") == ENDED)
    return [
        line
        for line in found
        if asked.of("kind") in ("", "" if line.kind is None else line.kind.value)
        and asked.matches(line.unit_name, line.field_name, line.to_unit_name, line.assignee_name)
    ]


def _filters(_session: Session) -> tuple[Filter, ...]:
    return (
        Filter("kind", "Loại", KINDS, everything=ANY_KIND),
        Filter("state", "Tình trạng", [(ENDED, "Đã thay hoặc bỏ")], everything="Đang dùng"),
    )


def _url(line: RouteLine) -> str | None:
    return None if line.ended_at is not None else url_for("case_routes.edit", route_id=line.id)


def _ended(line: RouteLine) -> str:
    return "" if line.ended_at is None else f"{format_moment(line.ended_at)}, {line.ended_by}"


ROUTES: Listing[RouteLine, RouteLine] = Listing(
    code="routes",
    title="Tuyến chuyển đơn",
    search_label="Tìm theo đơn vị, lĩnh vực hoặc người",
    columns=(
        Column("unit", "Đơn nói về", lambda row: row.unit_name, sort=lambda key: natural_key(key.unit_name), url=_url),
        Column("field", "Lĩnh vực", lambda row: row.field_name or ANY_FIELD),
        Column("kind", "Loại", lambda row: kind_words(row.kind)),
        Column("to", "Chuyển đến", lambda row: row.to_unit_name, sort=lambda key: natural_key(key.to_unit_name)),
        Column("assignee", "Giao cho", lambda row: row.assignee_name or NOBODY),
        Column("trouble", "Cần xem lại", lambda row: row.trouble),
        Column("set", "Đặt", lambda row: f"{format_moment(row.set_at)}, {row.set_by}"),
        Column("ended", "Thay hoặc bỏ", _ended),
    ),
    find=_find,
    load=same,
    filters=_filters,
    empty=(
        "Chưa có tuyến nào",
        "Đơn ở lại đơn vị mà người dân nói đến, và chưa giao cho ai. Thêm tuyến khi muốn đơn tự đến đúng nơi.",
    ),
)
