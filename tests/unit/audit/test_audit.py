"""The record of acts."""

import contextlib
import re

import pytest
from sqlalchemy.orm import Session

from app.audit import queries
from app.audit.queries import EventFilter
from app.audit.services import record, write
from app.audit.tags import Action
from tests.support.clock import SettableClock


@pytest.mark.parametrize("action", Action)
def test_every_action_is_subject_and_verb(action: Action) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*", action.value)
    assert len(action.value) <= 40


def test_an_event_says_who_what_when_and_where(session: Session, clock: SettableClock) -> None:
    record(session, 7, Action.CODE_RETIRE, "code:12", {"reason": "swapped"}, unit_id=3)
    write(session)
    (event,) = queries.events(session).events
    assert (event.actor_id, event.action, event.subject, event.unit_id) == (7, "code:retire", "code:12", 3)
    assert event.occurred_at == clock()
    assert event.detail == {"reason": "swapped"}


def test_events_are_filtered_and_paged_newest_first(session: Session, clock: SettableClock) -> None:
    for number in range(queries.PAGE_SIZE + 1):
        record(session, number % 2, Action.SIGN_IN, f"officer:{number}")
    record(session, None, Action.DAY_CLOSE, "day:2026-11-20")
    write(session)
    first = queries.events(session)
    assert (first.total, first.last_number, len(first.events)) == (queries.PAGE_SIZE + 2, 2, queries.PAGE_SIZE)
    assert first.events[0].action == "day:close"
    assert len(queries.events(session, number=2).events) == 2
    assert queries.events(session, number=9).events == ()
    assert queries.events(session, EventFilter(action=Action.DAY_CLOSE)).total == 1
    assert queries.events(session, EventFilter(actor_id=0, action=Action.SIGN_IN)).total == 26
    assert queries.events(session, EventFilter(subject="officer:3")).total == 1


def test_an_act_that_is_rolled_back_leaves_no_event(database) -> None:
    with contextlib.suppress(RuntimeError), database.transaction() as session:
        record(session, 1, Action.SIGN_OUT, "officer:1")
        raise RuntimeError
    with database.reading() as session:
        assert queries.events(session).total == 0
