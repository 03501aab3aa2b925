"""Applications are made anew for most tests, and three quarters of that time went into compiling the same addresses.

What the router compiles for an address depends on its text and defaults alone and is bound to the rule afterwards, so
a worker keeps it. A test that a cached and a fresh one build the same addresses stands in tests/test_routes.py.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

FRESH: Callable[..., Any] = Rule._compile_builder
_known: dict[object, Any] = {}


def keep() -> None:
    """Compile each address once in this process."""
    Rule._compile_builder = _compiled  # type: ignore[method-assign]


def _compiled(rule: Rule, append_unknown: bool = True) -> Any:
    defaults = sorted((rule.defaults or {}).items())
    key = (rule.rule, tuple(rule._trace), repr(defaults), append_unknown)
    if key not in _known:
        _known[key] = FRESH(rule, append_unknown)
    return _known[key]
