"""Page, CSV, XLSX and JSON say the same, to the last digit, to the same people, with the same figures left out."""

import re
from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.i18n.formats import format_decimal, format_integer, format_percent_number, format_percent_range
from app.units.models import Unit
from tests.factories.officers import officer_client
from tests.factories.places import make_counter, make_unit
from tests.functional.exports.conftest import Give, Officer

VIEWS = [
    "",
    "?period=2026-10",
    "?period=2026-q4&formula=MEAN5",
    "?channel=qr",
    "?kind=1",
    "?formula=both",
]
Read = Callable[..., list[dict[str, object]]]
Rows = Callable[[str], Iterable[list[str]]]


def paths(give: Give, code: str, query: str) -> tuple[str, str, str]:
    base = f"/officer/exports/results/{give.survey.round_id}/{code}"
    return f"/officer/results/{give.survey.round_id}/{code}{query}", f"{base}.csv{query}", f"{base}.xlsx{query}"


@pytest.mark.parametrize("query", VIEWS)
def test_page_and_files_are_identical_to_the_last_digit(
    answered: Give, home_affairs: Officer, read_csv: Read, read_xlsx: Read, table_rows: Rows, query: str
) -> None:
    page_path, csv_path, xlsx_path = paths(answered, "06652", query)
    page = [row for row in table_rows(home_affairs.get(page_path).text) if len(row) > 2]
    from_csv, from_xlsx = read_csv(home_affairs.get(csv_path)), read_xlsx(home_affairs.get(xlsx_path))
    assert len(from_csv) == len(from_xlsx)
    compared = 0
    for one, other in zip(from_csv, from_xlsx, strict=True):
        assert one["Tên"] == other["Tên"]
        digits = [one[name].replace(".", ",") for name in ("Chỉ số (%)", "Cận dưới (%)", "Cận trên (%)")]
        if one["Chỉ số (%)"] == "":
            assert other["Chỉ số (%)"] is None
            assert one["Vì sao không có số"] == other["Vì sao không có số"] != ""
            continue
        numbers = [other[name] for name in ("Chỉ số (%)", "Cận dưới (%)", "Cận trên (%)")]
        assert [format_decimal(number, places=1) for number in numbers] == digits
        assert str(other["n"]) == one["n"]
        if one["Cấp"] in ("Yếu tố", "Tiêu chí", "Đơn vị trực thuộc"):
            shown = [digits[0], f"{digits[1]}–{digits[2]}", format_integer(int(one["n"]))]
            assert any(row[-3:] == shown and row[0].endswith(_last_words(one["Tên"])) for row in page), one
            compared += 1
    assert compared >= 21


def _last_words(label: str) -> str:
    return label[-20:]


def test_headline_and_distribution_are_those_of_the_page(
    answered: Give, home_affairs: Officer, read_csv: Read, table_rows: Rows
) -> None:
    page_path, csv_path, _ = paths(answered, "06652", "?period=2026-10")
    page = home_affairs.get(page_path).text
    overall, tap, *rest = read_csv(home_affairs.get(csv_path))
    assert (overall["Số phiếu"], tap["Cấp"], tap["n"]) == ("32", "Câu hỏi một chạm", "32")
    for row in (overall, tap):
        assert f"{row['Chỉ số (%)'].replace('.', ',')}" in page
    criterion = next(row for row in rest if row["Mã"] == "c30")
    names = ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng", "Không áp dụng"]
    counts = [criterion[name] for name in [*names, "Bỏ trống"]]
    assert counts == ["0", "0", "0", "14", "12", "0", "6"]
    assert any(row[0].startswith("30. ") and row[1:] == counts for row in table_rows(page))


def test_public_page_csv_and_json_are_identical(
    answered: Give, client: FlaskClient, read_csv: Read, table_rows: Rows
) -> None:
    page = client.get("/results/06652").text
    assert 'href="/results/06652/data.csv"' in page
    rows = [row for row in table_rows(page) if len(row) > 2]
    from_csv = read_csv(client.get("/results/06652/data.csv"))
    from_json = client.get("/results/06652/data.json").json["rows"]
    assert len(from_csv) == len(from_json)
    compared = 0
    for one, other in zip(from_csv, from_json, strict=True):
        if other["value"] is None:
            assert one["Chỉ số (%)"] == ""
            continue
        value = format_percent_number(other["value"], places=1)
        assert one["Chỉ số (%)"].replace(".", ",") == value
        if other["level"] == "Tiêu chí":
            shown = [value, format_percent_range(other["low"], other["high"], places=1), format_integer(other["n"])]
            assert any(row[0].startswith(f"{other['number']}. ") and row[-3:] == shown for row in rows)
            compared += 1
    assert compared == 16
    assert "tính đến hết ngày" in str(client.get("/results/06652/data.json").json["notes"])


def test_public_files_hold_released_answers_only(give: Give, client: FlaskClient, read_csv: Read) -> None:
    give(9)
    give.close()
    for row in read_csv(client.get("/results/06652/data.csv")):
        assert row["Chỉ số (%)"] == row["n"] == row["Số phiếu"].strip("0") == ""
    give(1)
    give.close()
    assert read_csv(client.get("/results/06652/data.csv"))[0]["Số phiếu"] == "10"


def test_small_numbers_stay_away_from_files_as_from_pages(
    answered: Give, home_affairs: Officer, read_csv: Read, table_rows: Rows
) -> None:
    """F7: three answers of the third counter, and what would tell them by subtraction."""
    third = answered.survey.counter_ids[2]
    second = answered.survey.counter_ids[1]
    for query in (f"?counter={third}&period=2026-11", f"?counter={second}&period=2026-11", "?kind=2"):
        page_path, csv_path, xlsx_path = paths(answered, "06652.HCC", query)
        assert list(table_rows(home_affairs.get(page_path).text)) == []
        for row in read_csv(home_affairs.get(csv_path)):
            assert row["Chỉ số (%)"] == row["n"] == row["Số phiếu"].strip("0") == row["Hài lòng"] == ""
            assert row["Vì sao không có số"] != ""
        assert home_affairs.get(xlsx_path).status_code == 200


def test_impossible_filter_is_refused_as_on_the_page(answered: Give, home_affairs: Officer) -> None:
    for path in paths(answered, "06652", "?channel=qr&kind=1"):
        response = home_affairs.get(path)
        assert response.status_code == 400
        assert "không cùng lúc" in response.text


def test_file_comes_as_a_download_that_nothing_keeps_and_is_recorded(
    answered: Give, home_affairs: Officer, database: Database
) -> None:
    response = home_affairs.get(paths(answered, "06652.HCC", "?period=2026-10")[2])
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="ket-qua-06652-hcc-2026-10-den-20261110.xlsx"'
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert int(response.headers["Content-Length"]) == len(response.data)
    with database.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.RESULTS_EXPORT)).one()
    assert (event.unit_id, event.subject) == (answered.survey.centre_id, f"round:{answered.survey.round_id}")
    assert (event.detail["format"], event.detail["period"]) == ("xlsx", "2026-10")
    assert len(str(event.detail["sha256"])) == 64


def test_file_of_another_unit_is_as_unknown_as_no_unit(
    answered: Give, app: Flask, database: Database, read_csv: Read
) -> None:
    """A3: the number of a round and the code of a unit open nothing."""
    with database.transaction() as session:
        stranger = make_unit(session, "09999", name="Phường Xa")
        make_counter(session, stranger)
    client = officer_client(app, database, "phuong.xa", role=Role.CASE_OFFICER, unit=stranger)
    for ending in (1, 2):
        theirs = client.get(paths(answered, "06652", "")[ending])
        none = client.get(paths(answered, "00000", "")[ending])
        assert theirs.status_code == none.status_code == 404
        assert "Phường Hồng Gai" not in theirs.text
        assert _message(theirs.text) == _message(none.text)
    assert client.get(paths(answered, "09999", "")[1]).status_code == 200


def _message(page: str) -> str:
    """The page but for the number of the request."""
    return re.sub(r"[0-9a-f]{12}", "", page.partition("<main")[2])


def test_unit_officer_gets_what_is_released_of_their_own_unit(
    answered: Give, app: Flask, database: Database, read_csv: Read
) -> None:
    with database.reading() as session:
        commune = session.get_one(Unit, answered.survey.commune_id)
    client = officer_client(app, database, "don.vi", role=Role.CASE_OFFICER, unit=commune)
    overall = read_csv(client.get(paths(answered, "06652", "")[1]))[0]
    assert overall["Số phiếu"] == "43"  # the three of November wait for more
    assert client.get("/officer/exports/answers/1.csv").status_code == 403


def test_nobody_gets_a_file_without_signing_in(answered: Give, client: FlaskClient) -> None:
    for path in (*paths(answered, "06652", "")[1:], "/officer/exports", "/officer/exports/answers/1.csv"):
        response = client.get(path)
        assert response.status_code == 303
        assert "/officer/sign-in" in response.headers["Location"]


def test_links_of_the_page_of_results_and_of_files_lead_to_files(answered: Give, home_affairs: Officer) -> None:
    page = home_affairs.get(paths(answered, "06652", "?period=2026-10")[0]).text
    assert f"/officer/exports/results/{answered.survey.round_id}/06652.csv?period=2026-10" in page
    files = home_affairs.get("/officer/exports").text
    for kind in ("results/1/22", "answers/1", "written/1"):
        for ending in ("csv", "xlsx"):
            assert f'href="/officer/exports/{kind}.{ending}"' in files
            assert home_affairs.get(f"/officer/exports/{kind}.{ending}").status_code == 200
