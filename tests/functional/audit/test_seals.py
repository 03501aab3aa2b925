"""The answers of a round that has ended: sealed once, and every later change shows."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from app.accounts.roles import Role
from app.analysis.day_closing import close_due_days
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.crypto.day_keys import DayKeys
from app.crypto.types import in_row
from app.db.session import Database
from app.survey import sealing
from app.survey.models import Response, SurveyRound, WrittenAnswer
from app.survey.sampled.models import SampledAnswer, SampledCluster, SampledImport
from tests.factories.officers import officer_client, token_of
from tests.factories.sampled import make_sampled_round
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import Citizen
from tests.support.clock import SettableClock

ANSWERS = 12


@pytest.fixture
def survey(database: Database, clock: SettableClock) -> Surveyed:
    clock.set_local(date(2026, 10, 10))
    return make_survey(database, ends_on=date(2026, 10, 31))


@pytest.fixture
def ended(app: Flask, database: Database, survey: Surveyed, day_keys: DayKeys, clock: SettableClock) -> Surveyed:
    """A round with answers that an officer has closed, and the day closing that follows."""
    for number in range(ANSWERS):
        assert Citizen(app.test_client(), survey.token).tap(1 + number % 5).status_code == 303
    client = officer_client(app, database, role=Role.HOME_AFFAIRS)
    address = f"/officer/rounds/{survey.round_id}/close"
    sent = client.post(address, data={"csrf_token": token_of(client.get(address).text)})
    assert sent.status_code == 303
    assert seals(database) == []  # today's answers still wait
    close(database, day_keys, clock)
    return survey


def close(database: Database, keys: DayKeys, clock: SettableClock) -> None:
    close_due_days(database, keys, today=clock.next_day(), least=10)


def seals(database: Database) -> list[dict[str, dict[str, object]]]:
    with database.reading() as session:
        found = session.scalars(select(AuditEvent.new_value).where(AuditEvent.action == Action.ROUND_SEAL.value))
        return list(found)  # type: ignore[arg-type]


def found(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(one) for one in sealing.check(session)]


def test_a_closed_round_is_sealed_once_when_its_last_day_is_closed(
    ended: Surveyed, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    (sealed,) = seals(database)
    assert {key: one["rows"] for key, one in sealed.items()} == {
        "responses": ANSWERS, "written": 0, "sampled": 0, "clusters": 0,
    }  # fmt: skip
    assert len(str(sealed["responses"]["root"])) == 64
    close(database, day_keys, clock)
    assert len(seals(database)) == 1
    assert found(database) == []


def test_a_round_that_runs_out_is_sealed_too(
    survey: Surveyed, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    for day in (date(2026, 10, 30), date(2026, 10, 31)):
        clock.set_local(day - timedelta(days=1))
        close(database, day_keys, clock)
        assert seals(database) == []
    close(database, day_keys, clock)
    assert len(seals(database)) == 1


def test_a_removed_answer(ended: Surveyed, database: Database) -> None:
    with database.transaction() as session:
        key = session.scalars(select(Response.key).limit(1)).one()
        session.execute(delete(Response).where(Response.key == key))
    assert found(database) == [
        f"[changed-answers] Đợt khảo sát {ended.round_id}: phiếu trả lời: đã mất 1 (niêm phong 12, nay còn 11)."
    ]


@pytest.mark.parametrize("change", [{"answers": b"\x01"}, {"flags": 3}, {"channel": "kiosk"}, {"key": 5}], ids=str)
def test_a_changed_answer(ended: Surveyed, database: Database, change: dict[str, object]) -> None:
    with database.transaction() as session:
        key = session.scalars(select(Response.key).limit(1)).one()
        session.execute(update(Response).where(Response.key == key).values(**change))
    (words,) = found(database)
    assert "vẫn đủ 12 nhưng nội dung đã bị sửa hoặc thay" in words


def test_an_added_answer(ended: Surveyed, database: Database) -> None:
    with database.transaction() as session:
        row = session.scalars(select(Response).limit(1)).one()
        values = {column.name: getattr(row, column.name) for column in Response.__table__.c}
        session.execute(insert(Response).values(**{**values, "key": 7}))
    assert "thừa 1 (niêm phong 12, nay có 13)" in found(database)[0]


def test_two_answers_exchanged_for_each_other_show(ended: Surveyed, database: Database) -> None:
    with database.transaction() as session:
        one, *others = session.scalars(select(Response).order_by(Response.key)).all()
        other = next(row for row in others if row.answers != one.answers)
        one.answers, other.answers = other.answers, one.answers
    assert len(found(database)) == 1


def test_the_database_clustered_anew_changes_nothing(ended: Surveyed, database: Database) -> None:
    """The root depends on the answers only, not on where they lie."""
    with database.transaction() as session:
        rows = session.scalars(select(Response)).all()
        values = [{column.name: getattr(row, column.name) for column in Response.__table__.c} for row in rows]
        session.execute(delete(Response))
        session.execute(insert(Response), values[::-1])
    assert found(database) == []


def test_a_sampled_round_is_sealed_with_its_design(database: Database, day_keys: DayKeys, clock: SettableClock) -> None:
    place = make_sampled_round(database, units=2)
    with database.transaction() as session:
        made = SampledImport(
            round_id=place.round_id,
            officer_id=None,
            imported_at=clock(),
            mode="replace",
            source="csv",
            checksum="0" * 64,
            row_count=20,
            mapping={},
        )
        cluster = SampledCluster(
            round_id=place.round_id, stratum="a", psu="", first_population=100, second_population=None
        )
        session.add_all([made, cluster])
        session.flush()
        unit_id = next(iter(place.unit_ids.values()))
        session.execute(
            insert(SampledAnswer),
            [
                {
                    "round_id": place.round_id,
                    "key": 1000 - number,
                    "import_id": made.id,
                    "cluster_id": cluster.id,
                    "unit_id": unit_id,
                    "weight": 5,
                    "answers": b"\x01\x02",
                }
                for number in range(20)
            ],
        )
        session.get_one(SurveyRound, place.round_id).closed_on = clock.today
    close(database, day_keys, clock)
    close(database, day_keys, clock)
    (sealed,) = seals(database)
    assert (sealed["sampled"]["rows"], sealed["clusters"]["rows"]) == (20, 1)
    with database.transaction() as session:
        session.execute(update(SampledCluster).values(first_population=200))
    assert "cụm của mẫu chọn: vẫn đủ 1 nhưng nội dung đã bị sửa" in found(database)[0]
    with database.transaction() as session:
        session.execute(update(SampledCluster).values(first_population=100))
        session.execute(update(SampledAnswer).where(SampledAnswer.key == 1000).values(weight=6))
    assert "phiếu của mẫu chọn: vẫn đủ 20 nhưng nội dung đã bị sửa" in found(database)[0]


def test_a_changed_written_answer(ended: Surveyed, database: Database) -> None:
    """Written answers have a root of their own: taking one out by law leaves the proof of the others whole."""
    with database.transaction() as session:
        session.add(
            WrittenAnswer(
                key=5,
                round_id=ended.round_id,
                counter_id=ended.counter_ids[0],
                month=202610,
                question_id="comment",
                text=in_row("Rất nhanh", 5),
            )
        )
    assert "ý kiến viết: thừa 1 (niêm phong 0, nay có 1)" in found(database)[0]
