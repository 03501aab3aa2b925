"""Units, counters, merges and imports through the pages of officers."""

import io
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.db.session import Database
from app.files.tables import read_sheet
from app.units import counter_services, queries, services
from app.units.counter_services import CounterForm
from app.units.imports import COLUMNS, ImportKind
from app.units.models import Counter, ImportDraft, Unit
from tests.factories.officers import officer_client, token_of

START = date(2025, 7, 1)


@dataclass
class Province:
    id: int
    wards: list[int]
    counter: int
    other: int


@pytest.fixture
def province(database: Database) -> Province:
    with database.transaction() as session:

        def make(code: str, name: str, kind: str, parent: int | None = None) -> int:
            made = services.create_unit(
                session, code=code, name=name, type_code=kind, valid_from=START, parent_id=parent
            )
            return made.id

        root = make("22", "Tỉnh Quảng Ninh", "province")
        wards = [make(f"w{number}", f"Phường Số {number}", "ward", root) for number in range(3)]
        form = CounterForm("1", "Quầy Hộ tịch", ("Hộ tịch",))
        counter = counter_services.create_counter(session, wards[0], form, START)
        return Province(root, wards, counter.id, make("24", "Tỉnh Bắc Ninh", "province"))


@pytest.fixture
def admin(app: Flask, database: Database, province: Province) -> FlaskClient:
    return officer_client(app, database)


def post(client: FlaskClient, address: str, **data):
    page = client.get("/officer/units")
    return client.post(address, data={"csrf_token": token_of(page.text), **data})


def upload(client: FlaskClient, text: str, kind: str = "units", name: str = "bang.csv"):
    return post(client, "/officer/units/imports", kind=kind, file=(io.BytesIO(text.encode()), name))


def test_search_and_page_of_a_unit(admin: FlaskClient, province: Province) -> None:
    page = admin.get("/officer/units?q=phuong so 1").text
    assert "Phường Số 1" in page
    assert "Phường Số 2" not in page
    page = admin.get(f"/officer/units/{province.wards[0]}").text
    for words in ("Tỉnh Quảng Ninh", "Quầy Hộ tịch", "Đang hoạt động", "01/07/2025"):
        assert words in page
    assert admin.get("/officer/units/99999").status_code == 404


def test_create_rename_and_move(admin: FlaskClient, province: Province, database: Database) -> None:
    made = post(
        admin,
        "/officer/units/new",
        code="tt",
        name="Trung tâm",
        type="communal_service_centre",
        parent="w0",
        on="1/8/2025",
    )
    assert made.status_code == 303
    address = made.headers["Location"].partition("?")[0]
    assert "Đã thêm đơn vị" in admin.get(made.headers["Location"]).text
    assert post(admin, f"{address}/rename", name="Trung tâm mới", on="01/09/2025").status_code == 303
    assert post(admin, f"{address}/move", other="w1", on="01/09/2025").status_code == 303
    page = admin.get(address).text
    assert "Trung tâm mới" in page
    assert "đến 31/08/2025" in page
    assert "Phường Số 1" in page


def test_refusals_keep_what_was_typed(admin: FlaskClient, province: Province) -> None:
    answer = post(
        admin, "/officer/units/new", code="x", name="Tên <b>đã gõ</b>", type="ward", parent="w0", on="31/02/2026"
    )
    assert answer.status_code == 400
    assert "Không có ngày 31/02/2026." in answer.text
    assert "Tên &lt;b&gt;đã gõ&lt;/b&gt;" in answer.text
    answer = post(admin, "/officer/units/new", code="x", name="Tên", type="ward", parent="w0", on="01/02/2026")
    assert answer.status_code == 400
    assert "không được trực thuộc" in answer.text


def test_posts_without_token_change_nothing(admin: FlaskClient, province: Province) -> None:
    answer = admin.post(f"/officer/units/{province.wards[0]}/rename", data={"name": "Khác", "on": "01/09/2025"})
    assert answer.status_code == 400
    assert "Khác" not in admin.get(f"/officer/units/{province.wards[0]}").text


def test_merge_is_previewed_then_done_with_history(admin: FlaskClient, province: Province, database: Database) -> None:
    address = f"/officer/units/{province.wards[0]}/merge"
    preview = post(admin, address, other="w1", on="01/01/2026")
    assert preview.status_code == 200
    for words in ("đến hết ngày 31/12/2025", "Phường Số 1", "1 – Quầy Hộ tịch"):
        assert words in preview.text
    with database.reading() as session:
        assert session.get(Unit, province.wards[0]).valid_to is None
    done = post(admin, address, other="w1", on="01/01/2026", confirmed="1")
    assert done.status_code == 303
    page = admin.get(done.headers["Location"]).text
    assert "Đã kết thúc hoạt động" in page
    assert "01/01/2026, hợp nhất" in page
    with database.reading() as session:
        assert session.get(Counter, province.counter).valid_to == date(2025, 12, 31)
        assert queries.successors(session, province.wards[0], date(2026, 1, 1)) == [province.wards[1]]


def test_a_unit_is_not_merged_with_itself(admin: FlaskClient, province: Province) -> None:
    for confirmed in ("", "1"):
        answer = post(
            admin, f"/officer/units/{province.wards[0]}/merge", other="w0", on="01/01/2026", confirmed=confirmed
        )
        assert answer.status_code == 400
        assert "với chính nó" in answer.text


def test_counters(admin: FlaskClient, province: Province, database: Database) -> None:
    new = f"/officer/units/{province.wards[1]}/counters/new"
    assert post(admin, new, number="5", name="Quầy 5", areas="Đất đai; Hộ tịch", hours="07:30-11:30").status_code == 303
    answer = post(admin, new, number="5", name="Quầy 5")
    assert "đã có quầy số 5" in answer.text
    edit = f"/officer/units/counters/{province.counter}"
    assert 'value="Hộ tịch"' in admin.get(edit).text
    assert post(admin, edit, number="1", name="Quầy Đổi tên", areas="", hours="sáng").status_code == 400
    assert post(admin, edit, number="1", name="Quầy Đổi tên", areas="", hours="").status_code == 303
    assert post(admin, f"{edit}/close", on="20/11/2026").status_code == 303
    page = admin.get(f"/officer/units/{province.wards[0]}").text
    assert "Quầy Đổi tên" in page
    assert "đến 20/11/2026" in page


GOOD = "Mã đơn vị,Tên đơn vị,Loại đơn vị,Mã đơn vị cấp trên,Ngày bắt đầu\nn1,Sở Nội vụ,Sở,22,01/07/2025\n"
BAD = GOOD + "n2,Sở Tài chính,Sở,99,01/07/2025\n,Sở,Sở,22,31/02/2025\n"


def counts(database: Database) -> tuple[int | None, int | None]:
    with database.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(Unit)),
            session.scalar(select(func.count()).select_from(ImportDraft)),
        )


def test_import_with_preview_and_one_yes(admin: FlaskClient, database: Database) -> None:
    uploaded = upload(admin, GOOD)
    assert uploaded.status_code == 303
    preview = uploaded.headers["Location"]
    page = admin.get(preview).text
    assert "Sẽ thêm <strong>1</strong> mục" in page
    assert "Sở Nội vụ" in page
    assert counts(database) == (5, 1)
    done = post(admin, preview)
    assert "Đã nhập toàn bộ bảng" in admin.get(done.headers["Location"]).text
    assert counts(database) == (6, 0)
    assert post(admin, preview).status_code == 404  # the yes counts once
    assert counts(database) == (6, 0)


def test_errors_are_shown_by_row_and_column_and_nothing_is_imported(admin: FlaskClient, database: Database) -> None:
    preview = upload(admin, BAD).headers["Location"]
    page = admin.get(preview).text
    assert "Tệp có 3 lỗi" in page
    for words in ("mang mã 99", "Ô bắt buộc đang để trống", "Không có ngày 31/02/2025"):
        assert words in page
    assert post(admin, preview).headers["Location"] == preview
    assert counts(database)[0] == 5


def test_import_is_checked_again_at_the_yes(admin: FlaskClient, database: Database) -> None:
    preview = upload(admin, GOOD).headers["Location"]
    assert (
        post(
            admin, "/officer/units/new", code="n1", name="Sở", type="department", parent="22", on="1/7/2025"
        ).status_code
        == 303
    )
    assert post(admin, preview).headers["Location"] == preview
    assert "đã có trong hệ thống" in admin.get(preview).text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("x.pdf", "%PDF-1.7", "PDF"), ("x.csv", "a,b\n1,2\n", "Thiếu cột “Mã đơn vị”"), ("x.csv", "", "Tệp rỗng")],
)
def test_bad_files_come_back_with_their_reason(admin: FlaskClient, name: str, content: str, words: str) -> None:
    answer = upload(admin, content, name=name)
    assert answer.status_code == 400
    assert words in answer.text


def test_a_draft_belongs_to_its_officer(app: Flask, admin: FlaskClient, database: Database) -> None:
    preview = upload(admin, GOOD).headers["Location"]
    stranger = officer_client(app, database, "khac.nguoi")
    assert stranger.get(preview).status_code == 404
    assert post(stranger, preview).status_code == 404
    assert admin.get(preview).status_code == 200


def test_without_permission_or_scope_nothing_is_shown(app: Flask, database: Database, province: Province) -> None:
    with database.reading() as session:
        ward = session.get(Unit, province.wards[0])
    officer = officer_client(app, database, "can.bo", role=Role.CASE_OFFICER, unit=ward)
    listed = officer.get("/officer/units")
    if listed.status_code == 200:
        assert "Phường Số 0" in listed.text
        assert "Phường Số 1" not in listed.text
        assert officer.get(f"/officer/units/{province.wards[0]}").status_code == 200
    for unit_id in (province.wards[1], province.other, 99999):
        assert officer.get(f"/officer/units/{unit_id}").status_code in (403, 404)
        assert officer.get(f"/officer/units/{unit_id}/rename").status_code in (403, 404)
    assert officer.get("/officer/units/new").status_code in (200, 403)


def test_an_administrator_of_a_part_acts_within_it_only(app: Flask, database: Database, province: Province) -> None:
    with database.reading() as session:
        root = session.get(Unit, province.id)
    local = officer_client(app, database, "dia.phuong", role=Role.ADMINISTRATOR, unit=root)
    assert local.get(f"/officer/units/{province.other}").status_code == 404
    assert post(local, f"/officer/units/{province.other}/rename", name="Khác", on="01/01/2026").status_code == 404
    for parent in ("", "24"):
        answer = post(
            local, "/officer/units/new", code="z", name="Sở", type="department", parent=parent, on="01/01/2026"
        )
        assert answer.status_code == 400
    answer = post(local, f"/officer/units/{province.wards[0]}/merge", other="24", on="01/01/2026", confirmed="1")
    assert answer.status_code == 400
    heading = GOOD.partition("\n")[0]
    preview = upload(local, f"{GOOD}n3,Sở Y tế,Sở,24,01/07/2025\n").headers["Location"]
    page = local.get(preview).text
    assert "Tệp có 1 lỗi" in page
    assert "nằm ngoài phạm vi" in page
    post(local, preview)
    assert counts(database)[0] == 5
    preview = upload(local, f"{heading}\nn4,Phòng Văn thư,Phòng,n5,01/07/2025\nn5,Sở Y tế,Sở,22,01/07/2025\n").headers[
        "Location"
    ]
    post(local, preview)
    assert counts(database)[0] == 7


def test_absurd_numbers_and_dates_are_no_crash(admin: FlaskClient, province: Province) -> None:
    assert admin.get(f"/officer/units/{10**30}").status_code == 404
    assert admin.get(f"/officer/units/counters/{10**30}").status_code == 404
    assert admin.get("/officer/units/imports/" + "0" * 31).status_code == 404
    assert post(admin, f"/officer/units/{province.wards[0]}/merge", other="w1", on="01/01/1945").status_code == 400
    assert post(admin, f"/officer/units/counters/{province.counter}/close", on="01/01/2001").status_code == 400
    assert admin.get("/officer/units?q=%00%25_'\"&page=-4").status_code == 200
    odd = post(admin, f"/officer/units/{province.wards[1]}/rename", name="Phường\x00 \u202eMới", on="01/01/2026")
    assert "Phường Mới" in admin.get(odd.headers["Location"]).text


@pytest.mark.parametrize("kind", [kind.value for kind in ImportKind])
def test_template_has_the_titles_that_the_import_reads(admin: FlaskClient, kind: str) -> None:
    page = admin.get("/officer/units/imports").text
    assert f"/officer/units/imports/template/{kind}.xlsx" in page
    assert "Trung ương; Tỉnh; Huyện; Xã" in page
    answer = admin.get(f"/officer/units/imports/template/{kind}.xlsx")
    assert answer.status_code == 200
    sheet = read_sheet(answer.data, "mau.xlsx")
    assert [column.title for column in COLUMNS[ImportKind(kind)]] == list(sheet.rows[0].cells)
