"""The one door, page by page: from what happened to a case of the right track, once, with nothing lost on the way."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, func, select

from app.config import Config
from app.db.session import Database
from app.feedback.cases.kinds import Channel
from app.feedback.cases.models import Case, CitizenSession, Reporter
from app.feedback.denunciations.models import Denunciation
from app.feedback.following import receipt_keys, receipts
from app.i18n.formats import format_date
from app.qr.models import Channel as QrChannel
from app.qr.models import QrCode
from app.rules.kinds import Kind
from app.units.models import Unit
from tests.factories.law import load_law
from tests.factories.places import make_unit, merge
from tests.factories.surveys import make_survey
from tests.support.clock import SettableClock
from tests.support.door import CODE, NUMBER, PNG, TEXT, Visitor, code_of, fields_of, number_of, plain


def stored(database: Database) -> list[Case]:
    with database.reading() as session:
        return list(session.scalars(select(Case)))


def test_from_a_code_unit_and_counter_are_known(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.whole_way()
    (case,) = stored(database)
    assert (case.kind, case.text, case.channel) == (Kind.PETITION, TEXT, Channel.COUNTER_CODE)
    assert (case.concerned_unit_id, case.counter_id) == (place["unit"], place["counter"])
    assert case.received_on == date(2026, 11, 21)
    assert case.public_number == number_of(page)
    assert case.is_anonymous
    assert "Phường Bình Yên" in plain(page)


def test_from_the_site_the_unit_is_sought_without_diacritics(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client)
    page = visitor.choose("suggestion", visitor.start(TEXT, "idea"))
    found = visitor.follow(visitor.post(page, sought_unit="binh yen", find="unit"))
    assert "Phường Bình Yên" in found.text
    assert "Phường Hạ Long" not in found.text
    assert "Tỉnh Quảng Ninh" in found.text
    visitor.send(visitor.contact(visitor.files(visitor.place(found, int(str(place["unit"]))))))
    (case,) = stored(database)
    assert (case.kind, case.concerned_unit_id, case.counter_id) == (Kind.SUGGESTION, place["unit"], None)
    assert case.channel is Channel.WEBSITE


def test_the_code_is_shown_once_and_erased_when_it_was_kept(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.whole_way()
    code = code_of(page)
    assert code_of(visitor.get("/feedback/sent")) == code  # until it is kept, a reload shows it again
    thanks = visitor.follow(visitor.post(page))
    assert not CODE.search(thanks.text)
    closed = visitor.get("/feedback/sent")
    assert (closed.status_code, "không cần gửi lại" in closed.text) == (410, True)
    assert "Chưa có gì được gửi" not in closed.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CitizenSession)) == 0
    assert not client.get_cookie("door", path="/feedback")


def test_a_double_tap_sends_once_and_shows_the_same_page(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    check = visitor.to_check()
    first, second = visitor.post(check), visitor.post(check)
    assert (first.status_code, second.status_code) == (303, 303)
    assert code_of(visitor.follow(first)) == code_of(visitor.follow(second))
    assert len(stored(database)) == 1
    assert NUMBER.search(visitor.get(visitor.first).headers["Location"]) is None


# What people say decides the track; they may choose otherwise.


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        ([], "petition"),
        (["bad_service"], "petition"),
        (["idea"], "suggestion"),
        (["own_right"], "complaint"),
        (["own_right", "bad_service"], "complaint"),
        (["broken_law", "own_right"], "denunciation"),
        (["nonsense", "idea"], "suggestion"),
    ],
)
def test_the_answers_propose_a_track_with_the_reasons(client: FlaskClient, place, about: list[str], kind: str) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.start(TEXT, *about)
    assert re.search(rf'value="{kind}" checked', page.text)
    assert page.text.count('name="kind"') == 4
    for words in ("Ai trả lời", "Nếu ẩn danh", "Trả lời có công khai không", "Căn cứ", "11/12/2026"):
        assert words in plain(page), words


def test_a_date_that_would_be_due_is_the_date_that_is(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.start(TEXT, "bad_service")
    visitor.send(visitor.contact(visitor.files(visitor.place(visitor.choose("petition", page)))))
    (case,) = stored(database)
    assert format_date(case.due_on) in plain(page)
    assert f"Hạn xử lý là ngày {format_date(case.due_on)}" in plain(visitor.seen[-1])


def test_a_complaint_by_this_door_is_information_unless_it_has_its_form(
    client: FlaskClient, app: Flask, database: Database, place
) -> None:
    first = Visitor(client, str(place["token"]))
    assert "được ghi nhận là thông tin tiếp nhận" in plain(first.whole_way("complaint"))
    second = Visitor(app.test_client(), str(place["token"]))
    files = second.place(second.choose("complaint", second.start()))
    contact = second.files(files, (PNG, "don.png"), go="1", has_letter="1")
    named = {"who": "named", "name": "Trần Thị B", "phone": "0912 345 678", "address": "12 Trần Phú", "agree": "1"}
    check = second.contact(contact, **named)
    assert "được xem xét như đơn khiếu nại" in plain(check)
    second.send(check)
    assert sorted(case.meets_form for case in stored(database)) == [False, True]
    assert {case.received_on for case in stored(database)} == {date(2026, 11, 21)}


def test_no_identity_exists_on_the_way_of_a_denunciation(client: FlaskClient, database: Database, place) -> None:
    """What was typed as contact before is dropped, no field for it comes again, and the case goes one level up."""
    visitor = Visitor(client, str(place["token"]))
    named = {"who": "named", "name": "Trần Thị Đánh Dấu", "phone": "0912 345 678", "agree": "1"}
    visitor.contact(visitor.files(visitor.place(visitor.choose("petition", visitor.start()))), **named)
    before = len(visitor.seen)
    files = visitor.place(visitor.choose("denunciation"))
    check = visitor.files(files)
    assert check.request.path == "/feedback/check"
    page = visitor.send(check)
    for shown in visitor.seen[before:]:
        assert not {"name", "phone", "email", "address", "who"} & set(fields_of(shown)), shown.request.path
        assert "Đánh Dấu" not in shown.text or shown.request.path == "/feedback/kind"
    assert visitor.get("/feedback/contact").status_code != 200
    assert "Hạn trả lời" not in plain(page)
    assert "due.ics" not in page.text
    assert visitor.get("/feedback/sent/due.ics").status_code == 404
    assert "BIÊN NHẬN" in visitor.get("/feedback/sent/receipt.txt").text
    with database.reading() as session:
        (told,) = session.scalars(select(Denunciation))
        assert told.unit_id == place["province"]
        assert session.scalar(select(func.count()).select_from(Case)) == 0
        assert session.scalar(select(func.count()).select_from(Reporter)) == 0
        kept = session.scalars(select(CitizenSession.state)).one()
    assert "Đánh Dấu" not in kept
    assert TEXT not in kept


def test_even_forged_fields_bring_no_identity_to_a_denunciation(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    check = visitor.to_check("denunciation")
    data = fields_of(check) | {"who": "named", "name": "Trần Thị B", "phone": "0912345678", "agree": "1"}
    for path in ("/feedback/contact", "/feedback/place", "/feedback/check"):
        client.post(path, data=data)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reporter)) == 0
        assert session.scalar(select(func.count()).select_from(Denunciation)) == 1


def test_an_identified_case_keeps_contact_apart_with_the_notice_agreed_to(
    client: FlaskClient, database: Database, place
) -> None:
    visitor = Visitor(client, str(place["token"]))
    files = visitor.place(visitor.choose("petition", visitor.start()), happened_on="20.11.2026")
    contact = visitor.files(files)
    bad = visitor.post(contact, who="named", name="", phone="abc", email="x", agree="")
    assert bad.status_code == 400
    for words in ("Xin ghi họ và tên", "8 đến 15 chữ số", "ten@noi.vn", "Xin chọn ô đồng ý"):
        assert words in plain(bad)
    assert 'value="abc"' in bad.text
    named = {"who": "named", "name": "Trần Thị B", "phone": "+84 912 345 678", "agree": "1"}
    page = visitor.send(visitor.contact(contact, **named))
    assert "Trần Thị B" not in page.text
    (case,) = stored(database)
    with database.reading() as session:
        reporter = session.scalars(select(Reporter)).one()
    assert not case.is_anonymous
    assert (reporter.name, reporter.phone, case.happened_on) == ("Trần Thị B", "+84 912 345 678", date(2026, 11, 20))


def test_b7_every_intake_has_a_token_of_its_own_and_none_is_ever_in_an_address(
    client: FlaskClient, app: Flask, place
) -> None:
    tokens = set()
    for number in range(3):
        visitor = Visitor(app.test_client(), str(place["token"]))
        page = visitor.whole_way(text=f"Chuyện số {number} của tôi")
        token = visitor.client.get_cookie("door", path="/feedback").value
        visitor.post(page)
        tokens.add(token)
        for seen in visitor.seen:
            assert token not in seen.request.url
            assert token not in seen.text
            assert token not in seen.headers.get("Location", "")
    assert len(tokens) == 3


def test_an_ended_session_gives_back_what_was_typed_on_the_page(
    client: FlaskClient, database: Database, place, clock: SettableClock
) -> None:
    visitor = Visitor(client, str(place["token"]))
    contact = visitor.files(visitor.place(visitor.choose("petition", visitor.start())))
    check = visitor.contact(contact)
    clock.advance(hours=4)
    late = visitor.post(contact, who="named", name="Trần Thị B", phone="0912 345 678")
    assert late.status_code == 410
    assert "Trần Thị B" in late.text
    gone = visitor.post(check)
    assert gone.status_code == 410
    assert TEXT in gone.text
    again = visitor.follow(visitor.post(gone))  # the text is used again
    assert again.request.path == "/feedback/kind"
    assert not stored(database)


def test_pages_in_the_middle_lead_to_what_is_missing(client: FlaskClient, place) -> None:
    assert client.get("/feedback/check").status_code == 410
    visitor = Visitor(client)
    visitor.start()
    for path in ("/feedback/check", "/feedback/contact", "/feedback/files", "/feedback/place"):
        assert visitor.get(path).headers["Location"] == "/feedback/kind"
    visitor.choose("petition")
    assert visitor.get("/feedback/check").headers["Location"] == "/feedback/place"


def test_going_back_shows_what_was_typed_and_changes_it(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    check = visitor.to_check()
    first = visitor.get(visitor.first)
    assert fields_of(first)["text"] == [TEXT]
    changed = visitor.post(visitor.get("/feedback/text?edit=1"), text="Nội dung đã sửa, dài đủ.")
    assert changed.headers["Location"].startswith("/feedback/check")
    visitor.send(visitor.follow(changed))
    assert [case.text for case in stored(database)] == ["Nội dung đã sửa, dài đủ."]
    assert visitor.post(check).headers["Location"] == "/feedback/sent"


def test_a_shared_tablet_forgets(client: FlaskClient, database: Database, clock: SettableClock) -> None:
    load_law(database)
    survey = make_survey(database, channel=QrChannel.KIOSK)
    visitor = Visitor(client, survey.token)
    visitor.start()
    page = visitor.get(visitor.first)
    assert fields_of(page)["text"] == [""]
    assert 'name="keep"' not in page.text
    assert client.get_cookie("door", path=f"/q/{survey.token}/feedback") is None
    clock.advance(minutes=21)
    assert visitor.get("/feedback/kind").status_code == 410


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("suggestion", "Gửi góp ý"),
        ("complaint", "Gửi khiếu nại"),
        ("denunciation", "Để lại thông tin ẩn danh"),
    ],
)
def test_pages_name_the_kind_once_it_is_known_and_the_number_never_does(
    client: FlaskClient, place, kind: str, way: str
) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.whole_way(kind)
    said = [re.findall(r'<p class="unit">([^<]+) · Bước (\d)/(\d)', one.text) for one in visitor.seen]
    steps = [found[0] for found in said if found]
    assert [words for words, _, _ in steps] == ["Gửi ý kiến", *[way] * (len(steps) - 1)]
    numbers = [int(number) for _, number, _ in steps]
    assert (numbers, {count for _, _, count in steps}) == (sorted(numbers), {"6"})
    assert number_of(page).startswith("LN-")  # whoever sees the slip does not learn what it is about
    assert "Gửi phản ánh, kiến nghị" not in " ".join(plain(one) for one in visitor.seen)


def test_a12_nothing_that_was_typed_stands_in_an_address_a_title_or_a_head(client: FlaskClient, place) -> None:
    visitor = Visitor(client)
    marked = "Chuyện Đánh Dấu ở quầy"
    files = visitor.place(visitor.choose("petition", visitor.start(marked)), int(str(place["unit"])))
    named = {"who": "named", "name": "Tên Đánh Dấu", "phone": "0912345678", "agree": "1"}
    visitor.send(visitor.contact(visitor.files(files), **named))
    for seen in visitor.seen:
        assert "nh%20D" not in seen.request.url
        assert "Đánh Dấu" not in seen.text.partition("</head>")[0]
        assert "Đánh" not in seen.headers.get("Location", "")
        assert seen.headers["Referrer-Policy"] == "no-referrer"
        assert "og:" not in seen.text


def test_b8_the_code_is_in_no_address_cookie_header_or_other_page(client: FlaskClient, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.whole_way()
    code = code_of(page)
    bare = code.replace("-", "")
    for path in ("slip", "slip.pdf", "due.ics", "receipt.txt"):
        visitor.get(f"/feedback/sent/{path}")
    visitor.follow(visitor.post(page))
    shown = {one.request.path for one in visitor.seen if code in one.get_data().decode("utf-8", "replace")}
    assert shown == {"/feedback/sent", "/feedback/sent/slip"}
    for one in visitor.seen:
        head = f"{one.request.url} {one.headers} {one.request.headers}"
        assert code not in head
        assert bare not in head


def test_b1_the_database_holds_no_code_only_what_is_derived(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.whole_way()
    code = code_of(page).replace("-", "")
    visitor.post(page)
    for row in everything_stored(database):
        assert code not in row
    assert len(stored(database)[0].code_index) == 16


def everything_stored(database: Database) -> Iterator[str]:
    """Every row of every table, as text."""
    found = MetaData()
    found.reflect(database.engine)
    with database.reading() as session:
        for table in found.sorted_tables:
            yield from (str(tuple(row)) for row in session.execute(select(table)))


def test_a_retired_code_and_an_ended_unit_still_lead_to_the_door(
    client: FlaskClient, database: Database, place, clock: SettableClock
) -> None:
    with database.transaction() as session:
        session.scalars(select(QrCode).where(QrCode.token == place["token"])).one().retired_on = clock.today
    assert code_of(Visitor(client, str(place["token"])).whole_way())
    clock.next_day(30)
    with database.transaction() as session:
        province, old = session.get_one(Unit, place["province"]), session.get_one(Unit, place["other"])
        new = make_unit(session, "2203", name="Phường Mới", parent=province)
        merge(session, old, new, clock.today - timedelta(days=1))
    visitor = Visitor(client, str(place["other_token"]))
    client.delete_cookie("door", path="/feedback")
    assert "Phường Mới" in visitor.get(visitor.first).text
    assert "Phường Mới" in plain(visitor.whole_way())
    for token in ("2222222222222222", "x", "a" * 500):
        assert client.get(f"/q/{token}/feedback").status_code == 404
        assert client.post(f"/q/{token}/feedback", data={"text": TEXT}).status_code == 404


def test_the_calendar_file_holds_the_day_and_nothing_secret(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.whole_way()
    file = visitor.get("/feedback/sent/due.ics")
    assert file.mimetype == "text/calendar"
    (case,) = stored(database)
    assert f"DTSTART;VALUE=DATE:{case.due_on:%Y%m%d}" in file.text
    assert code_of(page).replace("-", "") not in file.text.replace("-", "")
    assert TEXT[:10] not in file.text


def test_the_receipt_is_signed_for_this_very_text(client: FlaskClient, config: Config, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    visitor.whole_way()
    signed = visitor.get("/feedback/sent/receipt.txt").get_data().decode()
    keys = receipt_keys.public_keys(config.data_dir)
    assert receipts.check(signed, keys, TEXT).is_genuine
    assert not receipts.check(signed, keys, f"{TEXT} Thêm.").is_genuine
    assert "Phường Bình Yên" in signed
