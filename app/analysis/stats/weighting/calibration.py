"""Calibration to totals of any auxiliary variables: regression (GREG), exponential, logit; with or without bounds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError, NotConvergedError
from app.analysis.stats.weighting.distances import Distance, Factor, factor_of
from app.analysis.stats.weighting.margins import Margin, refuse_empty
from app.analysis.stats.weighting.notes import WeightingNote
from app.analysis.stats.weighting.projection import Projection
from app.analysis.stats.weighting.summary import checked_start
from app.analysis.stats.weighting.weighting import MAX_ROUNDS, TOLERANCE, Weighting, WeightingMethod

Floats = npt.NDArray[np.float64]

# Steps go on below the criterion until this gap, because each of the last ones doubles the digits at no cost.
FINEST_GAP = 1e-14
MOST_HALVINGS = 40
DAMPINGS = (1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1.0)

METHODS = {
    (Distance.LINEAR, False): WeightingMethod.LINEAR,
    (Distance.LINEAR, True): WeightingMethod.LINEAR_BOUNDED,
    (Distance.EXPONENTIAL, False): WeightingMethod.EXPONENTIAL,
    (Distance.EXPONENTIAL, True): WeightingMethod.EXPONENTIAL_BOUNDED,
    (Distance.LOGIT, True): WeightingMethod.LOGIT,
}


@dataclass(frozen=True, eq=False)
class Auxiliaries:
    """Calibration variables of the sample and their totals in the population.

    Attributes
    ----------
    names : tuple of str
        Named in errors.
    x : float array, shape (rows, p)
        Columns may depend on each other (every margin adds up to N).
    totals : float array, shape (p,)
    """

    names: tuple[str, ...]
    x: Floats
    totals: Floats

    @classmethod
    def of(cls, columns: Mapping[str, npt.ArrayLike], totals: Mapping[str, float]) -> "Auxiliaries":
        """Columns by name, shape (rows,) each, with a total for each name.

        Raises
        ------
        BadInputError
            Names that differ, missing or infinite values (naming column and row), lengths that differ.
        """
        if not columns or set(columns) != set(totals):
            message = f"columns {sorted(columns)} and totals {sorted(totals)} have to be the same, at least one"
            raise BadInputError(message)
        arrays = {name: numbers(column, f"auxiliary {name!r}") for name, column in columns.items()}
        shapes = {array.shape for array in arrays.values()}
        if len(shapes) != 1 or len(next(iter(shapes))) != 1:
            message = f"auxiliary columns of shapes {sorted(shapes)}"
            raise BadInputError(message)
        for name, array in arrays.items():
            if not np.isfinite(array).all():
                message = f"auxiliary {name!r} is missing in row {int(np.argmin(np.isfinite(array)))}"
                raise BadInputError(message)
            if not np.isfinite(totals[name]):
                message = f"auxiliary {name!r}: total {totals[name]!r} is not a number"
                raise BadInputError(message)
        names = tuple(columns)
        return cls(names, np.stack([arrays[n] for n in names], axis=1), np.array([float(totals[n]) for n in names]))

    @classmethod
    def of_margins(
        cls,
        margins: Sequence[Margin],
        *,
        columns: Mapping[str, npt.ArrayLike] | None = None,
        totals: Mapping[str, float] | None = None,
    ) -> "Auxiliaries":
        """Every category of the margins as an indicator (named ``margin:category``), and further columns.

        Raises
        ------
        EmptyCategoryError
            Naming margin and category without anybody in the sample.
        """
        refuse_empty(margins)
        indicators: dict[str, npt.ArrayLike] = {}
        wanted: dict[str, float] = {}
        for margin in margins:
            for code, (category, total) in enumerate(zip(margin.categories, margin.totals.tolist(), strict=True)):
                indicators[f"{margin.name}:{category}"] = margin.codes == code
                wanted[f"{margin.name}:{category}"] = total
        return cls.of(indicators | dict(columns or {}), wanted | dict(totals or {}))


def calibrate(
    start: npt.ArrayLike,
    auxiliaries: Auxiliaries,
    *,
    distance: Distance,
    bounds: tuple[float, float] | None = None,
    tolerance: float = TOLERANCE,
    max_rounds: int = MAX_ROUNDS,
) -> Weighting:
    """Weights closest to the starting ones (in the named distance) that reproduce the totals.

    Parameters
    ----------
    start : array_like, shape (rows,)
        Starting weights, above 0.
    auxiliaries : Auxiliaries
    distance : Distance
        LINEAR without bounds is the regression estimator (GREG); its weights can be negative, which is noted.
        EXPONENTIAL is what raking minimises. LOGIT keeps factors strictly between the bounds.
    bounds : (float, float), optional
        Lowest and highest factor g, around 1.
    tolerance : float
        Largest gap allowed, relative to the total (for a total of 0: to the sum of |w x|).

    Raises
    ------
    BadInputError, MethodDoesNotFitError
        Weights not above 0; bounds that make no sense or are lacking.
    NotConvergedError
        Naming the variable farthest from its total: totals contradict each other or cannot be had within the bounds.

    References
    ----------
    Deville, Särndal (1992), JASA 87:376; R: ``calibrate``.
    """
    d = checked_start(start, len(auxiliaries.x))
    factor = factor_of(distance, bounds)
    scale = np.sqrt((d[:, None] * np.square(auxiliaries.x)).sum(axis=0))
    scale = np.where(scale > 0, scale, 1.0)
    u, rounds = _solved(d, auxiliaries.x / scale, auxiliaries.totals / scale, factor, max_rounds)
    weights = d * factor.value(u)
    gaps = _gaps(auxiliaries, weights)
    worst = int(np.argmax(gaps))
    if not gaps[worst] < tolerance:
        message = (
            f"no convergence after {rounds} rounds: {auxiliaries.names[worst]!r} is still {gaps[worst]:.3g} (relative) "
            "from its total; the totals contradict each other or cannot be reached within the bounds"
        )
        raise NotConvergedError(message)
    notes = (WeightingNote.NEGATIVE_WEIGHTS,) if (weights < 0).any() else ()
    method = METHODS[distance, bounds is not None]
    projection = Projection.of_variables(auxiliaries.x, d)
    return Weighting(weights, d, method, rounds, float(gaps[worst]), projection, notes)


def _solved(d: Floats, x: Floats, totals: Floats, factor: Factor, max_rounds: int) -> tuple[Floats, int]:
    """Find u = x'λ at the lowest point of sum d·integral(u) - totals'λ (Newton, shortened steps), and the rounds."""

    def goal(multipliers: Floats) -> _Place:
        u = x @ multipliers
        with np.errstate(over="ignore", invalid="ignore"):
            return _Place(multipliers, u, float(d @ factor.integral(u) - totals @ multipliers))

    length = float(np.abs(totals).max() + np.abs(d @ x).max())
    place = goal(np.zeros(x.shape[1]))
    for done in range(max_rounds):
        lacking = totals - (d * factor.value(place.u)) @ x
        if np.abs(lacking).max() <= FINEST_GAP * length:
            return place.u, done
        slope = factor.slope(place.u)
        newton = _step(d * slope, x, lacking)
        steps = [newton]
        if not slope.all():
            # Bounds take the curvature out of some directions. A little of the curvature without bounds makes steps
            # along them long enough to come back from beyond a bound at once; which is best shows by trying.
            steps += [_step(d * (slope + damping), x, lacking) for damping in DAMPINGS]
        found = [_downhill(goal, place, step) for step in steps]
        lowest = min(filter(None, found), key=lambda each: each.height, default=None)
        if lowest is None:
            return _better(d, x, totals, factor, place.u, x @ (place.multipliers + newton)), done
        place = lowest
    return place.u, max_rounds


@dataclass(frozen=True, eq=False)
class _Place:
    """Where the search stands: multipliers (p,), u (rows,), height of the function there."""

    multipliers: Floats
    u: Floats
    height: float


def _downhill(goal: Callable[[Floats], _Place], start: _Place, step: Floats) -> _Place | None:
    """Where the longest of the step, its half, its quarter… that goes down leads to; or None."""
    for halving in range(MOST_HALVINGS):
        tried = goal(start.multipliers + step / 2.0**halving)
        if tried.height < start.height:
            return tried
    return None


def _step(curvature: Floats, x: Floats, lacking: Floats) -> Floats:
    """Newton step; least squares, because margins depend on each other and bounds can take whole columns out."""
    matrix = x.T @ (curvature[:, None] * x)
    return np.asarray(np.linalg.lstsq(matrix, lacking, rcond=1e-13)[0])


def _better(d: Floats, x: Floats, totals: Floats, factor: Factor, here: Floats, there: Floats) -> Floats:
    """Of two places whose heights cannot be told apart, the one nearer to the totals."""
    gaps = [float(np.abs(totals - (d * factor.value(u)) @ x).max()) for u in (here, there)]
    return there if gaps[1] < gaps[0] else here


def _gaps(auxiliaries: Auxiliaries, weights: Floats) -> Floats:
    found = weights @ auxiliaries.x
    size = np.where(auxiliaries.totals != 0.0, np.abs(auxiliaries.totals), np.abs(weights) @ np.abs(auxiliaries.x))
    return np.asarray(np.abs(found - auxiliaries.totals) / np.where(size > 0, size, 1.0))
