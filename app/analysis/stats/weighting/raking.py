"""Weights to known totals of categories: post-stratification (one partition) and raking (several margins)."""

from collections.abc import Sequence

import numpy.typing as npt

from app.analysis.stats.weighting.fitting import Target, fit_cells
from app.analysis.stats.weighting.margins import Margin, category_sums, cells_of, refuse_empty
from app.analysis.stats.weighting.notes import WeightingNote
from app.analysis.stats.weighting.projection import Projection
from app.analysis.stats.weighting.summary import checked_start
from app.analysis.stats.weighting.weighting import MAX_ROUNDS, TOLERANCE, Weighting, WeightingMethod


def post_stratify(start: npt.ArrayLike, margin: Margin, *, partial: bool = False) -> Weighting:
    """Weights that reproduce the totals of one partition: factor N_c over the weighted rows of c.

    Parameters
    ----------
    start : array_like, shape (rows,)
        Starting weights, above 0.
    margin : Margin
        The partition; cross variables with `crossed` for more than one.
    partial : bool
        Whether strata of the population without anybody in the sample are left out, with a note for each (the weights
        then stand for the others only). Otherwise they are refused.

    Raises
    ------
    BadInputError
        Weights that are not above 0 or not one per row.
    EmptyCategoryError
        A category of the population that is empty in the sample.

    References
    ----------
    Holt, Smith (1979), JRSS A 142:33; R: ``postStratify``.
    """
    weights = checked_start(start, margin.rows)
    notes = (
        tuple(f"{WeightingNote.NOT_REPRESENTED}:{margin.name}:{category}" for category in margin.empty)
        if partial
        else ()
    )
    used = margin.without_empty() if partial else margin
    refuse_empty([used])
    final = weights * (used.totals / used.sums(weights))[used.codes]
    projection = Projection.of_margins([used], cells_of([used]), weights)
    return Weighting(final, weights, WeightingMethod.POST_STRATIFIED, 1, 0.0, projection, notes)


def rake(
    start: npt.ArrayLike, margins: Sequence[Margin], *, tolerance: float = TOLERANCE, max_rounds: int = MAX_ROUNDS
) -> Weighting:
    """Weights that reproduce several margins, by iterative proportional fitting.

    Parameters
    ----------
    start : array_like, shape (rows,)
        Starting weights, above 0.
    margins : sequence of Margin
        All describing the same population: their totals add up to the same number.
    tolerance : float
        Largest relative gap allowed.
    max_rounds : int
        Rounds after which it is an error.

    Raises
    ------
    BadInputError
        Weights that are not above 0, margins that contradict each other.
    EmptyCategoryError
        Naming margin and category that are empty in the sample.
    NotConvergedError
        Naming the margin and category farthest from its total.

    References
    ----------
    Deming, Stephan (1940); Deville, Särndal, Sautory (1993), JASA 88:1013; R: ``rake``.
    """
    cells = cells_of(margins)
    weights = checked_start(start, len(cells.of_row))
    refuse_empty(margins)
    seed = category_sums(cells.of_row, weights, cells.count)
    targets = [
        Target(margin.name, margin.categories, codes, margin.totals)
        for margin, codes in zip(margins, cells.codes.T, strict=True)
    ]
    fit = fit_cells(seed, targets, tolerance=tolerance, max_rounds=max_rounds)
    final = weights * (fit.cells / seed)[cells.of_row]
    projection = Projection.of_margins(margins, cells, weights)
    return Weighting(final, weights, WeightingMethod.RAKED, fit.rounds, fit.gap, projection)
