"""Smoothed Wilson intervals of many units from the rows of any sampling design (statistics.md section 3.2).

The same table from cell sums is `cells.table`; this one takes designs of any number of stages and scores of any kind.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import labels, numbers
from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quantiles import check_level
from app.analysis.stats.results import SampleKind
from app.analysis.stats.smoothed import (
    NO_VARIANCE,
    POOL_DF,
    SmoothedDesign,
    fpc_factors,
    kappa_of,
    smooth,
    smoothed_limits,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

METHOD = "smoothed_wilson"


@dataclass(frozen=True, eq=False, slots=True)
class SmoothedTable:
    """Shares or bounded scores of units with their intervals; arrays of shape (units, columns) unless said otherwise.

    Attributes
    ----------
    value, se : float array
        Weighted mean, and its design-based standard error with the finite population correction.
    n : int array
        People who answered.
    design : SmoothedDesign
        Design effects and degrees of freedom that the intervals rest on.
    df_unit : float array, shape (units,)
        Sampling units less strata among the rows of each unit.
    df_design : int
    n_eff, low, high : float array
        NaN where nobody answered.
    deff : float array
        Design effect of each cell by itself: its variance without correction over that of as many people drawn one by
        one. NaN where nothing varies.
    confidence_level : float
    sample_kind : SampleKind
    method : str
    """

    value: Floats
    se: Floats
    n: Ints
    design: SmoothedDesign
    df_unit: Floats
    df_design: int
    n_eff: Floats
    low: Floats
    high: Floats
    deff: Floats
    confidence_level: float
    sample_kind: SampleKind
    method: str = METHOD


@dataclass(frozen=True, eq=False, slots=True)
class _Cells:
    """Plain estimates of all cells, shape (units, columns)."""

    value: Floats
    n: Ints
    variance: Floats
    corrected: Floats
    s2: Floats
    df_unit: Floats


def smoothed_shares(
    design: SurveyDesign,
    y: npt.ArrayLike,
    units: npt.ArrayLike,
    *,
    confidence_level: float,
    sample_kind: SampleKind,
    pool_df: float = POOL_DF,
) -> SmoothedTable:
    """Shares of several items, their design effect pooled over all items and units of the survey.

    Parameters
    ----------
    design : SurveyDesign
        Whole; with populations the correction enters as a factor per unit.
    y : array_like, shape (rows, items)
        0 or 1; NaN where the item was not answered.
    units : array_like of int, shape (rows,)
        Unit 0..k-1 of each row, -1 for none.
    confidence_level : float
    sample_kind : SampleKind
        PROBABILITY: a census has no interval, and an open sample no sampling design.
    pool_df : float
        Weight of the survey-wide design effect, in degrees of freedom.

    Raises
    ------
    BadInputError
        A value outside 0..1, units of another shape, a design without degrees of freedom.
    MethodDoesNotFitError
        Another kind of sample.
    """
    _check_kind(sample_kind)
    cells = _estimates(design, y, units)
    p = cells.value
    srs = np.where(cells.n >= 2, p * (1.0 - p) / np.maximum(cells.n - 1, 1), np.nan)
    return _table(design, cells, srs, 1.0, (confidence_level, pool_df))


def smoothed_scores(
    design: SurveyDesign,
    y: npt.ArrayLike,
    units: npt.ArrayLike,
    *,
    confidence_level: float,
    sample_kind: SampleKind,
    pool_df: float = POOL_DF,
) -> SmoothedTable:
    """One bounded score per person, brought to 0..1 (an index, a mean level): as `smoothed_shares` with its own spread.

    Parameters
    ----------
    y : array_like, shape (rows,)
        Scores in 0..1, NaN for none.

    Raises
    ------
    BadInputError, MethodDoesNotFitError
        As `smoothed_shares`.
    """
    _check_kind(sample_kind)
    cells = _estimates(design, numbers(y, "y").reshape(-1, 1), units)
    srs = np.where(cells.n >= 2, cells.s2 / np.maximum(cells.n - 1, 1), np.nan)
    kappa = kappa_of(cells.value, cells.s2, cells.n.astype(np.float64))
    return _table(design, cells, srs, kappa, (confidence_level, pool_df))


def _table(
    design: SurveyDesign, cells: _Cells, srs: Floats, kappa: float, settings: tuple[float, float]
) -> SmoothedTable:
    confidence_level, pool_df = settings
    effects = smooth(
        variance=cells.variance,
        srs=srs,
        fpc_factor=fpc_factors(cells.variance, cells.corrected, srs),
        df_unit=cells.df_unit,
        df_design=float(design.degrees_of_freedom),
        kappa=kappa,
        pool_df=pool_df,
    )
    n = np.where(cells.n > 0, cells.n, np.nan)
    level = check_level(confidence_level)
    low, high, n_eff = smoothed_limits(cells.value, n, effects, confidence_level=level)
    return SmoothedTable(
        value=cells.value,
        se=np.sqrt(cells.corrected),
        n=cells.n,
        design=effects,
        df_unit=cells.df_unit,
        df_design=design.degrees_of_freedom,
        n_eff=n_eff,
        low=low,
        high=high,
        deff=cells.variance / np.where(srs > NO_VARIANCE, srs, np.nan),
        confidence_level=level,
        sample_kind=SampleKind.PROBABILITY,
    )


def _check_kind(sample_kind: SampleKind) -> None:
    if sample_kind is not SampleKind.PROBABILITY:
        message = f"smoothed intervals are for probability samples, not for one of kind {sample_kind.value}"
        raise MethodDoesNotFitError(message)


def _estimates(design: SurveyDesign, y: npt.ArrayLike, units: npt.ArrayLike) -> _Cells:
    values, unit = numbers(y, "y"), labels(units, "units")
    if unit.shape != (design.rows,) or unit.dtype.kind not in "iu" or values.shape[:1] != (design.rows,):
        message = f"values of shape {values.shape} and units of {unit.shape} for a design of {design.rows} rows"
        raise BadInputError(message)
    if values.ndim != 2 or np.any((values < 0) | (values > 1)):
        message = "smoothed intervals need columns of numbers between 0 and 1"
        raise BadInputError(message)
    unlimited = replace(design, stages=tuple(replace(stage, population=None) for stage in design.stages))
    has_population = design.stages[0].population is not None
    found: list[list[Floats]] = []
    for number in range(int(unit.max(initial=-1)) + 1):
        domain = unit == number
        mean = means(design, values, domain=domain)
        variance = unlimited.variances(mean.influence, within=mean.within)
        corrected = design.variances(mean.influence, within=mean.within) if has_population else variance
        inside = domain[:, None] & ~np.isnan(values)
        weight = design.weights[:, None] * inside
        spread = (weight * np.where(inside, values - mean.value, 0.0) ** 2).sum(axis=0)
        total = weight.sum(axis=0)
        s2 = spread / np.where(total > 0, total, np.nan)
        df = np.array(float(design.domain_degrees_of_freedom(domain)))
        found.append([mean.value, mean.n.astype(np.float64), variance, corrected, s2, df])
    if not found:
        message = "no row belongs to any unit"
        raise BadInputError(message)
    value, n, variance, corrected, s2, df = (np.stack(column) for column in zip(*found, strict=True))
    # A column that nobody of the unit answered has influences of 0 over 0.
    empty = n == 0
    variance, corrected = np.where(empty, np.nan, variance), np.where(empty, np.nan, corrected)
    return _Cells(value, n.astype(np.intp), variance, corrected, s2, df)
