"""Imports of sampled rounds through the pages: what is refused, replaced, added, warned about, and by whom."""

import hashlib
import io
from datetime import date

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.survey import packing
from app.survey.models import SampleKind, SurveyRound
from app.survey.rounds import close_round
from app.survey.sampled.models import SampledAnswer, SampledCluster, SampledDraft, SampledImport
from app.survey.sampled.rows import SampledRows, sampled_rows
from app.units.models import Unit
from tests.factories.officers import token_of
from tests.factories.sampled import SampledPlace, make_sampled_round
from tests.factories.units import make_unit
from tests.support.clock import SettableClock
from tests.support.importing import Importer
from tests.support.spss import Variable, sav

HEAD = "Số phiếu,Đơn vị,Tầng,Trọng số,Tổng thể bậc 1,c01,c02\n"
ONE = "1,U01,A,10,40,5,4\n2,U02,A,10,40,,3\n"
TWO = "3,U01,A,2.125,40,Rất hài lòng,Hài lòng\n4,U01,B,3,9,1,2\n"


@pytest.fixture
def place(database: Database, clock: SettableClock) -> SampledPlace:
    return make_sampled_round(database, units=2)


@pytest.fixture
def officer(signed_in_client, place: SampledPlace) -> FlaskClient:
    return signed_in_client(role=Role.HOME_AFFAIRS)


def file(*parts: str) -> bytes:
    return (HEAD + "".join(parts)).encode()


def rows_of(database: Database, round_id: int) -> SampledRows | None:
    with database.reading() as session:
        found = session.get(SurveyRound, round_id)
        assert found is not None
        return sampled_rows(session, found)


def imported(officer: FlaskClient, place: SampledPlace, data: bytes, mode: str = "replace", name: str = "a.csv") -> str:
    """Import a file whose columns need no change; the page that follows."""
    importer = Importer(officer, place.round_id)
    importer.upload(data, name)
    importer.choose()
    importer.look(mode)
    done = importer.confirm(mode)
    assert done.status_code == 303
    return officer.get(done.headers["Location"]).text


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_added_answers_stand_beside_the_first_and_share_their_strata(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    imported(officer, place, file(ONE))
    assert "đợt" in imported(officer, place, file(TWO), "add")
    found = rows_of(database, place.round_id)
    assert found is not None
    assert (len(found), found.revision, found.weight_digits) == (4, 2, 3)
    assert sorted(found.weight.tolist()) == [2.125, 3.0, 10.0, 10.0]  # the first ones were brought to three decimals
    assert (found.strata, found.psus, found.psu, found.clusters) == (("A", "B"), None, None, ())
    assert sorted(zip(found.stratum.tolist(), found.populations[0].tolist(), strict=True)) == [(0, 40)] * 3 + [(1, 9)]
    assert count(database, SampledCluster) == 2
    where = packing.columns(found.question_set)["c01"].start
    assert sorted(found.answers[:, where].tolist()) == [1, 5, 5, 255]


def test_the_same_file_is_not_added_twice_but_may_replace(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    imported(officer, place, file(ONE))
    importer = Importer(officer, place.round_id)
    importer.upload(file(ONE))
    importer.choose()
    assert "Chính tệp này đã được nhập" in importer.look("add")
    assert importer.confirm("add").headers["Location"].endswith("mode=add")
    assert count(database, SampledAnswer) == 2
    importer.look("replace")
    importer.confirm("replace")
    assert count(database, SampledAnswer) == 2
    assert count(database, SampledImport) == 2


def test_without_a_choice_between_replacing_and_adding_nothing_happens(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    imported(officer, place, file(ONE))
    importer = Importer(officer, place.round_id)
    importer.upload(file(TWO))
    importer.choose()
    refused = importer.confirm("")
    assert refused.status_code == 400
    assert "Xin chọn thay toàn bộ hay thêm vào." in refused.text
    assert count(database, SampledAnswer) == 2


def test_one_fault_and_nothing_is_imported(officer: FlaskClient, database: Database, place: SampledPlace) -> None:
    importer = Importer(officer, place.round_id)
    importer.upload(file(ONE, "3,U77,A,0,40,8,4\n"))
    importer.choose()
    assert "Tệp có 3 lỗi ở 1 dòng." in importer.page
    assert "Không có đơn vị mã “U77”" in importer.page
    assert "Nhập toàn bộ" not in importer.page
    assert importer.confirm().status_code == 303
    assert count(database, SampledAnswer) == count(database, SampledCluster) == count(database, SampledImport) == 0
    with database.reading() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == Action.ANSWERS_IMPORT.value)).all() == []


def test_spss_and_excel_give_the_same_rows_as_csv(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    levels = {1.0: "Rất hài lòng", 5.0: "Rất không hài lòng", 2.0: "Hài lòng", 3.0: "Bình thường", 9.0: "Không trả lời"}
    names = ("So_phieu", "don_vi", "tang", "trong_so", "fpc", "c01", "c02")
    columns = ([1.0, 2.0], ["U01", "U02"], ["A", "A"], [10.0, 10.0], [40.0, 40.0], [1.0, 9.0], [2.0, 3.0])
    variables = [
        Variable(name, values, value_labels=levels if name.startswith("c") else {})
        for name, values in zip(names, columns, strict=True)
    ]
    book = openpyxl.Workbook()
    for line in (HEAD + ONE).splitlines():
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in line.split(",")])
    stored = io.BytesIO()
    book.save(stored)
    seen = []
    for name, data in (("a.csv", file(ONE)), ("a.xlsx", stored.getvalue()), ("a.sav", sav(variables))):
        imported(officer, place, data, "replace", name)
        found = rows_of(database, place.round_id)
        assert found is not None
        lines = zip(found.unit.tolist(), found.weight.tolist(), found.answers.tolist(), strict=True)
        seen.append((found.unit_codes, found.strata, found.populations[0].tolist(), sorted(lines)))
    assert seen[0] == seen[1] == seen[2]
    with database.reading() as session:
        assert [one.source.value for one in session.scalars(select(SampledImport).order_by(SampledImport.id))] == [
            "csv", "xlsx", "sav",
        ]  # fmt: skip


def test_personal_data_is_never_stored_not_even_in_the_draft(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    importer = Importer(officer, place.round_id)
    importer.upload("Họ và tên,Điện thoại,Đơn vị,c01\nNguyễn Thị Lan,0912345678,U01,5\n".encode())
    assert "Đã bỏ, không lưu, các cột giống thông tin cá nhân: Họ và tên, Điện thoại." in importer.page
    assert set(importer.proposed) == {"Đơn vị", "c01"}
    with database.reading() as session:
        (draft,) = session.scalars(select(SampledDraft))
    import zlib

    content = zlib.decompress(draft.content).decode()
    assert "Lan" not in content
    assert "0912345678" not in content


def test_a_file_without_units_speaks_of_the_unit_of_the_round(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    imported(officer, place, b"w,c01\n1.5,5\n2.5,4\n")
    found = rows_of(database, place.round_id)
    assert found is not None
    assert (found.unit_codes, found.strata, found.populations) == (("22",), ("",), ())


def test_a_code_means_the_unit_that_bears_it_now(
    officer: FlaskClient, database: Database, place: SampledPlace, clock: SettableClock
) -> None:
    with database.transaction() as session:
        province = session.get(Unit, place.province_id)
        was = session.get(Unit, place.unit_ids["U02"])
        assert was is not None
        was.valid_to = date(2026, 5, 31)
        for span in (*was.names, *was.parents):
            span.valid_to = date(2026, 5, 31)
        session.flush()
        now = make_unit(
            session, "Phường mới", code="U02", type_code="ward", parent=province, valid_from=date(2026, 6, 1)
        )
        elsewhere = make_unit(session, "Tỉnh Bắc Ninh", code="24", valid_from=date(2025, 7, 1))
        make_unit(session, "Phường ngoài", code="U03", type_code="ward", parent=elsewhere, valid_from=date(2025, 7, 1))
    imported(officer, place, file(ONE))
    found = rows_of(database, place.round_id)
    assert found is not None
    assert found.unit_ids == (place.unit_ids["U01"], now.id)
    importer = Importer(officer, place.round_id)
    importer.upload(file("1,U03,A,10,40,5,4\n"))
    importer.choose()
    assert "Không có đơn vị mã “U03” trong phạm vi" in importer.page


def test_a_census_needs_no_weights_and_says_when_it_is_not_whole(
    signed_in_client, database: Database, clock: SettableClock
) -> None:
    place = make_sampled_round(database, kind=SampleKind.CENSUS, units=2)
    officer = signed_in_client(role=Role.HOME_AFFAIRS)
    importer = Importer(officer, place.round_id)
    importer.upload("Đơn vị,Tầng,fpc,c01\nU01,A,3,5\nU02,A,3,4\n".encode())
    importer.choose()
    assert "n ≠ N" in importer.page
    assert "Tầng “A” (tính theo người): 2 trên 3" in importer.page
    importer.confirm()
    found = rows_of(database, place.round_id)
    assert found is not None
    assert found.sample_kind is SampleKind.CENSUS
    assert found.weight.tolist() == [1.0, 1.0]


def test_open_and_closed_rounds_take_no_file(officer: FlaskClient, database: Database, place: SampledPlace) -> None:
    importer = Importer(officer, place.round_id)
    importer.upload(file(ONE))
    importer.choose()
    with database.transaction() as session:
        found = session.get(SurveyRound, place.round_id)
        assert found is not None
        close_round(found)
    assert importer.confirm().status_code == 409
    assert importer.upload(file(ONE)).status_code == 409
    assert "không nhận phiếu từ tệp" in officer.get(importer.start).text
    with database.transaction() as session:
        found = session.get(SurveyRound, place.round_id)
        assert found is not None
        found.closed_on = None
        found.sample_kind = SampleKind.OPEN
    assert importer.upload(file(ONE)).status_code == 409
    assert count(database, SampledAnswer) == 0


def test_only_home_affairs_of_the_place_import(
    officer: FlaskClient, signed_in_client, database: Database, place: SampledPlace
) -> None:
    with database.transaction() as session:
        other = make_unit(session, "Tỉnh Bắc Ninh", code="24", valid_from=date(2025, 7, 1))
    importer = Importer(officer, place.round_id)
    importer.upload(file(ONE))
    importer.choose()
    for client, status in (
        (signed_in_client(role=Role.ADMINISTRATOR), 403),
        (signed_in_client(role=Role.HOME_AFFAIRS, unit=other), 404),
        (signed_in_client(role=Role.HOME_AFFAIRS), 404),  # the draft is another officer's
    ):
        assert client.get(importer.draft).status_code == status
        token = token_of(client.get("/officer/question-sets").text)
        assert client.post(importer.draft, data={"csrf_token": token, "mode": "replace"}).status_code == status
    assert count(database, SampledAnswer) == 0


def test_posts_without_the_token_are_refused(officer: FlaskClient, database: Database, place: SampledPlace) -> None:
    importer = Importer(officer, place.round_id)
    importer.upload(file(ONE))
    importer.choose()
    for address in (importer.draft, f"{importer.draft}/values", f"{importer.draft}/columns"):
        assert officer.post(address, data={"mode": "replace"}).status_code == 400
    assert officer.post(importer.start, data={"file": (io.BytesIO(file(ONE)), "a.csv")}).status_code == 400
    assert count(database, SampledAnswer) == 0


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.csv", "Tệp rỗng"),
        (b"%PDF-1.4", "a.csv", "PDF"),
        (b"abc", "a.sav", "không phải tệp SPSS"),
        ("Họ tên,c01\nLan,5\n".encode("utf-16-be"), "a.csv", "NUL"),
        (b"PK\x03\x04", "a.xlsx", "hỏng"),
        (b"hello", "a.docx", "Chỉ nhận tệp .csv, .xlsx và .sav (SPSS)"),
        (b"blabla\nfoo\nbar\n", "a.csv", "Tệp chỉ có 1 cột và 2 dòng dữ liệu"),
        (b"foo,bar\n1,2\n", "a.csv", "Tệp chỉ có 2 cột và 1 dòng dữ liệu"),
        ("Họ tên\nLan\nHoa\n".encode(), "a.csv", "Tệp chỉ có 0 cột"),
    ],
)
def test_files_that_are_no_table_are_refused_in_words(
    officer: FlaskClient, place: SampledPlace, data: bytes, name: str, words: str
) -> None:
    refused = Importer(officer, place.round_id).upload(data, name)
    assert refused.status_code == 400
    assert words in refused.text


def test_a_choice_that_cannot_be_meant_comes_back_as_typed(officer: FlaskClient, place: SampledPlace) -> None:
    importer = Importer(officer, place.round_id)
    importer.upload(file(ONE))
    refused = importer.choose({"c02": "q:c01"})
    assert refused.status_code == 400
    assert "được chọn cho 2 cột" in refused.text
    importer.page = refused.text
    assert importer.proposed["c02"] == "q:c01"
    assert officer.get(importer.draft).status_code == 303  # no preview before the columns are chosen


def test_a_value_can_be_read_in_another_way_and_refused_again(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    importer = Importer(officer, place.round_id)
    importer.upload(file("1,U01,A,10,40,9,4\n"))
    importer.choose()
    assert "“9” không thuộc các mức" in importer.page
    importer.read_as({"9": "na"})
    assert "Nhập toàn bộ" in importer.page
    importer.read_as({"4": ""})
    assert "“4” không thuộc các mức" in importer.page
    importer.read_as({"4": "2"})
    importer.confirm()
    found = rows_of(database, place.round_id)
    assert found is not None
    where = packing.columns(found.question_set)
    assert found.answers[0, [where["c01"].start, where["c02"].start]].tolist() == [254, 2]


def test_the_round_page_leads_to_the_import(officer: FlaskClient, signed_in_client, place: SampledPlace) -> None:
    imported(officer, place, file(ONE))
    page = officer.get(f"/officer/rounds/{place.round_id}").text
    assert "Phiếu đã nhập: 2" in page
    assert f'href="/officer/rounds/{place.round_id}/imports"' in page
    assert "Câu trả lời hôm nay" not in page
    page = signed_in_client(role=Role.ADMINISTRATOR).get(f"/officer/rounds/{place.round_id}").text
    assert "Phiếu đã nhập: 2" in page
    assert "/imports" not in page.partition("<main")[2].partition("</main>")[0]


def test_columns_of_one_scale_may_count_from_different_ends(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    up = {1.0: "Rất không hài lòng", 5.0: "Rất hài lòng"}
    down = {1.0: "Rất hài lòng", 5.0: "Rất không hài lòng", 4.0: "Không hài lòng"}
    importer = Importer(officer, place.round_id)
    variables = [Variable("c01", [1.0, 4.0, 7.0], value_labels=up), Variable("c02", [1.0, 4.0, 5.0], value_labels=down)]
    importer.upload(sav([*variables, Variable("w", [1.0, 1.0, 1.0])]), "a.sav")
    importer.choose()
    importer.read_as({"7": "blank"})  # the others come back as they were shown, and mean what they meant
    importer.confirm()
    found = rows_of(database, place.round_id)
    assert found is not None
    where = packing.columns(found.question_set)
    rows = sorted(found.answers[:, [where["c01"].start, where["c02"].start]].tolist())
    assert rows == [[1, 5], [4, 2], [255, 1]]


def test_an_open_round_says_on_the_page_of_imports_that_it_takes_no_file(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    importer = Importer(officer, place.round_id)
    with database.transaction() as session:
        found = session.get(SurveyRound, place.round_id)
        assert found is not None
        found.sample_kind = SampleKind.OPEN
    token = token_of(officer.get("/officer/question-sets").text)
    sent = {"csrf_token": token, "file": (io.BytesIO(file(ONE)), "a.csv")}
    refused = officer.post(importer.start, data=sent)
    assert refused.status_code == 409
    assert "<title>Lỗi: Nhập phiếu" in refused.text
    assert "Đợt này là đợt mở" in refused.text
    assert "Nội dung đã thay đổi" not in refused.text


def test_the_list_of_imports_has_the_whole_checksum_and_the_kind_of_file(
    officer: FlaskClient, place: SampledPlace
) -> None:
    page = imported(officer, place, file(ONE))
    assert hashlib.sha256(file(ONE)).hexdigest() in page.replace("<wbr>", "")
    assert "Dấu SHA-256 của tệp" in page
    assert "Loại tệp" in page


def test_weights_that_vary_without_strata_or_clusters_are_warned_about_aloud(
    officer: FlaskClient, place: SampledPlace
) -> None:
    importer = Importer(officer, place.round_id)
    importer.upload(b"unit,weight,c01\nU01,1,5\nU02,2.5,4\n")
    importer.choose()
    assert "Trọng số khác nhau giữa các phiếu mà chưa chọn cột tầng hay cột cụm" in importer.page
    assert "khoảng tin cậy sẽ quá hẹp và sai" in importer.page
    importer.upload(b"unit,weight,c01\nU01,2,5\nU02,2,4\n")
    importer.choose()
    assert "khoảng tin cậy sẽ" not in importer.page
