"""Literal arguments out of R text: `parse_call("n_prop(0.05, N = 1000)")` without running anything.

Arithmetic of literals, ``c()``, ``1:4``, ``matrix()`` and the like are worked out; names get the value an earlier
``name <- literal`` of the same block gave them. What the text alone does not give stays a Name or a Call, so that a
caller sees that it is not a literal.

Values: numbers are float, truth values bool, words str, NULL None; vectors of numbers are arrays, of words lists, and
vectors with names are dicts.
"""

from collections.abc import Iterator
from typing import Any

from app.analysis.check.r_arguments import is_literal, match_arguments, number, numbers
from app.analysis.check.r_fold import fold
from app.analysis.check.r_syntax import Call, Name, UnreadableTextError, parse

__all__ = [
    "Call", "Name", "UnreadableTextError", "assignments", "find_call", "find_calls", "is_literal", "match_arguments",
    "number", "numbers", "parse_call",
]  # fmt: skip


def parse_call(text: str) -> Call:
    """Read R text as one call with its literal arguments worked out.

    Parameters
    ----------
    text : str
        For example ``power.prop.test(n = 200, p1 = 0.88, p2 = 0.94)$power``: the Call ``$`` around the other; use
        `find_call` to reach an inner one.

    Raises
    ------
    UnreadableTextError
        When the text cannot be read or is no call.
    """
    tree = fold(parse(text), {})
    if not isinstance(tree, Call):
        message = f"R text {text[:80]!r} is not a call"
        raise UnreadableTextError(message)
    return tree


def assignments(text: str) -> dict[str, Any]:
    """Literals given to names by ``name <- literal`` in the statements of the text, the last one of each name."""
    known: dict[str, Any] = {}
    fold(parse(text), known)
    return known


def find_calls(tree: Any, name: str) -> Iterator[Call]:
    """Every call of that name inside a tree, outer ones first, in the order of the text."""
    if isinstance(tree, Call):
        if tree.name == name:
            yield tree
        for part in (*tree.positional, *tree.named.values()):
            yield from find_calls(part, name)


def find_call(tree: Any, *names: str) -> Call | None:
    """Return the first call of one of these names, or None."""
    return next((call for name in names for call in find_calls(tree, name)), None)
