"""Every test has engines of its own, and each would compile the same statements again: a sixth of the time of a test.

SQLAlchemy keeps what it compiled for an engine, under its dialect and the statement. The dialects of all engines of one
kind are alike here (one driver, one server), so a worker lets them count as one and share what was compiled.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

KEPT = 3000
_known: dict[type, LRUCache[Any, Any]] = {}


def keep() -> None:
    """Compile each statement once in this process."""
    DefaultDialect.__eq__ = _is_alike  # type: ignore[method-assign,assignment]
    DefaultDialect.__hash__ = _hash  # type: ignore[method-assign,assignment]
    Engine._compiled_cache = property(_shared, lambda _engine, _own: None)  # type: ignore[assignment]


def _shared(engine: Engine) -> LRUCache[Any, Any]:
    return _known.setdefault(type(engine.dialect), LRUCache(KEPT))


def _is_alike(one: DefaultDialect, other: object) -> bool:
    return type(one) is type(other)


def _hash(dialect: DefaultDialect) -> int:
    return hash(type(dialect))
