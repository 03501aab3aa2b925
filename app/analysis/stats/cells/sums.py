"""The sums of a sampled survey: they add up exactly, and everything in `estimates` and `table` is made of them.

Per cell (domain, stratum, sampling unit): rows, Σw, Σw²; per item and level n, A = Σw, B = Σw²; per factor, component
and whole by number of answered criteria n, Σw, Σwy. Per domain (or cell, see `Within`): the products inside a person
Σw r r, Σw y r, Σw y y, and Σw y² by number of answered criteria; with CELL the same with w² (statistics.md section 5).
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.keys import Codes, Keys, union
from app.analysis.stats.cells.plan import CellPlan, Within
from app.analysis.stats.cells.whole import Tally, Whole
from app.analysis.stats.errors import BadInputError


@dataclass(frozen=True, eq=False)
class Blocks:
    """All sums, each of shape (rows, cells); the last four of shape (rows, domains) or (rows, cells).

    Attributes
    ----------
    people : Whole, shape (3, cells)
        Respondents, Σw, Σw², whatever they answered.
    n, a, b : Whole, shape (levels of all items, cells)
        People at each level, their Σw and Σw².
    table_n, table_a : Whole, shape (buckets, cells)
        People by number of answered criteria, and Σw.
    table_y : Whole, shape (scores * buckets, cells)
        Σ w y, score by score.
    products : Whole
        Σ w of the products `CellPlan.products`.
    table_yy : Whole, shape (scores * buckets, ...)
        Σ w y².
    products2 : Whole or None
        As `products` with w²; only per cell.
    table2 : Whole or None, shape ((1 + 2 * scores) * buckets, cells)
        Σ w², then Σ w² y and Σ w² y² score by score; only per cell.
    """

    people: Whole
    n: Whole
    a: Whole
    b: Whole
    table_n: Whole
    table_a: Whole
    table_y: Whole
    products: Whole
    table_yy: Whole
    products2: Whole | None
    table2: Whole | None


PER_CELL = ("people", "n", "a", "b", "table_n", "table_a", "table_y", "products2", "table2")
NAMES = tuple(field.name for field in fields(Blocks))


@dataclass(frozen=True, eq=False)
class CellSums:
    """Sums of a set of responses; add disjoint sets with `add`.

    Equal sets of responses have equal bits, however they were divided and in whatever order they were added.
    """

    plan: CellPlan
    keys: Keys
    blocks: Blocks

    @cached_property
    def rows(self) -> npt.NDArray[np.int64]:
        """Respondents of each cell."""
        return np.asarray(self.blocks.people.low[0], dtype=np.int64)

    @cached_property
    def rows_of_psus(self) -> npt.NDArray[np.float64]:
        """Respondents of each sampling unit."""
        return np.bincount(self.keys.psu, weights=self.rows, minlength=len(self.keys.psus)).astype(np.float64)

    @property
    def scale(self) -> float:
        """What whole weights are divided by."""
        return float(10**self.plan.digits)


def rows_of_blocks(plan: CellPlan) -> dict[str, int]:
    """Number of rows of every block that this plan has."""
    levels, buckets, scores = plan.level_starts[-1], plan.bucket_starts[-1], len(plan.scorings)
    rows = {"people": 3, "n": levels, "a": levels, "b": levels, "table_n": buckets, "table_a": buckets}
    rows |= {"table_y": scores * buckets, "products": len(plan.products), "table_yy": scores * buckets}
    if plan.within is Within.CELL:
        rows |= {"products2": len(plan.products), "table2": (1 + 2 * scores) * buckets}
    return rows


def add(plan: CellPlan, parts: Iterable[CellSums]) -> CellSums:
    """Sums of a union of disjoint sets of responses; of none, the empty sums.

    Raises
    ------
    BadInputError
        Parts of another plan.
    """
    given = list(parts)
    for part in given:
        if part.plan.description != plan.description:
            message = "these sums were made after another plan: another question set, key, scale of weights or design"
            raise BadInputError(message)
    keys, places = union([part.keys for part in given])
    domain_places = _domain_places(keys, given)
    blocks: dict[str, Whole | None] = dict.fromkeys(NAMES)
    for name, rows in rows_of_blocks(plan).items():
        per_cell = name in PER_CELL or plan.within is Within.CELL
        found = [getattr(part.blocks, name) for part in given]
        tally = Tally((rows, keys.cells if per_cell else len(keys.domains)), sum(b.largest() for b in found))
        for block, cells, domains in zip(found, places, domain_places, strict=True):
            tally.add_whole((slice(None), cells if per_cell else domains), block)
        blocks[name] = tally.whole()
    return CellSums(plan, keys, Blocks(**blocks))  # type: ignore[arg-type]


def _domain_places(keys: Keys, parts: list[CellSums]) -> list[Codes]:
    place = {domain: i for i, domain in enumerate(keys.domains)}
    return [np.array([place[d] for d in part.keys.domains], dtype=np.intp) for part in parts]
