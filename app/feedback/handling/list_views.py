"""The list of cases of an officer: by due date, narrowed and searched by what stands in its address."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record_reading, was_read_lately
from app.audit.tags import Action
from app.calendar.periods import PeriodError, parse_period
from app.calendar.queries import calendar
from app.db.session import reading, transaction
from app.feedback.cases import queries
from app.feedback.cases.kinds import State, StateClass
from app.feedback.cases.queries import CaseLine, Due, Filters, Measure
from app.feedback.handling import due_words, words
from app.rules.kinds import Kind
from app.web.access import actor, requires
from app.web.pagination import links, page_number
from app.web.permissions import Permission
from app.web.search import sought

blueprint = Blueprint("cases_officer", __name__, url_prefix="/officer/cases")

T = TypeVar("T", bound=StrEnum)
Options = Sequence[tuple[str, str]]

LIST = "case:list"
DUE = (
    ("", "Mọi hạn"),
    (Due.LATE.value, "Đã quá hạn"),
    (Due.SOON.value, f"Còn {queries.SOON} ngày làm việc trở xuống"),
    (Due.NONE.value, "Không có hạn"),
)
CLASSES = {
    StateClass.OPEN: "Chưa kết thúc, thời hạn đang chạy",
    StateClass.PAUSED: "Chưa kết thúc, thời hạn tạm dừng",
}
SORTS = (("", "Hạn trả lời"), ("received", "Ngày nhận, mới nhất trước"), ("unit", "Đơn vị"))
MINE = (("", "Của mọi người"), ("1", "Giao cho tôi"))
MEASURES = (
    ("", "Tất cả"),
    (Measure.KEPT.value, "Trả lời đúng hạn"),
    (Measure.MISSED.value, "Quá hạn, kể cả chưa trả lời"),
    (Measure.UNFINISHED.value, "Chưa trả lời"),
    (Measure.REOPENED.value, "Đã mở lại"),
)
ASKED = (("", "Có hoặc không"), ("1", "Có đề nghị chờ"))


@blueprint.get("")
@requires(Permission.CASES_READ)
def index() -> str:
    """The cases of the officer's units, those due first on top."""
    wanted, today = asked_filters(), clock.local_date()
    with reading() as session:
        page = queries.page(session, actor(), today, wanted, page_number())
        entries = _entries(session, page.lines, today)
        options = queries.units_with_cases(session, actor(), today)
        is_known = was_read_lately(session, actor().officer_id, Action.CASE_LIST, LIST)
    if not is_known:
        with transaction() as session:
            record_reading(session, actor().officer_id, Action.CASE_LIST, LIST)
    return render_template(
        "cases/list.html",
        lines=entries,
        kind_words=words.KINDS,
        state_words=words.STATES,
        state_tags=words.TAGS,
        filter_action=url_for(".index"),
        filters=_filter_bar(wanted, [(str(unit_id), name) for unit_id, name in options]),
        is_filtered=wanted != Filters(),
        register_url=url_for("case_register.new") if actor().has(Permission.CASES_REGISTER) else None,
        export_url=_export_url(),
        page=links(page.number, page.last_number, page.total),
    )


def _export_url() -> str | None:
    """Where the same list is made a file; the pages of files stand above casework, so only their name is known here."""
    if not actor().has(Permission.CASES_EXPORT):
        return None
    asked: dict[str, Any] = {
        name: value for name, value in request.args.items() if name not in {"page", "done"} and value
    }
    return url_for("case_exports.index", **asked)


def asked_filters() -> Filters:
    """What the address asks for; a value that is no choice counts as not said."""
    return Filters(
        search=sought(),
        unit_id=_whole(request.args.get("unit", "")),
        kind=_one_of(Kind, "kind"),
        state=_one_of(State, "state"),
        state_class=_one_of(StateClass, "state"),
        due=_choice("due", DUE) or None,
        assignee_id=actor().officer_id if _choice("mine", MINE) else None,
        is_asked=bool(_choice("asked", ASKED)),
        period=_period(),
        field_id=_whole(request.args.get("field", "")),
        measure=_choice("measure", MEASURES) or None,
        sort=_choice("sort", SORTS),
    )


def _entries(session: Session, lines: Sequence[CaseLine], today: date) -> list[dict[str, object]]:
    """The lines with how long there is left, counted in working days, and why."""
    if not lines:
        return []
    working, whys = calendar(session), due_words.whys(session, [line.case_id for line in lines])
    return [
        {
            "line": line,
            "url": url_for("case_officer.show", case_id=line.case_id),
            "due_words": due_words.remaining(line.state, line.due_on, today, working),
            "is_late": due_words.is_overdue(line.state, line.due_on, today),
            "why": whys.get(line.case_id, ()),
        }
        for line in lines
    ]


def _filter_bar(wanted: Filters, units: Options) -> list[dict[str, object]]:
    kinds = [("", "Mọi loại"), *((kind.value, name) for kind, name in words.KINDS.items())]
    groups = [(kind.value, name) for kind, name in CLASSES.items()]
    states = [("", "Mọi trạng thái"), *groups, *((state.value, name) for state, name in words.STATES.items())]
    chosen = (
        ("q", "Tìm trong nội dung, số đơn", wanted.search, None),
        ("unit", "Đơn vị", wanted.unit_id or "", [("", "Mọi đơn vị"), *units]),
        ("kind", "Loại", wanted.kind or "", kinds),
        ("state", "Trạng thái", wanted.state or wanted.state_class or "", states),
        ("due", "Hạn", wanted.due or "", DUE),
        ("mine", "Giao cho", "1" if wanted.assignee_id else "", MINE),
        ("asked", "Đề nghị chờ Ông/Bà quyết định", "1" if wanted.is_asked else "", ASKED),
        ("sort", "Xếp theo", wanted.sort, SORTS),
    )
    bar: list[dict[str, object]] = [
        {"name": name, "label": label, "value": value, "options": options} for name, label, value, options in chosen
    ]
    return [*bar[:-1], *_counted(wanted), bar[-1]]


def _counted(wanted: Filters) -> list[dict[str, object]]:
    """Choices that only the figures make; the bar shows them as long as they hold, so that they can be taken off."""
    chosen: tuple[tuple[str, str, str, Options], ...] = (
        ("period", "Nhận trong kỳ", wanted.period, (("", "Mọi kỳ"), (wanted.period, _period_label(wanted.period)))),
        ("measure", "Theo số liệu", wanted.measure or "", MEASURES),
        (
            "field",
            "Lĩnh vực",
            "" if wanted.field_id is None else str(wanted.field_id),
            (("", "Mọi lĩnh vực"), (str(wanted.field_id), "Lĩnh vực đã chọn" if wanted.field_id else "Không rõ")),
        ),
    )
    return [
        {"name": name, "label": label, "value": value, "options": options}
        for name, label, value, options in chosen
        if value
    ]


def _period() -> str:
    """The period of an address, in the one way it is written; nothing where there is none."""
    asked = request.args.get("period", "")
    try:
        return parse_period(asked).address if asked else ""
    except PeriodError:
        return ""


def _period_label(period: str) -> str:
    return parse_period(period).label if period else ""


def _one_of(choices: type[T], name: str) -> T | None:
    asked = request.args.get(name, "")
    return choices(asked) if asked in set(choices) else None


def _choice(name: str, options: Options) -> str:
    asked = request.args.get(name, "")
    return asked if asked in dict(options) else ""


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
