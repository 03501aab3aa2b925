"""A small trial through the public form: what was posted is what is counted, and nothing more can be told."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app import clock, installation
from app.accounts import passwords
from app.accounts.queries import officer_by_username
from app.accounts.roles import NAMES
from app.analysis import rollups
from app.analysis.casework.models import RecheckCase
from app.analysis.day_closing import closed_through
from app.analysis.models import Ledger
from app.analysis.stats import sums
from app.config import Config
from app.db import migrate
from app.db.session import Database
from app.dossiers.models import ApologyLetter, Dossier
from app.dossiers.statuses import Status
from app.feedback.answering.models import CaseDraft, CaseNote, ReplyTemplate
from app.feedback.cases.fields import fields_of
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case, CaseExclusion, CitizenSession
from app.feedback.conflicts.models import CounterDuty
from app.feedback.denunciations.models import Denunciation
from app.feedback.inbox.models import SavedView
from app.feedback.merging.models import CaseMerge
from app.qr.models import QrCode, QrScan
from app.rules.kinds import Kind
from app.simulation import known_officers, office_life, trial
from app.simulation.case_handling import handle_all, more_cases
from app.simulation.case_year import Year
from app.simulation.province import PROVINCE_CODE, first_day_of_trial
from app.survey.flags import Flag
from app.survey.models import Response, SpentForm, SurveyRound, TodaysResponse, WrittenAnswer
from app.survey.packing import layout
from app.units.models import Unit
from app.units.queries import unit_by_code
from tests.support.databases import Databases, address_of
from tests.support.keys import TEST_KEYS

PEOPLE = 300
PLANNED = ("OfficeLife", "Register", "Scenes")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=clock.VIETNAM)


@pytest.fixture(scope="module")
def place(databases: Databases, database_kind: str, tmp_path_factory) -> Iterator[tuple[Database, Config]]:
    """An empty simulated installation."""
    # On a fixed day, so that the same people come whenever the test is run.
    with clock.use(lambda: NOON), databases.empty(database_kind) as database:
        migrate.upgrade(database)
        with database.transaction() as session:
            installation.create(session, simulated=True)
        yield (
            database,
            Config(
                database_url=address_of(database),
                data_dir=tmp_path_factory.mktemp("trial"),
                secret_key=b"trial-" * 8,
                public_url="http://localhost",
                log_level="ERROR",
                kept_seconds=0,
                encryption_keys=TEST_KEYS,
            ),
        )


@pytest.fixture(scope="module")
def tally(place):
    """What the people of a small trial left behind."""
    database, config = place
    assert trial.is_wanted(database)
    years: list[Year | None] = []
    with pytest.MonkeyPatch.context() as watched:
        watched.setattr(trial, "handle_all", lambda *given, **more: years.append(handle_all(*given, **more)))
        found = trial.start(database, config, people=PEOPLE, seed=5, most_communes=3, processes=1)
    assert years[0] is not None
    assert [name for name in years[0].refused if name.startswith(PLANNED)] == []
    return found


@pytest.fixture
def session(place, tally):
    with place[0].reading() as opened:
        yield opened


def test_everything_posted_is_counted_once(session, tally) -> None:
    assert tally.taps == PEOPLE
    assert session.scalar(select(func.count()).select_from(Response)) == PEOPLE
    assert session.scalar(select(func.sum(QrScan.count))) == PEOPLE
    assert session.scalar(select(func.count()).select_from(Case)) == tally.feedback + more_cases(tally.feedback)
    assert tally.feedback
    assert 0 < session.scalar(select(func.count()).select_from(WrittenAnswer)) < tally.details < tally.taps
    survey_round = session.scalars(select(SurveyRound)).one()
    criteria = layout(rollups.set_of_round(survey_round)).criteria
    rows = session.scalars(select(Response.answers)).all()
    assert sum(any(row[place] for place in criteria) for row in rows) == tally.details


def test_sums_equal_recomputation(session) -> None:
    survey_round = session.scalars(select(SurveyRound)).one()
    stored, fresh = rollups.stored(session, Ledger.LIVE, survey_round), rollups.rebuild(session, survey_round)
    assert stored.keys() == fresh.keys()
    assert all((stored[key] == fresh[key]).all() for key in fresh)
    people = [sums.responses(vector) for key, vector in stored.items() if key.from_month == 0]
    assert sum(people) == PEOPLE


def test_the_year_is_closed_and_its_keys_are_gone(session, place) -> None:
    assert session.scalar(select(func.count()).select_from(TodaysResponse)) == 0
    assert list((place[1].data_dir / "day-keys").glob("*.key")) == []
    today = clock.local_date()
    assert closed_through(session, today) == today - timedelta(days=1)
    first, last = session.execute(select(func.min(Response.answered_on), func.max(Response.answered_on))).one()
    assert first_day_of_trial(today) <= first
    assert last < today


def test_feedback_cannot_be_joined_with_answers(session) -> None:
    keys = {bytes.fromhex(case_id) for case_id in session.scalars(select(Case.id))}
    forms = {bytes(form) for form in session.scalars(select(SpentForm.form_id))}
    assert not any(key in form or form in key for key in keys for form in forms)
    shared = set(Case.__table__.columns.keys()) & set(Response.__table__.columns.keys())
    assert shared <= {"counter_id", "channel", "language"}  # and the day, under two names
    assert session.scalar(select(func.count()).select_from(CitizenSession)) == 0  # every code was kept


def test_behaviour_leaves_its_flags(session) -> None:
    each = session.scalars(select(Response.flags)).all()
    found = Flag(0)
    for flags in each:
        found |= Flag(flags)
    assert Flag.CLOSED_HOURS in found
    assert Flag.TOO_FAST in found
    assert Flag.STRAIGHT_LINE in found
    assert Flag.BURST in found
    assert each.count(0) > PEOPLE / 2


def test_the_truth_is_written_for_the_units_that_were_made(session, place) -> None:
    truth = json.loads((place[1].data_dir / trial.TRUTH_FILE).read_text(encoding="utf-8"))
    codes = set(session.scalars(select(Unit.code)))
    assert len(truth["units"]) == 4
    assert set(truth["units"]) <= codes


def test_pages_say_that_all_is_simulated(place, tally, make_app) -> None:
    database, config = place
    client = make_app(config).test_client()
    with database.reading() as session:
        token = session.scalars(select(QrCode.token)).first()
    for address in (f"/q/{token}", "/results"):
        page = client.get(address)
        assert page.status_code == 200
        assert "DỮ LIỆU MÔ PHỎNG" in page.get_data(as_text=True)


def test_a_filled_database_is_not_filled_again(place, tally) -> None:
    assert not trial.is_wanted(place[0])


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 21), date(2025, 11, 21)),
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2026, 3, 1), date(2025, 7, 1)),
    ],
)
def test_twelve_months_but_no_day_before_the_present_communes(today, first) -> None:
    assert first_day_of_trial(today) == first


def test_known_officers_are_handed_out_with_a_password_of_their_own(place, tally) -> None:
    made = known_officers.hand_out(place[0])
    with place[0].reading() as session:
        for one in made:
            officer = officer_by_username(session, one.username)
            assert passwords.verify(officer.password_hash, one.password)
    assert len({one.password for one in made}) == len(made) == len(known_officers.KNOWN)
    assert {one.role for one in made} == {NAMES[role] for _name, _full, role, _place in known_officers.KNOWN}


def test_simulated_cases_look_like_life(session) -> None:
    cases = session.scalars(select(Case)).all()
    assert len({case.text for case in cases}) > len(cases) * 0.8
    assert {case.is_anonymous for case in cases} == {True, False}
    assert {case.state for case in cases} == set(State)
    late = [case for case in cases if case.due_on and (case.closed_on or clock.local_date()) > case.due_on]
    assert 0 < len(late) < len(cases) * 0.15
    assert any(case.due_on and 0 <= (case.due_on - clock.local_date()).days <= 3 for case in cases)
    assert all(case.kind is Kind.COMPLAINT for case in cases if case.state is State.SUSPENDED)
    told = fields_of(session)
    known = [case for case in cases if told.of(case.procedure_id, case.counter_id) is not None]
    assert len(known) > len(cases) * 0.5
    dossiers = session.scalars(select(Dossier)).all()
    assert {one.status for one in dossiers} >= {Status.OPEN, Status.FINISHED}
    assert any(one.finished_on and one.finished_on > one.due_on for one in dossiers)
    assert all(one.procedure_id for one in dossiers)
    assert session.scalar(select(func.count()).select_from(ReplyTemplate)) > len(office_life.TEMPLATES)
    for one in (CounterDuty, CaseExclusion, CaseMerge, CaseDraft, CaseNote, SavedView, RecheckCase, Denunciation):
        assert session.scalar(select(func.count()).select_from(one)), one


def test_a_case_stays_with_its_unit_or_goes_up(session) -> None:
    province = unit_by_code(session, PROVINCE_CODE, clock.local_date())
    moved = session.scalars(select(Case).where(Case.unit_id != Case.concerned_unit_id)).all()
    assert {case.unit_id for case in moved} == {province.id}


def test_letters_of_apology_are_owed_and_sent(session) -> None:
    letters = session.scalars(select(ApologyLetter)).all()
    assert {one.sent_on is None for one in letters} == {True, False}
    assert all(one.new_due_on > one.sent_on for one in letters if one.sent_on and one.new_due_on)
