"""News of cases reach whom they concern and may know, once, without content, and not after access is lost."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.contacts.models import Level
from app.accounts.roles import Role
from app.clock import VIETNAM
from app.feedback.cases.models import Case, Reporter
from app.feedback.following import services as following
from app.feedback.handling import services as handling
from app.feedback.notices import news, sending
from app.feedback.notices.models import CaseNoticeMark
from app.feedback.routing import services as routing
from app.feedback.routing.rules import Why
from app.messages import worker
from app.messages.models import OutboxMessage
from app.messages.states import Channel, MessageState
from tests.factories import case_acts
from tests.factories.cases import CONTACT, TEXT, make_case
from tests.functional.notices.conftest import Town
from tests.support.mail import running_mailbox

WANTS = replace(CONTACT, wants_notices=True)


def test_a_sender_who_asked_for_it_hears_of_receipt_question_and_answer_once_and_without_content(town: Town) -> None:
    town.officer("handler", Role.UNIT_LEADER, town.commune, None)
    key, silent = _open(town, contact=WANTS), _open(town, contact=CONTACT)
    unnamed = _open(town)
    assert news.tell_news(town.database) == "news 1"
    assert news.tell_news(town.database) == "news 0"
    handler = town.viewer("handler")
    for one in (key, silent, unnamed):
        with town.database.transaction() as session:
            case_acts.take_up(session, handler, one)
            case_acts.ask(session, handler, one, town.clock.today + timedelta(days=3))
    news.tell_news(town.database)
    with town.database.transaction() as session:
        following.answer_question(session, key, 1, "Lúc tám giờ.")
    assert news.tell_news(town.database) == "news 0"  # what they did themselves they need not be told
    with town.database.transaction() as session:
        case_acts.close(session, handler, key)
    news.tell_news(town.database)
    assert town.written() == [("binh", "case-answered"), ("binh", "case-question"), ("binh", "case-received")]
    with town.database.reading() as session:
        number = session.get_one(Case, key).public_number
        for row in session.scalars(select(OutboxMessage)):
            assert number in str(row.fields)
            assert not any(word in str(row.fields) for word in (TEXT, "Mộ Đức", CONTACT.name, "tám giờ"))


def test_whoever_gets_a_case_hears_of_it_and_what_an_anonymous_sender_does_nobody_hears_at_once(town: Town) -> None:
    town.officer("leader", Role.UNIT_LEADER, town.commune)
    town.officer("clerk", Role.CASE_OFFICER, town.commune)
    town.officer("calm", Role.CASE_OFFICER, town.commune, Level.DIGEST)
    named, unnamed, third, routed = _open(town, contact=CONTACT), _open(town), _open(town), _open(town)
    with town.database.transaction() as session:  # as a route does when a case comes
        session.get_one(Case, routed).assignee_id = town.ids["clerk"]
    assert news.tell_news(town.database) == "news 0"
    leader = town.viewer("leader")
    for key, name in ((named, "clerk"), (unnamed, "clerk"), (third, "calm")):
        _act(town, routing.assign, key, town.ids[name])
    assert news.tell_news(town.database) == "news 2"
    assert town.written() == [("clerk", "officer-assigned")] * 2
    for key in (named, unnamed):
        with town.database.transaction() as session:
            case_acts.ask(session, leader, key, town.clock.today + timedelta(days=3))
            following.answer_question(session, key, 1, "Lúc tám giờ.")
    assert news.tell_news(town.database) == "news 1"
    with town.database.reading() as session:
        said = session.scalars(select(OutboxMessage).where(OutboxMessage.template == "officer-news")).one()
        assert said.about == f"case:{named}:{town.ids['clerk']}"


def test_a9_the_new_unit_is_told_and_the_old_handler_gets_nothing_not_even_what_waited(town: Town) -> None:
    town.officer("clerk", Role.CASE_OFFICER, town.commune)
    town.officer("leader", Role.UNIT_LEADER, town.commune, None)
    town.officer("new.leader", Role.UNIT_LEADER, town.other)
    town.officer("excluded", Role.CASE_OFFICER, town.commune)
    moved, kept = _open(town, contact=WANTS), _open(town)
    news.tell_news(town.database)
    _act(town, routing.assign, moved, town.ids["clerk"])
    _act(town, routing.assign, kept, town.ids["excluded"])
    news.tell_news(town.database)
    assert town.written(waiting=True) == [
        ("binh", "case-received"), ("clerk", "officer-assigned"), ("excluded", "officer-assigned"),
    ]  # fmt: skip
    _act(town, routing.transfer, moved, town.other, Why.BESIDE, "Thuộc việc của xã Đức Thạnh.")
    _act(town, handling.exclude, kept, town.ids["excluded"], "concerned")
    news.tell_news(town.database)
    with town.database.transaction() as session:
        session.get_one(Reporter, moved).wants_notices = False
    with running_mailbox() as box:
        post = {Channel.EMAIL: box.transport}
        done = worker.send_due(town.database, post, "https://x.example.vn", may_go=sending.may_go)
        assert done == {"sent": 1, "cancelled": 4}
        (message,) = box.messages
    assert message["To"] == "new.leader@tinh.example.vn"
    assert "Mộ Đức" not in message.get_content()
    with town.database.reading() as session:
        left = session.scalars(select(OutboxMessage).where(OutboxMessage.state == MessageState.CANCELLED)).all()
        assert {one.failure for one in left} == {worker.NO_LONGER_ALLOWED}


def test_officers_are_written_to_in_working_time_and_old_news_are_not_told(town: Town) -> None:
    town.officer("leader", Role.UNIT_LEADER, town.commune, None)
    town.officer("clerk", Role.CASE_OFFICER, town.commune)
    old, new = _open(town, contact=WANTS), _open(town)
    town.clock.next_day(days=4)  # the job stood still: a Friday
    town.clock.set_local(town.clock.today, time(18))
    _act(town, routing.assign, new, town.ids["clerk"])
    assert news.tell_news(town.database) == "news 1"
    with town.database.reading() as session:
        said = session.scalars(select(OutboxMessage)).one()
        assert said.next_try_at == datetime(2026, 11, 30, 7, 30, tzinfo=VIETNAM)
        assert session.get_one(CaseNoticeMark, old).sequence == 1


def test_e3_a_run_that_is_broken_off_loses_nothing_and_tells_nothing_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.officer("leader", Role.UNIT_LEADER, town.commune, None)
    town.officer("clerk", Role.CASE_OFFICER, town.commune)
    keys = [_open(town) for _ in range(7)]
    for key in keys:
        _act(town, routing.assign, key, town.ids["clerk"])
    monkeypatch.setattr(news, "AT_ONCE", 2)
    tell, calls = news.services.tell, itertools.count(1)

    def dies(*args: Any, **more: Any) -> int:
        made = tell(*args, **more)
        if next(calls) == 4:  # the second message of the second transaction is written, not committed
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(news.services, "tell", dies)
    with pytest.raises(KeyboardInterrupt):
        news.tell_news(town.database)
    assert len(town.written()) == 2
    assert news.tell_news(town.database) == "news 5"
    assert town.written() == [("clerk", "officer-assigned")] * 7
    assert len({one["number"] for one in town.fields("officer-assigned")}) == 7


def _open(town: Town, **more: Any) -> str:
    with town.database.transaction() as session:
        return make_case(session, unit_id=town.commune, **more).id


def _act(town: Town, act: Callable[..., object], case_id: str, *more: object) -> None:
    with town.database.transaction() as session:
        act(session, town.viewer("leader"), case_id, case_acts.version(session, case_id), *more)
