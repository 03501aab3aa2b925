"""The table of moves: complete, reachable, and each state leads somewhere."""

from app.feedback.cases.kinds import CLASS_OF, State, StateClass
from app.feedback.cases.workflow import BY_NAME, MOVES, OWN_PAGES
from app.feedback.handling.act_steps import STEPS
from app.web.permissions import WORDS


def test_every_state_has_a_class_and_can_be_reached_and_left() -> None:
    assert set(CLASS_OF) == set(State)
    reached = {State.RECEIVED}
    while new := {m.to_state for m in BY_NAME.values() if m.to_state and m.from_states & reached} - reached:
        reached |= new
    assert reached == set(State)
    assert all(
        any(move.to_state not in {None, state} for move in BY_NAME.values() if state in move.from_states)
        for state in State
    )


def test_every_move_is_a_service_with_a_label_and_a_permission() -> None:
    assert len(BY_NAME) == len(MOVES) + len(OWN_PAGES)
    assert set(STEPS) == {move.name for move in MOVES}
    for move in BY_NAME.values():
        assert move.label
        assert move.permission in WORDS


def test_only_paused_states_stop_the_clock_and_only_closing_ends_it() -> None:
    assert {state for state, kind in CLASS_OF.items() if kind is StateClass.DONE} == {State.CLOSED}
    closing = {move.name for move in BY_NAME.values() if move.to_state is State.CLOSED}
    assert closing == {"close", "approve_answer"}
    assert all(BY_NAME[name].fields == ("draft",) for name in closing)
