"""Linearised estimators: value and influence of every respondent (Binder 1983; statistics.md 2.1).

Everything that is a smooth function of totals is one `Linearised`; differences and other linear combinations keep the
covariance, because they combine the influences and not the standard errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, truths
from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Linearised:
    """Values of k statistics and what each respondent contributes to them.

    Attributes
    ----------
    design : SurveyDesign
    value : float array, shape (k,)
        NaN where nobody of the domain answered.
    influence : float array, shape (rows, k)
        Weights included; 0 outside the domain. Their totals have the variance of the values.
    n : int array, shape (k,)
        Respondents behind each value.
    within : bool array, shape (rows,)
        Rows of the domain that answered any of it.
    """

    design: SurveyDesign
    value: Floats
    influence: Floats
    n: Ints
    within: Bools

    @cached_property
    def covariance(self) -> Floats:
        """Design covariance of the values, shape (k, k)."""
        return self.design.covariance(self.influence, within=self.within)

    @cached_property
    def variance(self) -> Floats:
        """Design variance of each value, shape (k,)."""
        return self.design.variances(self.influence, within=self.within)

    @property
    def se(self) -> Floats:
        """Standard error of each value, shape (k,)."""
        return np.sqrt(self.variance)

    @cached_property
    def df(self) -> int:
        """Degrees of freedom of the domain: its primary units less its strata."""
        return self.design.domain_degrees_of_freedom(self.within)

    def contrast(self, coefficients: npt.ArrayLike) -> "Linearised":
        """Linear combinations: coefficients of shape (m, k) or (k,) give m values (or one).

        Their `n` adds up the answers of the values combined: somebody behind two of them counts twice.
        """
        matrix = np.atleast_2d(numbers(coefficients, "coefficients"))
        if matrix.ndim != 2 or matrix.shape[1] != len(self.value) or not np.isfinite(matrix).all():
            message = f"coefficients of shape {matrix.shape} for {len(self.value)} values, finite numbers each"
            raise BadInputError(message)
        people = np.where(matrix != 0.0, self.n, 0).sum(axis=1)
        return Linearised(self.design, matrix @ self.value, self.influence @ matrix.T, people, self.within)


def stacked(parts: Sequence[Linearised]) -> Linearised:
    """Several statistics of one design side by side, so that their covariance is known."""
    if not parts or any(part.design is not parts[0].design for part in parts):
        message = "only statistics of one and the same design can stand side by side"
        raise BadInputError(message)
    return Linearised(
        parts[0].design,
        np.concatenate([part.value for part in parts]),
        np.hstack([part.influence for part in parts]),
        np.concatenate([part.n for part in parts]),
        np.any(np.stack([part.within for part in parts]), axis=0),
    )


def totals(design: SurveyDesign, y: npt.ArrayLike, *, domain: Bools | None = None) -> Linearised:
    """Weighted totals of the columns of y, shape (rows, k); NaN is outside the domain, never 0."""
    values, answered = _columns(design, y, domain)
    influence = design.weights[:, None] * values
    return Linearised(design, influence.sum(axis=0), influence, answered.sum(axis=0), np.asarray(answered.any(axis=1)))


def means(design: SurveyDesign, y: npt.ArrayLike, *, domain: Bools | None = None) -> Linearised:
    """Weighted means of the columns of y, each over the rows of the domain that answered it (R: ``svymean``).

    A share is the mean of 0 and 1. Influence: w (y - mean) / sum of w.
    """
    values, answered = _columns(design, y, domain)
    return _ratios(design, values, answered.astype(np.float64), answered)


def ratios(
    design: SurveyDesign, numerators: npt.ArrayLike, denominators: npt.ArrayLike, *, domain: Bools | None = None
) -> Linearised:
    """Ratios of totals, column by column, over rows that have both (R: ``svyratio``)."""
    above, both = _columns(design, numerators, domain)
    below, has = _columns(design, denominators, domain)
    if below.shape[1] == 1:
        below, has = np.broadcast_to(below, above.shape), np.broadcast_to(has, above.shape)
    both = both & has
    return _ratios(design, np.where(both, above, 0.0), np.where(both, below, 0.0), both)


def item_mean_index(design: SurveyDesign, y: npt.ArrayLike, *, domain: Bools | None = None) -> Linearised:
    """Mean over the items of their means, each item over its own answers; items nobody answered are left out.

    The influence is the mean of the items' influences, so that the covariance between criteria inside a respondent
    is in it (statistics.md 2.1).
    """
    items = means(design, y, domain=domain)
    answered = items.n > 0
    if not answered.any():
        message = "nobody of the domain answered any item of the index"
        raise BadInputError(message)
    kept = Linearised(design, items.value[answered], items.influence[:, answered], items.n[answered], items.within)
    one = kept.contrast(np.full(int(answered.sum()), 1.0 / answered.sum()))
    return Linearised(design, one.value, one.influence, np.array([items.within.sum()]), items.within)


def difference(design: SurveyDesign, y: npt.ArrayLike, *, first: Bools, second: Bools) -> Linearised:
    """Mean of one domain less that of another, column by column; the domains may overlap.

    `n` counts people of either domain, those of both once.
    """
    above, below = means(design, y, domain=first), means(design, y, domain=second)
    columns = len(above.value)
    found = stacked([above, below]).contrast(np.hstack([np.eye(columns), -np.eye(columns)]))
    either = np.asarray(first, dtype=np.bool_) | np.asarray(second, dtype=np.bool_)
    return replace(found, n=_columns(design, y, either)[1].sum(axis=0))


def _ratios(design: SurveyDesign, above: Floats, below: Floats, counted: Bools) -> Linearised:
    weight = design.weights[:, None]
    sums = (weight * below).sum(axis=0)
    usable = np.where(sums != 0.0, sums, np.nan)
    value = (weight * above).sum(axis=0) / usable
    influence = weight * (above - value * below) / usable
    return Linearised(design, value, influence, counted.sum(axis=0), np.asarray(counted.any(axis=1)))


def _columns(design: SurveyDesign, y: npt.ArrayLike, domain: Bools | None) -> tuple[Floats, Bools]:
    """Columns with 0 outside the domain, and which rows count in each."""
    columns = numbers(y, "y")
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or len(columns) != design.rows:
        message = f"values of shape {columns.shape} for a design of {design.rows} rows"
        raise BadInputError(message)
    if np.isinf(columns).any():
        message = f"an infinite value in row {int(np.argmax(np.isinf(columns).any(axis=1)))}"
        raise BadInputError(message)
    answered = ~np.isnan(columns)
    if domain is not None:
        answered &= truths(domain, design.rows, "domain")[:, None]
    return np.where(answered, columns, 0.0), answered
