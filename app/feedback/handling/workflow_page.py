"""The table of moves as text for docs/ (pure). ``python -m tools.workflow_page`` writes it."""

from collections.abc import Iterable

from app.feedback.cases.answers import OUTCOMES
from app.feedback.cases.kinds import CLASS_OF, Outcome, State, StateClass
from app.feedback.cases.outcomes import FIELDS
from app.feedback.cases.workflow import MOVES, OWN_PAGES, RESUMING, RULE_MOVES, Move, RuleMove
from app.feedback.cases.workflow import OUTCOME_FIELDS as ASKED
from app.feedback.handling.words import STATES

HEAD = """# How a case goes

Made by `python -m tools.workflow_page` from `app/feedback/cases/workflow.py`; a test fails when it is not current.
A move that is not in these tables does not exist: the state of a case and how it ended are written in
`app/feedback/cases/acting.py` only, and a test looks for any other place.
"""
CLASSES = {
    StateClass.OPEN: "open: the clock runs",
    StateClass.PAUSED: "paused: the clock stands",
    StateClass.DONE: "done: there is no clock",
}
RESUMED = "*resumed*"
NOTE = f"""{RESUMED}: `in_progress` if somebody had taken the case up where it lies, else `received`.
An empty *To*: the case stays in its state."""


def markdown() -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD,
            "## States",
            "",
            "| State | Words | Class |",
            "|---|---|---|",
            *(f"| `{state.value}` | {STATES[state]} | {CLASSES[CLASS_OF[state]]} |" for state in State),
            "",
            "## Moves of officers",
            "",
            "| Move | Words | From | To | Permission | Must be given |",
            "|---|---|---|---|---|---|",
            *(_row(move) for move in (*MOVES, *OWN_PAGES)),
            "",
            NOTE,
            "",
            "## Moves by rule",
            "",
            "| Move | Words | From | To |",
            "|---|---|---|---|",
            *(f"| `{move.name}` | {move.label} | {_states(move.from_states)} | {_to(move)} |" for move in RULE_MOVES),
            "",
            "## Outcomes",
            "",
            "Each is said in an answer that its author looked at as the sender will read it.",
            "",
            "| Outcome | Words | Must be said besides |",
            "|---|---|---|",
            *(_outcome(one) for one in Outcome),
            "",
        ]
    )


def _row(move: Move) -> str:
    fields = ", ".join(f"`{name}`" for name in move.fields)
    begins, ends = _states(move.from_states), _to(move)
    return f"| `{move.name}` | {move.label} | {begins} | {ends} | `{move.permission.value}` | {fields} |"


def _outcome(outcome: Outcome) -> str:
    besides = ", ".join(FIELDS[name].ask for name in ASKED.get(outcome, ()))
    return f"| `{outcome.value}` | {OUTCOMES[outcome]} | {besides} |"


def _states(states: Iterable[State]) -> str:
    found = set(states)
    return "any" if found == set(State) else ", ".join(f"`{state.value}`" for state in State if state in found)


def _to(move: Move | RuleMove) -> str:
    if move.name in RESUMING:
        return RESUMED
    return "" if move.to_state is None else f"`{move.to_state.value}`"
