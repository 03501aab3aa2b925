"""Rounds and question sets through the pages of officers."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.qr.services import issue
from app.survey import sets
from app.survey.models import QuestionSetVersion, SetStatus, SurveyRound
from app.units.models import Unit
from tests.factories.officers import token_of
from tests.factories.units import make_counter, make_unit
from tests.support.citizen import Citizen
from tests.support.clock import SettableClock

NEW = "/officer/rounds/new"


@dataclass
class Place:
    province: Unit
    ward: Unit
    other: Unit
    token: str
    versions: dict[str, int]


@pytest.fixture
def place(database: Database, clock: SettableClock) -> Place:
    with database.transaction() as session:
        province = make_unit(session, "Tỉnh Quảng Ninh", code="22")
        ward = make_unit(session, "Phường Hồng Gai", type_code="ward", parent=province, valid_from=date(2025, 7, 1))
        token = issue(session, make_counter(session, ward.id).id, today=clock.today).token
        make_counter(session, ward.id, number="2", name="Đất đai")
        other = make_unit(session, "Tỉnh Bắc Ninh", code="BN-24")
        versions = sets.register_files(session)
        session.flush()
        for row in versions:
            if sets.set_of(row).can_be_published():
                sets.publish(row)
        return Place(province, ward, other, token, {f"{row.code}_{row.version}": row.id for row in versions})


@pytest.fixture
def admin(signed_in_client, place: Place) -> FlaskClient:
    return signed_in_client()


def filled(place: Place, **changes: str) -> dict[str, str]:
    return {
        "name": "Hài lòng tại quầy, quý IV năm 2026",
        "question_set": str(place.versions["sipas_counter_2023"]),
        "unit": "22",
        "kind": "open",
        "formula": "TOP2",
        "aggregation": "MEAN_OF_CRITERIA",
        "starts_on": "21/11/2026",
        "ends_on": "31/12/2026",
        **changes,
    }


def post(client: FlaskClient, address: str, data: dict[str, str] | None = None):
    token = token_of(client.get("/officer/question-sets").text)
    return client.post(address, data={"csrf_token": token, **(data or {})})


def opened(database: Database) -> list[SurveyRound]:
    with database.reading() as session:
        return list(session.scalars(select(SurveyRound).order_by(SurveyRound.id)))


def acts(database: Database, action: Action) -> list[AuditEvent]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action.value)))


def assert_kept(page: str, data: dict[str, str]) -> None:
    for name in ("name", "unit", "starts_on", "ends_on"):
        assert f'name="{name}" type="text" value="{escape(data[name])}"' in page
    for name in ("kind", "formula", "aggregation"):
        assert f'name="{name}" value="{data[name]}" checked' in page
    assert f'<option value="{data["question_set"]}" selected>' in page


def test_nothing_that_decides_the_method_is_chosen_beforehand(admin: FlaskClient) -> None:
    page = admin.get(NEW).text
    assert " checked" not in page
    assert "cả hai cách cạnh nhau" in page
    for name in ("TOP2", "MEAN5", "MEAN_OF_CRITERIA", "POOLED", "RESPONDENT", "open", "probability", "census"):
        assert f'value="{name}"' in page


@pytest.mark.parametrize("name", ["kind", "formula", "aggregation", "question_set", "unit", "name", "starts_on"])
def test_a_choice_left_out_is_asked_for_and_the_rest_is_kept(
    admin: FlaskClient, database: Database, place: Place, name: str
) -> None:
    data = filled(place)
    refused = post(admin, NEW, {key: value for key, value in data.items() if key != name})
    assert refused.status_code == 400
    assert f'<a href="#{name}">Xin ' in refused.text
    for kept in {"name", "unit", "starts_on", "ends_on"} - {name}:
        assert f'value="{escape(data[kept])}"' in refused.text
    assert opened(database) == []


def test_a_round_is_opened_answered_and_closed(
    admin: FlaskClient, database: Database, place: Place, clock: SettableClock
) -> None:
    done = post(admin, NEW, filled(place, formula="MEAN5", aggregation="POOLED"))
    assert done.status_code == 303
    (made,) = opened(database)
    assert (made.unit_id, made.index_formula, made.aggregation) == (place.province.id, "MEAN5", "POOLED")
    assert (made.starts_on, made.ends_on) == (date(2026, 11, 21), date(2026, 12, 31))
    page = admin.get(done.headers["Location"]).text
    assert "Đã mở đợt khảo sát." in page
    assert "MEAN5 – mức độ hài lòng" in page
    assert "Gộp câu trả lời" in page

    citizen = admin.application.test_client()
    assert Citizen(citizen, place.token).tap(4).status_code == 303
    page = admin.get(f"/officer/rounds/{made.id}").text
    assert "Câu trả lời hôm nay: 1" in page
    assert re.findall(r'class="num">(\d+)<', page) == ["1", "0"]
    assert "Đang hỏi" in admin.get("/officer/rounds").text

    assert "Đóng đợt “Hài lòng" in admin.get(f"/officer/rounds/{made.id}/close").text
    assert opened(database)[0].closed_on is None
    for _ in range(2):  # the second time changes nothing
        closed = post(admin, f"/officer/rounds/{made.id}/close")
        assert closed.status_code == 303
    assert opened(database)[0].closed_on == clock.today
    assert "Đợt này đã đóng" in admin.get(f"/officer/rounds/{made.id}/close").text
    (event,) = acts(database, Action.ROUND_OPEN)
    assert event.detail["index_formula"] == "MEAN5"
    assert len(acts(database, Action.ROUND_CLOSE)) == 1


def test_sensitive_questions_are_not_asked_in_the_open(admin: FlaskClient, database: Database, place: Place) -> None:
    data = filled(place, question_set=str(place.versions["sipas_2023"]), name='Tên có "ngoặc" & <b>')
    refused = post(admin, NEW, data)
    assert refused.status_code == 400
    assert "mục nhạy cảm (như dân tộc)" in refused.text
    assert_kept(refused.text, data)
    assert opened(database) == []
    assert post(admin, NEW, {**data, "kind": "probability"}).status_code == 303


def test_a_draft_is_not_offered_and_not_opened(admin: FlaskClient, database: Database, place: Place) -> None:
    with database.reading() as session:
        draft = session.scalars(select(QuestionSetVersion).where(QuestionSetVersion.status == SetStatus.DRAFT)).first()
    assert f'<option value="{draft.id}"' not in admin.get(NEW).text
    data = filled(place, question_set=str(draft.id))
    refused = post(admin, NEW, data)
    assert refused.status_code == 400
    assert "còn là bản nháp" in refused.text
    assert_kept(refused.text, data)
    assert opened(database) == []


def test_two_rounds_do_not_ask_the_same_unit_at_once(admin: FlaskClient, database: Database, place: Place) -> None:
    post(admin, NEW, filled(place))
    data = filled(place, name="Đợt thứ hai")
    refused = post(admin, NEW, data)
    assert refused.status_code == 409
    assert "đã có đợt “Hài lòng tại quầy, quý IV năm 2026”" in refused.text
    assert_kept(refused.text, data)
    assert len(opened(database)) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"starts_on": "31/02/2027"}, "Không có ngày 31/02/2027"),
        ({"starts_on": "mai"}, "không đúng dạng ngày/tháng/năm"),
        ({"ends_on": "20/11/2026"}, "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
        ({"unit": "Huyện Không Có"}, "Không tìm thấy đơn vị này trong phạm vi"),
        ({"question_set": "x"}, "Không tìm thấy bộ câu hỏi này."),
        ({"formula": "TOP3"}, "Xin chọn cách tính điểm"),
        ({"name": "x" * 201}, "nhiều nhất 200 ký tự"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    admin: FlaskClient, database: Database, place: Place, changes: dict[str, str], message: str
) -> None:
    refused = post(admin, NEW, filled(place, **changes))
    assert refused.status_code == 400
    assert message in refused.text
    assert opened(database) == []


def test_a_name_that_fits_several_units_lets_choose(admin: FlaskClient, database: Database, place: Place) -> None:
    asked = post(admin, NEW, filled(place, unit="ninh"))
    assert asked.status_code == 400
    assert 'name="unit" value="22"' in asked.text
    assert 'name="unit" value="BN-24"' in asked.text
    assert post(admin, NEW, filled(place, unit="hong gai")).status_code == 303
    assert opened(database)[0].unit_id == place.ward.id


def test_list_is_filtered_by_name_and_state(admin: FlaskClient, place: Place) -> None:
    post(admin, NEW, filled(place))
    post(admin, NEW, filled(place, name="Đợt năm sau", starts_on="01/01/2027", ends_on=""))
    assert "Đợt năm sau" not in admin.get("/officer/rounds?state=asking").text
    assert "quý IV" not in admin.get("/officer/rounds?state=upcoming").text
    assert "quý IV" not in admin.get("/officer/rounds?q=nam+sau").text
    assert "Không có dòng nào phù hợp" in admin.get("/officer/rounds?state=closed").text


def test_part_of_a_code_is_asked_back_and_never_taken_for_a_unit(
    admin: FlaskClient, place: Place, database: Database
) -> None:
    asked = post(admin, NEW, filled(place, unit="N-2"))
    assert asked.status_code == 400
    assert "Không có đơn vị nào mang đúng mã này" in asked.text
    assert 'value="BN-24"' in asked.text
    assert opened(database) == []


def test_a_round_of_another_unit_is_as_unknown_as_a_missing_one(
    admin: FlaskClient, signed_in_client, database: Database, place: Place
) -> None:
    post(admin, NEW, filled(place, unit="BN-24"))
    (foreign,) = opened(database)
    local = signed_in_client(role=Role.HOME_AFFAIRS, unit=place.province)
    for path in ("/officer/rounds/{}", "/officer/rounds/{}/close"):
        assert_alike(local.get(path.format(foreign.id)), local.get(path.format(99999)))
    assert_alike(post(local, f"/officer/rounds/{foreign.id}/close"), post(local, "/officer/rounds/99999/close"))
    assert "quý IV" not in local.get("/officer/rounds").text
    refused = post(local, NEW, filled(place, unit="BN-24", name="Đợt khác", starts_on="01/01/2028", ends_on=""))
    assert "Không tìm thấy đơn vị này trong phạm vi" in refused.text
    assert post(local, NEW, filled(place, unit="22")).status_code == 303
    assert opened(database)[0].closed_on is None


def test_a_unit_officer_reads_question_sets_and_opens_nothing(
    signed_in_client, database: Database, place: Place
) -> None:
    officer = signed_in_client(role=Role.CASE_OFFICER, unit=place.ward)
    assert officer.get("/officer/rounds").status_code == 403
    assert post(officer, NEW, filled(place)).status_code == 403
    assert officer.get("/officer/question-sets").status_code == 200
    assert opened(database) == []


def test_question_sets_say_why_a_draft_stays_one(admin: FlaskClient, database: Database, place: Place) -> None:
    page = admin.get("/officer/question-sets").text
    assert "Phiếu hài lòng tại quầy" in page
    assert "lời văn chưa được đối chiếu" in page
    with database.reading() as session:
        drafts = [row for row in sets.all_versions(session) if row.status is SetStatus.DRAFT]
    for row in drafts:
        one = admin.get(f"/officer/question-sets/{row.id}").text
        assert "Vì sao chưa công bố được" in one
        assert "Công bố bộ câu hỏi" not in one
        refused = post(admin, f"/officer/question-sets/{row.id}/publish", {"reason": "Thử"})
        assert refused.status_code == 400
        assert "Chưa công bố được" in refused.text
    assert acts(database, Action.QUESTION_SET_PUBLISH) == []


def test_publishing_is_recorded_once_and_for_those_responsible_everywhere(
    admin: FlaskClient, signed_in_client, database: Database, place: Place
) -> None:
    version = place.versions["sipas_counter_2023"]
    with database.transaction() as session:
        row = session.get_one(QuestionSetVersion, version)
        row.status, row.published_on = SetStatus.DRAFT, None
    local = signed_in_client(role=Role.HOME_AFFAIRS, unit=place.province)
    assert "Công bố bộ câu hỏi" not in local.get(f"/officer/question-sets/{version}").text
    assert post(local, f"/officer/question-sets/{version}/publish").status_code == 403
    assert "Công bố bộ câu hỏi" in admin.get(f"/officer/question-sets/{version}").text
    refused = post(admin, f"/officer/question-sets/{version}/publish")
    assert refused.status_code == 400
    assert "Xin nhập lý do" in refused.text
    for _ in range(2):
        done = post(admin, f"/officer/question-sets/{version}/publish", {"reason": "Theo Quyết định 1001"})
        assert done.status_code == 303
    assert "Đã công bố ngày 21/11/2026" in admin.get(done.headers["Location"]).text
    (event,) = acts(database, Action.QUESTION_SET_PUBLISH)
    assert event.reason == "Theo Quyết định 1001"


def test_every_set_is_shown_in_both_languages_without_anything_to_send(admin: FlaskClient, place: Place) -> None:
    for version in place.versions.values():
        vietnamese = admin.get(f"/officer/question-sets/{version}/preview")
        english = admin.get(f"/officer/question-sets/{version}/preview?lang=en")
        assert vietnamese.status_code == english.status_code == 200
        assert '<html lang="vi">' in vietnamese.text
        assert '<html lang="en">' in english.text
        for page in (vietnamese.text, english.text):
            assert "<form" not in page
            assert "[đơn vị]" not in page
    counter = admin.get(f"/officer/question-sets/{place.versions['sipas_counter_2023']}/preview?lang=en").text
    assert "Are you satisfied with this service today?" in counter
    assert counter.count("<fieldset") == 17


def test_missing_sets_and_forged_posts(admin: FlaskClient, database: Database, place: Place) -> None:
    assert admin.get("/officer/question-sets/99999").status_code == 404
    assert admin.get("/officer/question-sets/99999/preview").status_code == 404
    assert admin.post(NEW, data=filled(place)).status_code == 400
    assert admin.post("/officer/question-sets/1/publish").status_code == 400
    assert opened(database) == []


def assert_alike(one, other) -> None:
    assert one.status_code == other.status_code == 404
    number = re.compile(r"\b[0-9a-f-]{8,}\b")  # the number of the request
    assert number.sub("", one.text) == number.sub("", other.text)


def test_both_pages_tell_of_a_round_inside_another(admin: FlaskClient, database: Database, place: Place) -> None:
    post(admin, NEW, filled(place, name="Cả tỉnh"))
    post(admin, NEW, filled(place, name="Riêng phường", unit=place.ward.code))
    whole, inner = (admin.get(f"/officer/rounds/{one.id}").text for one in opened(database))
    assert "có đợt riêng “Riêng phường”: các quầy ở đó hỏi đợt ấy" in whole
    assert "không hỏi đợt “Cả tỉnh” của Tỉnh Quảng Ninh" in inner
    post(admin, f"/officer/rounds/{opened(database)[1].id}/close")
    assert "có đợt riêng" not in admin.get(f"/officer/rounds/{opened(database)[0].id}").text
