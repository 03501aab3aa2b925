"""Groups of rows that the columns of `by` make, in R's order: the first column runs fastest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.compare import label
from app.analysis.check.folder import Case

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Group:
    """Rows of the domain that share the values of all grouping columns."""

    labels: tuple[float | str, ...]
    rows: Bools

    @property
    def name(self) -> str:
        """R's name of the group, for example ``U01.F``."""
        return ".".join(label if isinstance(label, str) else f"{label:.15g}" for label in self.labels)


def groups_of(case: Case, domain: Bools, *, by: Sequence[str] | None = None) -> list[Group]:
    """Groups with at least one row in the domain, sorted by the last column first; by the columns of the case."""
    columns = [case.frame().column(name) for name in (case.by if by is None else by)]
    known = domain.copy()
    for column in columns:
        known &= np.array([value is not None and value == value for value in column])  # noqa: PLR0124 - NaN
    codes, labels = [], []
    for column in columns:
        values = sorted(set(column[known].tolist()))
        labels.append(values)
        place = {value: position for position, value in enumerate(values)}
        codes.append(np.array([place.get(value, -1) for value in column.tolist()]))
    found = sorted({tuple(int(code[row]) for code in reversed(codes)) for row in np.flatnonzero(known)})
    return [_group(tuple(reversed(key)), codes, labels, known) for key in found]


def as_listed(groups: list[Group], listed: Sequence[Any]) -> list[Group]:
    """The groups in the order of a case's list, one value or one tuple of values each; R sorts words by its locale.

    Where the list holds other groups the order stays, and the comparison says what is wrong.
    """
    wanted = [tuple(map(label, each if isinstance(each, tuple) else (each,))) for each in listed]
    place = {tuple(map(label, group.labels)): group for group in groups}
    if len(place) != len(groups) or len(wanted) != len(groups) or set(wanted) != place.keys():
        return groups
    return [place[each] for each in wanted]


def _group(
    key: tuple[int, ...], codes: list[npt.NDArray[np.intp]], labels: list[list[float | str]], known: Bools
) -> Group:
    rows = known.copy()
    for part, code in zip(key, codes, strict=True):
        rows &= code == part
    return Group(tuple(names[part] for names, part in zip(labels, key, strict=True)), rows)
