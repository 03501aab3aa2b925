"""The sufficient statistics of a cell: they add up, and every index of the product is computed from them.

A cell is any set of responses of one question-set version: a counter on a day, a unit in a year. Its sums are one
int64 vector; the sums of a union are the sum of the vectors, bit for bit, in any order (statistics.md section 5).
y is the score of an answer (Scoring), r is 1 where the criterion was answered.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.layout import BLANK, NOT_APPLICABLE, NOT_SHOWN, Scoring, SumsLayout

Ints = npt.NDArray[np.int64]
Answers = npt.NDArray[np.uint8]

# Rows multiplied at once: they fit the cache, and whole numbers stay exact in float32 (15 * 15 * 16384 < 2**24).
CHUNK = 16_384
# Multiplications up to which OpenBLAS uses one thread (its own limit is 262 144).
ONE_THREAD = 200_000
STORED_VERSION = 1


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Answers to one item: people at level 1, 2, …, and apart from them those who gave no level."""

    levels: tuple[int, ...]
    not_applicable: int
    blank: int
    not_shown: int

    @property
    def n(self) -> int:
        """People who gave a level."""
        return sum(self.levels)


@dataclass(frozen=True, slots=True)
class CrossSums:
    """Within-person sums over criteria j, k, each of shape (cells, K, K): r_j r_k, y_j r_k, y_j y_k."""

    rr: Ints
    yr: Ints
    yy: Ints


def from_answers(layout: SumsLayout, answers: Answers) -> Ints:
    """Sums of the responses given.

    Parameters
    ----------
    layout : SumsLayout
    answers : uint8 array, shape (responses, layout.columns)
        Codes 0 not shown, 1..n the choice, 254 not applicable, 255 blank.

    Returns
    -------
    int64 array, shape (layout.size,)

    Raises
    ------
    BadInputError
        Wrong shape or type, or a code outside an item's choices (with the item's code).
    """
    _check_answers(layout, answers)
    total = np.zeros(layout.size, dtype=np.int64)
    _accumulate(layout, answers, total)
    return total


def from_answers_grouped(
    layout: SumsLayout, answers: Answers, group_index: npt.NDArray[np.integer], n_groups: int
) -> Ints:
    """Sums of each group of responses, shape (n_groups, layout.size); row i belongs to group ``group_index[i]``.

    Raises
    ------
    BadInputError
        As `from_answers`, or a group outside 0..n_groups-1.
    """
    _check_answers(layout, answers)
    if group_index.shape != (len(answers),):
        message = f"{len(answers)} responses but {group_index.shape} group numbers"
        raise BadInputError(message)
    if len(answers) and (group_index.min() < 0 or group_index.max() >= n_groups):
        message = f"a group number lies outside 0..{n_groups - 1}"
        raise BadInputError(message)
    # Small integers sort by radix, several times faster.
    narrow = group_index.astype(np.uint16 if n_groups <= np.iinfo(np.uint16).max else np.int64)
    order = np.argsort(narrow, kind="stable")
    ends = np.cumsum(np.bincount(narrow, minlength=n_groups))
    totals = np.zeros((n_groups, layout.size), dtype=np.int64)
    start = 0
    for group, end in enumerate(ends.tolist()):
        if end > start:
            _accumulate(layout, answers[order[start:end]], totals[group])
        start = end
    return totals


def add(layout: SumsLayout, vectors: Iterable[Ints]) -> Ints:
    """Sums of a union of disjoint cells; nothing gives the vector of an empty cell."""
    total = np.zeros(layout.size, dtype=np.int64)
    for vector in vectors:
        total += _checked(layout, vector)
    return total


def to_bytes(layout: SumsLayout, sums: Ints) -> bytes:
    """Stored form: a version byte, then zlib over the little-endian int64 values, all first bytes, all second, ….

    The order by byte takes a quarter less room than value after value, since most high bytes are 0.
    """
    planes = _checked(layout, sums).astype("<i8").view(np.uint8).reshape(-1, 8).T
    return bytes([STORED_VERSION]) + zlib.compress(planes.tobytes(), 9)


def from_bytes(layout: SumsLayout, stored: bytes) -> Ints:
    """Read what `to_bytes` wrote.

    Raises
    ------
    BadInputError
        Unknown version, damaged bytes, or another layout's length.
    """
    if not stored or stored[0] != STORED_VERSION:
        message = f"stored sums of unknown version {stored[:1]!r}"
        raise BadInputError(message)
    try:
        # One byte more than allowed is enough to see that it is too long, whatever it would unpack to.
        raw = zlib.decompressobj().decompress(stored[1:], 8 * layout.size + 1)
    except zlib.error as error:
        message = "stored sums are damaged"
        raise BadInputError(message) from error
    if len(raw) != 8 * layout.size:
        message = f"stored sums have {len(raw)} bytes, the layout needs {8 * layout.size}"
        raise BadInputError(message)
    planes = np.frombuffer(raw, dtype=np.uint8).reshape(8, -1).T
    return np.ascontiguousarray(planes).view("<i8").ravel().astype(np.int64)


def responses(sums: Ints) -> Ints:
    """Number of responses of each cell, whatever was answered; shape (...) for sums of shape (..., size)."""
    return sums[..., 0]


def item_counts(layout: SumsLayout, sums: Ints, code: str) -> ItemCounts:
    """Distribution of one item of one cell; KeyError for an unknown code."""
    position = layout.item(code)
    start, end = layout.item_starts[position], layout.item_starts[position + 1]
    not_shown, *levels, not_applicable, blank = _checked(layout, sums)[start:end].tolist()
    return ItemCounts(tuple(levels), not_applicable, blank, not_shown)


def item_levels(layout: SumsLayout, sums: Ints, code: str) -> Ints:
    """People at each level of one item, shape (cells, levels), for sums of shape (cells, size)."""
    position = layout.item(code)
    start = layout.item_starts[position] + 1
    return sums[:, start : start + layout.items[position].levels]


def criterion_levels(layout: SumsLayout, sums: Ints) -> Ints:
    """People at each level of each criterion, shape (cells, K, levels), for sums of shape (cells, size)."""
    k, first = len(layout.criteria), layout.item_starts[0]
    block = sums[:, first : first + k * (layout.levels + 3)].reshape(len(sums), k, layout.levels + 3)
    return block[:, :, 1 : layout.levels + 1]


def cross_sums(layout: SumsLayout, sums: Ints, scoring: Scoring) -> CrossSums:
    """Within-person cross products of the criteria, for sums of shape (cells, size)."""
    k, starts, square = len(layout.criteria), layout.cross_starts, layout.square
    first, second = starts[f"ry_{scoring}"], starts[f"yy_{scoring}"]
    return CrossSums(
        rr=sums[:, starts["rr"] + square],
        yr=sums[:, first : first + k * k].reshape(len(sums), k, k),
        yy=sums[:, second + square],
    )


def group_table(layout: SumsLayout, sums: Ints, table: int, scoring: Scoring) -> Ints:
    """People by number m = 1..g of answered criteria of a group: n, sum of y, sum of y²; shape (cells, g, 3)."""
    start, end = layout.table_starts[table], layout.table_starts[table + 1]
    block = sums[:, start:end].reshape(len(sums), len(layout.tables[table]), 5)
    return block[:, :, [0, 1, 2] if scoring is Scoring.TOP2 else [0, 3, 4]]


def _checked(layout: SumsLayout, sums: Ints) -> Ints:
    if sums.shape != (layout.size,) or sums.dtype != np.int64:
        message = f"sums of shape {sums.shape} and type {sums.dtype}, the layout needs int64 of ({layout.size},)"
        raise BadInputError(message)
    return sums


def _check_answers(layout: SumsLayout, answers: Answers) -> None:
    if answers.dtype != np.uint8 or answers.ndim != 2 or answers.shape[1] != layout.columns:
        message = f"answers of shape {answers.shape} and type {answers.dtype}, expected uint8 of (n, {layout.columns})"
        raise BadInputError(message)


def _accumulate(layout: SumsLayout, answers: Answers, total: Ints) -> None:
    """Add the responses of one cell to its vector, a chunk at a time."""
    columns = np.array([item.column for item in layout.items], dtype=np.intp)
    for start in range(0, len(answers), CHUNK):
        chunk = np.ascontiguousarray(answers[start : start + CHUNK].T[columns])
        total[0] += chunk.shape[1]
        _add_counts(layout, chunk, total)
        if layout.criteria:
            _add_products(layout, chunk[: len(layout.criteria)], total)


def _add_counts(layout: SumsLayout, chunk: Answers, total: Ints) -> None:
    """Counts of every code of every item."""
    n = chunk.shape[1]
    for position, item in enumerate(layout.items):
        start, end = layout.item_starts[position], layout.item_starts[position + 1]
        row = np.bincount(chunk[position], minlength=256)
        if row[: item.levels + 1].sum() + row[NOT_APPLICABLE] + row[BLANK] != n:
            message = f"item {item.code}: a code outside 0..{item.levels}, 254, 255"
            raise BadInputError(message)
        total[start : end - 2] += row[NOT_SHOWN : item.levels + 1]
        total[end - 2] += row[NOT_APPLICABLE]
        total[end - 1] += row[BLANK]


def _add_products(layout: SumsLayout, chunk: Answers, total: Ints) -> None:
    """Cross products by matrix multiplication, exact because all numbers are whole and small; then the tables."""
    blocks = _blocks(layout, chunk)
    answered = blocks - np.uint8(1) < layout.levels  # 0 wraps to 255 and falls out with 254 and 255
    level = blocks * answered
    r = answered.astype(np.float32)
    y = {Scoring.TOP2: (level >= layout.levels - 1).astype(np.float32), Scoring.LEVEL: level.astype(np.float32)}
    starts, size, across = layout.cross_starts, layout.triangle_size, (0, 2, 1)
    total[starts["rr"] : starts["rr"] + size] += _whole(r @ r.transpose(across))[layout.triangle]
    for scoring, scores in y.items():
        first, second = starts[f"ry_{scoring}"], starts[f"yy_{scoring}"]
        total[first : first + len(layout.criteria) ** 2] += _whole(scores @ r.transpose(across)).ravel()
        total[second : second + size] += _whole(scores @ scores.transpose(across))[layout.triangle]
    _add_tables(layout, r, y, total)


def _blocks(layout: SumsLayout, chunk: Answers) -> Answers:
    """Cut (K, people) into (blocks, K, people of a block), the last one filled up with answers not shown.

    Blocks are small enough for the matrix library to stay on one thread: on shared cores its waiting threads cost
    five times what they gain.
    """
    k, n = chunk.shape
    width = min(n, max(1, ONE_THREAD // max(k * k, k * len(layout.tables))))
    padded = np.full((k, -(-n // width) * width), NOT_SHOWN, dtype=np.uint8)
    padded[:, :n] = chunk
    return np.ascontiguousarray(padded.reshape(k, -1, width).transpose(1, 0, 2))


def _whole(products: npt.NDArray[np.float32]) -> Ints:
    summed: npt.NDArray[np.float32] = products.sum(axis=0)
    return summed.astype(np.int64)


def _add_tables(
    layout: SumsLayout, r: npt.NDArray[np.float32], y: dict[Scoring, npt.NDArray[np.float32]], total: Ints
) -> None:
    """Group tables: each person's number of answers and score in every group, then their joint counts."""
    m = layout.membership @ r
    top, level = layout.membership @ y[Scoring.TOP2], layout.membership @ y[Scoring.LEVEL]
    for table, members in enumerate(layout.tables):
        g = len(members)
        start, end = layout.table_starts[table], layout.table_starts[table + 1]
        block = total[start:end].reshape(g, 5)
        block[:, 0:3] += _moments_by_m(m[:, table], top[:, table], g, g)
        block[:, 3:5] += _moments_by_m(m[:, table], level[:, table], g, g * layout.levels)[:, 1:]


def _moments_by_m(m: npt.NDArray[np.float32], y: npt.NDArray[np.float32], g: int, most: int) -> Ints:
    """For m = 1..g: people, sum of y, sum of y², out of the joint counts of (m, y)."""
    width = most + 1
    keys = (m * width + y).astype(np.intp).ravel()
    joint = np.bincount(keys, minlength=(g + 1) * width).reshape(g + 1, width)[1:]
    values = np.arange(width)
    return np.stack([joint.sum(axis=1), joint @ values, joint @ (values * values)], axis=1)
