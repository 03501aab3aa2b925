"""Where no interval can be relied on, told from what can be seen in the data (docs/coverage.md shows both sides).

The smoothed interval lives on a design effect learnt from the whole survey. Two things break it, and every other
method with it: the survey holds too few dissatisfied people, counted once for each place they stand for, to tell how
much places differ; or one unit's places differ far more than those of the other units. Both can be seen.
"""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.reasons import Reason

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Below this number of dissatisfied people, each place counted for what it is worth, a bad place may be missing.
ENOUGH_DISSATISFIED = 5.0
# The same for a figure whose design effect no other figure shares, such as the index: it is known half as well.
ENOUGH_ALONE = 10.0
# Where people of one place are hardly alike a missing place does no harm.
ALIKE = 3.0
# With fewer dissatisfied than this nothing was learnt about that, and with this many people in a place it matters.
NEXT_TO_NOBODY = 1.0
CROWDED = 10.0
# With fewer degrees of freedom in the whole survey the t quantile alone makes the intervals of shares wide enough.
FEWEST_DF = 4

# A real design effect above the one used by this factor costs two points of coverage.
TOO_SMALL = 1.3
# How sure the data have to be that a unit is unlike the others; units are many, and false alarms cost trust.
UNLIKE_LEVEL = 0.99


def dissatisfied_worth(p: npt.ArrayLike, n_eff: npt.ArrayLike) -> Floats:
    """Effective number of people on the rarer side behind each column: Σ n_eff · min(p, 1 - p) over units.

    Parameters
    ----------
    p, n_eff : array_like, shape (units, columns)
        Shares or bounded scores in 0..1, and effective sizes as the interval uses them; NaN where nobody answered.

    Returns
    -------
    ndarray, shape (columns,)

    Raises
    ------
    BadInputError
        When the arrays differ in shape.
    """
    share, size = (np.asarray(x, dtype=np.float64) for x in (p, n_eff))
    if share.shape != size.shape or share.ndim != 2:
        message = f"shares of shape {share.shape} and effective sizes of {size.shape} are no table of units and columns"
        raise BadInputError(message)
    return np.asarray(np.nansum(size * np.minimum(share, 1.0 - share), axis=0))


def shared_worth(worth: npt.ArrayLike, p: npt.ArrayLike, n: npt.ArrayLike) -> float:
    """Effective number of dissatisfied people behind a design effect that several columns share.

    A column counts by its part of the pooled variance, Σ n p (1 - p); 0 where everybody answered alike.

    Parameters
    ----------
    worth : array_like, shape (columns,)
        `dissatisfied_worth` of the columns.
    p, n : array_like, shape (units, columns)
        Shares and people who answered.
    """
    share, people = (np.asarray(x, dtype=np.float64) for x in (p, n))
    part = np.nansum(people * share * (1.0 - share), axis=0)
    total = float(part.sum())
    return float((np.asarray(worth) * part).sum() / total) if total > 0 else 0.0


def few_dissatisfied(
    dissatisfied: npt.ArrayLike,
    deff_all: npt.ArrayLike,
    *,
    shared: npt.ArrayLike,
    df_design: float,
    people_per_place: float,
) -> Bools:
    """Whether the survey is too small to know how much its places differ, elementwise over pooled design effects.

    Parameters
    ----------
    dissatisfied : array_like
        `dissatisfied_worth` or `shared_worth` of the whole survey; NaN where it is not known.
    deff_all : array_like
        Its pooled design effect.
    shared : array_like of bool
        Whether several figures share the design effect (shares of criteria do, the index does not).
    df_design : float
        Sampled places less strata of the whole survey.
    people_per_place : float
        Mean number of people of one sampled place; 1 for people drawn one by one.
    """
    worth, effect = np.asarray(dissatisfied, dtype=np.float64), np.asarray(deff_all, dtype=np.float64)
    together = np.asarray(shared, dtype=bool)
    seen = (worth < np.where(together, ENOUGH_DISSATISFIED, ENOUGH_ALONE)) & (effect >= ALIKE)
    unseen = (worth < NEXT_TO_NOBODY) & (people_per_place >= CROWDED)
    return np.asarray((seen | unseen) & (df_design >= np.where(together, FEWEST_DF, 1)))


def unlike_others(
    deff_unit: npt.ArrayLike, deff_star: npt.ArrayLike, deff_all: npt.ArrayLike, df_unit: npt.ArrayLike
) -> Bools:
    """Units whose places differ so much more than those of the survey that smoothing hides it, elementwise.

    Parameters
    ----------
    deff_unit, deff_star : array_like
        Own and smoothed design effect of each unit.
    deff_all : array_like
        That of the survey.
    df_unit : array_like
        Sampled places less strata of each unit; a unit without any is never told apart.

    Notes
    -----
    df · deff_unit / deff_all is compared with the chi-square quantile of df degrees of freedom, as if all items of a
    unit told the same: on the safe side against false alarms.
    """
    from scipy.special import chdtri

    own, used, df = (np.asarray(x, dtype=np.float64) for x in (deff_unit, deff_star, df_unit))
    known = (df >= 1) & np.isfinite(own) & np.isfinite(used)
    steps = np.where(known, df, 1.0)
    surprising = steps * own > np.asarray(deff_all) * chdtri(steps, 1.0 - UNLIKE_LEVEL)
    return np.asarray(known & surprising & (own >= TOO_SMALL * used))


def cautions(*, few: bool, unlike: bool) -> tuple[Reason, ...]:
    """What a reader has to be told beside an interval: the warnings that hold, as reasons with words in both languages.

    For pages: take them from ``IndexTable.estimate(...).notes``, where they stand already; `REASON_TEXTS` has the
    sentences. A figure with a caution may be shown, but neither ranked as if it were certain nor quoted without it.
    """
    found = ((Reason.FEW_DISSATISFIED, few), (Reason.UNLIKE_OTHERS, unlike))
    return tuple(reason for reason, holds in found if holds)
