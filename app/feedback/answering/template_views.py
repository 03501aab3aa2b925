"""Pages of reply templates: the list for whoever writes answers, changes for who decides about a unit's answers."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.clock import VIETNAM
from app.db.session import reading, transaction
from app.errors import Conflict
from app.feedback.answering import placeholders, reply_templates
from app.feedback.answering.reply_templates import MOST_TEMPLATE, TemplateLine
from app.feedback.cases.errors import FieldMissing
from app.units.unit_choice import choose_unit
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.lists import CSV, XLSX, Asked, Column, Filter, Kind, Listing, list_file, list_page, same
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("reply_templates", __name__, url_prefix="/officer/reply-templates")

READ, MANAGE = Permission.CASES_HANDLE, Permission.CASES_APPROVE
RETIRED = "retired"
MESSAGES = {"kept": "Đã lưu mẫu trả lời.", "retired": "Đã ngừng dùng mẫu. Các câu trả lời đã gửi không đổi."}
Page = Response | str | tuple[str, int]


def _find(session: Session, asked: Asked) -> Sequence[TemplateLine]:
    wants_retired = asked.of("state") == RETIRED
    found = reply_templates.readable(session, actor(), clock.local_date())
    return [
        line
        for line in found
        if (line.retired_on is not None) is wants_retired and asked.matches(line.title, line.unit_name, line.text)
    ]


TEMPLATES: Listing[TemplateLine, TemplateLine] = Listing(
    code="reply-templates",
    title="Mẫu trả lời",
    search_label="Tìm theo tên, đơn vị hoặc nội dung",
    columns=(
        Column(
            "title",
            "Tên mẫu",
            lambda row: row.title,
            sort=lambda row: row.title,
            url=lambda row: url_for("reply_templates.show", template_id=row.template_id),
        ),
        Column("unit", "Đơn vị giữ mẫu", lambda row: row.unit_name, sort=lambda row: row.unit_name),
        Column("changed_on", "Sửa lần cuối", lambda row: row.written_at.astimezone(VIETNAM).date(), Kind.DATE),
        Column("text", "Nội dung", lambda row: row.text, only_file=True),
    ),
    find=_find,
    load=same,
    filters=lambda _session: (Filter("state", "Tình trạng", [(RETIRED, "Đã ngừng dùng")], everything="Đang dùng"),),
    empty=(
        "Chưa có mẫu trả lời",
        "Mẫu giúp viết nhanh những lời lặp lại; mỗi câu trả lời vẫn xem và sửa được trước khi gửi.",
    ),
)


@blueprint.get("")
@requires(READ)
def index() -> str:
    """The templates of the units the officer answers for, and of those above."""
    return list_page("cases/templates.html", TEMPLATES, may_add=actor().has(MANAGE), flashes=notice(MESSAGES))


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(READ)
def files(file_format: str) -> Response:
    """The same templates as a file."""
    return list_file(TEMPLATES, file_format)


@blueprint.get("/new")
@requires(MANAGE)
def new() -> str:
    """The form of a new one."""
    return _form(None, {})


@blueprint.post("/new")
@requires(MANAGE)
def create() -> Page:
    """Keep a new one."""
    require_token()
    typed = {name: request.form.get(name, "") for name in ("unit", "title", "text")}
    try:
        with transaction() as session:
            choice = choose_unit(session, actor(), MANAGE, typed["unit"], clock.local_date())
            if choice.unit_id is None:
                return _form(None, typed, {"unit": choice.problem}, suggestions=choice.suggestions), 400
            reply_templates.create(session, actor(), choice.unit_id, typed["title"], typed["text"])
    except FieldMissing as error:
        return _form(None, typed, {error.field: error.message}), 400
    return redirect(url_for(".index", done="kept"), 303)


@blueprint.get("/<int:template_id>")
@requires(READ)
def show(template_id: int) -> str:
    """One template: to read, and to change for who may."""
    return _form(_line(template_id), {})


@blueprint.post("/<int:template_id>")
@requires(MANAGE)
def change(template_id: int) -> Page:
    """Let it say something else, or take it out of use."""
    require_token()
    typed = {name: request.form.get(name, "") for name in ("title", "text", "base")}
    base = int(typed["base"]) if typed["base"].isascii() and typed["base"].isdecimal() and len(typed["base"]) < 9 else 0
    is_retired = request.form.get("step") == "retire"
    try:
        with transaction() as session:
            if is_retired:
                reply_templates.retire(session, actor(), template_id, base)
            else:
                reply_templates.change(session, actor(), template_id, base, typed["title"], typed["text"])
    except FieldMissing as error:
        return _form(_line(template_id), typed, {error.field: error.message}), 400
    except Conflict as error:
        return _form(_line(template_id), typed, conflict=error.message), 409
    return redirect(url_for(".index", done="retired" if is_retired else "kept"), 303)


def _line(template_id: int) -> TemplateLine:
    with reading() as session:
        return reply_templates.one(session, actor(), template_id, clock.local_date())


def _form(
    line: TemplateLine | None,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    *,
    conflict: str = "",
    suggestions: Sequence[tuple[str, str]] = (),
) -> str:
    with reading() as session:
        may = line is None or reply_templates.may_change(session, actor(), line.unit_id, clock.local_date())
    wrong = errors or {}
    return render_template(
        "cases/template.html",
        line=line,
        may_change=may and (line is None or line.retired_on is None),
        unit=typed.get("unit", ""),
        title=typed.get("title", line.title if line else ""),
        text=typed.get("text", line.text if line else ""),
        base=line.number if line and (conflict or "base" not in typed) else typed.get("base", ""),
        most=MOST_TEMPLATE,
        named_fields=list(placeholders.FIELDS.items()),
        suggestions=suggestions,
        error=wrong,
        errors=[{"field_id": name, "message": words} for name, words in wrong.items()],
        conflict=conflict,
        action_url=url_for(".create") if line is None else url_for(".change", template_id=line.template_id),
        list_url=url_for(".index"),
    )
