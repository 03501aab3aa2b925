"""After a merger both units keep their addresses: the old one up to its last day, the new one with a word about it."""

from datetime import timedelta

from flask import Flask

from app.analysis.day_closing import close_due_days
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.units.models import Unit
from app.units.services import merge_units
from tests.factories.places import make_unit
from tests.factories.surveys import make_survey
from tests.support.citizen import Citizen
from tests.support.clock import SettableClock


def test_results_of_a_merged_unit_stay_readable(
    app: Flask, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    survey = make_survey(database)
    for _ in range(12):
        Citizen(app.test_client(), survey.token).answer(5)
    close_due_days(database, day_keys, today=clock.next_day(), least=10)
    with database.transaction() as session:
        province = session.get_one(Unit, survey.province_id)
        other = make_unit(session, "06685", name="Phường Hà Lầm", parent=province)
        merge_units(session, [survey.commune_id], other.id, clock.today + timedelta(days=1))
    clock.next_day(3)
    client = app.test_client()
    old = client.get("/results/06652")
    assert old.status_code == 200
    assert "n = 12" in old.text.replace("\u00a0", " ")
    assert "Nay do Phường Hà Lầm phục vụ" in old.text
    new = client.get("/results/06685").text.replace("\u00a0", " ")
    assert "n = 12" in new
    assert "Gồm cả phiếu của đơn vị đã nhập vào: Phường Hồng Gai" in new
    assert client.get("/results/99999").status_code == 404
