"""The worked example of docs/sampled-surveys.md: the shared survey from the file to the arrays of the statistics."""

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import item_mean_index, means
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.survey import packing
from app.survey.models import SampleKind, SurveyRound
from app.survey.sampled.models import SampledAnswer, SampledDraft, SampledImport
from app.survey.sampled.rows import SampledRows, sampled_rows
from tests.factories.sampled import SampledPlace, make_sampled_round
from tests.support.importing import Importer

FILE = Path(__file__).resolve().parents[2] / "reference" / "statistics" / "data" / "sipas_a.csv"
DESIGN = {"commune": "stratum", "village": "psu", "N_villages": "first-population", "M_dossiers": "second-population"}
NO_DESIGN = dict.fromkeys(DESIGN, "")
SEXES = {"M": "1", "F": "2"}


@pytest.fixture
def place(database: Database, clock: object) -> SampledPlace:
    return make_sampled_round(database)


@pytest.fixture
def officer(signed_in_client, place: SampledPlace) -> FlaskClient:
    return signed_in_client(role=Role.HOME_AFFAIRS)


def rows_of(database: Database, round_id: int) -> SampledRows | None:
    with database.reading() as session:
        found = session.get(SurveyRound, round_id)
        assert found is not None
        return sampled_rows(session, found)


def test_from_the_file_to_the_rows(officer: FlaskClient, database: Database, place: SampledPlace) -> None:
    importer = Importer(officer, place.round_id)
    assert importer.upload(FILE.read_bytes(), "sipas_a.csv").status_code == 303
    proposed = importer.proposed
    assert {proposed[f"q{number}"] for number in range(1, 23)} == {f"q:c{number:02}" for number in range(1, 23)}
    assert {name: proposed.get(name) for name in ("resp", "unit", "weight", "sex", "age", "channel", *DESIGN)} == {
        "resp": "respondent", "unit": "unit", "weight": "weight", "sex": "q:sex", "age": "q:age", "channel": "q:channel",
        **DESIGN,
    }  # fmt: skip
    importer.choose(NO_DESIGN)
    assert "khoảng tin cậy sẽ quá hẹp và sai" in importer.page
    assert "“commune”, “village”, “N_villages”, “M_dossiers”" in importer.page
    importer.page = officer.get(f"{importer.draft}/columns").text
    assert importer.choose(DESIGN).status_code == 303
    assert "khoảng tin cậy sẽ" not in importer.page
    assert '<td class="num">362</td><td>2, 3, 5, 8, 9…</td>' in importer.page.replace("\n", "")
    assert 'href="#values"' in importer.page
    assert 'id="values"' in importer.page
    assert "Chưa có gì được nhập" in importer.page  # F and M are words the set does not know
    assert "Tệp có 648 lỗi ở 648 dòng" in importer.page
    assert "200 lỗi đầu tiên" in importer.page
    assert importer.confirm().headers["Location"].endswith("?mode=replace")
    assert rows_of(database, place.round_id) is None

    importer.look()
    importer.read_as(SEXES)
    assert "Chưa có gì được nhập" not in importer.page
    assert "<dt>Số tầng</dt><dd>18</dd>" in importer.page
    assert "<dt>Số cụm</dt><dd>65</dd>" in importer.page
    done = importer.confirm(save_as="Phiếu mẫu")
    assert done.status_code == 303
    page = officer.get(done.headers["Location"]).text
    assert "Đã nhập toàn bộ tệp." in page
    assert "<dd>648</dd>" in page

    found = rows_of(database, place.round_id)
    assert found is not None
    assert_same_as_file(found)
    with database.reading() as session:
        (made,) = session.scalars(select(SampledImport))
        assert (made.row_count, made.source.value, made.mode.value) == (648, "csv", "replace")
        assert session.scalars(select(SampledDraft)).all() == []
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.ANSWERS_IMPORT.value)).all()
        assert [event.detail["rows"] for event in events] == [648]
        keys = session.scalars(select(SampledAnswer.key).order_by(SampledAnswer.key)).all()
        assert len(set(keys)) == 648


def assert_same_as_file(found: SampledRows) -> None:
    """Every respondent of the file stands among the rows once, whatever the order."""
    question_set = found.question_set
    where = packing.columns(question_set)
    items = [where[f"c{number:02}"].start for number in range(1, 23)]
    assert found.psu is not None
    assert found.psus is not None
    first, second = found.populations
    stored = sorted(
        (
            found.strata[found.stratum[row]], found.psus[found.psu[row]], found.unit_codes[found.unit[row]],
            Fraction(int(found.weight_units[row]), 10**found.weight_digits), first[row], second[row],
            tuple(found.answers[row, items].tolist()), int(found.answers[row, where["sex"].start]),
            int(found.answers[row, where["age"].start]), int(found.answers[row, where["channel"].start]),
        )
        for row in range(len(found))
    )  # fmt: skip
    ages, ways = {"18-34": 1, "35-54": 2, "55+": 3}, {"counter": 1, "online": 2, "post": 3}
    expected = sorted(
        (
            line["commune"], line["village"], line["unit"], Fraction(line["weight"]), float(line["N_villages"]),
            float(line["M_dossiers"]), tuple(int(line[f"q{number}"] or 255) for number in range(1, 23)),
            int(SEXES[line["sex"]]), ages[line["age"]], ways[line["channel"]],
        )
        for line in csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8")))
    )  # fmt: skip
    assert stored == expected
    assert found.sample_kind is SampleKind.PROBABILITY
    assert found.weight.dtype == np.float64
    assert (
        int(found.weight_units.sum()) == sum(row[3] for row in expected) * 10**found.weight_digits
    )  # to the last digit
    assert found.weight.tolist() == [
        float(Fraction(one, 10**found.weight_digits)) for one in found.weight_units.tolist()
    ]
    assert len(found.clusters) == 2


def test_the_rows_give_the_figures_of_the_reference(
    officer: FlaskClient, database: Database, place: SampledPlace
) -> None:
    """What a statistician computes in R from the file is what comes out of the stored rows (cases 03-sipas-a)."""
    importer = Importer(officer, place.round_id)
    importer.upload(FILE.read_bytes())
    importer.choose(DESIGN)
    importer.read_as(SEXES)
    importer.confirm()
    found = rows_of(database, place.round_id)
    assert found is not None
    criteria = found.answers[:, packing.layout(found.question_set).criteria]
    satisfied = np.where((criteria >= 1) & (criteria <= 5), criteria >= 4, np.nan)
    cases = json.loads((FILE.parents[1] / "cases" / "03-sipas-a.json").read_text(encoding="utf-8"))["cases"]
    expected = {case["id"]: case["expected"] for case in cases}

    two_stages = SurveyDesign.of(
        len(found), lonely=LonelyPsu.FAIL, weights=found.weight, strata=found.stratum, clusters=found.clusters,
        populations=found.populations,
    )  # fmt: skip
    share = means(two_stages, satisfied[:, :1])
    assert float(share.value[0]) == pytest.approx(expected["prop-all-q1-d2f"]["estimate"], rel=1e-9)
    assert float(share.se[0]) == pytest.approx(expected["prop-all-q1-d2f"]["se"], rel=1e-7)
    assert two_stages.degrees_of_freedom == expected["prop-all-q1-d2f"]["df"]

    one_stage = SurveyDesign.of(
        len(found), lonely=LonelyPsu.FAIL, weights=found.weight, strata=found.stratum, clusters=found.clusters[:1]
    )
    index = item_mean_index(one_stage, 100 * satisfied)
    assert float(index.value[0]) == pytest.approx(expected["index-item-all"]["estimate"], rel=1e-9)
    assert float(index.se[0]) == pytest.approx(expected["index-item-all"]["se"], rel=1e-7)


def test_a_saved_mapping_reads_the_next_file(officer: FlaskClient, database: Database, place: SampledPlace) -> None:
    importer = Importer(officer, place.round_id)
    importer.upload(FILE.read_bytes())
    importer.choose(DESIGN)
    importer.read_as(SEXES)
    importer.confirm(save_as="Phiếu mẫu")
    importer.upload(FILE.read_bytes().replace(b"commune,village", b"Commune,VILLAGE"))
    saved = importer.client.get(f"{importer.draft}/columns").text.split('<option value="')
    number = next(value.split('"')[0] for value in saved if ">Phiếu mẫu<" in value)
    importer.page = officer.get(f"{importer.draft}/columns", query_string={"saved": number}).text
    assert importer.proposed["Commune"] == "stratum"
    importer.choose()
    assert "Đợt đã có 648 phiếu" in importer.page
    assert "Nhập toàn bộ" not in importer.page  # whether to replace or to add is never a default
    importer.look("replace")
    assert importer.confirm("replace").status_code == 303
    found = rows_of(database, place.round_id)
    assert found is not None
    assert_same_as_file(found)
    assert found.revision == 2
    with database.reading() as session:
        assert sorted(one.is_replaced for one in session.scalars(select(SampledImport))) == [False, True]
