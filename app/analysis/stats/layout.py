"""Where each sum of a cell stands: one flat int64 vector, its places derived from the structure of a question set.

Order of the vector: responses · per item not shown, level 1..L, not applicable, blank · cross products of the index
criteria inside one person · per group a table by number of answered criteria. See `sums.py` for how it is filled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError

Ints = npt.NDArray[np.int64]

# Byte codes of a packed answer (fixed by the survey package's packing).
NOT_SHOWN, NOT_APPLICABLE, BLANK = 0, 254, 255
# Above this the float32 products of one chunk of rows would no longer be exact whole numbers.
MOST_CRITERION_LEVELS = 15
MOST_ITEM_LEVELS = 253
OVERALL = "overall"


class Level(StrEnum):
    """Levels of the index tree: 1 overall, components, factors, criteria."""

    CRITERION = "criterion"
    FACTOR = "factor"
    COMPONENT = "component"
    OVERALL = "overall"


class Scoring(StrEnum):
    """What a person's answer to a criterion counts: 1 when among the two best levels, or the level itself."""

    TOP2 = "top2"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion that counts in the index: its code, its byte column, its factor and its component (or None)."""

    code: str
    column: int
    factor: str
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One single-choice column outside the index (the overall tap, the respondent's kind): choices 1..levels."""

    code: str
    column: int
    levels: int


@dataclass(frozen=True, slots=True)
class Group:
    """A factor, a component or the whole: positions of its criteria, and the table that holds its sums."""

    level: Level
    code: str
    members: tuple[int, ...]
    table: int


@dataclass(frozen=True)
class SumsLayout:
    """Places of all sums of one question-set version; build it with `SumsLayout.of`."""

    columns: int
    levels: int
    criteria: tuple[Criterion, ...]
    others: tuple[Item, ...]
    groups: tuple[Group, ...]
    tables: tuple[tuple[int, ...], ...]

    @classmethod
    def of(
        cls, *, columns: int, levels: int, criteria: Sequence[Criterion], others: Sequence[Item] = ()
    ) -> "SumsLayout":
        """Derive the layout.

        Parameters
        ----------
        columns : int
            Bytes of one packed response.
        levels : int
            Scale of the index criteria, the same for all of them (5 for every SIPAS set).
        criteria, others : sequences
            Index criteria, and further items of which only the counts are kept. No code and no column twice.

        Raises
        ------
        BadInputError
            Repeated code or column, column outside the response, scale outside 3..15.
        """
        _check(columns, levels, criteria, others)
        groups, tables = _group(criteria)
        return cls(columns, levels, tuple(criteria), tuple(others), groups, tables)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in vector order: the criteria first, then the others."""
        return (*(Item(c.code, c.column, self.levels) for c in self.criteria), *self.others)

    @cached_property
    def item_starts(self) -> tuple[int, ...]:
        """Place of the first count of each item, and the place after the last."""
        lengths = [1, *(item.levels + 3 for item in self.items)]
        return tuple(int(x) for x in np.cumsum(lengths))

    @cached_property
    def cross_starts(self) -> dict[str, int]:
        """Place of each block of cross products."""
        k, triangle = len(self.criteria), self.triangle_size
        start = self.item_starts[-1]
        lengths = {"rr": triangle, "ry_top2": k * k, "yy_top2": triangle, "ry_level": k * k, "yy_level": triangle}
        starts = {}
        for name, length in lengths.items():
            starts[name] = start
            start += length
        starts["end"] = start
        return starts

    @cached_property
    def table_starts(self) -> tuple[int, ...]:
        """Place of each group table, and the size of the vector."""
        lengths = [self.cross_starts["end"], *(5 * len(members) for members in self.tables)]
        return tuple(int(x) for x in np.cumsum(lengths))

    @cached_property
    def size(self) -> int:
        """Number of int64 sums of one cell."""
        return self.table_starts[-1]

    @property
    def triangle_size(self) -> int:
        """Number of pairs j <= k of criteria."""
        return len(self.criteria) * (len(self.criteria) + 1) // 2

    @cached_property
    def triangle(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Row and column of each stored pair."""
        rows, columns = np.triu_indices(len(self.criteria))
        return rows, columns

    @cached_property
    def square(self) -> npt.NDArray[np.intp]:
        """For every (j, k) the place of the pair in the stored triangle."""
        k = len(self.criteria)
        places = np.zeros((k, k), dtype=np.intp)
        places[self.triangle] = np.arange(self.triangle_size)
        return np.maximum(places, places.T)

    @cached_property
    def membership(self) -> npt.NDArray[np.float32]:
        """1 where a criterion belongs to a table, shape (tables, criteria)."""
        matrix = np.zeros((len(self.tables), len(self.criteria)), dtype=np.float32)
        for row, members in zip(matrix, self.tables, strict=True):
            row[list(members)] = 1.0
        return matrix

    def item(self, code: str) -> int:
        """Position of an item by its code; KeyError when there is none."""
        return self._positions[code]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {item.code: position for position, item in enumerate(self.items)}


def _check(columns: int, levels: int, criteria: Sequence[Criterion], others: Sequence[Item]) -> None:
    codes = [c.code for c in criteria] + [i.code for i in others]
    places = [c.column for c in criteria] + [i.column for i in others]
    if len(set(codes)) != len(codes) or len(set(places)) != len(places):
        message = "a code or a column occurs twice"
        raise BadInputError(message)
    if any(not 0 <= place < columns for place in places):
        message = f"a column lies outside the {columns} bytes of a response"
        raise BadInputError(message)
    if criteria and not 3 <= levels <= MOST_CRITERION_LEVELS:
        message = f"criteria with {levels} levels cannot be scored"
        raise BadInputError(message)
    if any(not 1 <= item.levels <= MOST_ITEM_LEVELS for item in others):
        message = f"an item has no level or more than {MOST_ITEM_LEVELS}"
        raise BadInputError(message)


def _group(criteria: Sequence[Criterion]) -> tuple[tuple[Group, ...], tuple[tuple[int, ...], ...]]:
    """Factors in order of appearance, then components, then the whole; equal member sets share one table."""
    named: dict[tuple[Level, str], list[int]] = {}
    for position, criterion in enumerate(criteria):
        named.setdefault((Level.FACTOR, criterion.factor), []).append(position)
    for position, criterion in enumerate(criteria):
        if criterion.component is not None:
            named.setdefault((Level.COMPONENT, criterion.component), []).append(position)
    if criteria:
        named[Level.OVERALL, OVERALL] = list(range(len(criteria)))
    tables: list[tuple[int, ...]] = []
    groups = []
    for (level, code), positions in named.items():
        members = tuple(positions)
        if members not in tables:
            tables.append(members)
        groups.append(Group(level, code, members, tables.index(members)))
    return tuple(groups), tuple(tables)
