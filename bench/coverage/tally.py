"""How often limits hold the truth, and how wide they are, per method."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Limits = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Held:
    """Cells looked at, how many of them held the truth, and the sum of their widths; add them with ``+``."""

    cells: int
    held: float
    widths: float

    @classmethod
    def of(cls, limits: Limits, truth: Floats | float, where: Bools | None = None) -> "Held":
        """Count the chosen cells (all without `where`); a limit that is not a number holds nothing and has no width."""
        low, high = limits
        chosen = np.ones(low.shape, dtype=bool) if where is None else np.broadcast_to(where, low.shape)
        held = (low <= truth) & (truth <= high) & chosen
        return cls(int(chosen.sum()), float(held.sum()), float(np.nansum(np.where(chosen, high - low, 0.0))))

    @classmethod
    def share(cls, holds: Bools, where: Bools) -> "Held":
        """How often something holds among the chosen cells; no widths."""
        chosen = np.broadcast_to(where, holds.shape)
        return cls(int(chosen.sum()), float((holds & chosen).sum()), 0.0)

    def __add__(self, other: "Held") -> "Held":
        return Held(self.cells + other.cells, self.held + other.held, self.widths + other.widths)

    @property
    def coverage(self) -> float:
        """Share of the cells that hold the truth."""
        return self.held / self.cells if self.cells else float("nan")

    @property
    def width(self) -> float:
        """Mean width."""
        return self.widths / self.cells if self.cells else float("nan")


NOTHING = Held(0, 0.0, 0.0)

# Group of cells, then method.
Counts = dict[str, dict[str, Held]]


def added(parts: Sequence[Counts]) -> Counts:
    """Join counts of several runs, group by group and method by method."""
    joined: Counts = {}
    for part in parts:
        for key, methods in part.items():
            group = joined.setdefault(key, {})
            for method, held in methods.items():
                group[method] = group.get(method, NOTHING) + held
    return joined
