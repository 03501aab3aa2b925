"""Cell sums seen by reporting units: any of the keys, any part of their labels, or the whole survey.

Domains of a view need not be all of the survey: whoever is left out counts as outside the domain, and the sampling
units of the survey stay what they are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.keys import Codes
from app.analysis.stats.cells.plan import Within
from app.analysis.stats.cells.sums import CellSums
from app.analysis.stats.cells.whole import Whole
from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]
Rows = slice | Codes


@dataclass(frozen=True, eq=False)
class View:
    """Pairs of reporting unit and sampling unit that occur, sorted by unit, stratum, sampling unit.

    Attributes
    ----------
    sums : CellSums
    units : tuple of tuple of str
        Labels of the reporting units, one per key asked for; sorted.
    unit, psu : int arrays, shape (pairs,)
    order : int array or slice
        Cells in the order of the pairs; a slice where they stand in that order already.
    starts : int array or None
        First cell of each pair, None where each pair is one cell.
    domain_unit : int array, shape (domains,)
        Reporting unit of each domain, -1 for none.
    """

    sums: CellSums
    units: tuple[tuple[str, ...], ...]
    unit: Codes
    psu: Codes
    order: Codes | slice
    starts: Codes | None
    domain_unit: Codes

    @classmethod
    def of(cls, sums: CellSums, *, by: Sequence[str], where: Mapping[str, Collection[str]] | None = None) -> "View":
        """Group domains by some of the plan's keys.

        Parameters
        ----------
        by : sequence of str
            Keys whose labels make a reporting unit; () for one unit that is everybody.
        where : mapping from key to labels, optional
            Only domains with one of these labels.

        Raises
        ------
        BadInputError
            A key that the plan does not have.
        """
        keys, plan = sums.keys, sums.plan
        unknown = [name for name in (*by, *(where or {})) if name not in plan.keys]
        if unknown:
            message = f"these sums have the keys {plan.keys}, not {unknown[0]!r}"
            raise BadInputError(message)
        places = [plan.keys.index(name) for name in by]
        kept = [(plan.keys.index(name), frozenset(labels)) for name, labels in (where or {}).items()]
        named = [
            tuple(parts[i] for i in places) if all(parts[i] in labels for i, labels in kept) else None
            for parts in keys.domains
        ]
        units = tuple(sorted({name for name in named if name is not None}))
        number = {name: i for i, name in enumerate(units)}
        domain_unit = np.array([-1 if name is None else number[name] for name in named], dtype=np.intp)
        unit = domain_unit[keys.domain]
        joint = unit * len(keys.psus) + keys.psu
        if np.all(unit >= 0) and np.all(np.diff(joint) > 0):
            return cls(sums, units, unit, keys.psu, slice(None), None, domain_unit)
        order = np.argsort(joint, kind="stable")
        order = order[unit[order] >= 0]
        starts = np.flatnonzero(np.diff(joint[order], prepend=-1))
        first = order[starts]
        merged = starts if len(starts) != len(order) else None
        return cls(sums, units, unit[first], keys.psu[first], order, merged, domain_unit)

    def one(self, unit: int) -> "View":
        """Only one of the reporting units; reads no more of the sums than it needs.

        Raises
        ------
        BadInputError
            When there is no such unit.
        """
        if not 0 <= unit < len(self.units):
            message = f"unit {unit} of a view of {len(self.units)} units"
            raise BadInputError(message)
        chosen = slice(*np.searchsorted(self.unit, [unit, unit + 1]).tolist())
        domain_unit = np.where(self.domain_unit == unit, 0, -1)
        first, last = chosen.start, chosen.stop
        starts = None
        if isinstance(self.order, slice):
            order: Codes | slice = chosen
        elif self.starts is None:
            order = self.order[chosen]
        else:
            bounds = np.append(self.starts, len(self.order))
            order = self.order[bounds[first] : bounds[last]]
            starts = self.starts[chosen] - bounds[first]
        zeros = np.zeros(last - first, dtype=np.intp)
        return View(self.sums, (self.units[unit],), zeros, self.psu[chosen], order, starts, domain_unit)

    def pairs(self, block: Whole, rows: Rows, *, weight_power: int) -> Floats:
        """Rows of a block per pair, in units of weight to that power (0 for counts), shape (rows, pairs)."""
        # The slice first: it copies nothing.
        if isinstance(self.order, slice):
            part = block.part((slice(None), self.order)).part(rows)
        else:
            part = block.part(rows).part((slice(None), self.order))
        found = part.floats()
        if self.starts is not None:
            found = np.add.reduceat(found, self.starts, axis=1)
        if weight_power:
            found /= self.sums.scale**weight_power
        return found

    def totals(self, pairs: Floats) -> Floats:
        """Sums over the pairs of each unit, shape (rows, units)."""
        return np.add.reduceat(pairs, self.unit_starts, axis=1) if len(self.unit) else np.zeros((len(pairs), 0))

    def persons(self, block: Whole, rows: Rows) -> Floats:
        """Rows of a block of products or squares per unit, in units of weight, shape (rows, units)."""
        if self.sums.plan.within is Within.CELL:
            return self.totals(self.pairs(block, rows, weight_power=1))
        chosen, starts = self._domains
        found = block.part((slice(None), chosen)).part(rows).floats()
        found /= self.sums.scale
        return found if len(starts) == len(chosen) else np.add.reduceat(found, starts, axis=1)

    @cached_property
    def _domains(self) -> tuple[Codes, Codes]:
        """Domains of the view in the order of their units, and the first of each unit."""
        chosen = np.flatnonzero(self.domain_unit >= 0)
        chosen = chosen[np.argsort(self.domain_unit[chosen], kind="stable")]
        return chosen, np.searchsorted(self.domain_unit[chosen], np.arange(len(self.units)))

    @cached_property
    def unit_starts(self) -> Codes:
        """First pair of each unit."""
        return np.searchsorted(self.unit, np.arange(len(self.units)))

    @cached_property
    def run(self) -> Codes:
        """Run of each pair: pairs of one unit in one stratum lie together."""
        stratum = self.sums.keys.psu_stratum[self.psu]
        joint = self.unit * max(len(self.sums.keys.strata), 1) + stratum
        return np.cumsum(np.diff(joint, prepend=joint[:1]) != 0).astype(np.intp)

    @cached_property
    def run_starts(self) -> Codes:
        """First pair of each run."""
        return np.searchsorted(self.run, np.arange(int(self.run[-1]) + 1 if len(self.run) else 0))

    @cached_property
    def run_unit(self) -> Codes:
        """Unit of each run."""
        return self.unit[self.run_starts]

    @cached_property
    def run_stratum(self) -> Codes:
        """Stratum of each run."""
        return self.sums.keys.psu_stratum[self.psu[self.run_starts]]

    @cached_property
    def people(self) -> Floats:
        """Respondents of each unit, whatever they answered."""
        return np.asarray(self.totals(self.pairs(self.sums.blocks.people, slice(0, 1), weight_power=0))[0])
