"""Products of two criteria inside a person, summed with the weights, by matrix multiplication."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.keys import Codes
from app.analysis.stats.cells.plan import CellPlan, Within
from app.analysis.stats.cells.whole import Numbers, Tally, piece_bits, pieces_of, pieces_of_squares
from app.analysis.stats.layout import NOT_SHOWN, Scoring

Answers = npt.NDArray[np.uint8]

# Multiplications up to which OpenBLAS uses one thread (its own limit is 262 144): on shared cores its waiting threads
# cost five times what they gain.
ONE_THREAD = 200_000
# Whole numbers float32 adds exactly, and rows a block should have for single precision to pay.
SINGLE = 1 << 24
ENOUGH = 24


@dataclass(frozen=True, eq=False)
class Products:
    """Adds products of a chunk of rows to the tallies."""

    plan: CellPlan
    largest: int

    def add(self, tallies: dict[str, Tally], body: Answers, weights: Numbers, within: Codes) -> None:
        """Body: packed criteria of shape (K, rows), rows sorted by `within`."""
        starts = np.flatnonzero(np.diff(within, prepend=within[0] - 1))
        lengths = np.diff(starts, append=len(within))
        width, kind = self._width(int(lengths.max()))
        place, blocks_of = _padded(starts, lengths, width)
        # One more column that nobody answered fills the last block of each group.
        padded = np.concatenate([body, np.full((len(body), 1), NOT_SHOWN, dtype=np.uint8)], axis=1)
        stacked = self._stacked(padded.take(place, axis=1).reshape(len(body), -1, width).transpose(1, 0, 2), kind)
        bits = piece_bits(self._factor)
        first_block = np.concatenate([[0], np.cumsum(blocks_of)[:-1]])
        chosen = [("products", pieces_of(weights, self.largest, bits))]
        if self.plan.within is Within.CELL:
            chosen.append(("products2", pieces_of_squares(weights, self.largest, bits)))
        for name, pieces in chosen:
            found = []
            for piece in pieces:
                of_place = np.concatenate([piece, [0.0]])[place].reshape(-1, 1, width)
                square = (stacked * of_place.astype(kind)) @ stacked.transpose(0, 2, 1)
                summed = np.add.reduceat(square.reshape(len(square), -1), first_block, axis=0, dtype=np.float64)
                found.append(summed[:, self.plan.products].T)
            tallies[name].add((slice(None), within[starts]), found, bits)

    @property
    def _factor(self) -> int:
        """Largest product of two scores."""
        return self.plan.layout.levels**2 if Scoring.LEVEL in self.plan.scorings else 1

    def _width(self, longest: int) -> tuple[int, type[np.float32] | type[np.float64]]:
        """Rows of a block; in single precision, twice as fast, where sums over a block stay below 2**24."""
        side = len(self.plan.layout.criteria) * (1 + len(self.plan.scorings))
        width = int(min(max(1, ONE_THREAD // (side * side)), longest))
        single = SINGLE // (self.largest * self._factor)
        if self.plan.within is Within.CELL or single < min(width, ENOUGH):
            return width, np.float64
        return min(width, single), np.float32

    def _stacked(self, blocks: Answers, kind: type[np.float32] | type[np.float64]) -> npt.NDArray[np.floating]:
        """Answered or not, then the scores, shape (blocks, K * (1 + scores), width)."""
        levels = self.plan.layout.levels
        answered = blocks - np.uint8(1) < levels
        level = blocks * answered
        scores = {Scoring.TOP2: level >= levels - 1, Scoring.LEVEL: level}
        return np.concatenate([answered, *(scores[s] for s in self.plan.scorings)], axis=1, dtype=kind)


def _padded(starts: Codes, lengths: Codes, width: int) -> tuple[Codes, Codes]:
    """Row of every place when groups are filled up to whole blocks by the row after the last one; blocks of each."""
    blocks = -(-lengths // width)
    ends = np.cumsum(blocks * width)
    place = np.full(int(ends[-1]), int(lengths.sum()), dtype=np.intp)
    first = ends - blocks * width
    shift = np.repeat(first - starts, lengths)
    rows = np.arange(int(lengths.sum()))
    place[rows + shift] = rows
    return place, blocks
