"""The table of moves: complete, reachable, and each state leads somewhere."""

import ast
from pathlib import Path

from app.feedback.cases.kinds import CLASS_OF, State, StateClass
from app.feedback.cases.workflow import BY_NAME, MOVES, OWN_PAGES
from app.feedback.handling.act_steps import STEPS
from app.feedback.handling.workflow_page import markdown
from app.web.permissions import WORDS

ROOT = Path(__file__).resolve().parents[4]
NO_CASES = {
    *(f"app/feedback/denunciations/{name}.py" for name in ("services", "erasing")),
    *("app/feedback/cases/erasing.py", "app/feedback/intake/sessions.py", "app/feedback/publishing/services.py"),
}
"""These write the state of something else: information about a breach of law, a file, a visit to the door, a public copy."""


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


def test_nothing_but_the_table_writes_the_state_of_a_case_or_its_end() -> None:
    written, elsewhere = {"state", "outcome", "closed_on"}, []
    for path in sorted((ROOT / "app" / "feedback").rglob("*.py")):
        if path.relative_to(ROOT).as_posix() in NO_CASES | {"app/feedback/cases/acting.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            parts = [one for target in targets for one in ast.walk(target) if isinstance(one, ast.Attribute)]
            is_assigned = any(one.attr in written and isinstance(one.ctx, ast.Store) for one in parts)
            named = node.keywords if isinstance(node, ast.Call) and "values" in ast.dump(node.func) else []
            if is_assigned or any(one.arg in written for one in named):
                elsewhere.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert elsewhere == []


def test_the_page_about_the_workflow_is_current() -> None:
    page = (ROOT / "docs" / "case-workflow.md").read_text(encoding="utf-8")
    assert page == markdown(), "run: python -m tools.workflow_page"
    assert "case-workflow.md" in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
