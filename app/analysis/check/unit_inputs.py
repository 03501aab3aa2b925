"""Estimates of units for cases that compare or rank them: from a design, from the R call, or as the case states them.

A case without a design has no other input than the numbers of its call, ``full(c(90, 85), c(1, 2), 0.9)``, or, where
the call only names them, the `estimate` and `se` that stand beside the answer. Names mean the same within a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.groups import groups_of
from app.analysis.check.r_calls import Call, UnreadableTextError, match_arguments, parse_call
from app.analysis.stats.designs.linearised import means

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
SIGNATURE = ("est", "se", "level", "df", "V", "seq")


@dataclass(frozen=True, eq=False)
class UnitInputs:
    """Estimates of K units, their covariance (K, K), degrees of freedom, level.

    `independent` is true where only standard errors are known.
    """

    estimate: Floats
    covariance: Floats
    df: float
    level: float
    independent: bool
    arguments: Mapping[str, Any]

    @property
    def se(self) -> Floats:
        """Standard errors, shape (K,)."""
        return np.sqrt(np.diagonal(self.covariance))


def unit_inputs(case: Case) -> UnitInputs:
    """Find the estimates of a case.

    Raises
    ------
    CaseError
        When neither a design, nor the call, nor the case, nor an earlier case with the same arguments gives them.
    """
    arguments = call_arguments(case, SIGNATURE)
    stated = case.expected if isinstance(case.expected, Mapping) else {}
    level = _number(arguments.get("level"), stated.get("level", case.params.get("level", LEVEL)))
    if case.design_names and case.vars:
        found = _of_design(case)
        df = _number(arguments.get("df"), case.design().degrees_of_freedom)
        return UnitInputs(found[0], found[1], df, level, independent=False, arguments=arguments)
    estimate, se = _vector(arguments.get("est")), _vector(arguments.get("se"))
    if estimate is None or se is None:
        estimate, se = _stated(case, stated)
    covariance = _matrix(arguments.get("V"))
    if covariance is None:
        covariance = _matrix(stated.get("vcov"))
    df = _number(arguments.get("df"), stated.get("df", np.inf))
    whole = np.diag(se * se) if covariance is None else covariance
    return UnitInputs(estimate, whole, df, level, independent=covariance is None, arguments=arguments)


def call_arguments(case: Case, signature: Sequence[str]) -> dict[str, Any]:
    """Arguments of the outermost call of the case; nothing where the text cannot be read or fits no signature."""
    try:
        return match_arguments(parse_call(case.r), signature)
    except UnreadableTextError:
        return {}


def _of_design(case: Case) -> tuple[Floats, Floats]:
    """Means of the groups of `by`, or of several variables, with the covariance of the whole design."""
    domain = case.mask()
    if case.by:
        values = case.values(case.vars[0])
        answered = domain & ~np.isnan(values)
        columns = [np.where(group.rows, values, np.nan) for group in groups_of(case, answered)]
    else:
        columns = [case.values(expression) for expression in case.vars]
    found = means(case.design(), np.column_stack(columns), domain=domain)
    return found.value, found.covariance


def _stated(case: Case, stated: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """Estimates beside the answer, or beside that of another case called with the same first two arguments."""
    wanted = _first_two(case)
    # A name has the value it had last: the nearest case before this one knows it.
    before = [other for other in case.file.cases[: _place(case)] if wanted and _first_two(other) == wanted]
    for tree in [stated, *(other.expected for other in reversed(before))]:
        if isinstance(tree, Mapping) and "estimate" in tree and "se" in tree:
            return np.asarray(tree["estimate"], dtype=np.float64), np.asarray(tree["se"], dtype=np.float64)
    message = f"case {case.id!r} states neither estimates nor where they come from"
    raise CaseError(message)


def _place(case: Case) -> int:
    return next(place for place, other in enumerate(case.file.cases) if other.raw is case.raw)


def _first_two(case: Case) -> str | None:
    try:
        call = parse_call(case.r)
    except UnreadableTextError:
        return None
    return repr(call.positional[:2]) if isinstance(call, Call) and len(call.positional) >= 2 else None


def _vector(value: Any) -> Floats | None:
    if isinstance(value, (np.ndarray, float)) and np.asarray(value).dtype.kind == "f":
        return np.atleast_1d(np.asarray(value, dtype=np.float64))
    return None


def _matrix(value: Any) -> Floats | None:
    if not isinstance(value, (list, np.ndarray)):
        return None
    matrix = np.asarray(value, dtype=np.float64)
    return matrix if matrix.ndim == 2 else None


def _number(value: Any, otherwise: Any) -> float:
    for known in (value, otherwise):
        if isinstance(known, (int, float)):
            return float(known)
        if known == "Inf":
            return float("inf")
    message = f"{otherwise!r} is not a number"
    raise CaseError(message)
