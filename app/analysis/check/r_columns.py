"""Columns out of R formulas: `~api00 + I(sch_wide == "Yes")` over the rows of a data set."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.frames import Frame
from app.analysis.check.r_calls import Call, Name, UnreadableTextError

Floats = npt.NDArray[np.float64]
Values = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Truth:
    """Truth values of rows as 0 and 1, NaN where unknown; R counts them as two categories in ``svymean``."""

    values: Floats


COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
SUMS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow,
}  # fmt: skip


def terms(formula: Any) -> list[Any]:
    """Terms of a one-sided formula; `~1` and `~0` have none."""
    if not isinstance(formula, Call) or formula.name != "~" or len(formula.positional) != 1:
        message = f"{formula!r} is not a one-sided formula"
        raise UnreadableTextError(message)
    found, waiting = [], [formula.positional[0]]
    while waiting:
        term = waiting.pop()
        if isinstance(term, Call) and term.name == "+" and len(term.positional) == 2:
            waiting += [term.positional[1], term.positional[0]]
        elif not isinstance(term, int | float):
            found.append(term)
    return found


def model_columns(formula: Any, frame: Frame) -> Floats:
    """Columns of a formula as ``svymean`` takes them, shape (rows, k): one per category of words and truth values."""
    columns: list[Floats] = []
    for term in terms(formula):
        found = evaluated(term, frame)
        if isinstance(found, Truth):
            columns += [1.0 - found.values, found.values]
        elif found.dtype == object:
            missing = np.array([value is None for value in found])
            columns += [np.where(missing, np.nan, found == level) for level in levels(found)]
        else:
            columns.append(found)
    return np.stack(columns, axis=1).astype(np.float64)


def number_columns(formula: Any, frame: Frame) -> Floats:
    """Columns of a formula with truth values as 0 and 1, shape (rows, k)."""
    return np.stack([numbers_of(evaluated(term, frame)) for term in terms(formula)], axis=1)


def levels(column: Values) -> list[Any]:
    """Distinct values in the order R gives the levels of a factor."""
    known = {value for value in column.tolist() if value is not None and value == value}  # noqa: PLR0124 - NaN
    return sorted(known, key=lambda value: (str(value).casefold(), str(value)) if isinstance(value, str) else value)


def numbers_of(found: Truth | Values) -> Floats:
    """Numbers of an evaluated term."""
    if isinstance(found, Truth):
        return found.values
    if found.dtype == object:
        raise UnreadableTextError("a column of words where numbers are needed")
    return found.astype(np.float64)


def evaluated(tree: Any, frame: Frame) -> Truth | Values:
    """Value of a term for every row."""
    if isinstance(tree, Name):
        return frame.column(tree.text)
    if not isinstance(tree, Call):
        kind = object if isinstance(tree, str) else np.float64
        return np.full(frame.rows, tree, dtype=kind)
    parts = [evaluated(part, frame) for part in tree.positional[: 1 if tree.name == "%in%" else None]]
    if tree.name == "%in%" and isinstance(tree.positional[1], Call):
        members = set(tree.positional[1].positional)
        return Truth(np.array([float(value in members) for value in _plain(parts[0])]))
    if (tree.name, len(parts)) in CALLS:
        return CALLS[tree.name, len(parts)](*parts)
    message = f"{tree.name}() is not known in a formula"
    raise UnreadableTextError(message)


def _sum(work: Callable[[Any, Any], Any]) -> Callable[..., Truth | Values]:
    return lambda left, right: np.asarray(work(numbers_of(left), numbers_of(right)))


def _comparison(compare: Callable[[Any, Any], Any]) -> Callable[..., Truth | Values]:
    return lambda left, right: _compared(compare, left, right)


def _plain(part: Truth | Values) -> list[Any]:
    return list(part.values.tolist() if isinstance(part, Truth) else part.tolist())


def _missing(part: Truth | Values) -> npt.NDArray[np.bool_]:
    return np.array([value is None or value != value for value in _plain(part)])  # noqa: PLR0124 - NaN


def _compared(compare: Callable[[Any, Any], Any], left: Truth | Values, right: Truth | Values) -> Truth:
    missing = _missing(left) | _missing(right)
    pairs = zip(_plain(left), _plain(right), missing.tolist(), strict=True)
    return Truth(np.array([np.nan if unknown else float(compare(a, b)) for a, b, unknown in pairs]))


CALLS: Mapping[tuple[str, int], Callable[..., Truth | Values]] = {
    **{(name, 2): _comparison(compare) for name, compare in COMPARISONS.items()},
    **{(name, 2): _sum(work) for name, work in SUMS.items()},
    **{(name, 1): lambda part: part for name in ("(", "I", "factor")},
    **{(name, 1): numbers_of for name in ("as.numeric", "as.integer")},
    ("&", 2): lambda left, right: Truth(np.minimum(numbers_of(left), numbers_of(right))),
    ("|", 2): lambda left, right: Truth(np.maximum(numbers_of(left), numbers_of(right))),
    ("!", 1): lambda part: Truth(1.0 - numbers_of(part)),
    ("is.na", 1): lambda part: Truth(_missing(part).astype(np.float64)),
}
