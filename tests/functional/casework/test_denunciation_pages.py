"""The pages of the level above for information about breaches of law."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.words import words_of
from app.feedback.denunciations.models import Denunciation, DenunciationEvent
from tests.functional.casework.conftest import Office, hidden

LIST = "/officer/denunciations"


@pytest.fixture
def above(office: Office) -> FlaskClient:
    """The head of the province."""
    return office.officer("above", Role.UNIT_LEADER, office.places.province)


def send(client: FlaskClient, key: str, act: str, **typed: str):
    form = hidden(client.get(f"{LIST}/{key}/{act}").text)
    return client.post(f"{LIST}/{key}/{act}", data=form | typed)


def test_from_the_list_to_the_last_act(office: Office, above: FlaskClient) -> None:
    assert "Chưa có tin tố cáo" in above.get(LIST).text
    key = office.tell(text="Cán bộ quầy đòi tiền bồi dưỡng")
    assert "Cán bộ quầy đòi tiền" in above.get(f"{LIST}?q=doi+tien&state=received").text
    assert "Không có tin nào phù hợp" in above.get(f"{LIST}?q=khong+co").text
    page = above.get(f"{LIST}/{key}")
    assert "không có ô nào hỏi người gửi là ai" in page.text
    assert send(above, key, "check", words="Giao thanh tra").status_code == 303
    done = send(above, key, "pass-on", words="Đủ căn cứ", place="Công an tỉnh", is_shown="1")
    assert done.headers["Location"] == f"{LIST}/{key}?done=pass-on"
    text = above.get(done.headers["Location"]).text
    assert "Nơi nhận: Công an tỉnh" in text
    assert "Người gửi đọc được lời này." in text
    assert "Lãnh đạo đơn vị: 1 người" in text


@pytest.mark.parametrize(
    ("act", "typed", "wrong"),
    [
        ("check", {"words": " "}, "words"),
        ("check", {"words": "x" * 5001}, "words"),
        ("pass-on", {"words": "Giữ lời này", "place": ""}, "place"),
        ("pass-on", {"words": "Giữ lời này", "place": "\u200b\x00"}, "place"),
    ],
)
def test_a_wrong_field_is_named_and_words_are_kept(
    office: Office, above: FlaskClient, act: str, typed: dict[str, str], wrong: str
) -> None:
    key = office.tell()
    answer = send(above, key, act, **typed)
    assert answer.status_code == 400
    assert f'href="#{wrong}"' in answer.text
    assert typed["words"].strip()[:50] in answer.text


def test_g3_a_stale_form_says_what_changed_and_keeps_the_words(office: Office, above: FlaskClient) -> None:
    key = office.tell()
    mine = hidden(above.get(f"{LIST}/{key}/keep").text)
    assert send(above, key, "check", words="Người khác làm trước").status_code == 303
    refused = above.post(f"{LIST}/{key}/keep", data=mine | {"words": "Lời của tôi"})
    assert refused.status_code == 409
    assert "Người khác làm trước" in refused.text
    assert "Lời của tôi" in refused.text
    assert above.post(f"{LIST}/{key}/keep", data=hidden(refused.text) | {"words": "Lời của tôi"}).status_code == 303


@pytest.mark.parametrize(
    "data", [{}, {"csrf_token": "x"}, {"version": "1"}, {"words": "x" * 300_000}, {"version": "9" * 4000}]
)
def test_no_post_breaks_the_page(office: Office, above: FlaskClient, data: dict[str, str]) -> None:
    key = office.tell()
    token = {"csrf_token": hidden(above.get(f"{LIST}/{key}/keep").text)["csrf_token"]}
    for fields in (data, token | data):
        assert above.post(f"{LIST}/{key}/keep", data=fields).status_code in (303, 400, 409, 413)
    assert above.post(f"{LIST}/{key}/erase", data=token).status_code == 404


def test_every_opening_is_recorded_and_only_holders_have_the_entry(office: Office, above: FlaskClient) -> None:
    key = office.tell()
    for _ in range(3):
        above.get(f"{LIST}/{key}")
    with office.database.reading() as session:
        seen = session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "denunciation:read")).all()
    assert seen.count(f"denunciation:{key}") == 3
    assert "Tin tố cáo" in above.get("/officer/cases").text
    handler = office.officer("handler", Role.CASE_OFFICER, office.places.province)
    assert "Tin tố cáo" not in handler.get("/officer/cases").text
    assert handler.get(LIST).status_code == 403


def test_opening_the_list_is_an_act_of_its_own_name(office: Office, above: FlaskClient) -> None:
    for _ in range(2):
        above.get(LIST)
    with office.database.reading() as session:
        seen = session.scalars(select(AuditEvent.action).where(AuditEvent.subject.like("denunciation:%"))).all()
    assert seen == ["denunciation:list"]
    assert words_of(seen[0]) == "Mở danh sách tin tố cáo"


def test_f9_there_is_no_way_to_remove_or_change_what_was_told(office: Office, above: FlaskClient) -> None:
    key = office.tell(text="Nguyên văn")
    rules = [rule for rule in office.app.url_map.iter_rules() if rule.rule.startswith(LIST)]
    assert {rule.rule.rpartition("/")[2] for rule in rules if "POST" in (rule.methods or ())} == {
        "<any('check','pass-on','keep'):act>"
    }
    for method in ("DELETE", "PUT", "PATCH", "POST"):
        assert above.open(f"{LIST}/{key}", method=method).status_code == 405
    with office.database.reading() as session:
        assert session.get_one(Denunciation, key).text == "Nguyên văn"
        assert session.scalar(select(func.count()).select_from(DenunciationEvent)) == 1
