"""Everything that is wrong with the rows of a file: counted whole, kept for show up to a limit (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.units.import_cells import RowError

MOST_SHOWN = 200
MOST_GROUPS_AT_ONCE = 50
"""Kinds of faults kept of one column, so that a column of nonsense leaves room for the others."""
ROWS_NAMED = 5

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Faults of one column that are said in the same words: in how many cells, and the first rows."""

    column: str
    message: str
    cells: int
    rows: tuple[int, ...]


@dataclass(slots=True)
class Faults:
    """Collects faults column by column and gives them back row by row; ``numbers``: of the rows in the file."""

    numbers: Sequence[int]
    total: int = 0
    wrong: npt.NDArray[np.bool_] = field(init=False)
    _kept: list[tuple[int, int, RowError]] = field(default_factory=list)
    _groups: list[tuple[int, int, FaultGroup]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wrong = np.zeros(len(self.numbers), dtype=np.bool_)

    def add(self, places: npt.ArrayLike, column: str, message: Callable[[int], str], alike: Ints | None = None) -> None:
        """The rows at ``places`` are wrong in a column.

        ``alike`` has a number for every row of the file; wrong rows with the same number have the same message, which
        is then asked for once. Without it every wrong row is asked.
        """
        found = np.unique(np.asarray(places, dtype=np.int64))
        self.total += len(found)
        self.wrong[found] = True
        for place in found[:MOST_SHOWN].tolist():
            self._kept.append((place, len(self._kept), RowError(self.numbers[place], column, message(place))))
        if alike is None:
            known: dict[str, int] = {}
            kinds = np.array([known.setdefault(message(place), len(known)) for place in found.tolist()], dtype=np.int64)
        else:
            kinds = alike[found]
        self._group(found, kinds, column, message)

    def _group(self, found: Ints, kinds: Ints, column: str, message: Callable[[int], str]) -> None:
        """Keep the kinds of faults that come first."""
        _, start, cells = np.unique(kinds, return_index=True, return_counts=True)
        for rank, kind in enumerate(np.argsort(start)[:MOST_GROUPS_AT_ONCE].tolist()):
            first = int(start[kind])
            rows = found[np.flatnonzero(kinds == kinds[first])[:ROWS_NAMED]].tolist()
            numbers = tuple(self.numbers[place] for place in rows)
            group = FaultGroup(column, message(rows[0]), int(cells[kind]), numbers)
            self._groups.append((rank, len(self._groups), group))

    def groups(self) -> tuple[FaultGroup, ...]:
        """The different faults, the first of every column before the second of any, in the order of the columns."""
        kept = sorted(self._groups, key=lambda one: one[:2])[:MOST_SHOWN]
        return tuple(group for _, _, group in sorted(kept, key=lambda one: one[1]))

    def first(self) -> tuple[RowError, ...]:
        """The first faults, all of a row together."""
        return tuple(error for _, _, error in sorted(self._kept, key=lambda kept: kept[:2])[:MOST_SHOWN])

    @property
    def wrong_rows(self) -> int:
        """How many rows have at least one fault."""
        return int(self.wrong.sum())
