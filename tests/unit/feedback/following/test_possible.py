"""What a sender may still do, on every path through closing, asking and deciding."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feedback.cases.kinds import Event, Outcome, RequestKind, State
from app.feedback.following import possible
from app.feedback.following.possible import Asked, Standing, since_last_closing

CLOSED = Standing(
    state=State.CLOSED,
    outcome=Outcome.SOLVED,
    reply_number=1,
    is_rated=False,
    may_be_rated=True,
    has_second_stage=False,
    has_unit_above=True,
    asked=(),
    file_count=0,
    reopening_until=date(2026, 12, 20),
    review_until=date(2026, 12, 25),
    today=date(2026, 11, 22),
)
UNDECIDED = Asked(RequestKind.REOPENING, None, None)
REFUSED = Asked(RequestKind.REOPENING, is_accepted=False, decided_on=date(2026, 11, 25))
REVIEWED = Asked(RequestKind.SECOND_STAGE, is_accepted=False, decided_on=date(2026, 11, 28))


@pytest.mark.parametrize("state", [state for state in State if state is not State.CLOSED])
def test_before_an_answer_nothing_about_it_is_possible_but_files_are(state: State) -> None:
    case = replace(CLOSED, state=state, outcome=None, reply_number=0)
    assert not any(rule(case).is_possible for rule in (possible.rating, possible.reopening, possible.review))
    assert possible.adding_files(state, 0).is_possible


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_a_real_closing_is_rated(outcome: Outcome) -> None:
    may = possible.rating(replace(CLOSED, outcome=outcome))
    assert may.is_possible == (outcome not in {Outcome.WITHDRAWN, Outcome.DISCONTINUED})
    assert may.is_possible or may.why_not


def test_an_answer_is_rated_once_and_a_second_answer_again() -> None:
    assert possible.rating(CLOSED).reply_number == 1
    assert possible.rating(replace(CLOSED, is_rated=True)).why_not == possible.RATED
    assert possible.rating(replace(CLOSED, reply_number=2)).reply_number == 2
    assert not possible.rating(replace(CLOSED, may_be_rated=False)).is_possible


def test_reopening_is_asked_once_for_each_closing_and_within_the_term() -> None:
    assert possible.reopening(CLOSED).until == date(2026, 12, 20)
    assert possible.reopening(replace(CLOSED, today=date(2026, 12, 20))).is_possible
    late = possible.reopening(replace(CLOSED, today=date(2026, 12, 21)))
    assert (late.is_possible, "20/12/2026" in late.why_not) == (False, True)
    assert possible.reopening(replace(CLOSED, asked=(UNDECIDED,))).why_not == possible.UNDECIDED[RequestKind.REOPENING]
    assert possible.reopening(replace(CLOSED, asked=(REFUSED,))).why_not == possible.ASKED_BEFORE


def test_the_level_above_comes_after_the_unit_unless_the_law_says_otherwise() -> None:
    assert possible.review(CLOSED).why_not == possible.REOPENING_FIRST
    assert possible.review(replace(CLOSED, asked=(REFUSED,))).until == date(2026, 12, 25)
    assert possible.review(replace(CLOSED, has_second_stage=True)).is_possible
    assert (
        possible.review(replace(CLOSED, has_second_stage=True, has_unit_above=False)).why_not == possible.NOBODY_ABOVE
    )
    assert possible.review(replace(CLOSED, asked=(REVIEWED, REFUSED))).why_not == possible.REVIEW_DECIDED
    assert not possible.review(replace(CLOSED, has_second_stage=True, asked=(UNDECIDED,))).is_possible
    late = possible.review(replace(CLOSED, asked=(REFUSED,), today=date(2026, 12, 26)))
    assert "25/12/2026" in late.why_not


def test_a_closed_case_takes_no_file_and_says_why() -> None:
    assert possible.adding_files(State.CLOSED, 0).why_not == possible.CLOSED_TO_FILES
    assert possible.adding_files(State.IN_PROGRESS, possible.MOST_FILES).why_not == possible.ENOUGH_FILES
    assert possible.adding_files(State.IN_PROGRESS, possible.MOST_FILES - 1).is_possible


@given(events=st.lists(st.sampled_from(list(Event)), max_size=30))
def test_requests_before_the_last_closing_belong_to_an_earlier_answer(events: list[Event]) -> None:
    asking = (Event.REOPENING_ASKED, Event.REVIEW_ASKED)
    tail = events[len(events) - events[::-1].index(Event.CLOSED) :] if Event.CLOSED in events else events
    assert since_last_closing(events) == sum(tail.count(one) for one in asking)
