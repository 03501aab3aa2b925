"""Under which role the present request or command acts: put in by the guard of a page, read by ``record`` (pure)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_role: ContextVar[str | None] = ContextVar("langnghe_acting_role", default=None)


def role() -> str | None:
    """The role of the present act, if one is known."""
    return _role.get()


def begin(name: str | None) -> None:
    """Act under a role from here on; None: under no role that is known. A thread serves one request after another."""
    _role.set(name)


@contextmanager
def under(name: str) -> Iterator[None]:
    """Act under a role for a while: tests and jobs."""
    token = _role.set(name)
    try:
        yield
    finally:
        _role.reset(token)
