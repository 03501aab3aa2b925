"""Officers from a table: preview, everything or nothing, within what the importer manages."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select

from app.accounts.models import Officer, RoleAssignment
from app.accounts.roles import Role
from app.db.session import Database
from app.units.models import ImportDraft, Unit
from tests.factories.officers import officer_client, token_of
from tests.factories.places import make_unit

ADDRESS = "/officer/officers/import"
GOOD = (
    ("Trần Văn Một", "Mot.Tran", "Cán bộ đơn vị", "2201"),
    ("Lê Thị Hai", "hai.le", "lãnh đạo đơn vị", "2201"),
    ("Võ Ba", "ba.vo", "auditor", ""),
)


@pytest.fixture
def units(database: Database) -> dict[str, Unit]:
    with database.transaction() as session:
        province = make_unit(session, "22", type_code="province")
        return {
            "province": province,
            "ward": make_unit(session, "2201", parent=province),
            "other": make_unit(session, "2202", parent=province),
        }


@pytest.fixture
def administrator(app: Flask, database: Database, units: dict[str, Unit]) -> FlaskClient:
    return officer_client(app, database, "quan.tri")


def upload(client: FlaskClient, *rows: tuple[str, ...], kind: str = "xlsx"):
    lines = [("Họ và tên", "Tên đăng nhập", "Vai trò", "Mã đơn vị"), *rows]
    if kind == "csv":
        data = "\n".join(",".join(line) for line in lines).encode("utf-8-sig")
    else:
        book, file = Workbook(), BytesIO()
        for line in lines:
            book.active.append(line)
        book.save(file)
        data = file.getvalue()
    token = token_of(client.get(ADDRESS).text)
    return client.post(ADDRESS, data={"csrf_token": token, "file": (BytesIO(data), f"can-bo.{kind}")})


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_table_is_shown_then_imported_with_invitations(
    administrator: FlaskClient, database: Database, kind: str
) -> None:
    address = upload(administrator, *GOOD, kind=kind).headers["Location"]
    page = administrator.get(address)
    assert "Sẽ nhập <strong>3</strong> cán bộ" in page.text
    with database.reading() as session:
        assert len(session.scalars(select(Officer)).all()) == 1
    made = administrator.post(address, data={"csrf_token": token_of(page.text)})
    assert len(re.findall(r"/officer/invitation/[\w-]{43}", made.text)) == 3
    with database.reading() as session:
        assert set(session.scalars(select(Officer.username))) == {"quan.tri", "mot.tran", "hai.le", "ba.vo"}
        roles = session.scalars(select(RoleAssignment.role)).all()
        assert {Role.CASE_OFFICER, Role.UNIT_LEADER, Role.AUDITOR} < set(roles)
        assert session.scalars(select(ImportDraft)).all() == []
    assert administrator.post(address, data={"csrf_token": token_of(page.text)}).status_code == 404


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "ten.ten", "Điều tra viên", "2201"), "Ô bắt buộc đang để trống"),
        (("A", "tên có dấu", "Điều tra viên", "2201"), "3 đến 60 ký tự"),
        (("A", "QUAN.TRI", "Điều tra viên", "2201"), "đã có người dùng"),
        (("A", "hai.le", "Điều tra viên", "2201"), "đã có người dùng"),
        (("A", "ten.ten", "Vua", "2201"), "Không có vai trò này"),
        (("A", "ten.ten", "Điều tra viên", ""), "cần một đơn vị"),
        (("A", "ten.ten", "Điều tra viên", "9999"), "Không có đơn vị mã này"),
    ],
)
def test_one_error_and_nobody_is_added(
    administrator: FlaskClient, database: Database, row: tuple[str, ...], words: str
) -> None:
    address = upload(administrator, *GOOD, row).headers["Location"]
    page = administrator.get(address).text
    assert words in page
    assert administrator.post(address, data={"csrf_token": token_of(page)}).status_code == 303
    with database.reading() as session:
        assert len(session.scalars(select(Officer)).all()) == 1


def test_an_administrator_of_a_part_adds_there_and_gives_no_wide_role(
    app: Flask, database: Database, units: dict[str, Unit]
) -> None:
    local = officer_client(app, database, "dia.phuong", role=Role.ADMINISTRATOR, unit=units["ward"])
    rows = (("A B", "a.b", "Điều tra viên", "2202"), ("C D", "c.d", "Quản trị hệ thống", "2201"))
    page = local.get(upload(local, *rows).headers["Location"]).text
    assert "Không có đơn vị mã này trong phạm vi" in page
    assert "chỉ quản trị viên toàn hệ thống" in page


def test_a_draft_is_for_its_owner_only(administrator: FlaskClient, app: Flask, database: Database) -> None:
    address = upload(administrator, *GOOD).headers["Location"]
    other = officer_client(app, database, "khac.nguoi")
    assert other.get(address).status_code == 404
    assert other.post(address, data={"csrf_token": token_of(other.get(ADDRESS).text)}).status_code == 404


def test_what_is_no_table_is_refused(administrator: FlaskClient) -> None:
    token = token_of(administrator.get(ADDRESS).text)
    for data in (b"", b"%PDF-1.7", b"a,b\n1,2\n"):
        answer = administrator.post(ADDRESS, data={"csrf_token": token, "file": (BytesIO(data), "x.csv")})
        assert answer.status_code == 400
