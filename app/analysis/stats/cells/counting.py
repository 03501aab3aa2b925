"""Cell sums from packed answers: one pass in chunks of rows that lie together, so that the counts stay in the cache."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.keys import Codes, Labelled, keys_of_rows
from app.analysis.stats.cells.plan import CellPlan, Drawn, Within
from app.analysis.stats.cells.products import Products
from app.analysis.stats.cells.sums import NAMES, PER_CELL, Blocks, CellSums, rows_of_blocks
from app.analysis.stats.cells.whole import (
    CHUNK,
    WEIGHT_BITS,
    Floats,
    Numbers,
    Tally,
    piece_bits,
    pieces_of,
    pieces_of_squares,
)
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.layout import BLANK, NOT_APPLICABLE, Scoring

Answers = npt.NDArray[np.uint8]


def from_answers(
    plan: CellPlan,
    answers: Answers,
    *,
    weights: Numbers,
    stratum: Labelled,
    psu: Labelled | None,
    domains: Sequence[Labelled],
) -> CellSums:
    """Sums of the responses given.

    Parameters
    ----------
    plan : CellPlan
    answers : uint8 array, shape (rows, plan.layout.columns)
        Codes 0 not shown, 1..n the choice, 254 not applicable, 255 blank.
    weights : int64 array, shape (rows,)
        Whole weights above 0 in the plan's digits (`whole_weights`).
    stratum, psu : Labelled
        Numbers of sampling units may repeat between strata; None for people drawn one by one.
    domains : sequence of Labelled
        One per key of the plan.

    Raises
    ------
    BadInputError
        Wrong shapes or types, a weight of 0 or above 2**44, a code outside an item's choices (with the item).
    """
    _check(plan, answers, weights, psu, domains)
    rows = len(answers)
    keys, cell = keys_of_rows(
        stratum.checked(rows, "stratum"),
        None if psu is None else psu.checked(rows, "sampling unit"),
        [part.checked(rows, name) for name, part in zip(plan.keys, domains, strict=True)],
    )
    # Small integers sort by radix, several times faster.
    order = np.argsort(cell.astype(np.uint16) if keys.cells < 1 << 16 else cell, kind="stable")
    counting = _Counting.of(plan, weights, cell, keys.cells, keys.domain, len(keys.domains))
    for start in range(0, rows, CHUNK):
        chosen = order[start : start + CHUNK]
        counting.add(np.ascontiguousarray(answers.take(chosen, axis=0).T), weights[chosen], cell[chosen])
    blocks = {name: tally.whole() for name, tally in counting.tallies.items()}
    return CellSums(plan, keys, Blocks(**{name: blocks.get(name) for name in NAMES}))  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class _Counting:
    """Sums under way."""

    plan: CellPlan
    largest: int
    domain: Codes
    tallies: dict[str, Tally]

    @classmethod
    def of(cls, plan: CellPlan, weights: Numbers, cell: Codes, cells: int, domain: Codes, domains: int) -> "_Counting":
        largest = int(weights.max(initial=1))
        most = max(plan.layout.levels, 1) * max((len(t) for t in plan.layout.tables), default=1)
        people = np.bincount(cell, minlength=cells)
        most_of_cell, sums = int(people.max(initial=0)), np.bincount(cell, weights=weights, minlength=cells)
        # Bounds decide the room only; doubles are near enough with one added in a thousand.
        w = int(sums.max(initial=0.0) * 1.001) + 1
        per_cell = plan.within is Within.CELL
        of_domain = np.bincount(domain, weights=sums, minlength=domains) if len(domain) else np.zeros(0)
        wide = w if per_cell else int(of_domain.max(initial=0.0) * 1.001) + 1
        bounds = {"people": w * largest, "n": most_of_cell, "a": w, "b": w * largest, "table_n": most_of_cell}
        bounds |= {"table_a": w, "table_y": w * most, "products": wide * plan.layout.levels**2}
        bounds |= {"table_yy": wide * most**2}
        bounds |= {"products2": w * largest * plan.layout.levels**2, "table2": w * largest * most**2}
        tallies = {}
        for name, rows in rows_of_blocks(plan).items():
            columns = cells if per_cell or name in PER_CELL else domains
            tallies[name] = Tally((rows, columns), bounds[name])
        return cls(plan, largest, domain, tallies)

    def add(self, chunk: Answers, weights: Numbers, cell: Codes) -> None:
        """Add rows sorted by cell; chunk has shape (columns, rows)."""
        layout = self.plan.layout
        first, last = int(cell[0]), int(cell[-1]) + 1
        self._add_people(weights, cell - first, slice(first, last))
        self._add_levels(chunk, weights, cell - first, slice(first, last))
        if layout.criteria:
            body = chunk[[c.column for c in layout.criteria]]
            within = cell if self.plan.within is Within.CELL else self.domain[cell]
            self._add_tables(body, weights, cell, within)
            Products(self.plan, self.largest).add(self.tallies, body, weights, within)

    def _add_people(self, weights: Numbers, local: Codes, cells: slice) -> None:
        width, bits = cells.stop - cells.start, piece_bits(1)
        tally = self.tallies["people"]
        tally.add((0, cells), [np.bincount(local, minlength=width)], 0)
        for row, pieces in enumerate((pieces_of, pieces_of_squares), start=1):
            tally.add((row, cells), [np.bincount(local, p, width) for p in pieces(weights, self.largest, bits)], bits)

    def _add_levels(self, chunk: Answers, weights: Numbers, local: Codes, cells: slice) -> None:
        """Counts of every level of every item."""
        width, bits = cells.stop - cells.start, piece_bits(1)
        first, second = pieces_of(weights, self.largest, bits), pieces_of_squares(weights, self.largest, bits)
        for item, start in zip(self.plan.layout.items, self.plan.level_starts, strict=False):
            places = _places(_levels(chunk[item.column], item.levels, item.code), local, width)
            shape, rows = (item.levels + 1, width), slice(1, None)
            found = np.bincount(places, minlength=shape[0] * width).reshape(shape)
            where = (slice(start, start + item.levels), cells)
            self.tallies["n"].add(where, [found[rows]], 0)
            for name, pieces in (("a", first), ("b", second)):
                weighted = [np.bincount(places, piece, shape[0] * width).reshape(shape)[rows] for piece in pieces]
                self.tallies[name].add(where, weighted, bits)

    def _add_tables(self, body: Answers, weights: Numbers, cell: Codes, within: Codes) -> None:
        """People by number of answered criteria of each group, and what they scored."""
        plan, levels = self.plan, self.plan.layout.levels
        # Truth values as bytes: those are added fastest. 0 wraps to 255 and falls out with 254 and 255.
        answered = (body - np.uint8(1) < levels).view(np.uint8)
        level = body * answered
        scores = {Scoring.TOP2: (level >= levels - 1).view(np.uint8), Scoring.LEVEL: level}
        for table, members in enumerate(plan.layout.tables):
            chosen, kind = list(members), np.uint8 if len(members) * levels <= np.iinfo(np.uint8).max else np.uint16
            m = answered[chosen].sum(axis=0, dtype=kind)
            y = [scores[scoring][chosen].sum(axis=0, dtype=kind) for scoring in plan.scorings]
            people = _Table(plan, table, m, y)
            people.add_first(self.tallies, weights, self.largest, cell)
            people.add_second(self.tallies, weights, self.largest, within)


@dataclass(frozen=True, eq=False)
class _Table:
    """One group of criteria: number answered and scores of each row of a chunk."""

    plan: CellPlan
    table: int
    answered: npt.NDArray[np.unsignedinteger]
    scores: list[npt.NDArray[np.unsignedinteger]]

    def add_first(self, tallies: dict[str, Tally], weights: Numbers, largest: int, cell: Codes) -> None:
        bits = piece_bits(self._most)
        pieces, places = pieces_of(weights, largest, bits), self._places(cell)
        self._add(tallies["table_n"], 0, places, [None], 0)
        self._add(tallies["table_a"], 0, places, pieces, bits)
        for number, y in enumerate(self.scores):
            self._add(tallies["table_y"], number, places, [piece * y for piece in pieces], bits)

    def add_second(self, tallies: dict[str, Tally], weights: Numbers, largest: int, within: Codes) -> None:
        bits = piece_bits(self._most**2)
        pieces, places = pieces_of(weights, largest, bits), self._places(within)
        squares = [y.astype(np.float64) ** 2 for y in self.scores]
        for number, yy in enumerate(squares):
            self._add(tallies["table_yy"], number, places, [piece * yy for piece in pieces], bits)
        if self.plan.within is Within.CELL:
            pieces = pieces_of_squares(weights, largest, bits)
            self._add(tallies["table2"], 0, places, pieces, bits)
            for number, (y, yy) in enumerate(zip(self.scores, squares, strict=True)):
                self._add(tallies["table2"], 2 * number + 1, places, [piece * y for piece in pieces], bits)
                self._add(tallies["table2"], 2 * number + 2, places, [piece * yy for piece in pieces], bits)

    @property
    def _most(self) -> int:
        return len(self.plan.layout.tables[self.table]) * self.plan.layout.levels

    def _places(self, key: Codes) -> tuple[Codes, slice]:
        """Bucket and column of each row as one number, buckets first, and the columns met."""
        first, last = int(key[0]), int(key[-1]) + 1
        half, m = self.plan.buckets[self.table][0], self.answered
        # 0 nobody, 1 fewer than half, 2 half, …; below half the difference wraps and is thrown away.
        bucket = np.where(m < half, m > 0, m - m.dtype.type(half) + m.dtype.type(2))
        return _places(bucket, key - first, last - first), slice(first, last)

    def _add(
        self, tally: Tally, number: int, at: tuple[Codes, slice], pieces: Sequence[Floats | None], bits: int
    ) -> None:
        places, columns = at
        shape = (len(self.plan.buckets[self.table]) + 2, columns.stop - columns.start)
        rows, shift = self.plan.table_rows(self.table), number * self.plan.bucket_starts[-1]
        where = (slice(rows.start + shift, rows.stop + shift), columns)
        counted = [np.bincount(places, piece, shape[0] * shape[1]).reshape(shape)[1:] for piece in pieces]
        tally.add(where, counted, bits)


def _places(row: npt.NDArray[np.integer], column: Codes, width: int) -> Codes:
    """Row and column as one number; several times faster than looking rows up in a table."""
    places = row.astype(np.intp)
    places *= width
    places += column
    return places


def _levels(codes: Answers, levels: int, name: str) -> Answers:
    """Level of each answer, 0 for none."""
    given = codes - np.uint8(1) < levels  # 0 wraps to 255
    if ((codes > levels) & (codes < min(NOT_APPLICABLE, BLANK))).any():
        message = f"item {name}: a code outside 0..{levels}, 254, 255"
        raise BadInputError(message)
    return np.asarray(codes * given)


def _check(
    plan: CellPlan, answers: Answers, weights: Numbers, psu: Labelled | None, domains: Sequence[Labelled]
) -> None:
    columns = plan.layout.columns
    if not isinstance(answers, np.ndarray) or not isinstance(weights, np.ndarray):
        message = "answers and whole weights are arrays"
        raise BadInputError(message)
    if answers.dtype != np.uint8 or answers.ndim != 2 or answers.shape[1] != columns:
        message = f"answers of shape {answers.shape} and type {answers.dtype}, expected uint8 of (n, {columns})"
        raise BadInputError(message)
    if weights.shape != (len(answers),) or weights.dtype != np.int64:
        message = f"weights of shape {weights.shape} and type {weights.dtype}, expected int64 of ({len(answers)},)"
        raise BadInputError(message)
    if len(weights) and not 0 < weights.min() <= weights.max() < 1 << WEIGHT_BITS:
        message = f"whole weights from {weights.min()} to {weights.max()} do not lie in 1..2**{WEIGHT_BITS} - 1"
        raise BadInputError(message)
    if len(domains) != len(plan.keys):
        message = f"{len(domains)} domain labels for the keys {plan.keys}"
        raise BadInputError(message)
    if (psu is None) != (plan.drawn is Drawn.PEOPLE):
        message = f"sampling units {'missing' if psu is None else 'given'}, but drawn are {plan.drawn}"
        raise BadInputError(message)
