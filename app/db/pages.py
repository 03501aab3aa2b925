"""Long lists, read a page at a time."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")


class Matching(Sequence[T], Generic[T]):
    """The rows of an ordered statement: counted and cut by the database, never all read to show fifty."""

    def __init__(
        self, session: Session, statement: Select[*tuple[Any, ...]], make: Callable[[Sequence[Any]], T]
    ) -> None:
        self._session = session
        self._statement = statement
        self._make = make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            first, last, _step = index.indices(len(self))
            return self._read(first, max(0, last - first))
        return self._read(range(len(self))[index], 1)[0]

    def page(self, number: int, size: int) -> tuple[list[T], int]:
        """One page (the last one for a number beyond it) and how many rows there are, in one statement as a rule."""
        counted = self._statement.add_columns(func.count().over())
        rows = self._session.execute(counted.offset((number - 1) * size).limit(size)).all()
        if rows or number == 1:
            return [self._make(row[:-1]) for row in rows], rows[0][-1] if rows else 0
        last = max(1, -(-len(self) // size))
        return self._read((last - 1) * size, size), len(self)

    def all(self) -> list[T]:
        """Every row, in one statement."""
        return [self._make(row) for row in self._session.execute(self._statement)]

    def _read(self, first: int, count: int) -> list[T]:
        rows = self._session.execute(self._statement.offset(first).limit(count))
        return [self._make(row) for row in rows]

    @cached_property
    def _count(self) -> int:
        inside = self._statement.order_by(None).subquery()
        return self._session.scalar(select(func.count()).select_from(inside)) or 0
