"""Reminders and word to those above: each step once, to the right people, in working hours only; the digest."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.contacts.models import Level
from app.accounts.roles import Role
from app.clock import VIETNAM
from app.config import SmallNumbers
from app.dossiers import letters
from app.dossiers import reminders as letter_reminders
from app.dossiers.models import ApologyLetter
from app.feedback.cases import queries
from app.feedback.cases.kinds import State, Step
from app.feedback.cases.models import Case
from app.feedback.cases.queries import Filters
from app.feedback.cases.reminders import CaseReminder
from app.feedback.following import services as following
from app.feedback.handling import services as handling
from app.feedback.notices import digest, reminders
from app.messages.models import OutboxMessage
from app.messages.states import Channel
from app.messages.worker import Waiting
from app.rules.kinds import Kind
from app.settings import services as settings
from app.settings.known import ESCALATE_ABOVE
from tests.factories import case_acts
from tests.factories.cases import CONTACT, make_case, make_denunciation
from tests.factories.dossiers import deliver, row
from tests.factories.officers import sign_in
from tests.functional.notices.conftest import MONDAY, Town

DUE = date(2026, 12, 8)  # a Tuesday


@pytest.fixture
def staffed(town: Town) -> Town:
    """A clerk, the head of the commune, the head of the province, Home Affairs; a neighbour who must hear nothing."""
    town.officer("clerk", Role.CASE_OFFICER, town.commune)
    town.officer("leader", Role.UNIT_LEADER, town.commune)
    town.officer("above", Role.UNIT_LEADER, town.province)
    town.officer("home", Role.HOME_AFFAIRS, None)
    town.officer("neighbour", Role.UNIT_LEADER, town.other)
    return town


def _due(town: Town, *, assignee: str | None = "clerk", **more: Any) -> str:
    """A case whose due date is ``DUE``."""
    with town.database.transaction() as session:
        case = make_case(session, unit_id=town.commune, **more)
        case.due_on = DUE
        case.assignee_id = None if assignee is None else town.ids[assignee]
        return case.id


def _run_until(town: Town, last: date) -> list[tuple[date, str, str]]:
    """Run the job at every hour of every day, as the runner does; who was written what, on which day."""
    found: list[tuple[date, str, str]] = []
    before: Counter[tuple[str, str]] = Counter()
    while town.clock.today <= last:
        for hour in (3, 8, 12, 16, 22):
            town.clock.set_local(town.clock.today, time(hour))
            reminders.remind(town.database)
        now = Counter(town.written())
        found += [(town.clock.today, *one) for one in sorted((now - before).elements())]
        before = now
        town.clock.next_day()
    return found


def test_each_step_is_told_once_to_whom_it_concerns_in_working_time(staffed: Town) -> None:
    key = _due(staffed)
    assert _run_until(staffed, date(2026, 12, 20)) == [
        (date(2026, 12, 4), "clerk", "officer-due"),  # a Friday, two working days before
        (DUE, "clerk", "officer-due-today"),
        (date(2026, 12, 9), "clerk", "officer-late"),
        (date(2026, 12, 9), "leader", "officer-late"),
        (date(2026, 12, 11), "above", "officer-late"),
    ]
    assert len(staffed.written()) == 5
    assert staffed.fields("officer-due")[0] | {"number": ""} == {"number": "", "due": "08/12/2026", "days": "2"}
    with staffed.database.reading() as session:
        rows = session.scalars(select(CaseReminder).where(CaseReminder.case_id == key)).all()
        assert {row.step: row.told for row in rows} == {Step.BEFORE: 1, Step.TODAY: 1, Step.LEADER: 2, Step.ABOVE: 1}
        for message in session.scalars(select(OutboxMessage)):
            hour = message.next_try_at.astimezone(VIETNAM)
            assert hour.weekday() < 5
            assert 7 <= hour.hour < 17


def test_paused_cases_excluded_people_and_whoever_is_not_reached_hear_nothing_and_a_flood_ends(staffed: Town) -> None:
    staffed.officer("second", Role.UNIT_LEADER, staffed.commune, None)  # so that the hidden case stays where it is
    paused, free = _due(staffed), _due(staffed, assignee=None)
    hidden = _due(staffed)
    above = staffed.viewer("above")
    with staffed.database.transaction() as session:
        handling.pause(session, above, paused, case_acts.version(session, paused), "Công văn số 5.")
        handling.exclude(session, above, hidden, case_acts.version(session, hidden), staffed.ids["leader"], "superior")
        for key in (paused, hidden):  # each act reckons the date anew
            session.get_one(Case, key).due_on = DUE
        for number in range(12):
            make_case(session, unit_id=staffed.other, text=f"Việc {number}").due_on = DUE
    staffed.clock.set_local(date(2026, 12, 14), time(9))
    said = reminders.remind(staffed.database)
    assert reminders.remind(staffed.database).startswith("steps 0, messages 0")
    told = staffed.written()
    assert said == f"steps {14 * 4}, messages {len(told)}, questions 0"
    # Late for long, so nobody is reminded that they are due soon; the excluded head does not hear of the hidden one.
    assert told.count(("leader", "officer-late")) == 1
    assert told.count(("clerk", "officer-late")) == 1
    assert told.count(("neighbour", "officer-late")) == reminders.MOST_AT_ONCE
    assert told.count(("above", "officer-late")) == reminders.MOST_AT_ONCE
    assert ("home", "officer-late") not in told
    with staffed.database.reading() as session:
        assert session.scalar(select(CaseReminder.told).where(CaseReminder.case_id == paused)) is None
        mark = session.get_one(CaseReminder, (free, DUE, Step.TODAY))
        assert (mark.told, mark.noted_on) == (0, staffed.clock.today)


def test_a_new_due_date_begins_anew_and_a_step_can_be_left_out(staffed: Town) -> None:
    with staffed.database.transaction() as session:
        settings.change(session, staffed.ids["home"], ESCALATE_ABOVE, "0", "Thử.", SmallNumbers())
    key = _due(staffed)
    staffed.clock.set_local(date(2026, 12, 14), time(9))
    reminders.remind(staffed.database)
    assert staffed.written() == [("clerk", "officer-late"), ("leader", "officer-late")]
    with staffed.database.transaction() as session:
        session.get_one(Case, key).due_on = date(2026, 12, 16)
    reminders.remind(staffed.database)
    assert ("clerk", "officer-due") in staffed.written()


def test_senders_are_reminded_of_a_question_that_ends_tomorrow(staffed: Town) -> None:
    key = _due(staffed, contact=replace(CONTACT, wants_notices=True, email=""))
    with staffed.database.transaction() as session:
        case_acts.ask(session, staffed.viewer("leader"), key, MONDAY + timedelta(days=2))
    reminders.remind(staffed.database)
    assert staffed.written() == []
    staffed.clock.next_day()  # a holiday: questions end on those too
    reminders.remind(staffed.database)
    reminders.remind(staffed.database)
    assert staffed.written() == [("+84912345678", "case-question")]


def test_the_digest_says_what_the_page_and_the_lists_say_and_nothing_when_there_is_nothing(
    staffed: Town, app: Flask
) -> None:
    staffed.officer("calm", Role.CASE_OFFICER, staffed.commune, Level.DIGEST)
    staffed.officer("silent", Role.CASE_OFFICER, staffed.commune, Level.OFF)
    keys = [_due(staffed, assignee=None) for _ in range(3)]
    with staffed.database.transaction() as session:
        make_case(session, unit_id=staffed.other, kind=Kind.COMPLAINT, meets_form=False)
        leader = staffed.viewer("leader")
        for key in keys[:2]:
            case_acts.take_up(session, leader, key)
        case_acts.close(session, leader, keys[0])
        following.ask_reopening(session, keys[0], "Chưa đúng.")
        case_acts.ask(session, leader, keys[1], MONDAY + timedelta(days=1))
    with staffed.database.transaction() as session:
        handling.exclude(
            session,
            staffed.viewer("above"),
            keys[2],
            case_acts.version(session, keys[2]),
            staffed.ids["calm"],
            "family",
        )
    staffed.clock.set_local(MONDAY, time(7, 15))
    assert digest.send_digests(staffed.database) == "not now"
    staffed.clock.set_local(MONDAY, time(7, 30))
    digest.send_digests(staffed.database)
    digest.send_digests(staffed.database)
    told = [name for name, _template in staffed.written()]
    assert sorted(told) == ["above", "calm", "clerk", "home", "leader", "neighbour"]
    today = staffed.clock.today
    with staffed.database.reading() as session:
        for name in ("leader", "calm", "above", "neighbour", "silent"):
            viewer = staffed.viewer(name)
            found = digest.figures(session, viewer, today)
            for count, wanted in (
                (found.new, Filters(state=State.RECEIVED)),
                (found.late, Filters(due="late")),
                (found.soon, Filters(due="soon")),
                (found.asked, Filters(is_asked=True)),
            ):
                assert count == queries.page(session, viewer, today, wanted, 1).total
    with staffed.database.reading() as session:
        leaders = digest.figures(session, staffed.viewer("leader"), today)
        assert (leaders.new, leaders.asked, leaders.ending, leaders.open) == (1, 1, 1, 2)
        assert digest.figures(session, staffed.viewer("calm"), today).new == 0
    client = app.test_client()
    assert sign_in(client, "leader").status_code == 303
    page = client.get("/officer/today").text
    assert '<span class="figure">1</span>' in page
    assert re.search(r"<p>Hôm nay là (thứ|Chủ nhật)[^<]*, [0-9/]{10}\.</p>", page)
    assert "Đổi cách nhận nhắc việc" in page
    staffed.clock.set_local(date(2026, 11, 28), time(9))  # a Saturday
    assert digest.send_digests(staffed.database) == "not now"


def test_of_a_denunciation_only_that_something_waits_is_said_once_a_morning_to_who_may_read_it(staffed: Town) -> None:
    with staffed.database.transaction() as session:
        told = make_denunciation(session, unit_id=staffed.commune)
        number = told.public_number
    digest.send_digests(staffed.database)
    digest.send_digests(staffed.database)
    assert staffed.written() == [("above", "denunciation-received")]
    with staffed.database.reading() as session:
        message = session.scalars(select(OutboxMessage)).one()
        assert (message.about, message.fields) == (None, "{}")
        assert number not in str(message.once)


def test_letters_of_apology_that_are_due_are_told_in_one_message_to_who_may_send_them(staffed: Town) -> None:
    with staffed.database.transaction() as session:
        rows = [row(number, "C1", "02/11/2026", "24/11/2026") for number in (1, 2)]
        deliver(session, staffed.ids["home"], [*rows, row(3, "C1", "02/11/2026", "18/12/2026")], MONDAY)
    staffed.clock.next_day()
    with staffed.database.transaction() as session:
        letters.reckon_owed(session, staffed.clock.today)
    assert letter_reminders.remind(staffed.database) == "letters 3"
    assert letter_reminders.remind(staffed.database) == "letters 0"
    assert staffed.written() == [(name, "letter-owed") for name in ("above", "clerk", "leader")]
    assert {one["count"] for one in staffed.fields("letter-owed")} == {"2"}
    waiting = Waiting(f"letters:{staffed.ids['clerk']}", Channel.EMAIL, "clerk@tinh.example.vn", "letter-owed")
    with staffed.database.transaction() as session:
        assert letter_reminders.may_go(session, waiting)
        session.execute(delete(ApologyLetter))
        assert not letter_reminders.may_go(session, waiting)
