"""Designs at their edges: every page and file of such a round can be read, and says what it rests on."""

import csv
import io
from collections.abc import Mapping

import pytest

from app.accounts.roles import Role
from app.db.session import Database
from tests.factories.sampled import make_sampled_round
from tests.support.importing import Importer
from tests.support.worked_example import FILE, SEXES

Line = dict[str, str]
# What the import proposes for these columns is set aside: each case names its own design.
NO_DESIGN = {"commune": "", "village": "", "N_villages": "", "M_dossiers": ""}
VILLAGES = {"commune": "stratum", "village": "psu"}


def one_place(lines: list[Line]) -> list[Line]:
    return [{**line, "commune": "C", "village": "V", "weight": "2"} for line in lines]


def one_place_each(lines: list[Line]) -> list[Line]:
    return [{**line, "commune": "C", "village": line["unit"]} for line in lines]


def content(lines: list[Line]) -> bytes:
    made = io.StringIO()
    writer = csv.DictWriter(made, lines[0].keys())
    writer.writeheader()
    writer.writerows(lines)
    return made.getvalue().encode()


@pytest.mark.parametrize(
    ("change", "columns", "said"),
    [
        (list, {}, "Cả đợt: 648 phiếu."),
        (list, {"commune": "stratum"}, "Cả đợt: 648 phiếu chọn trong 18 tầng."),
        (one_place, VILLAGES, "khoảng dùng hệ số thiết kế dự kiến"),
        (one_place_each, VILLAGES, "648 phiếu từ 12 nơi được chọn trong 1 tầng"),
        (lambda lines: [line for line in lines if line["unit"] == "U01"], VILLAGES, "Cả đợt: 51 phiếu"),
        (lambda lines: [{**line, "q1": "5", "q2": ""} for line in lines], VILLAGES, "Cả đợt: 648 phiếu"),
    ],
    ids=["people", "people-strata", "one-place", "one-place-each", "one-unit", "all-satisfied-and-unanswered"],
)
def test_every_page_and_file_can_be_read(
    database: Database, clock: object, signed_in_client, change, columns: Mapping[str, str], said: str
) -> None:
    place = make_sampled_round(database)
    client = signed_in_client(role=Role.HOME_AFFAIRS)
    importer = Importer(client, place.round_id)
    importer.upload(content(change(list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines())))))
    importer.choose({**NO_DESIGN, **columns})
    importer.read_as(SEXES)
    assert importer.confirm().status_code == 303
    for code in ("22", "U01", "U03"):
        page = client.get(f"/officer/results/{place.round_id}/{code}")
        assert page.status_code == 200
        if code == "22":
            assert said in page.text
        assert "nan" not in page.text.split("<main")[1].replace("nang", "")
        assert client.get(f"/officer/exports/results/{place.round_id}/{code}.xlsx").status_code == 200
    assert client.get(f"/officer/results?round={place.round_id}").status_code == 200
