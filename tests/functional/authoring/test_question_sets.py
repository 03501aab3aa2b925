"""Question sets in the browser: translated, uploaded, compared, published as the next version."""

import io
import re

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.jobs.purge import purge
from app.survey import sets
from app.survey.authoring.models import QuestionSetDraft
from app.survey.loading import SETS_FOLDER, load_text
from app.survey.models import QuestionSetVersion, SetStatus
from app.units.models import Unit
from tests.factories.officers import token_of
from tests.factories.units import make_unit
from tests.support.clock import SettableClock

LIST = "/officer/question-sets"
COUNTER = (SETS_FOLDER / "sipas_counter_2023.toml").read_text(encoding="utf-8")


@pytest.fixture
def versions(database: Database, clock: SettableClock) -> dict[str, int]:
    with database.transaction() as session:
        rows = sets.register_files(session)
        session.flush()
        for row in rows:
            if sets.set_of(row).can_be_published():
                sets.publish(row)
        return {f"{row.code}_{row.version}": row.id for row in rows}


@pytest.fixture
def admin(signed_in_client, versions: dict[str, int]) -> FlaskClient:
    return signed_in_client()


def post(client: FlaskClient, address: str, data: dict[str, object] | None = None):
    token = token_of(client.get(LIST).text)
    return client.post(address, data={"csrf_token": token, **(data or {})})


def send(client: FlaskClient, content: bytes, name: str):
    return post(client, f"{LIST}/upload", {"file": (io.BytesIO(content), name)})


def stored(database: Database) -> list[QuestionSetVersion]:
    with database.reading() as session:
        return [row for row in sets.all_versions(session) if row.is_uploaded]


def workbook(client: FlaskClient, version_id: int) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(client.get(f"{LIST}/{version_id}/texts.xlsx").data))


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_list_is_searched_filtered_and_exported(admin: FlaskClient) -> None:
    assert "Phiếu hài lòng tại quầy" in admin.get(f"{LIST}?q=hai+long+tai+quay").text
    assert "sipas_counter 2023" not in admin.get(f"{LIST}?q=toan+tinh").text
    assert "sipas 2023" not in admin.get(f"{LIST}?kind=counter").text
    drafts = admin.get(f"{LIST}?state=draft").text
    assert "sipas 2017" in drafts
    assert "sipas_counter 2023" not in drafts
    assert "Trang này để làm gì?" in drafts
    csv = admin.get(f"{LIST}/list.csv?state=published", buffered=True)
    assert csv.status_code == 200
    assert "sipas_counter 2023" in csv.text
    assert "sipas 2017" not in csv.text
    assert admin.get(f"{LIST}/list.xlsx", buffered=True).data[:2] == b"PK"


def test_page_of_a_version_shows_all_texts_versions_and_rounds(admin: FlaskClient, versions: dict[str, int]) -> None:
    page = admin.get(f"{LIST}/{versions['sipas_2023']}").text
    assert "Very dissatisfied" in page
    assert "Chưa có đợt khảo sát nào dùng" in page
    assert f'href="{LIST}/{versions["sipas_2022"]}"' in page
    assert "165/165 chỗ" in page
    changes = admin.get(f"{LIST}/{versions['sipas_2023']}/changes?other={versions['sipas_2022']}").text
    assert "Từ sipas 2022 đến sipas 2023 khác gì" in changes
    assert "chỗ khác" in changes
    assert admin.get(f"{LIST}/{versions['sipas_2023']}/changes?other={versions['nd61_2018']}").status_code == 404
    assert admin.get(f"{LIST}/{versions['sipas_2023']}/changes?other=x").status_code == 404
    assert admin.get(f"{LIST}/99999999999999999999").status_code == 404


def test_a_translation_typed_in_becomes_the_next_version(
    admin: FlaskClient, database: Database, versions: dict[str, int]
) -> None:
    old = versions["sipas_counter_2023"]
    form = admin.get(f"{LIST}/{old}/translate").text
    assert 'name="t.title"' in form
    kept = post(admin, f"{LIST}/{old}/translate", {"t.title": "A better title", "t.scale.satisfaction.1": ""})
    draft = kept.headers["Location"].partition("?")[0]
    page = admin.get(kept.headers["Location"]).text
    assert "A better title" in page
    assert "phiên bản 202301" in page
    assert "39/40" in page
    assert "Còn 1 chỗ chưa có bản dịch" in page
    assert admin.get(f"{draft}/preview?lang=en").text.count("A better title") == 2
    assert "Rất không" in admin.get(f"{draft}/preview?lang=en").text  # what is missing stands there in Vietnamese
    missing = admin.get(f"{draft}/translate?missing=1").text
    assert missing.count("<textarea") == 1
    refused = post(admin, f"{draft}/publish", {"reason": "Thử"})
    assert refused.status_code == 400
    assert stored(database) == []

    assert post(admin, f"{draft}/translate", {"t.scale.satisfaction.1": "Very unhappy"}).status_code == 303
    refused = post(admin, f"{draft}/publish")
    assert refused.status_code == 400
    assert 'href="#reason"' in refused.text
    done = post(admin, f"{draft}/publish", {"reason": "Sửa bản tiếng Anh"})
    assert done.status_code == 303
    assert "Đã công bố bộ câu hỏi" in admin.get(done.headers["Location"]).text
    (row,) = stored(database)
    assert (row.code, row.version, row.status) == ("sipas_counter", 202301, SetStatus.PUBLISHED)
    found = sets.set_of(row)
    assert found.title.en == "A better title"
    assert found.questions[0].text.vi == load_text(COUNTER).questions[0].text.vi
    assert row.source.count("#") == COUNTER.count("#")  # comments stay
    with database.reading() as session:
        assert session.get_one(QuestionSetVersion, old).content_hash == load_text(COUNTER).content_hash
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.QUESTION_SET_PUBLISH.value)).one()
        assert event.old_value == {"version": 2023, "content": load_text(COUNTER).content_hash}
        assert event.new_value["content"] == row.content_hash
        assert event.reason == "Sửa bản tiếng Anh"
        assert session.scalars(select(QuestionSetDraft)).all() == []
    assert f'<option value="{row.id}"' in admin.get("/officer/rounds/new").text


def test_wrong_translations_are_said_at_their_fields(admin: FlaskClient, versions: dict[str, int]) -> None:
    here = f"{LIST}/{versions['sipas_counter_2023']}/translate"
    for words, message in (("x" * 2001, "dài quá 2000"), ("Name of [unit]", "chỗ trống"), ("At [đơn vị]", "cả tiếng")):
        refused = post(admin, here, {"t.title": words, "t.question.comment": "Kept"})
        assert refused.status_code == 400
        assert 'href="#t.title"' in refused.text
        assert message in refused.text
        assert "Kept" in refused.text
    assert post(admin, here, {"t.title": "a\x00b\u202e"}).status_code == 303


def test_a_workbook_goes_out_and_comes_back(admin: FlaskClient, database: Database, versions: dict[str, int]) -> None:
    book = workbook(admin, versions["sipas_counter_2023"])
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][3:] == ["Tiếng Việt (không sửa)", "Tiếng Anh"]
    unchanged = send(admin, saved(book), "dich.xlsx")
    assert "không khác sipas_counter 2023" in admin.get(unchanged.headers["Location"]).text
    sheet["E2"] = "Another title"
    sheet["E5"] = None
    sent = send(admin, saved(book), "dich.xlsx")
    page = admin.get(sent.headers["Location"]).text
    assert "1 chỗ khác" in page  # an empty cell is a text not translated here, what there was stays
    done = post(admin, f"{sent.headers['Location']}/save", {"reason": "Chờ duyệt"})
    assert done.status_code == 303
    (row,) = stored(database)
    assert row.status is SetStatus.DRAFT
    assert sets.set_of(row).title.en == "Another title"
    done = post(admin, f"{LIST}/{row.id}/publish", {"reason": "Đã duyệt"})
    assert done.status_code == 303
    assert stored(database)[0].status is SetStatus.PUBLISHED


def test_every_fault_of_a_workbook_is_named_by_its_row(admin: FlaskClient, versions: dict[str, int]) -> None:
    book = workbook(admin, versions["sipas_counter_2023"])
    sheet = book.worksheets[0]
    sheet["D2"] = "Tên khác"
    sheet["B3"] = "question.nothing"
    sheet["A4"] = "sipas_2022"
    sheet["E5"] = "In [đơn vị]"
    sheet["B7"] = sheet["B6"].value
    sent = send(admin, saved(book), "dich.xlsx")
    page = admin.get(sent.headers["Location"]).text
    for row, message in (
        (2, "câu tiếng Việt khác"),
        (3, "không có trong bộ này"),
        (4, "không phải của “sipas_counter_2023”"),
        (5, "cả tiếng Việt và tiếng Anh"),
        (7, "trùng với dòng 6"),
    ):
        assert re.search(rf"<th scope=\"row\"[^>]*>{row}</th><td[^>]*>[^<]*{message}", page), message
    assert post(admin, f"{sent.headers['Location']}/save", {"reason": "x"}).status_code == 400


def test_a_set_file_goes_out_and_comes_back_as_the_next_version(
    admin: FlaskClient, database: Database, versions: dict[str, int]
) -> None:
    file = admin.get(f"{LIST}/{versions['sipas_counter_2023']}/file.toml")
    assert file.text == COUNTER
    changed = COUNTER.replace('vi = "Hài lòng"', 'vi = "Hài lòng nhiều"', 1)
    sent = send(admin, changed.encode(), "moi.toml")
    page = admin.get(sent.headers["Location"]).text
    assert "Hài lòng nhiều" in page
    assert admin.get(f"{sent.headers['Location']}/preview").status_code == 200
    assert post(admin, f"{sent.headers['Location']}/publish", {"reason": "Theo mẫu mới"}).status_code == 303
    later = COUNTER.replace("version = 2023", "version = 2027").replace('vi = "Hài lòng"', 'vi = "Rất ưng"', 1)
    sent = send(admin, later.encode(), "moi.toml")
    assert "phiên bản 2027" in admin.get(sent.headers["Location"]).text
    assert post(admin, f"{sent.headers['Location']}/publish", {"reason": "Mẫu 2027"}).status_code == 303
    assert [row.version for row in stored(database)] == [202301, 2027]
    with database.transaction() as session:
        sets.register_files(session)  # the shipped files and the uploaded versions live side by side


def test_every_fault_of_a_set_file_is_named_by_its_line(admin: FlaskClient) -> None:
    wrong = COUNTER.replace('role = "comment"', 'role = "remark"').replace("version = 2023", 'version = "x"')
    sent = send(admin, wrong.encode(), "sai.toml")
    page = admin.get(sent.headers["Location"]).text
    line = wrong[: wrong.index('role = "remark"')].count("\n") + 1
    assert re.search(rf"<th scope=\"row\"[^>]*>{line}</th><td[^>]*>[^<]*remark", page)
    assert "phải là một số nguyên" in page
    assert admin.get(f"{sent.headers['Location']}/preview").status_code == 400
    for act in ("publish", "save", "translate"):
        assert post(admin, f"{sent.headers['Location']}/{act}", {"reason": "x"}).status_code == 400


BAD_FILES = {
    "empty": (b"", "a.toml"),
    "blank": (b" \n", "a.toml"),
    "utf16": ("code = 'x'".encode("utf-16"), "a.toml"),
    "latin": ("vi = 'Hài lòng'".encode("latin-1", "replace"), "a.toml"),
    "nested": (b"a=" + b"[" * 5000 + b"]" * 5000, "a.toml"),
    "dotted": (b".".join([b"a"] * 20000) + b"=1", "a.toml"),
    "digits": (b"a=0x" + b"f" * 100000, "a.toml"),
    "questions": (b"[[question]]\n" * 30000, "a.toml"),
    "huge": (b"#" * 505_000, "a.toml"),
    "half": (COUNTER.encode()[:3000], "a.toml"),
    "other": (b"%PDF-1.7 x", "a.pdf"),
    "lying": (b"%PDF-1.7 x", "a.xlsx"),
    "zip": (b"PK\x03\x04" + b"\x00" * 200, "a.xlsx"),
    "csv": ("Bộ và phiên bản,Mã câu chữ,Tiếng Việt (không sửa),Tiếng Anh\nsipas_9,title,a,b\n".encode(), "a.csv"),
    "version": (COUNTER.replace("version = 2023", f"version = {10**30}").encode(), "a.toml"),
    "long": (COUNTER.replace("Hài lòng", "x" * 9000).encode(), "a.toml"),
    "nul": (COUNTER.replace("Hài lòng", "\\u0000").encode(), "a.toml"),
    "surrogate": (COUNTER.replace("Hài lòng", "\\ud800").encode(), "a.toml"),
    "types": (b"title=1\nindex_title=[]\nsources=2\nscale={}\nquestion=[1,[],{}]\nmodes=[1]\nskip=1\n", "a.toml"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_are_refused_or_listed_and_never_break_a_page(admin: FlaskClient, name: str) -> None:
    content, file_name = BAD_FILES[name]
    sent = send(admin, content, file_name)
    assert sent.status_code in (303, 400)
    if sent.status_code == 303:
        page = admin.get(sent.headers["Location"])
        assert page.status_code == 200
        assert "lỗi, chưa lưu được" in page.text
        for address in ("preview", "translate", "publish"):
            assert admin.get(f"{sent.headers['Location']}/{address}").status_code < 500
        assert post(admin, f"{sent.headers['Location']}/publish", {"reason": "x"}).status_code == 400
        assert admin.get(LIST).status_code == 200


def test_formulas_and_broken_workbooks_are_refused(admin: FlaskClient, versions: dict[str, int]) -> None:
    book = workbook(admin, versions["sipas_counter_2023"])
    book.worksheets[0]["E2"] = '=HYPERLINK("http://example.invalid")'
    assert "công thức" in send(admin, saved(book), "a.xlsx").text
    whole = saved(workbook(admin, versions["sipas_counter_2023"]))
    for length in (10, len(whole) // 3, len(whole) - 40):
        assert send(admin, whole[:length], "a.xlsx").status_code == 400
    assert post(admin, f"{LIST}/upload").status_code == 400
    assert admin.post(f"{LIST}/upload").status_code == 400


def test_only_who_is_responsible_everywhere_makes_versions(
    admin: FlaskClient, signed_in_client, database: Database, versions: dict[str, int]
) -> None:
    with database.transaction() as session:
        unit: Unit = make_unit(session, "Tỉnh Quảng Ninh", code="22")
    here = f"{LIST}/{versions['sipas_counter_2023']}/translate"
    draft = post(admin, here, {"t.title": "Mine"}).headers["Location"].partition("?")[0]
    for role in (Role.HOME_AFFAIRS, Role.CASE_OFFICER):
        other = signed_in_client(role=role, unit=unit)
        assert "Tải phiên bản mới lên" not in other.get(LIST).text
        for address in (here, f"{LIST}/upload", draft, f"{draft}/preview", f"{draft}/publish"):
            assert other.get(address).status_code == 403, address
            assert post(other, address).status_code in (403, 405), address
    second = signed_in_client(role=Role.HOME_AFFAIRS)
    assert second.get(draft).status_code == 404  # somebody else's draft
    assert post(second, f"{draft}/discard").status_code == 404
    assert post(admin, f"{draft}/discard").status_code == 303
    assert admin.get(draft).status_code == 404


def test_drafts_end_and_are_swept(
    admin: FlaskClient, database: Database, clock: SettableClock, versions: dict[str, int]
) -> None:
    here = f"{LIST}/{versions['sipas_counter_2023']}/translate"
    for number in range(10):
        assert post(admin, here, {"t.title": f"Title {number}"}).status_code == 303
    full = post(admin, here, {"t.title": "One more"})
    assert full.status_code == 409
    assert "giữ đến hết 28/11/2026" in admin.get(LIST).text
    clock.advance(days=8)
    with database.transaction() as session:
        assert "question_set_draft 10" in purge(session)
        assert session.scalars(select(QuestionSetDraft)).all() == []


def test_the_password_is_asked_for_again_before_publishing(
    admin: FlaskClient, clock: SettableClock, versions: dict[str, int]
) -> None:
    here = f"{LIST}/{versions['sipas_counter_2023']}/translate"
    draft = post(admin, here, {"t.title": "Later"}).headers["Location"].partition("?")[0]
    clock.advance(minutes=11)
    asked = admin.get(f"{draft}/publish")
    assert asked.status_code == 303
    assert "/officer/confirm" in asked.headers["Location"]
