"""The list of cases of an officer: by due date, narrowed and searched by what stands in its address."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record_reading, was_read_lately
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.feedback.cases import access, deadlines, due_words, queries
from app.feedback.cases.queries import CaseLine, Filters
from app.feedback.handling import words
from app.feedback.handling.act_views import NAMES
from app.feedback.inbox import filters, views
from app.feedback.inbox.bulk import ACTS
from app.web.access import actor, requires
from app.web.notices import notice
from app.web.pagination import links, page_number
from app.web.permissions import Permission

blueprint = Blueprint("cases_officer", __name__, url_prefix="/officer/cases")

LIST = "case:list"
MESSAGES = {name: f"Đã ghi: {move.label.lower()}. Ông/Bà không còn thấy đơn này." for name, move in NAMES.items()} | {
    "transfer": "Đã chuyển đơn. Đơn vị nhận xử lý tiếp; Ông/Bà không còn thấy đơn này.",
    "send-back": "Đã trả lại đơn cho đơn vị đã chuyển. Ông/Bà không còn thấy đơn này.",
    "exclude": "Đã ghi. Ông/Bà đã tự loại mình nên không còn thấy đơn này. Người khác có quyền ở đơn vị xử lý tiếp; "
    "nếu đơn vị không còn ai độc lập thì đơn đã chuyển lên đơn vị cấp trên.",
    "bulk": "Đã làm xong với mọi đơn đã chọn.",
    "bulk-take-up": "Đã nhận xử lý mọi đơn đã chọn. Đơn đã giao cho ai thì người ấy vẫn xử lý.",
    "view-saved": "Đã lưu bộ lọc. Bộ lọc chỉ của riêng Ông/Bà.",
    "view-dropped": "Đã bỏ bộ lọc đã lưu.",
}
REFUSALS = {
    "none-ticked": "Chưa có đơn nào được đánh dấu. Xin đánh dấu đơn trong danh sách, rồi chọn việc ở dưới cùng."
}


@blueprint.get("")
@requires(Permission.CASES_READ)
def index() -> str:
    """The cases of the officer's units, those due first on top."""
    wanted, today = filters.asked_filters(), clock.local_date()
    with reading() as session:
        visible = access.visible(session, actor(), today)
        behind = [filters.filters_of(tab.query, actor().officer_id) for tab in filters.TABS]
        found = queries.summary(session, today, behind, visible, access.to_decide(session, actor(), today))
        total = next((n for n, tab in zip(found.counts, behind, strict=True) if tab == replace(wanted, sort="")), None)
        page = queries.page(session, actor(), today, wanted, page_number(), visible=visible, total=total)
        entries = _entries(session, page.lines, today)
        saved = views.own(session, actor().officer_id)
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
        filters=filters.bar(wanted, [(str(unit_id), name) for unit_id, name in found.units]),
        is_filtered=wanted != Filters(),
        tabs=_tabs(wanted, behind, found.counts),
        saved=[(one.name, f"{url_for('.index')}?{one.query}") for one in saved],
        query=filters.query_of(request.args),
        bulk_acts=[(name, label) for name, label, permission in ACTS if actor().has(permission)],
        register_url=url_for("case_register.new") if actor().has(Permission.CASES_REGISTER) else None,
        export_url=_export_url(),
        flashes=notice(MESSAGES) + notice(REFUSALS, "error"),
        page=links(page.number, page.last_number, page.total),
    )


def _tabs(wanted: Filters, behind: Sequence[Filters], counts: Sequence[int]) -> list[dict[str, object]]:
    """The tabs with how many cases stand under each: counted under the very conditions of the list behind it."""
    return [
        {
            "label": tab.label,
            "count": count,
            "url": f"{url_for('.index')}?{tab.address}" if tab.query else url_for(".index"),
            "current": replace(wanted, sort="") == under,
        }
        for tab, under, count in zip(filters.TABS, behind, counts, strict=True)
    ]


def _export_url() -> str | None:
    """Where the same list is made a file; the pages of files stand above casework, so only their name is known here."""
    if not actor().has(Permission.CASES_EXPORT):
        return None
    asked: dict[str, Any] = {
        name: value for name, value in request.args.items() if name not in {"page", "done"} and value
    }
    return url_for("case_exports.index", **asked)


def _entries(session: Session, lines: Sequence[CaseLine], today: date) -> list[dict[str, object]]:
    """The lines with how long there is left, counted in working days, and why; how long a request has waited."""
    if not lines:  # before a calendar is loaded there is no case
        return []
    working = deadlines.calendar_of(session)
    due = due_words.due_lines(session, {line.case_id: (line.state, line.due_on) for line in lines}, today)
    return [
        {
            "line": line,
            "url": url_for("case_officer.show", case_id=line.case_id),
            "due": due[line.case_id],
            "waited": line.asked_on and working.working_days_between(line.asked_on, today),
        }
        for line in lines
    ]
