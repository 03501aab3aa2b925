"""The table of moves: complete, reachable, and each state leads somewhere."""

from app.feedback.cases.kinds import CLASS_OF, State, StateClass
from app.feedback.cases.workflow import BY_NAME, MOVES, OWN_PAGES, moves_from
from app.feedback.handling import services
from app.web.permissions import WORDS


def test_every_state_has_a_class_and_can_be_reached_and_left() -> None:
    assert set(CLASS_OF) == set(State)
    reached = {State.RECEIVED}
    while new := {m.to_state for state in reached for m in moves_from(state) if m.to_state} - reached:
        reached |= new
    assert reached == set(State)
    assert all(
        any(move.to_state not in {None, state} for move in moves_from(state))
        for state in State
        if state is not State.IN_PROGRESS
    )


def test_every_move_is_a_service_with_a_label_and_a_permission() -> None:
    assert len(BY_NAME) == len(MOVES) + len(OWN_PAGES)
    assert all(callable(getattr(services, move.name)) for move in MOVES)
    for move in BY_NAME.values():
        assert move.label
        assert move.permission in WORDS


def test_only_paused_states_stop_the_clock_and_only_closing_ends_it() -> None:
    assert {state for state, kind in CLASS_OF.items() if kind is StateClass.DONE} == {State.CLOSED}
    assert [move.name for move in MOVES if move.to_state is State.CLOSED] == ["close"]
    assert BY_NAME["close"].fields == ("outcome", "text")
