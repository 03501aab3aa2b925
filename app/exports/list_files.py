"""Lists of officer pages as files: written like every other file, formulas defused, and recorded."""

from flask import Flask
from werkzeug.wrappers import Response

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import transaction
from app.exports.definitions import Column, FileFormat, Kind, Table
from app.exports.downloads import file_name, send
from app.exports.services import check_size, make_file
from app.i18n.formats import format_integer
from app.web.access import actor
from app.web.lists import Kind as ListKind
from app.web.lists import ListFile, init_lists
from app.web.pages import is_simulated

PLACES = {ListKind.PERCENT: 1}


def init_list_files(app: Flask) -> None:
    """Let lists be downloaded."""
    init_lists(app, send_list)


def send_list(found: ListFile, file_format: str) -> Response:
    """Write the list, record who took it, send it. What was searched for may be a name, so it is not recorded."""
    kind = FileFormat(file_format)
    check_size(len(found.rows), kind)
    made = make_file(_table(found), kind, simulated=is_simulated())
    chosen = {name.replace("-", "_"): value for name, value in found.chosen.items() if value}
    facts = {"format": kind.value, "rows": made.rows, "sha256": made.sha256, "searched": found.is_searched}
    try:
        with transaction() as session:
            detail = {**facts, "filter": chosen}
            record(session, actor().officer_id, Action.LIST_EXPORT, f"list:{found.code}", detail)
    except BaseException:
        made.file.close()
        raise
    name = file_name(found.title, as_of=clock.local_date(), extension=kind.value, simulated=is_simulated())
    return send(made, name)


def _table(found: ListFile) -> Table:
    notes = (
        ("Danh sách", found.title),
        ("Số dòng", format_integer(len(found.rows))),
        ("Bộ lọc", found.filter_words),
        ("Lập lúc", f"{clock.now().astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"),
    )
    columns = tuple(Column(code, label, Kind(kind.value), PLACES.get(kind, 0)) for code, label, kind in found.columns)
    return Table(found.title, columns, found.rows, notes)
