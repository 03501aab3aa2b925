"""Files of lists of cases: what stands in them, who may have them, how long, and that nothing in them is a formula."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.clock import now
from app.config import Config
from app.db.session import Database
from app.exports.cases import columns, services
from app.exports.cases.models import CaseExport, ExportState
from app.feedback.cases.kinds import Channel
from app.feedback.cases.models import Case, CaseExclusion
from app.keys.start import store_of
from app.rules.kinds import Kind
from app.settings import settings
from app.settings.known import NATIONAL_CODES, NATIONAL_DEFAULT, NATIONAL_FIELDS, BadValue
from app.settings.services import change
from app.units.models import Unit
from tests.factories.cases import CONTACT, make_case, make_denunciation
from tests.factories.law import load_law
from tests.factories.officers import token_of
from tests.factories.units import make_unit
from tests.support.clock import SettableClock

SignIn = Callable[..., FlaskClient]
TWO_TIERS = date(2025, 7, 1)
PAGE = "/officer/case-exports"
LINK = re.compile(rf'href="({PAGE}/(?:with-contact/)?[0-9a-f]{{24}})"')
FORMULAS = (
    "=HYPERLINK(1)", "+84 gọi lại", "-1+1", "@SUM(A1)", "\t=1+1", "\uff1d1+1 đầy đủ", "nghe;=1+1 nói", "nghe\n\uff0b1 nói",
    "a|\u200b=cmd",
)  # fmt: skip


@pytest.fixture
def units(database: Database, clock: SettableClock) -> dict[str, Unit]:
    load_law(database)
    with database.transaction() as session:
        province = make_unit(session, "Tỉnh Quảng Ngãi", code="P")
        one = make_unit(session, "Xã Mộ Đức", code="A", type_code="commune", parent=province, valid_from=TWO_TIERS)
        two = make_unit(session, "Xã Long Phụng", code="B", type_code="commune", parent=province, valid_from=TWO_TIERS)
        session.expunge_all()
    return {"P": province, "A": one, "B": two}


def _open(database: Database, unit: Unit, text: str, **more: Any) -> str:
    with database.transaction() as session:
        return make_case(session, unit_id=unit.id, text=text, **more).id


def _ask(client: FlaskClient, file_format: str, place: str = PAGE, query: str = "", layout: str = "list") -> str:
    """The address of the file that was made."""
    page = client.get(f"{place}{query}")
    assert page.status_code == 200
    posted = client.post(
        f"{place}{query}", data={"csrf_token": token_of(page.text), "format": file_format, "layout": layout}
    )
    assert posted.status_code == 303, posted.text
    shown = client.get(posted.headers["Location"])
    assert "Đã lập xong tệp" in shown.text
    made: str = (set(LINK.findall(shown.text)) - set(LINK.findall(page.text))).pop()
    return made


def test_d1_nothing_citizens_wrote_is_a_formula_and_every_format_tells_the_same(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit]
) -> None:
    for text in FORMULAS:
        _open(database, units["A"], text)
    with database.transaction() as session:
        session.scalars(select(Case)).first().is_private = True  # type: ignore[union-attr]
    client = signed_in_client(Role.UNIT_LEADER, units["A"])
    made = {kind: client.get(_ask(client, kind)) for kind in ("csv", "xlsx", "json")}
    lines = list(csv.DictReader(io.StringIO(made["csv"].data.decode("utf-8-sig"))))
    told = json.loads(made["json"].data)
    assert len(lines) == len(told["rows"]) == len(FORMULAS)
    assert {row["text"] for row in told["rows"]} == set(FORMULAS)
    assert [line["Số đơn"] for line in lines] == [row["number"] for row in told["rows"]]
    assert [line["Chế độ"] for line in lines].count("KHÔNG CÔNG KHAI") == 1
    for line in lines:
        for part in re.split(r"[;,|\t\r\n]", line["Nội dung"]):
            assert not re.match("[\\s\u200b]*[=+\\-@\uff1d\uff0b]", part), line["Nội dung"]
    with ZipFile(io.BytesIO(made["xlsx"].data)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
    for answer in made.values():
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a3_a_file_is_its_makers_alone_expires_and_is_on_the_record(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit], clock: SettableClock, config: Config
) -> None:
    _open(database, units["A"], "Chờ lâu quá")
    _open(database, units["B"], "Chuyện của xã bên")
    maker = signed_in_client(Role.UNIT_LEADER, units["A"])
    address = _ask(maker, "csv", query="?kind=petition&q=cho+lau")
    text = maker.get(address).data.decode("utf-8-sig")
    assert "Chờ lâu quá" in text
    assert "xã bên" not in text
    for other in (signed_in_client(Role.UNIT_LEADER, units["A"]), signed_in_client(Role.HOME_AFFAIRS)):
        refused, unknown = other.get(address), other.get(f"{PAGE}/{'0' * 24}")
        assert refused.status_code == unknown.status_code == 404
        assert address not in other.get(PAGE).text
    assert maker.get(address.replace(f"{PAGE}/", f"{PAGE}/with-contact/")).status_code in {303, 404}
    with database.reading() as session:
        row = session.scalars(select(CaseExport)).one()
        acts = {one.action: one.detail for one in session.scalars(select(AuditEvent)) if one.action.startswith("case:")}
        assert acts["case:export"] == {
            "format": "csv", "count": 1, "senders": False, "layout": "list",
            "filter": {"kind": "petition", "searched": True},
        }  # fmt: skip
        assert acts["case:fetch-export"]["sha256"] == row.checksum
        name = row.stored_name
    assert name in store_of(config).names()
    clock.advance(hours=25)
    later = signed_in_client(Role.UNIT_LEADER, units["A"])
    assert services.end_expired(database, store_of(config)) == 1
    assert name not in store_of(config).names()
    assert later.get(address).status_code == 404
    assert services.end_expired(database, store_of(config)) == 0


def test_a3_a_file_dies_when_one_of_its_cases_is_lost_from_sight(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit], config: Config
) -> None:
    lost = _open(database, units["A"], "Sẽ không còn được xem")
    _open(database, units["A"], "Vẫn còn được xem")
    leader = signed_in_client(Role.UNIT_LEADER, units["A"])
    address = _ask(leader, "json")
    with database.transaction() as session:
        officer = session.scalars(select(Officer.id).order_by(Officer.id.desc())).first()
        assert officer is not None
        session.add(CaseExclusion(case_id=lost, officer_id=officer, rule="concerned", since=now()))
    assert leader.get(address).status_code == 410
    assert leader.get(address).status_code == 404
    assert store_of(config).names() == []
    assert "Sẽ không" not in leader.get(_ask(leader, "json")).text


def test_long_lists_are_made_by_the_job_under_the_rights_of_that_moment(
    signed_in_client: SignIn,
    database: Database,
    units: dict[str, Unit],
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(services, "MADE_AT_ONCE", 1)
    for number in range(3):
        _open(database, units["A"], f"Việc thứ {number}")
    leader = signed_in_client(Role.UNIT_LEADER, units["A"])
    page = leader.get(PAGE)
    assert "được lập sau" in page.text
    posted = leader.post(PAGE, data={"csrf_token": token_of(page.text), "format": "csv"})
    assert "đang được lập" in leader.get(posted.headers["Location"]).text
    with database.transaction() as session:
        gone = session.scalars(select(Case.id)).first()
        officer = session.scalars(select(Officer.id).order_by(Officer.id.desc())).first()
        session.add(CaseExclusion(case_id=str(gone), officer_id=officer or 0, rule="concerned", since=now()))
    store = store_of(config)
    assert [services.make_waiting(database, store, config.small_numbers) for _ in range(2)] == [1, 0]
    with database.reading() as session:
        row = session.scalars(select(CaseExport)).one()
        assert (row.state, row.rows) == (ExportState.READY, 2)
    assert leader.get(f"{PAGE}/{row.id}").status_code == 200
    assert len(store.names()) == 1


def test_who_sent_a_case_stands_only_in_a_file_of_its_own_after_the_password(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit], clock: SettableClock
) -> None:
    _open(database, units["A"], "Có để lại liên hệ", contact=CONTACT)
    leader = signed_in_client(Role.UNIT_LEADER, units["A"])
    plain = leader.get(_ask(leader, "csv")).data.decode("utf-8-sig")
    assert CONTACT.name not in plain
    named = leader.get(_ask(leader, "csv", f"{PAGE}/with-contact")).data.decode("utf-8-sig")
    assert CONTACT.name in named
    assert CONTACT.phone in named
    clock.advance(minutes=11)
    assert "confirm" in leader.get(f"{PAGE}/with-contact").headers["Location"]
    above = signed_in_client(Role.HOME_AFFAIRS)
    assert above.get(f"{PAGE}/with-contact").status_code == 403
    assert signed_in_client(Role.CASE_OFFICER, units["A"]).get(PAGE).status_code == 403


def test_odd_posts_never_break(signed_in_client: SignIn, database: Database, units: dict[str, Unit]) -> None:
    _open(database, units["A"], "Một việc")
    leader = signed_in_client(Role.UNIT_LEADER, units["A"])
    token = token_of(leader.get(PAGE).text)
    odd: tuple[dict[str, object], ...] = (
        {},
        {"format": "pdf"},
        {"format": "csv", "more": "1"},
        {"format": ""},
        {"format": ["csv", "csv"]},
        {"format": "csv", "layout": "x"},
        {"format": "csv", "csrf_token": "x"},
    )
    for typed in odd:
        assert leader.post(PAGE, data={"csrf_token": token} | typed).status_code == 400, typed
    assert leader.get(f"{PAGE}/%00").status_code == 404
    assert leader.get(f"{PAGE}?unit=%00&kind=x&q={'a' * 3000}&period=x&measure=x&field=x").status_code == 200


def test_the_national_layout_has_the_columns_an_administrator_set_and_of_denunciations_a_number_at_most(
    signed_in_client: SignIn,
    database: Database,
    units: dict[str, Unit],
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _open(database, units["A"], "Một khiếu nại", kind=Kind.COMPLAINT, contact=CONTACT)
    _open(database, units["A"], "Một góp ý", kind=Kind.SUGGESTION)
    _open(database, units["A"], "Một phản ánh không ghi tên")
    with database.transaction() as session:
        for _ in range(12):
            make_denunciation(session, unit_id=units["A"].id, text="MARK tin tố cáo")
    above, leader = signed_in_client(Role.HOME_AFFAIRS), signed_in_client(Role.UNIT_LEADER, units["A"])
    told = {name: above.get(_ask(above, name, layout="national")) for name in ("json", "csv")}
    found = json.loads(told["json"].data)
    assert [column["title"] for column in found["columns"]][:3] == ["MaDon", "LoaiDon", "DuDieuKien"]
    assert [
        (row["kind_code"], row["form"], row["stage"])
        for row in sorted(found["rows"], key=lambda row: str(row["kind_code"]))
    ] == [
        ("KN", "Có", 1),
        ("PAKN", "Không", 1),
    ]
    assert not any("Chế độ" in note["text"] or "Nội dung" in note["text"] for note in found["notes"])
    page = above.get(PAGE).text
    assert "chỉ có 2 đơn: 1 góp ý" in page
    assert "không có cột nào về người gửi" not in page
    assert any("Tổng 12 tin (2026: 12)" in note["text"] for note in found["notes"])
    assert "MARK" not in told["json"].text + told["csv"].data.decode("utf-8-sig")
    assert CONTACT.name not in told["json"].text
    own = leader.get(_ask(leader, "json", layout="national"))
    assert "12 tin" not in own.text
    assert "chỉ cơ quan được giao quyền toàn hệ thống" in own.text
    assert "không có cột nào về người gửi" in leader.get(f"{PAGE}/with-contact").text
    with database.transaction() as session:
        change(
            session, 0, NATIONAL_FIELDS, "sender_name = Ho ten\nnumber = So", "Theo tài liệu mới", config.small_numbers
        )
    monkeypatch.setattr(settings, "SECONDS_KEPT", 0.0)
    again = json.loads(leader.get(_ask(leader, "json", layout="national")).data)
    assert [(column["code"], column["title"]) for column in again["columns"]] == [
        ("sender_name", "Ho ten"),
        ("number", "So"),
    ]
    assert again["rows"][0]["sender_name"] is None
    assert "không có cột nào về người gửi" not in leader.get(f"{PAGE}/with-contact").text
    named = leader.get(_ask(leader, "json", f"{PAGE}/with-contact", layout="national"))
    assert json.loads(named.data)["rows"][0]["sender_name"] == CONTACT.name
    for wrong in ("khac = X", "number", "number = ", "number = A\nnumber = B", "number = A\nunit = A"):
        with pytest.raises(BadValue):
            NATIONAL_FIELDS.read(wrong)
    assert {column.code for column in columns.columns(with_contact=True)} >= NATIONAL_CODES


def test_a_national_file_has_as_many_rows_as_the_page_says_and_its_fields_are_documented(
    signed_in_client: SignIn, database: Database, units: dict[str, Unit], config: Config
) -> None:
    """Two petitions by letter, one by the website, one suggestion: the page, the file and the other formats agree."""
    for number, channel in enumerate((Channel.LETTER, Channel.LETTER, Channel.WEBSITE)):
        _open(database, units["A"], f"Việc thứ {number}", channel=channel)
    _open(database, units["B"], "Một góp ý bằng thư", kind=Kind.SUGGESTION, channel=Channel.LETTER)
    above = signed_in_client(Role.HOME_AFFAIRS)
    for query, said, reported, words in (
        ("", 4, 3, ["Thư, cán bộ ghi", "Thư, cán bộ ghi", "Trang web"]),
        ("?channel=letter", 3, 2, ["Thư, cán bộ ghi", "Thư, cán bộ ghi"]),
    ):
        page = above.get(f"{PAGE}{query}").text
        assert f'<strong class="figure">{said}</strong> đơn' in page
        assert f"chỉ có {reported} đơn: 1 góp ý" in page
        told = json.loads(above.get(_ask(above, "json", query=query, layout="national")).data)
        assert sorted(row["channel"] for row in told["rows"]) == words
        lines = above.get(_ask(above, "csv", query=query, layout="national")).data.decode("utf-8-sig")
        assert [line["MaDon"] for line in csv.DictReader(io.StringIO(lines))] == [row["number"] for row in told["rows"]]
        assert len(told["rows"]) == reported
    documented = (Path(__file__).parents[3] / "docs" / "national-database.md").read_text(encoding="utf-8")
    table = {
        code: row for row in documented.splitlines() if row.startswith("| `") for code in re.findall(r"`(\w+)`", row)
    }
    assert set(table) == set(NATIONAL_CODES)
    defaults = dict(line.split(" = ") for line in NATIONAL_DEFAULT)
    assert all(name in table[code] for code, name in defaults.items())
    assert sum(
        name.isalpha() for row in set(table.values()) for name in row.split("|")[3].replace(",", " ").split()
    ) == len(defaults)
