"""Dossiers: deliveries, shares, totals as printed in five reports, letters of apology."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.dossiers import letter_queries, letters, queries, totals
from app.dossiers.errors import BadCounts, BadLetter, UnknownDossier
from app.dossiers.letter_queries import LettersOwed
from app.dossiers.models import ApologyLetter, Dossier, DossierApplicant, DossierCount
from app.dossiers.queries import Span
from app.dossiers.shares import Counts
from app.dossiers.totals import Totals
from app.i18n.formats import format_integer, format_percent
from app.jobs.registry import Tools, job_named
from app.settings import settings
from app.settings.known import LETTERS_SINCE
from app.settings.models import SettingChange
from app.units.models import Unit
from app.units.types import Level
from tests.factories.dossiers import deliver, row
from tests.factories.law import load_law
from tests.factories.officers import make_officer
from tests.factories.units import make_unit
from tests.support.clock import SettableClock

TODAY = date(2026, 11, 21)
TWO_TIERS = date(2025, 7, 1)
OCTOBER = Span(date(2026, 10, 1), date(2026, 10, 31))
YEAR_2022 = Span(date(2022, 1, 1), date(2022, 12, 31))


@pytest.fixture
def session(database: Database, clock: SettableClock) -> Iterator[Session]:
    load_law(database)
    with database.transaction() as session:
        province = make_unit(session, "Tỉnh Quảng Ngãi", code="P")
        make_unit(session, "Xã Mộ Đức", code="A", type_code="commune", parent=province, valid_from=TWO_TIERS)
        make_unit(session, "Xã Long Phụng", code="B", type_code="commune", parent=province, valid_from=TWO_TIERS)
        make_officer(session, role=Role.HOME_AFFAIRS)
        yield session


def _unit(session: Session, code: str) -> int:
    return session.scalars(select(Unit.id).where(Unit.code == code)).one()


def _officer(session: Session) -> int:
    return session.scalars(select(Officer.id)).one()


def _deliver(session: Session, *rows: dict[str, str]) -> tuple[int, int, int]:
    taken = deliver(session, _officer(session), list(rows), TODAY)
    return taken.added, taken.changed, taken.same


IN_TIME = row(1, "A", "01/10/2026", "10/10/2026", "10/10/2026")
LATE = row(2, "A", "02/10/2026", "10/10/2026", "11/10/2026")
NO_DAY = row(3, "A", "03/10/2026", "", "12/10/2026")
OPEN_LATE = row(4, "A", "04/10/2026", "20/10/2026")
OPEN = row(5, "A", "05/10/2026", "20/12/2026")
REFUSED = row(6, "A", "06/10/2026", "20/10/2026", "08/10/2026", status="Từ chối")
EARLIER = row(7, "A", "01/09/2026", "30/09/2026", "02/10/2026")
OTHER = row(8, "B", "01/10/2026", "10/10/2026", "09/10/2026")


def test_counts_of_a_period(session: Session) -> None:
    assert _deliver(session, IN_TIME, LATE, NO_DAY, OPEN_LATE, OPEN, REFUSED, EARLIER, OTHER) == (8, 0, 0)
    lines = {line.name: line.counts for line in queries.by_unit(session, None, OCTOBER, TODAY)}
    assert lines["Xã Mộ Đức"] == Counts(received=6, settled=4, on_time=1, late=2, open=2, open_late=1)
    assert lines["Xã Long Phụng"] == Counts(received=1, settled=1, on_time=1)
    assert queries.by_level(queries.by_unit(session, None, OCTOBER, TODAY)) == {
        Level.COMMUNE: lines["Xã Mộ Đức"] + lines["Xã Long Phụng"]
    }
    assert queries.by_field(session, None, OCTOBER, TODAY) == [("", lines["Xã Mộ Đức"] + lines["Xã Long Phụng"])]
    only = queries.by_unit(session, frozenset({_unit(session, "B")}), OCTOBER, TODAY)
    assert [line.name for line in only] == ["Xã Long Phụng"]


def test_finished_dossiers_are_the_population_of_a_unit(session: Session) -> None:
    _deliver(session, IN_TIME, LATE, OPEN, OTHER)
    a, b = _unit(session, "A"), _unit(session, "B")
    assert queries.populations(session, [a, b], OCTOBER, TODAY) == {a: 2, b: 1}
    assert queries.populations(session, [a], Span(date(2026, 11, 1), date(2026, 11, 30)), TODAY) == {}


def test_the_same_delivery_again_changes_nothing_and_a_later_one_brings_up_to_date(session: Session) -> None:
    assert _deliver(session, IN_TIME, OPEN) == (2, 0, 0)
    assert _deliver(session, IN_TIME, OPEN) == (0, 0, 2)
    finished = {**OPEN, "finished": "20/11/2026", "status": "Đã trả kết quả"}
    assert _deliver(session, IN_TIME, finished) == (0, 1, 1)
    assert session.scalar(select(func.count()).select_from(Dossier)) == 2


PRINTED = (
    # The reports round ("nearly 2,800", "over 98 %"): parts that are not printed there are the nearest that give the share.
    # unit, received, settled, on time, late, what the report prints
    ("TP Cao Lãnh", 2798, 2798, 2748, 50, "98,2"),
    ("Xã, phường TP Cao Lãnh", 11482, 11482, 11252, 230, "98,0"),
    ("Xã Mộ Đức", 57570, 57570, 56910, 660, "98,9"),
)


def test_totals_of_reports_come_out_as_printed(session: Session) -> None:
    province = session.get_one(Unit, _unit(session, "P"))
    for index, (name, received, settled, on_time, late, _) in enumerate(PRINTED):
        unit = make_unit(session, name, code=f"R{index}", type_code="department", parent=province)
        counts = Counts(received=received, settled=settled, on_time=on_time, late=late)
        totals.enter(session, None, Totals(unit.id, YEAR_2022.first, YEAR_2022.last, counts, "Báo cáo CCHC 2022"))
    lines = {line.name: line for line in queries.by_unit(session, None, YEAR_2022, TODAY)}
    for name, received, *_, printed in PRINTED:
        share = lines[name].counts.on_time_share
        assert share is not None
        assert lines[name].is_total
        assert lines[name].counts.received == received
        assert format_percent(float(share), places=1) == f"{printed}\u00a0%"
    assert format_integer(lines["Xã Mộ Đức"].counts.on_time) == "56.910"


def test_what_a_report_does_not_print_is_not_made_up(session: Session) -> None:
    """Mộ Đức 2022: of its one-stop office the report says received and settled, not how many in time."""
    unit = make_unit(
        session, "Một cửa huyện", type_code="department", parent=session.get_one(Unit, _unit(session, "P"))
    )
    counts = Counts(received=16000, settled=15500)
    totals.enter(session, None, Totals(unit.id, YEAR_2022.first, YEAR_2022.last, counts, "Báo cáo CCHC 2022"))
    (line,) = queries.by_unit(session, frozenset({unit.id}), YEAR_2022, TODAY)
    assert (format_integer(line.counts.received), format_integer(line.counts.settled)) == ("16.000", "15.500")
    assert (line.counts.dated, line.counts.on_time_share, line.counts.late_share) == (0, None, None)


def test_a_report_that_tells_no_days_has_counts_and_no_share(session: Session) -> None:
    """The one-stop unit of Mộ Đức, 2022: "over 16,000 dossiers, over 15,500 settled" and no word of days."""
    unit_id = _unit(session, "A")
    told = Counts(received=16_000, settled=15_500)
    totals.enter(session, None, Totals(unit_id, YEAR_2022.first, YEAR_2022.last, told, "Báo cáo CCHC 2022"))
    (line,) = queries.by_unit(session, None, YEAR_2022, TODAY)
    assert (format_integer(line.counts.received), format_integer(line.counts.settled)) == ("16.000", "15.500")
    assert line.counts.on_time_share is None


@pytest.mark.parametrize(("name", "late", "all_of_them"), [("TNMT", 14, 45), ("KTHT", 6, 18), ("TCKH", 6, 29)])
def test_late_tasks_of_the_departments_of_an_lao(session: Session, name: str, late: int, all_of_them: int) -> None:
    unit = make_unit(session, name, type_code="department", parent=session.get_one(Unit, _unit(session, "P")))
    counts = Counts(received=all_of_them, settled=all_of_them, on_time=all_of_them - late, late=late)
    span = Span(date(2023, 1, 1), date(2023, 9, 30))
    totals.enter(session, None, Totals(unit.id, span.first, span.last, counts, "Thông báo 02/10/2023"))
    (line,) = queries.by_unit(session, frozenset({unit.id}), span, TODAY)
    assert (line.counts.late, line.counts.dated) == (late, all_of_them)


def test_single_dossiers_win_over_totals_and_both_are_never_added(session: Session) -> None:
    unit_id = _unit(session, "A")
    entered = Totals(unit_id, OCTOBER.first, OCTOBER.last, Counts(settled=100, on_time=100), "Báo cáo")
    totals.enter(session, None, entered)
    assert queries.by_unit(session, None, OCTOBER, TODAY)[0].counts.settled == 100
    _deliver(session, IN_TIME)
    (line,) = queries.by_unit(session, None, OCTOBER, TODAY)
    assert (line.is_total, line.counts.settled) == (False, 1)


@pytest.mark.parametrize(
    ("first", "last", "source", "field"),
    [
        (date(2026, 10, 2), date(2026, 10, 1), "x", "last_on"),
        (date(2026, 11, 22), date(2026, 11, 30), "x", "first_on"),
        (date(2026, 10, 15), date(2026, 11, 15), "x", "first_on"),
        (date(2026, 9, 1), date(2026, 9, 30), " ", "source"),
    ],
)
def test_totals_that_cannot_be_are_refused(session: Session, first: date, last: date, source: str, field: str) -> None:
    unit_id = _unit(session, "A")
    totals.enter(session, None, Totals(unit_id, OCTOBER.first, OCTOBER.last, Counts(settled=1, on_time=1), "Báo cáo"))
    with pytest.raises(BadCounts) as refused:
        totals.enter(session, None, Totals(unit_id, first, last, Counts(), source))
    assert refused.value.field == field
    totals.enter(
        session, None, Totals(unit_id, OCTOBER.first, OCTOBER.last, Counts(settled=2, on_time=2), "Đính chính")
    )
    assert session.scalars(select(DossierCount.settled)).all() == [2]


def _owed(session: Session, on: date) -> LettersOwed:
    lines = letter_queries.letters(session, None, on)
    return letter_queries.by_unit(lines).get(_unit(session, "A"), LettersOwed())


def _letters(session: Session) -> list[tuple[int, date, date | None]]:
    rows = session.scalars(select(ApologyLetter).order_by(ApologyLetter.dossier_id, ApologyLetter.number))
    return [(one.number, one.owed_by, one.sent_on) for one in rows]


def _sent(**changes: object) -> letters.Sent:
    values = {
        "sent_on": TODAY,
        "new_due_on": date(2026, 12, 1),
        "document": "12/TXL",
        "reason": "Chờ xác minh hồ sơ đất đai",
        "signed_by": "Nguyễn Văn An",
    }
    return letters.Sent(**{**values, **changes})  # type: ignore[arg-type]


def test_letters_are_owed_a_day_before_the_due_day_by_the_rule(session: Session) -> None:
    tomorrow = row(9, "A", "01/11/2026", "22/11/2026", name="Trần Thị B")
    later = row(10, "A", "01/11/2026", "23/11/2026", name="Lê Văn C")
    _deliver(session, tomorrow, later, OPEN_LATE, IN_TIME)
    # The last day of the third is a Sunday: on the Saturday before, the last working day for it has gone by.
    last_days = [date(2026, 10, 19), date(2026, 11, 21), date(2026, 11, 22)]
    assert sorted(owed for _, owed, _ in _letters(session)) == last_days
    assert letters.reckon_owed(session, TODAY) == 0
    assert _owed(session, TODAY) == LettersOwed(owed=3, owed_late=1)
    lines = {line.owed_by: line.work_by for line in letter_queries.letters(session, None, TODAY)}
    assert lines[date(2026, 11, 22)] == date(2026, 11, 20)


def test_a_letter_is_sent_once_and_one_more_day_only_as_the_rule_allows(session: Session) -> None:
    _deliver(session, OPEN_LATE)
    dossier_id = session.scalars(select(Dossier.id)).one()
    letters.send(session, _officer(session), dossier_id, _sent())
    with pytest.raises(UnknownDossier):
        letters.send(session, _officer(session), dossier_id, _sent())
    assert letters.reckon_owed(session, TODAY) == 0
    assert letters.reckon_owed(session, date(2026, 11, 30)) == 1
    with pytest.raises(BadLetter) as refused:
        letters.send(session, _officer(session), dossier_id, _sent(new_due_on=date(2026, 12, 20)))
    assert refused.value.field == "new_due_on"
    assert _owed(session, TODAY) == LettersOwed(owed=1, sent=1)
    letters.send(session, _officer(session), dossier_id, _sent(new_due_on=None))  # it only says sorry
    assert letters.reckon_owed(session, date(2026, 12, 24)) == 0
    assert _owed(session, TODAY) == LettersOwed(sent=2, sent_in_time=1)


def test_a_dossier_finished_late_owes_a_letter_without_a_new_day(session: Session) -> None:
    withdrawn = row(12, "A", "02/10/2026", "10/10/2026", "11/10/2026", status="Công dân rút")
    _deliver(session, {**LATE, "name": "Lê Văn Cam"}, IN_TIME, NO_DAY, withdrawn)
    assert _letters(session) == [(1, date(2026, 10, 9), None)]
    assert session.scalars(select(DossierApplicant.name)).all() == ["Lê Văn Cam"]
    dossier_id = session.scalars(select(ApologyLetter.dossier_id)).one()
    with pytest.raises(BadLetter) as refused:
        letters.send(session, _officer(session), dossier_id, _sent())
    assert refused.value.field == "new_due_on"
    letters.send(session, _officer(session), dossier_id, _sent(new_due_on=None))
    assert letters.reckon_owed(session, TODAY) == 0
    assert _owed(session, TODAY) == LettersOwed(sent=1)
    assert letters.erase_names(session, TODAY) == 1


def test_the_day_promised_last_decides_whether_a_further_letter_is_owed(session: Session) -> None:
    _deliver(session, OPEN_LATE)
    dossier_id = session.scalars(select(Dossier.id)).one()
    letters.send(session, _officer(session), dossier_id, _sent(new_due_on=date(2026, 11, 24)))
    assert letters.reckon_owed(session, date(2026, 11, 23)) == 1
    finished = {**OPEN_LATE, "finished": "20/11/2026", "status": "Đã trả kết quả"}
    _deliver(session, finished)  # before the new day, though after the first one
    assert _owed(session, TODAY) == LettersOwed(sent=1)
    session.execute(update(Dossier).values(finished_on=date(2026, 11, 25)))
    assert letters.reckon_owed(session, date(2026, 11, 26)) == 1
    letters.send(session, _officer(session), dossier_id, _sent(new_due_on=None))


def test_what_was_owed_by_a_day_and_from_which_day_the_register_is_kept(session: Session, clock: SettableClock) -> None:
    _deliver(session, LATE, OPEN_LATE, EARLIER, {**OTHER, "finished": "12/10/2026"})
    assert len(_letters(session)) == 4
    settled = session.scalars(select(Dossier.id).where(Dossier.code == EARLIER["code"])).one()
    letters.send(session, _officer(session), settled, _sent(new_due_on=None, sent_on=date(2026, 10, 12)))
    assert _owed(session, date(2026, 9, 28)) == LettersOwed()
    assert _owed(session, date(2026, 10, 9)) == LettersOwed(owed=2, owed_late=1)
    assert _owed(session, date(2026, 10, 12)) == LettersOwed(owed=1, owed_late=1, sent=1)
    assert _owed(session, TODAY) == LettersOwed(owed=2, owed_late=2, sent=1)
    session.add(SettingChange(name=LETTERS_SINCE.name, value="15/10/2026", changed_at=clock(), reason="Sổ mới"))
    session.flush()
    settings.forget(session)
    assert letters.reckon_owed(session, TODAY) == 0
    assert _owed(session, TODAY) == LettersOwed(owed=1, owed_late=1, sent=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sent_on": date(2026, 11, 22)}, "sent_on"),
        ({"new_due_on": TODAY}, "new_due_on"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_a_letter_that_cannot_be_is_refused(session: Session, changes: dict[str, object], field: str) -> None:
    _deliver(session, OPEN_LATE)
    with pytest.raises(BadLetter) as refused:
        letters.send(session, _officer(session), session.scalars(select(Dossier.id)).one(), _sent(**changes))
    assert refused.value.field == field


def test_a_letter_noted_too_early_is_taken_back_when_the_dossier_was_finished_in_time(session: Session) -> None:
    tomorrow = row(9, "A", "01/11/2026", "22/11/2026")
    _deliver(session, tomorrow)
    assert len(_letters(session)) == 1
    _deliver(session, {**tomorrow, "finished": "21/11/2026", "status": "Đã trả kết quả"})
    assert _letters(session) == []


def test_names_are_kept_for_open_dossiers_only_and_not_for_ever(session: Session) -> None:
    named = {**OPEN, "name": "Trần Thị Bưởi", "address": "Thôn 3"}
    _deliver(session, named, {**IN_TIME, "name": "Lê Văn Cam"})
    assert session.scalars(select(DossierApplicant.name)).all() == ["Trần Thị Bưởi"]
    assert letters.erase_names(session, TODAY) == 0
    _deliver(session, {**named, "finished": "20/11/2026", "status": "Đã trả kết quả"})
    assert session.scalars(select(DossierApplicant.name)).all() == []
    _deliver(session, row(11, "A", "01/11/2026", "30/12/2026", name="Cam"))
    assert letters.erase_names(session, letters.erase_day(TODAY)) == 1


def test_the_nightly_job_notes_letters_and_erases_names(
    session: Session, database: Database, config: Config, day_keys: DayKeys, clock: SettableClock
) -> None:
    _deliver(session, {**OPEN, "name": "Trần Thị Bưởi"})
    session.commit()
    job, tools = job_named("follow-dossiers"), Tools(database, config, day_keys)
    assert job is not None
    assert job.run(tools) == "letters owed 0, names erased 0"
    clock.set_local(date(2026, 12, 20))
    assert job.run(tools) == "letters owed 1, names erased 0"
    clock.set_local(letters.erase_day(TODAY))
    assert job.run(tools) == "letters owed 0, names erased 1"
