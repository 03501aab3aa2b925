"""Versions of the calendar in the database: each one can be loaded again, nothing is ever changed."""

from datetime import date, time

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.audit.services import write
from app.audit.tags import Action
from app.calendar import first_load, queries, services
from app.calendar.days import DayUnit, Limit
from app.calendar.errors import BadDay, CalendarMoved, UnknownVersion
from app.calendar.library import proposals
from app.calendar.models import CalendarDay, CalendarVersion, EntryKind
from app.calendar.reckoning import Counting, reckon
from app.calendar.services import Entry
from app.calendar.sources import Status
from app.calendar.working_time import Range
from app.db.session import Database
from tests.support.clock import SettableClock
from tests.unit.calendar.calendars import FIRST_CALENDAR, HOURS


@pytest.fixture
def loaded(session: Session, clock: SettableClock) -> Session:
    first_load.load(session)
    return session


def off(day: date, name: str = "Nghỉ", source: str = "TB 1") -> Entry:
    return Entry(day, EntryKind.OFF, name, (), source, Status.VERIFIED)


def test_the_first_version_is_the_library_under_the_notices(loaded: Session) -> None:
    calendar = queries.calendar(loaded)
    assert calendar.version == queries.latest_version(loaded) == 1
    assert calendar.days == FIRST_CALENDAR.days
    assert calendar.weeks == FIRST_CALENDAR.weeks
    assert first_load.load(loaded) is False


def test_marks_tell_law_notice_and_projection_apart() -> None:
    known = {one.day: one for one in proposals(range(2020, 2031), HOURS)}
    assert known[date(2027, 4, 30)].status is Status.VERIFIED
    assert known[date(2027, 2, 8)].status is Status.PROJECTED
    assert known[date(2027, 2, 8)].source.endswith("chưa có thông báo")
    assert known[date(2026, 2, 17)].status is Status.VERIFIED_2
    assert known[date(2024, 2, 12)].status is Status.UNVERIFIED
    assert known[date(2023, 1, 24)].status is Status.VERIFIED
    assert known[date(2027, 9, 3)].status is Status.PROJECTED  # which side of 2/9
    assert known[date(2027, 9, 2)].status is Status.VERIFIED
    assert known[date(2026, 1, 10)].kind is EntryKind.WORKING
    assert known[date(2026, 1, 2)].status is Status.UNVERIFIED


def test_new_years_of_tet_and_gio_to_are_those_of_viet_nam() -> None:
    """2030: Việt Nam 2/2, China 3/2. Dates computed for UTC+7 outside this program."""
    known = {one.day: one.name for one in proposals(range(2020, 2031), HOURS)}
    tet = {
        2023: (1, 22),
        2024: (2, 10),
        2025: (1, 29),
        2026: (2, 17),
        2027: (2, 6),
        2028: (1, 26),
        2029: (2, 13),
        2030: (2, 2),
    }
    gio_to = {
        2023: (4, 29),
        2024: (4, 18),
        2025: (4, 7),
        2026: (4, 26),
        2027: (4, 16),
        2028: (4, 4),
        2029: (4, 23),
        2030: (4, 12),
    }
    for year, (month, day) in tet.items():
        assert known[date(year, month, day)] == "Nghỉ Tết Nguyên đán"
    for year, (month, day) in gio_to.items():
        assert known[date(year, month, day)].startswith("Ngày Giỗ Tổ Hùng Vương")
    assert [year for year in range(2020, 2031) if date(year, 11, 24) in known] == [2026, 2027, 2028, 2029, 2030]


def test_every_holiday_on_a_day_of_rest_is_made_up() -> None:
    """Điều 111 khoản 3, for the days whose date stands in the law."""
    days = FIRST_CALENDAR.days
    single = ("Tết Dương lịch", "Ngày Giỗ Tổ Hùng Vương", "Ngày Văn hóa Việt Nam")
    for day, one in days.items():
        if one.name in single and day.year > 2020 and not FIRST_CALENDAR.usual_ranges(day):
            later = [day.replace(day=day.day + more) for more in range(1, 5) if day.day + more <= 28]
            assert any("nghỉ bù" in days[other].name for other in later if other in days) or day.day > 24, day


def test_a_change_makes_a_version_and_the_earlier_one_stays(loaded: Session) -> None:
    day = date(2027, 3, 8)
    made = services.change_days(loaded, 7, [off(day)], "Nghỉ riêng của tỉnh")
    loaded.flush()
    assert (made.number, made.created_by, made.reason) == (2, 7, "Nghỉ riêng của tỉnh")
    assert not queries.calendar(loaded).is_working_day(day)
    assert queries.calendar(loaded, 1).is_working_day(day)
    back = services.change_days(loaded, 7, [Entry(day, EntryKind.USUAL)], "Thôi")
    loaded.flush()
    assert [queries.calendar(loaded, number).is_working_day(day) for number in (1, 2, 3)] == [True, False, True]
    assert back.number == 3
    assert [one.kind for one, _ in queries.history_of(loaded, day)] == [EntryKind.USUAL, EntryKind.OFF]


def test_g2_a_case_keeps_its_date_when_the_calendar_changes(loaded: Session) -> None:
    received, limit = date(2027, 3, 1), Limit(10, DayUnit.WORKING)

    def due(version: int | None) -> date:
        return reckon(received, limit, calendar=queries.calendar(loaded, version), counting=Counting()).due_on

    before = due(None)
    services.change_days(loaded, None, [off(date(2027, 3, 8)), off(date(2027, 3, 9))], "Bão")
    loaded.flush()
    assert (due(1), due(2)) == (before, date(2027, 3, 17))
    assert before == date(2027, 3, 15)


def test_weekly_hours_are_versions_too(loaded: Session) -> None:
    hours = {str(day): [["08:00", "12:00"]] for day in range(1, 7)}
    services.change_hours(loaded, None, date(2027, 1, 1), hours, source="QĐ 1", reason="Đổi giờ")
    loaded.flush()
    assert queries.calendar(loaded).ranges(date(2027, 1, 2)) == (Range(time(8), time(12)),)
    assert queries.calendar(loaded, 1).ranges(date(2027, 1, 2)) == ()
    again = {str(day): [["09:00", "12:00"]] for day in range(1, 6)}
    services.change_hours(loaded, None, date(2027, 1, 1), again, source="QĐ 2", reason="Sửa")
    loaded.flush()
    calendar = queries.calendar(loaded)
    assert (calendar.version, len(calendar.weeks)) == (3, 2)
    assert not calendar.is_working_day(date(2027, 1, 2))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([off(date(2027, 3, 8))], " "),
        ([off(date(2027, 3, 8)), off(date(2027, 3, 8), "Khác")], "x"),
        ([off(date(1999, 3, 8))], "x"),
        ([off(date(2027, 3, 8), "")], "x"),
        ([off(date(2027, 3, 8), "Nghỉ", "")], "x"),
        ([Entry(date(2027, 3, 8), EntryKind.WORKING, "Bù", (), "TB")], "x"),
        ([Entry(date(2027, 3, 8), EntryKind.OFF, "Bù", HOURS, "TB")], "x"),
        ([Entry(date(2027, 3, 8), EntryKind.USUAL)], "x"),
        ([off(date(2000 + n // 300, 1 + n // 25 % 12, 1 + n % 25)) for n in range(1001)], "x"),
    ],
)
def test_what_contradicts_itself_or_says_nothing_is_refused(loaded: Session, changes: list[Entry], reason: str) -> None:
    with pytest.raises(BadDay):
        services.change_days(loaded, None, changes, reason)
    assert queries.latest_version(loaded) == 1


def test_a_week_without_work_is_refused(loaded: Session) -> None:
    with pytest.raises(BadDay, match="ít nhất một ngày"):
        services.change_hours(loaded, None, date(2027, 1, 1), {}, source="QĐ", reason="x")


def test_g3_a_page_made_on_an_older_version_is_refused(loaded: Session) -> None:
    services.change_days(loaded, None, [off(date(2027, 3, 8))], "x", seen_version=1)
    with pytest.raises(CalendarMoved):
        services.change_days(loaded, None, [off(date(2027, 3, 9))], "x", seen_version=1)


def test_versions_that_are_not_there(loaded: Session, database: Database) -> None:
    for number in (0, -1, 2):
        with pytest.raises(UnknownVersion):
            queries.calendar(loaded, number)


def test_without_the_first_load_there_is_no_calendar(session: Session) -> None:
    with pytest.raises(UnknownVersion, match="chưa được nạp"):
        queries.calendar(session)


def test_changes_are_on_record_with_old_and_new(loaded: Session) -> None:
    services.change_days(loaded, None, [Entry(date(2026, 11, 24), EntryKind.USUAL), off(date(2027, 3, 8))], "Sửa")
    write(loaded)
    event = loaded.scalars(select(AuditEvent).where(AuditEvent.action == Action.CALENDAR_CHANGE.value)).one()
    assert event.old_value == {
        "d2026_11_24": "off; Ngày Văn hóa Việt Nam; Nghị quyết 28/2026/QH16; verified-2",
        "d2027_03_08": "usual",
    }
    assert event.new_value == {"d2026_11_24": "usual", "d2027_03_08": "off; Nghỉ; TB 1; verified"}
    assert event.reason == "Sửa"


@pytest.mark.parametrize("table", ["calendar_version", "calendar_day", "calendar_hours"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_nobody_changes_or_removes_a_row(database: Database, clock: SettableClock, table: str, act: str) -> None:
    with database.transaction() as session:
        first_load.load(session)
    key = "number" if table == "calendar_version" else "id"
    with pytest.raises(DBAPIError), database.transaction() as session:
        session.execute(text(act.format(table, key, key)))
    with database.reading() as session:
        assert session.scalars(select(CalendarDay.id)).all()
        assert session.get(CalendarVersion, 1) is not None
