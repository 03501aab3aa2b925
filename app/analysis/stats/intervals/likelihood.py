"""Rao-Scott scaled profile likelihood limits of a share, with the logistic fit they start from.

The profile is traced on the logit scale in steps of a fifth of the way to the cut-off, at most nine to each side, and
the limits are read off a cubic spline through the trace. This is how R's ``svyciprop(method = "likelihood")`` answers,
so an exact root would differ from every published value by up to a thousandth; where the trace does not get as far as
the cut-off there is no limit. Use the smoothed Wilson interval for publication.
"""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.intervals.limits import Floats, Limits

STEPS = 9
STEPS_TO_CUT_OFF = 5.0
SPLINE_POINTS = 3

# The fit ends when the deviance changes by less than this, as R's glm does.
DEVIANCE_CHANGE = 1e-8
MOST_ROUNDS = 25

# Beyond a logit of 30 a fitted share counts as 0 or 1 up to the rounding of a double.
FLAT_BEYOND = 30.0
FLAT_LOGIT = float(-np.log(np.finfo(np.float64).eps))
OVERFLOW_LOGIT = float(np.log(np.finfo(np.float64).max))
BELOW_ONE = float(np.nextafter(1.0, 0.0))


def likelihood_limits(
    p: Floats, se: Floats, n: npt.ArrayLike, quantile: Floats, *, information: Floats | None
) -> Limits:
    """Limits where the profile deviance, scaled by the design effect, reaches the squared quantile; elementwise.

    Parameters
    ----------
    p, se : float array, shape (k,)
        Share strictly between 0 and 1 and its design-based standard error; NaN gives NaN.
    n : array_like, shape (k,)
        Answers.
    quantile : float array, shape (k,)
        Student quantile of the cell.
    information : float array, shape (k,), or None
        Information on the logit from `scoring_information`; None: n p (1 - p).

    Returns
    -------
    low, high : ndarray, shape (k,)
        NaN where the trace does not reach the cut-off.

    References
    ----------
    Rao, Scott (1984), Ann. Stat. 12:46; Venzon, Moolgavkar (1988), Appl. Stat. 37:87.
    """
    people = np.asarray(n, dtype=np.float64)
    known = people * p * (1.0 - p) if information is None else information
    cells = [_cell(*cell) for cell in zip(p, se, people, quantile, known, strict=True)]
    low, high = np.asarray(cells, dtype=np.float64).reshape(-1, 2).T
    return low, high


def share_of_logit(logit: npt.ArrayLike) -> Floats:
    """Share of a logit, elementwise; exactly 1 only where the logit is beyond every double, that is, no limit."""
    from scipy.special import expit

    logit = np.asarray(logit, dtype=np.float64)
    return np.where(logit > OVERFLOW_LOGIT, 1.0, np.minimum(expit(logit), BELOW_ONE))


def scoring_information(y: Floats, weights: Floats) -> Floats:
    """Information on the logit in the last step of Fisher's scoring for a share, weights brought to a mean of 1.

    The fit starts at (w y + 1/2)/(w + 1), and its last step leaves the information one step behind the share: a
    matter of 1e-5, and of 1e-3 close to 0 % and 100 %.

    Parameters
    ----------
    y : float array, shape (rows, k)
        Answers in 0..1, NaN outside the cell.
    weights : float array, shape (rows,)

    Returns
    -------
    ndarray, shape (k,)
        NaN where the share is 0 or 1 or nobody answered: there is no fit.
    """
    answered = ~np.isnan(y)
    n = answered.sum(axis=0).astype(np.float64)
    w = np.where(answered, weights[:, None], 0.0)
    score = np.where(answered, y, 0.0)
    mass = w.sum(axis=0)
    share = (w * score).sum(axis=0) / np.where(n > 0, mass, 1.0)
    fits = (share > 0.0) & (share < 1.0)
    information = np.full(len(n), np.nan)
    if fits.any():
        scaled = w[:, fits] * (n[fits] / mass[fits])
        information[fits] = _scored(score[:, fits], scaled, share[fits], n[fits])
    return information


def _scored(score: Floats, w: Floats, share: Floats, n: Floats) -> Floats:
    start = (w * score + 0.5) / (w + 1.0)
    spread = w * start * (1.0 - start)
    information = spread.sum(axis=0)
    logit = (spread * np.log(start / (1.0 - start)) + w * (score - start)).sum(axis=0) / information
    deviance = -2.0 * (w * (score * np.log(start) + (1.0 - score) * np.log1p(-start))).sum(axis=0)
    # From the first step on all rows of a cell have one fitted share, and sums are all that is needed.
    for _ in range(MOST_ROUNDS):
        reached = 2.0 * n * (share * np.logaddexp(0.0, -logit) + (1.0 - share) * np.logaddexp(0.0, logit))
        going = np.abs(reached - deviance) / (np.abs(reached) + 0.1) >= DEVIANCE_CHANGE
        if not going.any():
            break
        fitted = 1.0 / (1.0 + np.exp(-logit))
        information = np.where(going, n * fitted * (1.0 - fitted), information)
        logit = np.where(going, logit + n * (share - fitted) / information, logit)
        deviance = reached
    return np.asarray(information)


def _cell(p: float, se: float, n: float, quantile: float, information: float) -> tuple[float, float]:
    from scipy.special import ndtr, stdtrit

    spread = se / (p * (1.0 - p))
    cut_off = quantile * spread * np.sqrt(information)
    if not np.isfinite(cut_off) or n < 2:
        return np.nan, np.nan
    # The trace goes on to where the tail of the cut-off is a quarter, on Student's scale of n - 1.
    furthest = -stdtrit(n - 1.0, ndtr(-cut_off) / 4.0)
    if not np.isfinite(furthest):
        return np.nan, np.nan
    logits, roots = _trace(p, n, step=furthest / STEPS_TO_CUT_OFF * spread, furthest=float(furthest))
    points = np.linspace(logits[0], logits[-1], SPLINE_POINTS * len(logits))
    heights = _spline(logits, roots, points)
    order = np.argsort(heights, kind="stable")
    low, high = np.interp([-cut_off, cut_off], heights[order], points[order], left=np.nan, right=np.nan)
    return float(share_of_logit(low)), float(share_of_logit(high))


def _trace(p: float, n: float, *, step: float, furthest: float) -> tuple[Floats, Floats]:
    """Logits, rising, and the signed roots of the profile deviance there, dispersion n/(n - 1)."""
    centre = np.log(p / (1.0 - p))
    moves = step * np.arange(1, STEPS + 1)
    sides = []
    for sign in (-1.0, 1.0):
        logits = centre + sign * moves
        roots = sign * np.sqrt(_deviance(p, logits) * (n - 1.0))
        beyond = np.flatnonzero(np.abs(roots) >= furthest)
        kept = STEPS if not beyond.size else int(beyond[0]) + 1
        sides.append((logits[:kept], roots[:kept]))
    (below, down), (above, up) = sides
    return np.concatenate([below[::-1], [centre], above]), np.concatenate([down[::-1], [0.0], up])


def _deviance(p: float, logits: Floats) -> Floats:
    """Deviance per answer of a fitted logit against the share itself."""
    flat = np.where(np.abs(logits) > FLAT_BEYOND, np.sign(logits) * FLAT_LOGIT, logits)
    at_best = p * np.log(p) + (1.0 - p) * np.log1p(-p)
    gap = at_best + p * np.logaddexp(0.0, -flat) + (1.0 - p) * np.logaddexp(0.0, flat)
    return np.asarray(np.maximum(2.0 * gap, 0.0))


def _spline(x: Floats, y: Floats, at: Floats) -> Floats:
    """Cubic spline whose end pieces have the third derivative of the cubic through the four end points.

    References
    ----------
    Forsythe, Malcolm, Moler (1977), Computer Methods for Mathematical Computations, section 4.4.
    """
    steps, last = np.diff(x), len(x) - 1
    slopes = np.diff(y) / steps
    system, right = np.zeros((last + 1, last + 1)), np.zeros(last + 1)
    inner = np.arange(1, last)
    system[inner, inner - 1], system[inner, inner + 1] = steps[:-1], steps[1:]
    system[inner, inner] = 2.0 * (steps[:-1] + steps[1:])
    right[1:-1] = np.diff(slopes)
    system[0, :2], system[-1, -2:] = (-steps[0], steps[0]), (steps[-1], -steps[-1])
    if last > 2:
        right[0] = steps[0] ** 2 * _third_difference(x[:4], slopes[:3])
        right[-1] = -(steps[-1] ** 2) * _third_difference(x[-4:], slopes[-3:])
    bend = np.linalg.solve(system, right)
    piece = np.clip(np.searchsorted(x, at, side="right") - 1, 0, last - 1)
    width, along = steps[piece], at - x[piece]
    start = slopes[piece] - width * (bend[piece + 1] + 2.0 * bend[piece])
    bow = (bend[piece + 1] - bend[piece]) / width
    return np.asarray(y[piece] + along * (start + along * (3.0 * bend[piece] + along * bow)))


def _third_difference(x: Floats, slopes: Floats) -> float:
    first, second = (slopes[1] - slopes[0]) / (x[2] - x[0]), (slopes[2] - slopes[1]) / (x[3] - x[1])
    return float((second - first) / (x[3] - x[0]))
