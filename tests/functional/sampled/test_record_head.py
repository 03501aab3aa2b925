"""Reports of sampled rounds name the newest signed head of the record of acts, on the page and in the workbook."""

import io

import openpyxl
import pytest
from flask.testing import FlaskClient

from app.accounts.roles import Role
from app.audit.proof import heads
from app.config import Config
from app.db.session import Database
from tests.factories.sampled import SampledPlace, make_sampled_round
from tests.support.clock import SettableClock
from tests.support.worked_example import import_example


@pytest.fixture
def place(database: Database, clock: SettableClock) -> SampledPlace:
    return make_sampled_round(database)


def test_page_and_workbook_name_the_head(
    signed_in_client, place: SampledPlace, database: Database, config: Config
) -> None:
    officer: FlaskClient = signed_in_client(role=Role.HOME_AFFAIRS)
    import_example(officer, place.round_id)
    assert "chưa có đầu chuỗi nào" in officer.get(f"/officer/results/{place.round_id}/U03").text
    key, _ = heads.open_key(database, config.data_dir)
    with database.transaction() as session:
        heads.sign_due(session, key)
    with database.reading() as session:
        words = heads.latest_head(session)
    assert words.startswith("Đầu chuỗi nhật ký số 1")
    assert words in officer.get(f"/officer/results/{place.round_id}/U03").text
    file = officer.get(f"/officer/exports/results/{place.round_id}/U03.xlsx", buffered=True)
    notes = openpyxl.load_workbook(io.BytesIO(file.data))["Ghi chú"].iter_rows(values_only=True)
    assert any(row[0] == "Nhật ký" and str(row[1]).startswith("Đầu chuỗi nhật ký số") for row in notes)
