"""Settings for those who run an installation without a shell: each with its purpose, its history and a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.models import Officer
from app.administration import environment
from app.audit.errors import ReasonMissing
from app.db.session import reading, transaction
from app.settings import services
from app.settings.known import BY_NAME, KNOWN, BadValue, Setting
from app.settings.models import SettingChange
from app.web.access import EVERYWHERE, actor, require_everywhere, requires
from app.web.csrf import csrf_token, require_token
from app.web.lists import CSV, XLSX, Asked, Column, Listing, list_file, list_page, same
from app.web.notices import notice
from app.web.pages import site
from app.web.permissions import Permission
from app.web.text_input import clean

blueprint = Blueprint("settings_officer", __name__, url_prefix="/officer/settings")

MESSAGES = {
    "changed": "Đã đổi cài đặt. Trang cho người dân hiện giá trị mới sau vài giây.",
    "same": "Giá trị không khác trước nên không có gì thay đổi.",
}
SLUGS = ", ".join(f'"{one.slug}"' for one in KNOWN)
HISTORY_COLUMNS = [{"label": label, "numeric": False} for label in ("Từ lúc", "Giá trị", "Người đổi", "Lý do")]
ENVIRONMENT_COLUMNS = [
    {"label": label, "numeric": False} for label in ("Cài đặt", "Để làm gì", "Giá trị", "Lấy từ đâu")
]


@dataclass(frozen=True, slots=True)
class Line:
    """A setting as the list shows it."""

    setting: Setting[str] | Setting[int]
    value: str
    changed_at: str
    changed_by: str
    reason: str


def _find(session: Session, asked: Asked) -> Sequence[Line]:
    newest = services.newest(session)
    names = _names(session, newest.values())
    found = [_list_line(one, newest.get(one.name), names) for one in KNOWN]
    return [one for one in found if asked.matches(one.setting.label, one.setting.purpose, one.value, one.changed_by)]


LISTING: Listing[Line, Line] = Listing(
    code="settings",
    title="Cài đặt",
    search_label="Tìm theo tên, công dụng, giá trị",
    columns=(
        Column(
            "label",
            "Cài đặt",
            lambda one: one.setting.label,
            url=lambda one: url_for("settings_officer.setting", name=one.setting.slug),
        ),
        Column("purpose", "Để làm gì", lambda one: one.setting.purpose),
        Column("value", "Giá trị hiện nay", lambda one: one.value),
        Column("changed_at", "Đổi lúc", lambda one: one.changed_at),
        Column("changed_by", "Người đổi", lambda one: one.changed_by),
        Column("reason", "Lý do", lambda one: one.reason),
    ),
    find=_find,
    load=same,
    empty=("Không có cài đặt nào", ""),
)


@blueprint.get("")
@requires(Permission.SETTINGS_MANAGE)
def index() -> str:
    """Every setting: what it is for, its value, who changed it last and why; and those of the environment."""
    return list_page(
        "administration/settings.html",
        LISTING,
        environment=[[one.name, one.purpose, one.value, one.origin] for one in environment.lines(site().config)],
        environment_columns=ENVIRONMENT_COLUMNS,
        thresholds_url=url_for("oversight.threshold_list") if actor().has(Permission.AUDIT_CONFIGURE) else None,
        flashes=notice(MESSAGES),
    )


@blueprint.get("/list.csv", endpoint="files", defaults=CSV)
@blueprint.get("/list.xlsx", endpoint="files", defaults=XLSX)
@requires(Permission.SETTINGS_MANAGE)
def files(file_format: str) -> Response:
    """The list as a file."""
    return list_file(LISTING, file_format)


@blueprint.get(f"/<any({SLUGS}):name>")
@requires(Permission.SETTINGS_MANAGE)
def setting(name: str) -> str:
    """One setting and everything it ever was."""
    one = _setting(name)
    with reading() as session:
        changes = services.history(session, one)
        names = _names(session, changes)
    return render_template(
        "administration/setting.html",
        setting=one,
        value=_value_words(one, changes[0] if changes else None),
        columns=HISTORY_COLUMNS,
        rows=[
            [_moment(row), _value_words(one, row), names.get(row.changed_by or 0, "Hệ thống"), row.reason]
            for row in changes
        ],
        change_url=url_for(".change", name=name) if _may_change() else None,
        index_url=url_for(".index"),
        flashes=notice(MESSAGES),
    )


@blueprint.get(f"/<any({SLUGS}):name>/change")
@requires(Permission.SETTINGS_MANAGE, fresh=True)
def change(name: str) -> str:
    """The form of one setting; the password was asked for, so that nobody changes it at a computer left alone."""
    require_everywhere(Permission.SETTINGS_MANAGE)
    one = _setting(name)
    with reading() as session:
        changes = services.history(session, one, limit=1)
    return _form_page(one, (changes[0].value or "") if changes else "", "", {})


@blueprint.post(f"/<any({SLUGS}):name>/change")
@requires(Permission.SETTINGS_MANAGE, fresh=True)
def change_submit(name: str) -> Response | tuple[str, int]:
    """Let another value hold from now on."""
    require_everywhere(Permission.SETTINGS_MANAGE)
    require_token()
    one = _setting(name)
    raw, reason = request.form.get("value", ""), clean(request.form.get("reason", ""))
    try:
        with transaction() as session:
            floor = site().config.small_numbers
            is_new = services.change(session, actor().officer_id, one, raw, reason, floor)
    except (BadValue, ReasonMissing) as error:
        field = "value" if isinstance(error, BadValue) else "reason"
        return _form_page(one, raw, reason, {field: error.message}), 400
    return redirect(url_for(".setting", name=name, done="changed" if is_new else "same"), 303)


def _form_page(one: Setting[str] | Setting[int], raw: str, reason: str, errors: dict[str, str]) -> str:
    return render_template(
        "administration/setting_change.html",
        setting=one,
        value=raw,
        reason=reason,
        errors=[{"field_id": field, "message": message} for field, message in errors.items()],
        wrong=errors,
        floor=services.floor_of(one, site().config.small_numbers),
        action_url=url_for(".change_submit", name=one.slug),
        back_url=url_for(".setting", name=one.slug),
        csrf_token=csrf_token(),
    )


def _may_change() -> bool:
    """Whether the officer may change what holds for all units; administrators of a part of the tree may look."""
    return actor().scopes.get(Permission.SETTINGS_MANAGE) == EVERYWHERE


def _setting(slug: str) -> Setting[str] | Setting[int]:
    return BY_NAME.get(slug.replace("-", "_")) or abort(404)


def _list_line(one: Setting[str] | Setting[int], row: SettingChange | None, names: dict[int, str]) -> Line:
    if row is None:
        return Line(one, _value_words(one, None), "", "", "")
    return Line(one, _value_words(one, row), _moment(row), names.get(row.changed_by or 0, "Hệ thống"), row.reason)


def _value_words(one: Setting[str] | Setting[int], row: SettingChange | None) -> str:
    floor = services.floor_of(one, site().config.small_numbers)
    if row is None or row.value is None:
        if floor is not None:
            return f"{floor} (mức khi cài đặt)"
        return f"{one.default} (mặc định)" if isinstance(one.default, int) else "(chưa đặt)"
    if floor is not None and row.value.isdecimal() and int(row.value) < floor:
        return f"{floor} (mức khi cài đặt; ở đây đã ghi {row.value})"
    return row.value


def _moment(row: SettingChange) -> str:
    return f"{row.changed_at.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"


def _names(session: Session, rows: Iterable[SettingChange]) -> dict[int, str]:
    numbers = {row.changed_by for row in rows if row.changed_by is not None}
    statement = select(Officer.id, Officer.full_name).where(Officer.id.in_(numbers))
    return {row.id: row.full_name for row in session.execute(statement)}
