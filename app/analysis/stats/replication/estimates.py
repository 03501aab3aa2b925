"""Estimates with replicate variances: means, totals, ratios, quantiles, and any statistic given as a function."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quantiles import t_quantile
from app.analysis.stats.replication.notes import ReplicateNote
from app.analysis.stats.replication.replicates import ReplicateKind, Replicates

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

JACKKNIVES = frozenset({ReplicateKind.JK1, ReplicateKind.JKN})
# Shares of weight that are equal but for the order of adding.
TIE = 1e-12


class Centre(StrEnum):
    """Around what replicates are taken: their own mean, or the estimate of the full sample (R: ``mse = TRUE``)."""

    REPLICATES = "mean_of_replicates"
    FULL_SAMPLE = "full_sample_estimate"


@dataclass(frozen=True, eq=False)
class ReplicateEstimate:
    """Values of k statistics with their replicates.

    Attributes
    ----------
    value : float array, shape (k,)
        From the full-sample weights.
    replicate_values : float array, shape (replicates, k)
    covariance : float array, shape (k, k)
        NaN for a statistic that a replicate of the jackknife leaves without anybody (note
        ``undefined_in_some_replicates``): it rests on one unit. Other replicates without anybody are discarded
        (note ``undefined_replicates_discarded``), as R does.
    df : int
        Degrees of freedom of the whole set of replicates.
    kind : ReplicateKind
    centre : Centre
    notes : tuple of ReplicateNote
    """

    value: Floats
    replicate_values: Floats
    covariance: Floats
    df: int
    kind: ReplicateKind
    centre: Centre
    notes: tuple[ReplicateNote, ...]

    @property
    def se(self) -> Floats:
        """Standard error of each value, shape (k,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def limits(self, *, confidence_level: float) -> tuple[Floats, Floats]:
        """Value ± t[df] · se, each of shape (k,); not for shares near 0 or 1 (statistics.md section 9)."""
        half = t_quantile(confidence_level, np.full(len(self.value), float(self.df))) * self.se
        return self.value - half, self.value + half


def replicate_estimate(
    replicates: Replicates, statistic: Callable[[Floats], npt.ArrayLike], *, centre: Centre
) -> ReplicateEstimate:
    """Any statistic of the weights, computed anew with the weights of every replicate.

    Parameters
    ----------
    replicates : Replicates
    statistic : callable
        Takes weights (rows,), returns a number or k of them; it closes over the raw answers.
    centre : Centre

    Raises
    ------
    BadInputError
        When the number of values changes between replicates.
    """
    value = np.atleast_1d(np.asarray(statistic(replicates.weights), dtype=np.float64))
    values = [np.atleast_1d(np.asarray(statistic(weights), dtype=np.float64)) for weights in replicates.each()]
    if value.ndim != 1 or any(each.shape != value.shape for each in values):
        message = f"the statistic must give the same list of numbers for any weights, not {value.shape} and others"
        raise BadInputError(message)
    return _estimated(replicates, value, np.stack(values), centre)


def replicate_totals(
    replicates: Replicates, y: npt.ArrayLike, *, domain: Bools | None, centre: Centre
) -> ReplicateEstimate:
    """Weighted totals of the columns of y, shape (rows, k); NaN is outside the domain.

    Raises
    ------
    BadInputError
        Values or a domain of another length than the weights.
    """
    values, _ = _columns(replicates, y, domain)
    return _estimated(replicates, *_sums(replicates, values), centre)


def replicate_means(
    replicates: Replicates, y: npt.ArrayLike, *, domain: Bools | None, centre: Centre
) -> ReplicateEstimate:
    """Weighted means of the columns of y, each over the rows of the domain that have it.

    Raises
    ------
    BadInputError
        As `replicate_totals`.
    """
    values, answered = _columns(replicates, y, domain)
    return _quotients(replicates, values, answered.astype(np.float64), centre)


def replicate_ratios(
    replicates: Replicates,
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    *,
    domain: Bools | None,
    centre: Centre,
) -> ReplicateEstimate:
    """Ratios of totals, column by column, over rows that have both.

    Raises
    ------
    BadInputError
        As `replicate_totals`.
    """
    above, has = _columns(replicates, numerators, domain)
    below, both = _columns(replicates, denominators, domain)
    if above.shape != below.shape:
        message = f"{above.shape[1]} numerators and {below.shape[1]} denominators"
        raise BadInputError(message)
    both = both & has
    return _quotients(replicates, np.where(both, above, 0.0), np.where(both, below, 0.0), centre)


def replicate_quantiles(
    replicates: Replicates,
    y: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    *,
    domain: Bools | None,
    centre: Centre,
) -> ReplicateEstimate:
    """Quantiles of one variable: the smallest value up to which the share of the weight reaches the probability.

    A jackknife is not consistent for quantiles (note ``jackknife_not_valid_for_quantiles``); prefer Woodruff's
    interval, or a bootstrap.

    Parameters
    ----------
    replicates : Replicates
    y : array_like, shape (rows,)
    probabilities : array_like, shape (k,)
        Strictly between 0 and 1.
    domain : bool array, shape (rows,), or None
    centre : Centre

    Raises
    ------
    BadInputError
        As `replicate_totals`, and for probabilities outside their range.
    """
    wanted = np.atleast_1d(numbers(probabilities, "probabilities"))
    if wanted.ndim != 1 or not np.all((wanted > 0.0) & (wanted < 1.0)):
        message = f"probabilities {probabilities!r} must lie between 0 and 1"
        raise BadInputError(message)
    values, answered = _columns(replicates, y, domain)
    if values.shape[1] != 1:
        message = f"quantiles of one variable at a time, not of {values.shape[1]}"
        raise BadInputError(message)
    rows = np.flatnonzero(answered[:, 0])
    rows = rows[np.argsort(values[rows, 0], kind="stable")]
    ordered = values[rows, 0]

    def quantiles(weights: Floats) -> Floats:
        reached = np.cumsum(weights[rows])
        if not reached.size or not reached[-1] > 0.0:
            return np.full(len(wanted), np.nan)
        places = np.searchsorted(reached / reached[-1], wanted - TIE)
        return np.asarray(ordered[np.minimum(places, len(ordered) - 1)])

    found = replicate_estimate(replicates, quantiles, centre=centre)
    if replicates.kind not in JACKKNIVES:
        return found
    notes = (*found.notes, ReplicateNote.NOT_FOR_QUANTILES)
    return ReplicateEstimate(found.value, found.replicate_values, found.covariance, found.df, found.kind, centre, notes)


def replicate_variance(
    replicates: Replicates, value: npt.ArrayLike, replicate_values: npt.ArrayLike, *, centre: Centre
) -> Floats:
    """Covariance (k, k) of statistics (k,) from their replicates (replicates, k).

    scale · Σ_r rscales_r (θ_r - c)(θ_r - c)ᵀ with c the full-sample value or the mean of those replicates that
    count (rscales above 0).

    Raises
    ------
    BadInputError
        Shapes that do not fit.
    """
    full, each = numbers(value, "value"), numbers(replicate_values, "replicate_values")
    if full.ndim != 1 or each.shape != (replicates.count, len(full)):
        message = f"replicates of shape {each.shape} for {replicates.count} replicates of {full.shape} values"
        raise BadInputError(message)
    counting = replicates.rscales > 0.0
    each = each[counting]
    middle = full if centre is Centre.FULL_SAMPLE or not counting.any() else each.mean(axis=0)
    deviations = np.sqrt(replicates.rscales[counting])[:, None] * (each - middle)
    return np.asarray(replicates.scale * deviations.T @ deviations)


def _estimated(replicates: Replicates, value: Floats, values: Floats, centre: Centre) -> ReplicateEstimate:
    undefined = np.isnan(values).any(axis=1) & (replicates.rscales > 0.0)
    if not undefined.any():
        covariance = replicate_variance(replicates, value, values, centre=centre)
        return ReplicateEstimate(value, values, covariance, replicates.df, replicates.kind, centre, replicates.notes)
    note = ReplicateNote.UNDEFINED
    left = replicates
    if replicates.kind not in JACKKNIVES and (~undefined & (replicates.rscales > 0.0)).sum() > 1:
        note, left = ReplicateNote.DISCARDED, replace(replicates, rscales=np.where(undefined, 0.0, replicates.rscales))
    covariance = replicate_variance(left, value, values, centre=centre)
    notes = (*replicates.notes, note)
    return ReplicateEstimate(value, values, covariance, replicates.df, replicates.kind, centre, notes)


def _sums(replicates: Replicates, values: Floats) -> tuple[Floats, Floats]:
    """Totals with the full-sample weights (k,) and with those of every replicate (replicates, k).

    Factors belong to units: totals of units are enough, and one product of matrices gives all replicates.
    """
    weighted = replicates.weights[:, None] * values
    units = len(replicates.factors)
    totals = np.stack([np.bincount(replicates.unit, weights=column, minlength=units) for column in weighted.T], axis=1)
    return totals.sum(axis=0), np.asarray(replicates.factors.T @ totals)


def _quotients(replicates: Replicates, above: Floats, below: Floats, centre: Centre) -> ReplicateEstimate:
    top, tops = _sums(replicates, above)
    bottom, bottoms = _sums(replicates, below)
    value = top / np.where(bottom != 0.0, bottom, np.nan)
    values = tops / np.where(bottoms != 0.0, bottoms, np.nan)
    return _estimated(replicates, value, values, centre)


def _columns(replicates: Replicates, y: npt.ArrayLike, domain: Bools | None) -> tuple[Floats, Bools]:
    """Columns with 0 outside the domain, and which rows count in each."""
    columns = numbers(y, "y")
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or len(columns) != replicates.rows or np.isinf(columns).any():
        message = f"values of shape {columns.shape} for {replicates.rows} rows, all of them finite or missing"
        raise BadInputError(message)
    inside = np.ones(replicates.rows, dtype=bool) if domain is None else np.asarray(domain)
    if inside.shape != (replicates.rows,) or inside.dtype != np.bool_:
        message = f"a domain is {replicates.rows} truth values, not {inside.shape} of {inside.dtype}"
        raise BadInputError(message)
    answered = ~np.isnan(columns) & inside[:, None]
    return np.where(answered, columns, 0.0), answered
