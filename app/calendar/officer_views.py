"""The calendar for officers: days off and swapped days, weekly hours, history."""

from datetime import date

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.calendar import queries, services
from app.calendar.acts import Answer, perform, seen_version, stale
from app.calendar.day_rows import KIND_WORDS, days_of, read_day
from app.calendar.errors import UnknownVersion
from app.calendar.forms import KIND_OPTIONS, STATUS_OPTIONS, DayForm, HoursForm, RemoveForm
from app.calendar.import_views import blueprint as import_blueprint
from app.calendar.models import EntryKind
from app.calendar.officer_lists import DAYS, VERSIONS, day_number, hours_words, status_tag
from app.calendar.opening_hours import format_opening_hours, parse_opening_hours
from app.calendar.services import Entry, entries_of
from app.calendar.sources import WORDS as STATUS_WORDS
from app.calendar.sources import Status
from app.calendar.words import day_words
from app.clock import VIETNAM
from app.db.session import reading
from app.web.access import EVERYWHERE, actor, require_everywhere, requires
from app.web.authors import author_names
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("calendar_officer", __name__, url_prefix="/officer/calendar")
blueprint.register_blueprint(import_blueprint)

READ, MANAGE = Permission.RULES_READ, Permission.RULES_MANAGE
MESSAGES = {
    "saved": "Đã lưu. Hạn của vụ việc đang xử lý được tính lại theo lịch mới trong vòng một giờ, có ghi lịch sử.",
    "removed": "Đã bỏ mục này. Lịch sử vẫn được giữ.",
    "hours": "Đã đổi giờ làm việc.",
    "imported": "Đã nhập các ngày trong bảng.",
}


@blueprint.get("")
@requires(READ)
def index() -> str:
    """Days off and worked days, with the weekly hours in force."""
    with reading() as session:
        held = [one for one in queries.hours_in_force(session) if one.valid_from <= clock.local_date()]
        version = queries.latest_version(session)
    return list_page(
        "calendar/days.html",
        DAYS,
        hours=format_opening_hours(held[-1].hours) if held else "",
        version=version,
        may_manage=_may_manage(),
        next_year=clock.local_date().year + 1,
        flashes=notice(MESSAGES),
    )


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(READ)
def files(file_format: str) -> Response:
    """The same days as a file, with the columns of the import."""
    return list_file(DAYS, file_format)


@blueprint.get("/history")
@requires(READ)
def history() -> str:
    """Every version: who changed what, when, why."""
    return list_page("calendar/history.html", VERSIONS)


@blueprint.get("/history.csv", defaults=CSV)
@blueprint.get("/history.xlsx", defaults=XLSX)
@requires(READ)
def history_files(file_format: str) -> Response:
    """The history as a file."""
    return list_file(VERSIONS, file_format)


@blueprint.get("/new")
@requires(MANAGE)
def new_day() -> str:
    """The form for a day off or a worked day."""
    require_everywhere(MANAGE)
    return _day_page(DayForm(kind=EntryKind.OFF.value, status=Status.VERIFIED.value, seen=_newest()))


def _new_day_stale() -> tuple[str, int]:
    form = DayForm()
    return stale(form, lambda: _day_page(form))


@blueprint.post("/new")
@requires(MANAGE, fresh=True, on_stale=_new_day_stale)
def new_day_submit() -> Answer:
    """Put one day or several on end into the calendar."""
    require_everywhere(MANAGE)
    form = DayForm()

    def save(session: Session) -> str:
        usual = services.usual_hours(session)
        entries = entries_of(days_of({name: form[name].data or "" for name in DAY_FIELDS}, usual))
        services.change_days(session, actor().officer_id, entries, form.reason.data, seen_version=seen_version(form))
        return url_for(".index", done="saved", year=entries[0].day.year)

    return perform(form, save, lambda: _day_page(form))


@blueprint.get("/days/<int:number>")
@requires(READ)
def show_day(number: int) -> str:
    """What is said about one day, and what ever was."""
    return _entry_page(_day_of(number), RemoveForm(seen=_newest()))


def _remove_stale() -> tuple[str, int]:
    form, values = RemoveForm(), request.view_args or {}
    return stale(form, lambda: _entry_page(_day_of(values["number"]), form))


@blueprint.post("/days/<int:number>")
@requires(MANAGE, fresh=True, on_stale=_remove_stale)
def remove_day(number: int) -> Answer:
    """Take an entry back: the day follows the week again."""
    require_everywhere(MANAGE)
    form, day = RemoveForm(), _day_of(number)

    def save(session: Session) -> str:
        gone = [Entry(day, EntryKind.USUAL)]
        services.change_days(session, actor().officer_id, gone, form.reason.data, seen_version=seen_version(form))
        return url_for(".index", done="removed", year=day.year)

    return perform(form, save, lambda: _entry_page(day, form))


@blueprint.get("/hours")
@requires(READ)
def hours() -> str:
    """Weekly hours: which held when, and the form for others."""
    return _hours_page(HoursForm(seen=_newest()))


def _hours_stale() -> tuple[str, int]:
    form = HoursForm()
    return stale(form, lambda: _hours_page(form))


@blueprint.post("/hours")
@requires(MANAGE, fresh=True, on_stale=_hours_stale)
def hours_submit() -> Answer:
    """Let other hours hold from a day on."""
    require_everywhere(MANAGE)
    form = HoursForm()

    def save(session: Session) -> str:
        services.change_hours(
            session,
            actor().officer_id,
            read_day(form.valid_from.data),
            parse_opening_hours(form.hours.data),
            source=form.source.data,
            reason=form.reason.data,
            seen_version=seen_version(form),
        )
        return url_for(".hours", done="hours")

    return perform(form, save, lambda: _hours_page(form))


DAY_FIELDS = ("day", "until", "kind", "name", "hours", "source", "status")


def _may_manage() -> bool:
    """Whether the officer may change what holds for all units."""
    return actor().scopes.get(MANAGE) == EVERYWHERE


def _newest() -> str:
    with reading() as session:
        return str(queries.latest_version(session))


def _day_of(number: int) -> date:
    try:
        return date(number // 10000, number // 100 % 100, number % 100)
    except ValueError as error:
        raise UnknownVersion("Không có ngày này.") from error


def _day_page(form: DayForm) -> str:
    return render_template(
        "calendar/day_form.html", form=form, options={"kind": KIND_OPTIONS, "status": STATUS_OPTIONS}
    )


def _entry_page(day: date, form: RemoveForm) -> str:
    with reading() as session:
        entry, said = queries.entry(session, day), queries.history_of(session, day)
        calendar = queries.calendar(session)
        names = author_names(session, [version.created_by for _, version in said])
    if not said:
        raise UnknownVersion("Lịch không ghi gì riêng cho ngày này.")
    shown = [(KIND_WORDS[one.kind.value], one.name, hours_words(one.ranges), one.source) for one, _ in said]
    rows = [
        [
            str(version.number),
            f"{version.created_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
            names.get(version.created_by, f"Cán bộ {version.created_by}"),
            " – ".join(part for part in what if part),
            version.reason,
        ]
        for what, (_, version) in zip(shown, said, strict=True)
    ]
    makes_up = entry is not None and entry.kind is EntryKind.OFF and not calendar.usual_ranges(day)
    return render_template(
        "calendar/day.html",
        day=day_words(day),
        number=day_number(entry) if entry else 0,
        entry=entry,
        kind=KIND_WORDS[entry.kind.value] if entry else "",
        hours=hours_words(entry.ranges) if entry else "",
        status=(status_tag(entry.status), STATUS_WORDS[entry.status]) if entry else None,
        made_up=day_words(calendar.next_working_day(day)) if makes_up else "",
        columns=[
            {"label": label, "numeric": False} for label in ("Phiên bản", "Lúc", "Người sửa", "Nội dung", "Lý do")
        ],
        rows=rows,
        form=form,
        may_manage=_may_manage(),
    )


def _hours_page(form: HoursForm) -> str:
    with reading() as session:
        held = queries.hours_in_force(session)
    rows = [
        [f"{one.valid_from:%d/%m/%Y}", format_opening_hours(one.hours), one.source, str(STATUS_WORDS[one.status])]
        for one in reversed(held)
    ]
    return render_template(
        "calendar/hours.html",
        form=form,
        rows=rows,
        columns=[{"label": label, "numeric": False} for label in ("Từ ngày", "Giờ làm việc", "Số văn bản", "Mức")],
        may_manage=_may_manage(),
        flashes=notice(MESSAGES),
    )
