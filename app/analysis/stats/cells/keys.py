"""Labels of strata, sampling units and domains, sorted, and the cells that occur as triples of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import labels as as_labels
from app.analysis.stats.arrays import missing
from app.analysis.stats.errors import BadInputError

Codes = npt.NDArray[np.intp]

# Up to this many possible pairs a table of all of them is faster than sorting.
DENSE = 1 << 25


@dataclass(frozen=True, eq=False)
class Labelled:
    """One label per row: codes into a list of labels without repetition, of any type of whole numbers."""

    codes: npt.NDArray[np.integer]
    labels: tuple[str, ...]

    @classmethod
    def of(cls, values: npt.ArrayLike) -> "Labelled":
        """From one value per row, made text.

        Raises
        ------
        BadInputError
            A row without a label, or not one list.
        """
        given = as_labels(values, "labels")
        unlabelled = missing(given)
        if given.ndim != 1 or unlabelled.any():
            message = f"labels of shape {given.shape}, one per row; missing in {int(unlabelled.sum())} rows"
            raise BadInputError(message)
        labels, codes = np.unique(given.astype(str), return_inverse=True)
        return cls(codes.astype(np.intp), tuple(labels.tolist()))

    def checked(self, rows: int, name: str) -> "Labelled":
        """The same with labels in sorted order.

        Raises
        ------
        BadInputError
            Another number of rows, a label twice, a code without label.
        """
        codes = np.asarray(self.codes)
        if codes.shape != (rows,) or codes.dtype.kind not in "iu":
            message = f"{name}: {codes.shape} codes of {codes.dtype} for {rows} rows"
            raise BadInputError(message)
        if rows and (codes.min() < 0 or codes.max() >= len(self.labels)):
            message = f"{name}: a code lies outside its {len(self.labels)} labels"
            raise BadInputError(message)
        order = sorted(range(len(self.labels)), key=self.labels.__getitem__)
        labels = tuple(self.labels[i] for i in order)
        if any(a == b for a, b in pairwise(labels)):
            message = f"{name}: a label stands twice in the list"
            raise BadInputError(message)
        if list(order) == list(range(len(order))):
            return Labelled(codes, labels)
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        return Labelled(place[codes], labels)


@dataclass(frozen=True, eq=False)
class Keys:
    """The cells that occur, sorted by domain, stratum and sampling unit, none twice.

    Attributes
    ----------
    strata : tuple of str
    psus : tuple of (stratum code, label)
        Sampling units, sorted; numbers may repeat between strata.
    domains : tuple of tuple of str
        One label per key of the plan.
    domain, psu : int arrays, shape (cells,)
    """

    strata: tuple[str, ...]
    psus: tuple[tuple[int, str], ...]
    domains: tuple[tuple[str, ...], ...]
    domain: Codes
    psu: Codes

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.domain)

    @cached_property
    def psu_stratum(self) -> Codes:
        """Stratum of each sampling unit."""
        return np.array([stratum for stratum, _ in self.psus], dtype=np.intp)


def combined(first: npt.NDArray[np.integer], second: npt.NDArray[np.integer], width: int) -> tuple[Codes, Codes]:
    """Pairs that occur, as first * width + second in ascending order, and the number of its pair for every row."""
    joint = np.multiply(first, width, dtype=np.intp)
    joint += second
    most = (int(first.max()) + 1 if len(first) else 0) * width
    if most > DENSE:
        found, codes = np.unique(joint, return_inverse=True)
        return found.astype(np.intp), codes.astype(np.intp)
    present = np.zeros(most, dtype=bool)
    present[joint] = True
    number = np.cumsum(present, dtype=np.intp)
    number -= 1
    return np.flatnonzero(present), number[joint]


def keys_of_rows(stratum: Labelled, psu: Labelled | None, domains: Sequence[Labelled]) -> tuple[Keys, Codes]:
    """Keys of the rows and the cell of each row; without sampling units each stratum is one."""
    strata_found, stratum_codes = combined(np.zeros_like(stratum.codes), stratum.codes, len(stratum.labels))
    strata = tuple(stratum.labels[i] for i in strata_found.tolist())
    if psu is None:
        psu_codes, psus = stratum_codes, tuple((i, "") for i in range(len(strata)))
    else:
        width = len(psu.labels)
        found, psu_codes = combined(stratum_codes, psu.codes, width)
        psus = tuple((key // width, psu.labels[key % width]) for key in found.tolist())
    parts, domain_codes = [()], np.zeros(len(stratum.codes), dtype=np.intp)  # type: list[tuple[str, ...]], Codes
    for part in domains:
        width = len(part.labels)
        found, domain_codes = combined(domain_codes, part.codes, width)
        parts = [(*parts[key // width], part.labels[key % width]) for key in found.tolist()]
    found, cell = combined(domain_codes, psu_codes, len(psus))
    width = max(len(psus), 1)
    keys = Keys(strata, psus, tuple(parts) if len(cell) else (), found // width, found % width)
    return keys, cell


def union(parts: Sequence[Keys]) -> tuple[Keys, list[Codes]]:
    """Keys of a union, and for each part the places of its cells in it."""
    strata = sorted({s for keys in parts for s in keys.strata})
    place = {label: i for i, label in enumerate(strata)}
    named = [[(place[keys.strata[s]], label) for s, label in keys.psus] for keys in parts]
    psus = sorted({psu for of_part in named for psu in of_part})
    domains = sorted({domain for keys in parts for domain in keys.domains})
    psu_place, domain_place = ({key: i for i, key in enumerate(found)} for found in (psus, domains))
    joint = []
    for keys, of_part in zip(parts, named, strict=True):
        psu = np.array([psu_place[p] for p in of_part], dtype=np.intp)
        domain = np.array([domain_place[d] for d in keys.domains], dtype=np.intp)
        joint.append(domain[keys.domain] * len(psus) + psu[keys.psu])
    found = np.unique(np.concatenate(joint)) if joint else np.zeros(0, dtype=np.intp)
    width = max(len(psus), 1)
    whole = Keys(tuple(strata), tuple(psus), tuple(domains), found // width, found % width)
    return whole, [np.searchsorted(found, of_part) for of_part in joint]
