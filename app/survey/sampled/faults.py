"""Everything that is wrong with the rows of a file: counted whole, kept for show up to a limit (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.units.import_cells import RowError

MOST_SHOWN = 200


@dataclass(slots=True)
class Faults:
    """Collects faults column by column and gives them back row by row; ``numbers``: of the rows in the file."""

    numbers: Sequence[int]
    total: int = 0
    wrong: npt.NDArray[np.bool_] = field(init=False)
    _kept: list[tuple[int, int, RowError]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wrong = np.zeros(len(self.numbers), dtype=np.bool_)

    def add(self, places: npt.ArrayLike, column: str, message: Callable[[int], str]) -> None:
        """The rows at ``places`` are wrong in a column; ``message`` is asked for those that may be shown only."""
        found = np.unique(np.asarray(places, dtype=np.int64))
        self.total += len(found)
        self.wrong[found] = True
        for place in found[:MOST_SHOWN].tolist():
            self._kept.append((place, len(self._kept), RowError(self.numbers[place], column, message(place))))

    def first(self) -> tuple[RowError, ...]:
        """The first faults, all of a row together."""
        return tuple(error for _, _, error in sorted(self._kept, key=lambda kept: kept[:2])[:MOST_SHOWN])

    @property
    def wrong_rows(self) -> int:
        """How many rows have at least one fault."""
        return int(self.wrong.sum())
