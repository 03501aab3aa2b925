"""The lists of days and of versions. The file of days has the columns of the import."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from app.calendar import queries
from app.calendar.day_rows import KIND_WORDS
from app.calendar.models import CalendarDay, CalendarVersion, EntryKind
from app.calendar.sources import NEEDS_CHECKING, Status
from app.calendar.sources import WORDS as STATUS_WORDS
from app.calendar.words import WEEKDAYS
from app.clock import VIETNAM
from app.i18n.folding import fold_words
from app.i18n.formats import format_date
from app.web.authors import author_names
from app.web.lists import Asked, Column, Filter, Kind, Listing, same

MOST_NAMED = 6
TAGS = {Status.VERIFIED: "good", Status.VERIFIED_2: "plain", Status.OWN: "plain"}
VersionRow = tuple[CalendarVersion, str]


def day_number(day: CalendarDay) -> int:
    """How a day stands in an address: 20261124."""
    return int(f"{day.day:%Y%m%d}")


def status_tag(status: Status) -> str:
    """The kind of tag for a mark."""
    return "bad" if status in NEEDS_CHECKING else TAGS[status]


def hours_words(ranges: Sequence[Sequence[str]] | None) -> str:
    """Stored hours of a day in words: "07:30-11:30; 13:30-17:00"."""
    return "; ".join("-".join(pair) for pair in ranges or ())


def _days(session: Session, asked: Asked) -> list[CalendarDay]:
    year, kind, status = asked.of("year"), asked.of("kind"), asked.of("status")
    found = queries.entries(session, year=int(year) if year else None, search=asked.text)
    return [one for one in found if kind in ("", one.kind.value) and status in ("", one.status.value)]


def _filters(session: Session) -> tuple[Filter, ...]:
    return (
        Filter("year", "Năm", [(str(year), str(year)) for year in queries.years(session)], everything="Mọi năm"),
        Filter("kind", "Loại", [(kind, words) for kind, words in KIND_WORDS.items() if kind != EntryKind.USUAL.value]),
        Filter("status", "Mức kiểm chứng", [(one.value, str(STATUS_WORDS[one])) for one in Status]),
    )


DAYS: Listing[CalendarDay, CalendarDay] = Listing(
    code="calendar-days",
    title="Ngày nghỉ và ngày làm bù",
    search_label="Tìm theo tên, số văn bản hoặc ngày",
    find=_days,
    load=same,
    empty=("Chưa có ngày nào", "Thêm ngày nghỉ theo thông báo, hoặc nhập từ bảng."),
    filters=_filters,
    columns=(
        Column(
            "day",
            "Ngày",
            lambda one: one.day,
            Kind.DATE,
            sort=lambda one: one.day,
            url=lambda one: url_for("calendar_officer.show_day", number=day_number(one)),
        ),
        Column("weekday", "Thứ", lambda one: WEEKDAYS[one.day.isoweekday()]),
        Column("kind", "Loại", lambda one: KIND_WORDS[one.kind.value], sort=lambda one: one.kind.value),
        Column("name", "Tên", lambda one: one.name, sort=lambda one: fold_words(one.name)),
        Column("hours", "Giờ làm việc", lambda one: hours_words(one.ranges)),
        Column("source", "Số văn bản", lambda one: one.source, sort=lambda one: fold_words(one.source)),
        Column(
            "status",
            "Mức kiểm chứng",
            lambda one: str(STATUS_WORDS[one.status]),
            sort=lambda one: one.status.value,
            tag=lambda one: status_tag(one.status),
        ),
    ),
)


def _versions(session: Session, asked: Asked) -> list[CalendarVersion]:
    return [one for one in queries.versions(session) if asked.matches(one.reason, *changes(one))]


def _with_author(session: Session, found: Sequence[CalendarVersion]) -> list[VersionRow]:
    names = author_names(session, [one.created_by for one in found])
    return [(one, names.get(one.created_by, f"Cán bộ {one.created_by}")) for one in found]


def changes(version: CalendarVersion) -> list[str]:
    """What a version changed, day by day."""
    days = [
        f"{format_date(one.day)}: " + (KIND_WORDS[one.kind.value] + (f" – {one.name}" if one.name else ""))
        for one in version.days
    ]
    return days + [f"giờ làm việc từ {format_date(one.valid_from)}" for one in version.hours]


def _few(version: CalendarVersion) -> str:
    said = changes(version)
    more = len(said) - MOST_NAMED
    return "; ".join(said[:MOST_NAMED]) + (f"; và {more} ngày nữa" if more > 0 else "")


VERSIONS: Listing[CalendarVersion, VersionRow] = Listing(
    code="calendar-versions",
    title="Các phiên bản của lịch",
    search_label="Tìm theo lý do, ngày hoặc tên ngày",
    find=_versions,
    load=_with_author,
    empty=("Chưa có phiên bản nào", "Lịch ban đầu được nạp khi cài đặt hoặc nâng cấp."),
    files=".history_files",
    columns=(
        Column("number", "Phiên bản", lambda row: row[0].number, Kind.WHOLE, sort=lambda one: one.number),
        Column(
            "created_at",
            "Lúc",
            lambda row: f"{row[0].created_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
            sort=lambda one: one.created_at,
        ),
        Column("author", "Người sửa", lambda row: row[1]),
        Column("reason", "Lý do", lambda row: row[0].reason),
        Column("changes", "Thay đổi", lambda row: _few(row[0]), only_page=True),
        Column("all_changes", "Thay đổi", lambda row: "; ".join(changes(row[0])), only_file=True),
    ),
)
