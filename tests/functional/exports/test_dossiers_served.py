"""The number of dossiers settled stands beside the answers of an open round, on the page and in the file alike."""

import io
from datetime import date
from zipfile import ZipFile

from sqlalchemy import select

from app.accounts.roles import Role
from app.dossiers.shares import Counts
from app.dossiers.totals import Totals, enter
from app.survey.models import SurveyRound
from app.units.models import Unit
from tests.factories.officers import make_officer, sign_in
from tests.functional.exports.conftest import Give
from tests.support.clock import SettableClock


def test_what_is_known_of_those_served_is_said_and_narrows_no_range(answered: Give, clock: SettableClock) -> None:
    database = answered.database
    with database.transaction() as session:
        officer = make_officer(session, "noi.vu", role=Role.HOME_AFFAIRS)
        session.flush()
        round_ = session.scalars(select(SurveyRound)).one()
        unit = session.get_one(Unit, round_.unit_id)
        round_id, unit_code, unit_id, officer_id = round_.id, unit.code, unit.id, officer.id
    client = answered.app.test_client()
    sign_in(client, "noi.vu")
    address = f"/officer/results/{round_id}/{unit_code}"
    before = client.get(address).text
    assert "hồ sơ; 46 phiếu" not in before
    with database.transaction() as session:
        counts = Counts(received=500, settled=460, on_time=450, late=10)
        enter(session, officer_id, Totals(unit_id, date(2026, 10, 1), date(2026, 10, 31), counts, "BC 01"))
    october = client.get(f"{address}?period=2026-10").text
    assert "giải quyết 460 hồ sơ; 32 phiếu bằng 7,0\u00a0% số ấy" in october
    assert "không giả định gì thì là 5,7–98,7\u00a0%" in october  # 26 of 32 were satisfied: 26/460 to 454/460
    assert "không làm khoảng mô hình hẹp lại" in october
    assert "giải quyết 460 hồ sơ" not in client.get(f"{address}?period=2026-10&channel=qr").text
    assert "giải quyết 460 hồ sơ" not in client.get(f"{address}?period=2026-11").text
    sheet = client.get(f"/officer/exports/results/{round_id}/{unit_code}.xlsx?period=2026-10")
    with ZipFile(io.BytesIO(sheet.data)) as book:
        assert any("giải quyết 460 hồ sơ" in book.read(name).decode() for name in book.namelist() if "xml" in name)
