"""What the cell sums of a sampled survey hold, and in which row each of them stands.

A cell is one (domain, stratum, sampling unit) that has answers; a domain is a unit and whatever else is reported or
weighted by. The person index table counts a group's answers by bucket: fewer than half answered, then each m up to g.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.whole import MOST_DIGITS
from app.analysis.stats.errors import BadInputError, NotFromSumsError
from app.analysis.stats.layout import Scoring, SumsLayout

Places = npt.NDArray[np.intp]


class Drawn(StrEnum):
    """What was drawn in each stratum: clusters with all or some of their people, or people one by one."""

    CLUSTERS = "clusters"
    PEOPLE = "people"


class Within(StrEnum):
    """Where products inside a person are summed.

    DOMAIN is enough for the spread of an index between people; CELL, with squared weights as well, serves second
    stages and samples of people.
    """

    DOMAIN = "domain"
    CELL = "cell"


@dataclass(frozen=True)
class CellPlan:
    """Everything two sets of sums must share before they may be added.

    Attributes
    ----------
    layout : SumsLayout
        Criteria, factors, further items of the question set.
    keys : tuple of str
        Names of the parts of a domain, for example ``("unit", "channel")``; at least one.
    digits : int
        Decimal digits of the weights (`digits_for`).
    scorings : tuple of Scoring
        Scores whose indices can be had later.
    drawn : Drawn
    within : Within
        Samples of people need CELL.
    """

    layout: SumsLayout
    keys: tuple[str, ...]
    digits: int
    scorings: tuple[Scoring, ...]
    drawn: Drawn
    within: Within

    def __post_init__(self) -> None:
        if not self.keys or len(set(self.keys)) != len(self.keys):
            message = f"a domain needs at least one key and no key twice, got {self.keys}"
            raise BadInputError(message)
        if not 0 <= self.digits <= MOST_DIGITS or self.scorings != tuple(s for s in Scoring if s in self.scorings):
            message = f"{self.digits} digits, scores {self.scorings}: 0 to {MOST_DIGITS}, each score once and in order"
            raise BadInputError(message)
        if self.drawn is Drawn.PEOPLE and self.within is not Within.CELL:
            message = "people drawn one by one need the products inside a person per cell"
            raise BadInputError(message)

    @cached_property
    def level_starts(self) -> tuple[int, ...]:
        """First row of each item's levels, and the number of rows."""
        return tuple(int(x) for x in np.cumsum([0, *(item.levels for item in self.layout.items)]))

    @cached_property
    def buckets(self) -> tuple[tuple[int, ...], ...]:
        """Per table the numbers of answered criteria with a bucket of their own: those of at least half."""
        return tuple(tuple(range((len(t) + 1) // 2, len(t) + 1)) for t in self.layout.tables)

    @cached_property
    def bucket_starts(self) -> tuple[int, ...]:
        """First row of each table's buckets (fewer than half first), and the number of rows."""
        return tuple(int(x) for x in np.cumsum([0, *(1 + len(b) for b in self.buckets)]))

    def table_rows(self, table: int) -> slice:
        """Rows of the buckets of a table."""
        return slice(self.bucket_starts[table], self.bucket_starts[table + 1])

    def score(self, scoring: Scoring) -> int:
        """Position of a score; NotFromSumsError when the sums were made without it."""
        if scoring not in self.scorings:
            message = f"these sums hold {[str(s) for s in self.scorings]}, not {scoring}"
            raise NotFromSumsError(message)
        return self.scorings.index(scoring)

    @cached_property
    def products(self) -> Places:
        """Places of the kept products in the square of stacked (r, y of each score): j <= k, and y_j r_k whole."""
        k = len(self.layout.criteria)
        width = k * (1 + len(self.scorings))
        first, second = self.layout.triangle
        full_first, full_second = (x.ravel() for x in np.indices((k, k)))
        places = [first * width + second]
        for number in range(1, len(self.scorings) + 1):
            shift = number * k
            places.append((full_first + shift) * width + full_second)
            places.append((first + shift) * width + second + shift)
        return np.concatenate(places).astype(np.intp)

    def product_rows(self, kind: str, scoring: Scoring | None = None) -> Places:
        """Rows of the products ``rr``, ``yr`` or ``yy`` as a square array (K, K)."""
        k, triangle = len(self.layout.criteria), self.layout.triangle_size
        if scoring is None or kind == "rr":
            return self.layout.square
        start = triangle + self.score(scoring) * (k * k + triangle)
        if kind == "yr":
            return start + np.arange(k * k, dtype=np.intp).reshape(k, k)
        return start + k * k + self.layout.square

    @cached_property
    def description(self) -> dict[str, object]:
        """What has to be equal for sums to be added or read, in plain values."""
        layout = self.layout
        return {
            "columns": layout.columns,
            "levels": layout.levels,
            "criteria": [[c.code, c.column, c.factor, c.component] for c in layout.criteria],
            "others": [[i.code, i.column, i.levels] for i in layout.others],
            "keys": list(self.keys),
            "digits": self.digits,
            "scorings": [str(s) for s in self.scorings],
            "drawn": str(self.drawn),
            "within": str(self.within),
        }
