"""Who may see what of a sampled round: units, small numbers, and no ranks of open rounds."""

import csv
import io
import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.accounts.roles import Role
from app.db.session import Database
from app.survey.models import SampleKind, SurveyRound
from app.units.models import Unit
from tests.factories.sampled import SampledPlace, make_sampled_round
from tests.factories.surveys import make_survey
from tests.support.clock import SettableClock
from tests.support.worked_example import FILE, import_example

RANK = re.compile(r"[Hh]ạng \d+(–\d+)? trên \d+")


def file_with(sizes: dict[str, int]) -> bytes:
    """The shared file cut to some people of each unit."""
    lines = list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8"))))
    kept = [one for code, size in sizes.items() for one in [line for line in lines if line["unit"] == code][:size]]
    made = io.StringIO()
    writer = csv.DictWriter(made, lines[0].keys())
    writer.writeheader()
    writer.writerows(kept)
    return made.getvalue().encode()


@pytest.fixture
def place(database: Database, clock: SettableClock) -> SampledPlace:
    return make_sampled_round(database)


@pytest.fixture
def home_affairs(signed_in_client, place: SampledPlace) -> FlaskClient:
    return signed_in_client(role=Role.HOME_AFFAIRS)


def unit_of(database: Database, unit_id: int) -> Unit:
    with database.reading() as session:
        found = session.get(Unit, unit_id)
        assert found is not None
        return found


def address(place: SampledPlace, code: str) -> str:
    return f"/officer/results/{place.round_id}/{code}"


def exported(client: FlaskClient, place: SampledPlace, code: str = "22", part: str = "units") -> list[dict[str, str]]:
    answer = client.get(f"/officer/exports/results/{place.round_id}/{code}.csv?part={part}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_unit_officers_see_their_unit_alone(
    home_affairs: FlaskClient, place: SampledPlace, database: Database, signed_in_client
) -> None:
    import_example(home_affairs, place.round_id)
    mine = signed_in_client(role=Role.UNIT_LEADER, unit=unit_of(database, place.unit_ids["U03"]))
    page = mine.get(address(place, "U03"))
    assert page.status_code == 200
    assert RANK.search(page.text)
    others = [code for code in place.unit_ids if code != "U03"]
    assert not [code for code in others if f"Phường {code}" in page.text]
    for code in ("U04", "22"):
        assert mine.get(address(place, code)).status_code == 404
        assert mine.get(f"/officer/exports/results/{place.round_id}/{code}.csv").status_code == 404
    listed = mine.get(f"/officer/results?round={place.round_id}").text
    assert "Phường U03" in listed
    assert not [code for code in others if f"Phường {code}" in listed]


def test_ranks_are_the_same_for_everybody(
    home_affairs: FlaskClient, place: SampledPlace, database: Database, signed_in_client
) -> None:
    """A unit of seven people has figures for Home Affairs, but is ranked for nobody."""
    import_example(home_affairs, place.round_id, file_with({"U01": 40, "U02": 40, "U03": 40, "U04": 7, "U05": 30}))
    seen = {row["Mã đơn vị"]: row for row in exported(home_affairs, place)}
    assert seen["U04"]["n"] == "7"
    assert {code for code, row in seen.items() if row["Hạng từ"]} == {"U01", "U02", "U03"} | (
        {"U05"} if seen["U05"]["Hạng từ"] else set()
    )
    mine = signed_in_client(role=Role.UNIT_LEADER, unit=unit_of(database, place.unit_ids["U03"]))
    assert (
        RANK.search(mine.get(address(place, "U03")).text)[0]
        == RANK.search(home_affairs.get(address(place, "U03")).text)[0]
    )


def test_few_people_are_shown_to_nobody_and_cannot_be_reckoned(
    home_affairs: FlaskClient, place: SampledPlace, database: Database, signed_in_client
) -> None:
    """Three people of one unit: it, and the smallest other unit, stay away on every page and in every file."""
    import_example(home_affairs, place.round_id, file_with({"U01": 40, "U02": 30, "U03": 25, "U04": 3}))
    rows = {row["Mã đơn vị"]: row for row in exported(home_affairs, place)}
    assert {code for code, row in rows.items() if not row["n"]} == {"U03", "U04"}
    assert rows["U03"]["Số phiếu"] == rows["U04"]["Số phiếu"] == ""
    figures = [row for row in exported(home_affairs, place, part="figures") if row["n"]]
    assert {row["Mã đơn vị"] for row in figures} == {"22", "U01", "U02"}
    for code in ("U03", "U04"):
        page = home_affairs.get(address(place, code)).text
        assert "Ít hơn 5 phiếu nên không hiện" in page
        assert not RANK.search(page)
        assert (
            "%" not in re.sub(r"<(style|title)[^>]*>.*?</\1>", "", page).partition("<main")[2].partition("Cách tính")[0]
        )
        assert [row["Chỉ số (%)"] for row in exported(home_affairs, place, code)] == [""]
        (nothing,) = exported(home_affairs, place, code, "figures")
        assert (nothing["Chỉ số (%)"], nothing["Vì sao không có số"]) == ("", "ít hơn 5 phiếu nên không hiện")
    listed = home_affairs.get(f"/officer/results?round={place.round_id}").text
    for code in ("U03", "U04"):
        assert re.search(rf"Phường {code}</a></th><td>{code}</td><td[^>]*>–</td>", listed)
    mine = signed_in_client(role=Role.UNIT_LEADER, unit=unit_of(database, place.unit_ids["U03"]))
    assert "Ít hơn 10 phiếu nên không hiện" in mine.get(address(place, "U03")).text


def test_a_census_has_no_intervals_and_no_p_values(database: Database, clock: SettableClock, signed_in_client) -> None:
    place = make_sampled_round(database, kind=SampleKind.CENSUS)
    client = signed_in_client(role=Role.HOME_AFFAIRS)
    import_example(client, place.round_id)
    page = client.get(address(place, "22")).text
    assert "toàn bộ; <span" in page
    assert "Khảo sát toàn bộ: không có sai số chọn mẫu, thứ tự là thật trong kỳ này." in page
    assert "KTC" not in page
    rows = exported(client, place)[1:]
    assert all(row["Cận dưới (%)"] == row["Chỉ số (%)"] == row["Cận trên (%)"] for row in rows)
    assert {row["Loại khoảng"] for row in rows} == {"Toàn bộ"}
    assert {row["p"] for row in rows} == {""}
    assert {row["Nhận xét"] for row in rows} <= {"cao hơn", "thấp hơn", "bằng nhau"}
    assert [row["Hạng từ"] for row in rows] == [row["Hạng đến"] for row in rows]


def test_open_rounds_show_no_ranks(database: Database, clock: SettableClock, signed_in_client) -> None:
    clock.set_local(date(2026, 10, 10))
    survey = make_survey(database)
    client = signed_in_client(role=Role.HOME_AFFAIRS)
    with database.reading() as session:
        found = session.get(SurveyRound, survey.round_id)
        assert found is not None
        assert found.sample_kind is SampleKind.OPEN
    page = client.get(f"/officer/results/{survey.round_id}/06652").text
    assert "hạng" not in page.lower().replace("không dùng để xếp hạng", "").replace("không xếp hạng", "")
    csv_file = client.get(f"/officer/exports/results/{survey.round_id}/06652.csv").text
    assert "Hạng" not in csv_file.splitlines()[0]
