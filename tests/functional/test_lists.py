"""Every list of officer pages: search with and without marks, filter, order, pages, count, file, scope, words when empty."""

import csv
import html
import io
import re
from dataclasses import dataclass

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.accounts.services import assign_role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.units.imports import COLUMNS, ImportKind
from app.units.models import Unit
from tests.factories.lists import LEADER_PASSWORD, NASTY, fill_lists
from tests.factories.officers import officer_client, sign_in
from tests.support.clock import SettableClock
from tests.support.lists import LISTS, List


@dataclass
class World:
    """The database of these tests and who looks at it."""

    database: Database
    ward: Unit
    admin: FlaskClient
    leader: FlaskClient


@pytest.fixture
def world(app: Flask, database: Database, clock: SettableClock) -> World:
    with database.transaction() as session:
        ward = fill_lists(session, clock)
    admin, leader = app.test_client(), app.test_client()
    assert sign_in(admin, "quan.tri").status_code == 303
    assert sign_in(leader, "duong.mai", LEADER_PASSWORD).status_code == 303
    return World(database, ward, admin, leader)


def _rows(page: str) -> list[str]:
    """The rows of the list of a page, as text."""
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [html.unescape(" | ".join(re.findall(r">([^<>]+)<", row.replace("\n", "")))) for row in rows]


def _get(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.text


def _csv(client: FlaskClient, one: List, query: str) -> list[list[str]]:
    answer = client.get(f"{one.path}/{one.file}.csv?{query}")
    assert answer.status_code == 200, answer.text[:200]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_every_list_seeks_filters_orders_pages_and_counts(world: World) -> None:
    wrong: list[str] = []
    for one in LISTS:
        for check in (_seeks, _narrows, _pages, _orders, _explains):
            try:
                check(world.admin, one)
            except AssertionError as error:
                wrong.append(f"{one.name} {check.__name__}: {str(error)[:300]}")
    assert wrong == []


def _seeks(client: FlaskClient, one: List) -> None:
    for text in (one.sought, one.sought.upper(), one.found):
        rows = "\n".join(_rows(_get(client, f"{one.path}{one.query}&q={text}")))
        assert one.found in rows, text
        assert one.hidden not in rows, text
    nothing = _get(client, f"{one.path}{one.query}&q=khongtheco")
    assert _rows(nothing) == []
    assert "Có thể gõ không dấu" in nothing
    assert "Bỏ mọi điều kiện lọc" in nothing
    for odd in ("%25", "_", "%00", "'", "a" * 5000, "\\"):
        _get(client, f"{one.path}{one.query}&q={odd}&page=99999999999&sort=nope")


def _narrows(client: FlaskClient, one: List) -> None:
    if not one.narrowed:
        return
    rows = "\n".join(_rows(_get(client, f"{one.path}?{one.narrowed}")))
    assert one.narrowed_to in rows
    assert one.narrowed_away not in rows
    name = one.narrowed.rpartition("&")[2].partition("=")[0]
    unknown = _get(client, f"{one.path}{one.query}&{name}=khong-co-lua-chon-nay")
    assert "Traceback" not in unknown


def _pages(client: FlaskClient, one: List) -> None:
    first, second = (_get(client, f"{one.path}{one.query}&page={number}") for number in (1, 2))
    last = -(-one.total // 50)
    assert f"Trang 1 trên {last} · {one.total} dòng" in first, re.findall(r"Trang \d+ trên \d+ · \d+ dòng", first)
    assert len(_rows(first)) == 50
    assert len(_rows(second)) == min(50, one.total - 50)
    assert not set(_rows(first)) & set(_rows(second))
    beyond = _rows(_get(client, f"{one.path}{one.query}&page=77"))
    assert beyond == _rows(_get(client, f"{one.path}{one.query}&page={last}"))


def _orders(client: FlaskClient, one: List) -> None:
    if not one.sort:
        assert "aria-sort" not in _get(client, f"{one.path}{one.query}&sort=template")
        return
    up, down = (
        [
            row
            for number in range(1, 2 + one.total // 50)
            for row in _rows(_get(client, f"{one.path}{one.query}&sort={way}&page={number}"))
        ]
        for way in (one.sort, f"-{one.sort}")
    )
    assert sorted(up) == sorted(down)
    assert up != down
    page = _get(client, f"{one.path}{one.query}&sort={one.sort}")
    assert 'aria-sort="ascending"' in page
    assert f"sort=-{one.sort}" in page


def _explains(client: FlaskClient, one: List) -> None:
    page = _get(client, f"{one.path}{one.query}")
    assert "Trang này để làm gì?" in page
    assert 'role="region"' in page


def test_a_file_holds_exactly_the_rows_asked_for_and_is_recorded(world: World) -> None:
    for one in LISTS:
        with world.database.reading() as session:
            before = _exports(session)
        whole = _csv(world.admin, one, one.base)
        assert len(whole) == one.total + 1, one.name
        some = _csv(world.admin, one, f"{one.base}&q={one.sought}")
        assert len(some) >= 2
        assert any(one.found in " ".join(row) for row in some[1:]), one.name
        assert not any(one.hidden in " ".join(row) for row in some), one.name
        if one.narrowed:
            text = "\n".join(" ".join(row) for row in _csv(world.admin, one, one.narrowed))
            assert one.narrowed_to in text
            assert one.narrowed_away not in text, one.name
        answer = world.admin.get(f"{one.path}/{one.file}.xlsx?{one.base}")
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        assert book.worksheets[0].max_row == one.total + 1, one.name
        with world.database.reading() as session:
            added = _exports(session)[len(before) :]
        assert [event.subject for event in added] == [f"list:{one.name}"] * len(added)
        assert added[0].detail["rows"] == one.total
        assert added[0].detail["searched"] is (one.name == "holders")
        assert added[1].detail["searched"] is True
        assert one.found not in str(added[1].detail)


def test_d1_what_looks_like_a_formula_is_text_in_the_file(world: World) -> None:
    units = LISTS[0]
    cells = [cell for row in _csv(world.admin, units, "q=hyperlink") for cell in row]
    assert f"'{NASTY}" in cells
    assert NASTY not in cells
    book = openpyxl.load_workbook(io.BytesIO(world.admin.get("/officer/units/list.xlsx?q=hyperlink").data))
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


def test_c1_who_leads_a_ward_sees_its_rows_only_on_page_and_in_file(world: World) -> None:
    for one in LISTS:
        if one.is_shared:
            continue
        page = "\n".join(_rows(_get(world.leader, f"{one.path}{one.query}")))
        assert one.own in page, one.name
        assert one.foreign not in page, one.name
        sought = "\n".join(_rows(_get(world.leader, f"{one.path}{one.query}&q={one.foreign}")))
        assert one.foreign not in sought, one.name
        text = "\n".join(" ".join(row) for row in _csv(world.leader, one, one.base))
        assert one.own in text
        assert one.foreign not in text, one.name


def test_lists_without_rows_say_what_to_do_next(app: Flask, database: Database, clock: SettableClock) -> None:
    client = officer_client(app, database, "mot.minh")
    with database.transaction() as session:
        officer = session.scalars(select(Officer.id).where(Officer.username == "mot.minh")).one()
        assign_role(session, None, officer, Role.HOME_AFFAIRS, None)
    for one in LISTS:
        page = _get(client, one.path)
        if not _rows(page):
            found = re.search(r'<div class="empty"><h2>([^<]+)</h2><p>([^<]+)</p>', page)
            assert found is not None, one.name
            assert len(found[2]) > 30, one.name


def test_files_have_the_columns_that_the_imports_read(app: Flask, database: Database, clock: SettableClock) -> None:
    client = officer_client(app, database, "mot.minh")
    for one in LISTS:
        if one.name in set(ImportKind):
            wanted = {column.title for column in COLUMNS[ImportKind(one.name)] if column.is_required}
            assert wanted <= set(_csv(client, one, "")[0]), one.name


def test_files_of_staff_ask_for_the_password_again(world: World, clock: SettableClock) -> None:
    clock.advance(minutes=30)
    for one in LISTS:
        answer = world.admin.get(f"{one.path}/{one.file}.csv?{one.base}")
        is_staff = one.name in {
            "officers",
            "invitations",
            "holders",
            "delegations",
            "reviews",
            "officer-contacts",
            "routes",
        }
        assert answer.status_code == (303 if is_staff else 200), one.name


def _exports(session: Session) -> list[AuditEvent]:
    wanted = select(AuditEvent).where(AuditEvent.action == Action.LIST_EXPORT.value).order_by(AuditEvent.id)
    return list(session.scalars(wanted))
