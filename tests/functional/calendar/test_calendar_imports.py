"""Days from tables and from the library: previews, faults by row and column, one yes."""

import csv
import io
from datetime import date

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.calendar import queries
from app.calendar.models import CalendarVersion
from app.calendar.sources import Status
from app.db.session import Database
from tests.functional.calendar.pages import PAGES, TABLE, confirm, post, rows_of, upload, versions


def test_a_table_is_previewed_and_imported_whole(administrator: FlaskClient, law: Database) -> None:
    preview = upload(administrator, TABLE.encode(), "lich.csv")
    assert preview.status_code == 200
    assert "4 trên 4 ngày" in preview.text
    assert "trước đây: Nghỉ – Ngày Văn hóa Việt Nam" in preview.text
    assert versions(law) == 1
    assert confirm(administrator, preview.text).status_code == 303
    with law.reading() as session:
        calendar = queries.calendar(session)
        assert calendar.version == 2
        assert calendar.is_working_day(date(2026, 11, 24))
        assert len(calendar.ranges(date(2027, 3, 6))) == 1
        assert calendar.days[date(2027, 2, 4)].source == "TB 1/2026"


def test_the_file_of_the_list_can_be_imported_again(administrator: FlaskClient, law: Database) -> None:
    made = administrator.get(f"{PAGES}/list.xlsx?year=2026").data
    book = load_workbook(io.BytesIO(made))
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("Tên") + 1
    sheet.cell(row=2, column=column).value = "Tết Dương lịch 2026"
    changed = io.BytesIO()
    book.save(changed)
    preview = upload(administrator, changed.getvalue(), "lich.xlsx")
    assert preview.status_code == 200, preview.text
    assert confirm(administrator, preview.text).status_code == 303
    with law.reading() as session:
        assert queries.calendar(session).days[date(2026, 1, 1)].name == "Tết Dương lịch 2026"
        version = session.get_one(CalendarVersion, 2)
        assert len(version.days) == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("32/01/2027,,Nghỉ,Tết,,TB,", "Không có ngày 32/01/2027"),
        ("ngày mai,,Nghỉ,Tết,,TB,", "không đúng dạng"),
        ("01/01/2027,,Lễ hội,Tết,,TB,", "Loại phải là một trong"),
        ("01/01/2027,,Nghỉ,,,TB,", "Xin ghi tên ngày"),
        ("01/01/2027,,Nghỉ,Tết,,,", "Xin ghi số văn bản"),
        ("01/01/2027,01/01/2026,Nghỉ,Tết,,TB,", "từ ngày đầu trở đi"),
        ("01/01/2027,,Làm bù,Bù,25:00-26:00,TB,", "Không có giờ"),
        ("01/01/2027,,Nghỉ,Tết,,TB,chắc", "Mức kiểm chứng phải là"),
        ("01/01/2027,,Nghỉ,Tết,,TB,\n01/01/2027,,Nghỉ,Tết,,TB,", "đã có ở dòng khác"),
    ],
)
def test_faults_are_named_by_row_and_column(administrator: FlaskClient, law: Database, row: str, message: str) -> None:
    table = "Ngày,Đến hết ngày,Loại,Tên,Giờ làm việc,Số văn bản,Mức kiểm chứng\n02/01/2027,,Nghỉ,Tết,,TB,\n" + row
    preview = upload(administrator, table.encode(), "lich.csv")
    assert preview.status_code == 200
    assert message in preview.text
    assert "chưa có gì được nhập" in preview.text
    assert 'name="rows"' not in preview.text
    assert versions(law) == 1


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "x.csv", "Tệp rỗng"),
        (b"%PDF-1.7", "x.csv", "PDF"),
        (b"a,b\n1,2\n", "x.csv", "Thiếu cột"),
        ("Ngày,Loại\n".encode(), "x.csv", "không có dòng dữ liệu"),
        (b"MZ", "x.exe", "Chỉ nhận tệp"),
    ],
)
def test_files_that_are_no_table_are_refused_with_a_reason(
    administrator: FlaskClient, data: bytes, name: str, message: str
) -> None:
    answer = upload(administrator, data, name)
    assert answer.status_code == 400
    assert message in answer.text
    assert administrator.post(f"{PAGES}/import", data={}).status_code == 400


def test_the_yes_is_checked_again(administrator: FlaskClient, law: Database) -> None:
    for rows in (
        "",
        "no json",
        "[[1]]",
        '[[1,{"day":1}]]',
        '[[1,{"day":"x"}]]',
        "[" * 60_000,
        '[[1,{"day":"01/01/2027"}]]',
    ):
        answer = post(administrator, f"{PAGES}/import/confirm", {"rows": rows, "reason": "thử"})
        assert answer.status_code == 400, rows[:20]
    preview = upload(administrator, TABLE.encode(), "lich.csv").text
    without = confirm(administrator, preview, reason="")
    assert (without.status_code, "Xin ghi lý do" in without.text, rows_of(without.text)) == (
        400,
        True,
        rows_of(preview),
    )
    assert confirm(administrator, preview, seen=0).status_code == 400
    assert versions(law) == 1


def test_a_large_workbook_of_days_is_refused(administrator: FlaskClient) -> None:
    book = Workbook()
    book.active.append(["Ngày", "Đến hết ngày", "Loại", "Tên", "Số văn bản"])
    for year in range(2031, 2080):
        for month in range(1, 13):
            book.active.append([f"01/{month}/{year}", f"28/{month}/{year}", "Nghỉ", "Tên", "TB"])
    made = io.BytesIO()
    book.save(made)
    assert "hơn 1000 ngày" in upload(administrator, made.getvalue(), "lich.xlsx").text


def test_a_year_can_be_filled_from_the_library(administrator: FlaskClient, law: Database) -> None:
    known = administrator.get(f"{PAGES}/import/library/2027").text
    assert "Không có ngày nào mới" in known
    preview = administrator.get(f"{PAGES}/import/library/2031").text
    assert "Dự kiến, chưa có thông báo" in preview
    assert confirm(administrator, preview).status_code == 303
    with law.reading() as session:
        calendar = queries.calendar(session)
    assert calendar.days[date(2031, 1, 23)].status is Status.PROJECTED  # mùng 1 Tết
    assert calendar.days[date(2031, 4, 30)].status is Status.VERIFIED
    assert administrator.get(f"{PAGES}/import/library/1900").status_code == 400


def test_files_of_the_list_are_recorded_and_hold_every_row(administrator: FlaskClient, law: Database) -> None:
    rows = list(csv.reader(io.StringIO(administrator.get(f"{PAGES}/list.csv").data.decode("utf-8-sig"))))
    assert rows[0][:5] == ["Ngày", "Thứ", "Loại", "Tên", "Giờ làm việc"]
    with law.reading() as session:
        assert len(rows) - 1 == len(queries.entries(session))
        assert session.scalars(select(AuditEvent).where(AuditEvent.subject == "list:calendar-days")).one()
