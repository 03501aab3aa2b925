"""Results of a sampled round, from the shared survey's file to page and files: the figures are the reference's."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.analysis.sampled.models import SampledSums
from app.analysis.sampled.report import figures_below, report
from app.analysis.stats.layout import Level
from app.analysis.stats.results import Estimate
from app.analysis.view import Audience
from app.config import SmallNumbers
from app.db.session import Database
from app.i18n.formats import NO_BREAK_SPACE, format_decimal, format_percent_number, format_percent_range
from app.survey.models import Aggregation, SurveyRound
from app.units.models import Unit
from tests.factories.sampled import SampledPlace, make_sampled_round
from tests.factories.units import make_unit
from tests.support.clock import SettableClock
from tests.support.importing import Importer
from tests.support.worked_example import FILE, import_example

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "statistics"
CASES = {
    case["id"]: case
    for case in json.loads((REFERENCE / "cases" / "15-smoothed-wilson.json").read_text(encoding="utf-8"))["cases"]
}
ROW = re.compile(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
LEAST = SmallNumbers(public=10, home_affairs=5)


@pytest.fixture
def place(database: Database, clock: SettableClock) -> SampledPlace:
    """The round of reference case index-a: the index of each respondent."""
    return make_sampled_round(database, aggregation=Aggregation.RESPONDENT)


@pytest.fixture
def officer(signed_in_client, place: SampledPlace) -> FlaskClient:
    client = signed_in_client(role=Role.HOME_AFFAIRS)
    import_example(client, place.round_id)
    return client


def words(html: str) -> str:
    return unescape(TAG.sub("", html)).replace(NO_BREAK_SPACE, " ").replace("\u2060", "").strip()


def table_rows(page: str) -> Iterator[list[str]]:
    for heading, cells in ROW.findall(page):
        yield [words(heading), *map(words, CELL.findall(cells))]


def result(client: FlaskClient, place: SampledPlace, code: str = "22") -> str:
    answer = client.get(f"/officer/results/{place.round_id}/{code}")
    assert answer.status_code == 200, answer.text
    return answer.text


def read_csv(client: FlaskClient, place: SampledPlace, code: str = "22", part: str = "units") -> list[dict[str, str]]:
    answer = client.get(f"/officer/exports/results/{place.round_id}/{code}.csv?part={part}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def read_xlsx(client: FlaskClient, place: SampledPlace, sheet: str, code: str = "22") -> list[dict[str, object]]:
    answer = client.get(f"/officer/exports/results/{place.round_id}/{code}.xlsx")
    assert answer.status_code == 200, answer.text
    heading, *rows = openpyxl.load_workbook(io.BytesIO(answer.data))[sheet].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_index_and_intervals_are_those_of_the_reference(officer: FlaskClient, place: SampledPlace) -> None:
    """Case index-a: estimate, standard error, effective size and both limits of all twelve units."""
    result(officer, place)  # makes the sums
    expected = CASES["index-a"]["expected"]
    rows = {row["Mã đơn vị"]: row for row in read_xlsx(officer, place, "Đơn vị")[1:]}
    page = {row[0]: row for row in table_rows(result(officer, place)) if len(row) == 10}
    assert len(rows) == 12
    names = {"estimate": "Chỉ số (%)", "lower": "Cận dưới (%)", "upper": "Cận trên (%)"}
    for at, code in enumerate(expected["domains"]):
        row = rows[code]
        for key, column in names.items():
            assert row[column] == pytest.approx(100 * expected[key][at], rel=1e-7)
        assert row["Sai số chuẩn (điểm %)"] == pytest.approx(100 * expected["se_design"][at], rel=1e-7)
        assert row["n hiệu dụng (quy về một tỷ lệ)"] == pytest.approx(expected["n_eff"][at], rel=1e-7)
        assert row["n"] == expected["n"][at]
        limits = format_percent_range(expected["lower"][at], expected["upper"][at], places=1)
        shown = [format_percent_number(expected["estimate"][at], places=1), limits, str(expected["n"][at])]
        assert page[f"Phường {code}"][3:6] == shown


def test_every_criterion_of_every_unit_is_that_of_the_reference(
    officer: FlaskClient, place: SampledPlace, database: Database
) -> None:
    """Case grid-a: 12 units × 22 criteria."""
    result(officer, place)
    text = (REFERENCE / "data" / "sipas_a_expected_smoothed.csv").read_text(encoding="utf-8")
    lines = csv.DictReader(text.splitlines())
    expected = {(line["domain"], f"c{int(line['item'][1:]):02}"): line for line in lines}
    with database.reading() as session:
        survey_round = session.get(SurveyRound, place.round_id)
        assert survey_round is not None
        day = survey_round.starts_on
        asked = {"audience": Audience.HOME_AFFAIRS, "small_numbers": LEAST, "today": day}
        below = figures_below(session, survey_round, place.province_id, **asked)
        alone = report(session, survey_round, place.unit_ids["U03"], **asked)
    compared = 0
    for code, unit_id in place.unit_ids.items():
        for figure in below[unit_id]:
            if figure.level is not Level.CRITERION or not isinstance(figure.estimate, Estimate):
                continue
            line, estimate = expected[code, figure.code], figure.estimate
            found = (estimate.value, estimate.interval.low, estimate.interval.high, estimate.n_eff)
            assert found == pytest.approx([float(line[key]) for key in ("p", "lower", "upper", "n_eff")], rel=1e-7)
            assert estimate.n == int(line["n"])
            compared += 1
    assert compared == 264
    assert alone is not None
    assert alone.figures == below[place.unit_ids["U03"]]


def test_page_csv_and_workbook_say_the_same(officer: FlaskClient, place: SampledPlace) -> None:
    page = {row[0]: row for row in table_rows(result(officer, place)) if len(row) == 10}
    from_csv, from_xlsx = read_csv(officer, place), read_xlsx(officer, place, "Đơn vị")
    assert len(from_csv) == len(from_xlsx) == 13
    for one, other in zip(from_csv[1:], from_xlsx[1:], strict=True):
        row = page[one["Đơn vị"]]
        digits = [one[name].replace(".", ",") for name in ("Chỉ số (%)", "Cận dưới (%)", "Cận trên (%)")]
        numbers = [other[name] for name in ("Chỉ số (%)", "Cận dưới (%)", "Cận trên (%)")]
        assert [format_decimal(number, places=1) for number in numbers] == digits
        assert row[1] == f"hạng {one['Hạng từ']}–{one['Hạng đến']} trên {one['Trên số đơn vị']}"
        assert row[2] == one["Nhóm không phân biệt được"]
        assert row[3:7] == [digits[0], f"{digits[1]}–{digits[2]}", one["n"], one["Độ chính xác"]]
        assert row[7] == one["Nhận xét"]
        assert row[8].lstrip("+").replace("−", "-") == one["Chênh lệch (điểm %)"].replace(".", ",")
    unit = {row[0]: row for row in table_rows(result(officer, place, "U03"))}
    of_unit = read_csv(officer, place, "U03", "figures")
    assert [row["Cấp"] for row in of_unit].count("Tiêu chí") == 22
    for one in of_unit:
        if one["Cấp"] == "Tiêu chí":
            row = unit[f"{one['Số thứ tự']}. {one['Tên']}"]
            limits = [one[name].replace(".", ",") for name in ("Cận dưới (%)", "Cận trên (%)")]
            assert row[1:4] == [one["Chỉ số (%)"].replace(".", ","), "–".join(limits), one["n"]]
            assert row[-1] == one["Độ chính xác"]
    whole = {(one["Mã đơn vị"], one["Mã"]): one for one in read_csv(officer, place, "22", "figures")}
    assert [whole["U03", one["Mã"]] for one in of_unit] == of_unit
    assert len(read_csv(officer, place, "22", "pairs")) == 66
    reliability = read_csv(officer, place, "22", "reliability")
    assert [row["Cấp"] for row in reliability].count("Yếu tố") == 6
    (nothing,) = read_csv(officer, place, "22", "drivers")
    assert "không có câu hỏi về mức hài lòng chung" in nothing["Lưu ý"]


def test_the_unit_far_below_reads_a_plain_explanation(officer: FlaskClient, place: SampledPlace) -> None:
    page = words(result(officer, place, "U03"))
    assert re.search(r"Hạng \d+–12 trên 12, trong 12 đơn vị được xếp hạng của Tỉnh Quảng Ninh", page)
    assert "thấp hơn rõ rệt (chênh lệch −" in page
    assert "p đã hiệu chỉnh < 0,001" in page
    assert "khắt khe hơn vì xét cùng lúc cả 66 cặp đơn vị; so với trung bình là một câu hỏi khác" in page
    assert "hiệu dụng</dt>" not in result(officer, place, "U03")  # would not be n over the design effect
    assert "MEAN_OF_CRITERIA" not in page
    assert "Cách gộp: theo từng người" in page
    assert "trong mỗi nơi được chọn chỉ hỏi một số người" in page
    assert not re.search(r"^– ", page, re.MULTILINE)
    guide = officer.get("/officer/results/how-to-read").text
    assert 'href="/officer/results/how-to-read"' in result(officer, place, "U03")
    assert "Nếu đơn vị đứng cuối bảng" in guide
    assert "**" not in words(guide)


def test_sheets_of_a_unit_that_hold_nothing_say_why(officer: FlaskClient, place: SampledPlace) -> None:
    said = {sheet: read_xlsx(officer, place, sheet, "U03") for sheet in ("So từng cặp", "Độ tin cậy", "Yếu tố liên hệ")}
    assert {len(rows) for rows in said.values()} == {1}
    assert "không có đơn vị trực thuộc" in str(said["So từng cặp"][0]["Nhận xét"])
    for sheet in ("Độ tin cậy", "Yếu tố liên hệ"):
        assert "Chỉ tính một lần cho cả đợt" in str(said[sheet][0]["Lưu ý"])
    csv_file = officer.get(f"/officer/exports/results/{place.round_id}/U03.csv?part=figures")
    assert "ket-qua-u03-tieu-chi-den-" in csv_file.headers["Content-Disposition"]
    (low,) = (name for name in read_csv(officer, place, "22", "pairs")[0] if "cận dưới" in name)
    assert "khoảng 95 % của riêng cặp này" in low


def test_the_list_links_and_shows_sampled_units(officer: FlaskClient, place: SampledPlace) -> None:
    page = officer.get(f"/officer/results?round={place.round_id}").text
    rows = {row[1]: row for row in table_rows(page)}
    shown = {row["Mã đơn vị"]: row for row in read_csv(officer, place)}
    assert rows["22"][4] == "648"
    for code in place.unit_ids:
        assert rows[code][2] == shown[code]["Chỉ số (%)"].replace(".", ",") + " %"
        assert rows[code][3:] == [
            "–".join(shown[code][name].replace(".", ",") for name in ("Cận dưới (%)", "Cận trên (%)")),
            shown[code]["n"],
        ]
    assert "Một chạm" not in page
    assert "đã công bố" not in page
    assert "Đơn vị có phiếu trong đợt" in page
    assert f'href="/officer/results/{place.round_id}/U03"' in page
    assert f'href="/officer/results?round={place.round_id}"' in officer.get(f"/officer/rounds/{place.round_id}").text


def test_the_list_leaves_out_units_nobody_answered_about(
    officer: FlaskClient, place: SampledPlace, database: Database
) -> None:
    with database.transaction() as session:
        province = session.get(Unit, place.province_id)
        since = date(2025, 7, 1)
        make_unit(session, "Phường chưa ai trả lời", code="U99", type_code="ward", parent=province, valid_from=since)
    page = officer.get(f"/officer/results?round={place.round_id}").text
    assert "Phường U12" in page
    assert "Phường chưa ai trả lời" not in page


def test_the_page_of_imports_leads_to_the_results(officer: FlaskClient, place: SampledPlace) -> None:
    page = officer.get(f"/officer/rounds/{place.round_id}/imports").text
    assert f'href="/officer/results?round={place.round_id}"' in page


def test_an_import_makes_the_sums_anew(officer: FlaskClient, place: SampledPlace, database: Database) -> None:
    result(officer, place)
    lines = FILE.read_text(encoding="utf-8").splitlines()
    half = "\n".join([lines[0], *lines[1::2]]).encode()
    importer = Importer(officer, place.round_id)
    importer.upload(half, "nua.csv")
    importer.choose({"commune": "stratum", "village": "psu"})
    importer.look("replace")
    importer.read_as({"M": "1", "F": "2"}, "replace")
    assert importer.confirm("replace").status_code == 303
    assert "<dd>324</dd>" in result(officer, place)
    with database.reading() as session:
        (stored,) = session.scalars(select(SampledSums)).all()
        assert stored.revision == 2


def test_a_round_without_answers_says_so(signed_in_client, place: SampledPlace) -> None:
    client = signed_in_client(role=Role.HOME_AFFAIRS)
    assert "Chưa có phiếu nào được nhập vào đợt này" in result(client, place)
    assert client.get(f"/officer/exports/results/{place.round_id}/22.csv").status_code == 404
    assert client.get(f"/officer/results?round={place.round_id}").status_code == 200
    assert client.get(f"/officer/exports/results/{place.round_id}/22.csv?part=x").status_code == 400
