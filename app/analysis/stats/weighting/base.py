"""Base weights: one over the chance of being drawn, and what non-response adds (Kalton, Flores-Cervantes 2003)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, together
from app.analysis.stats.errors import BadInputError, EmptyCategoryError
from app.analysis.stats.weighting.margins import label_texts
from app.analysis.stats.weighting.summary import checked_start

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def inclusion(sampled: npt.ArrayLike, population: npt.ArrayLike) -> Floats:
    """Chance of being drawn at one stage, n/N, elementwise.

    Raises
    ------
    BadInputError
        When not 0 < n <= N, naming the first place.
    """
    n, population_size = (np.atleast_1d(x) for x in together(sampled=sampled, population=population))
    n, population_size = np.broadcast_arrays(n, population_size)
    wrong = ~(np.isfinite(n) & np.isfinite(population_size) & (n > 0) & (n <= population_size))
    if wrong.any():
        at = int(np.argmax(wrong))
        message = f"row {at}: {n.flat[at]:g} drawn from {population_size.flat[at]:g} cannot be"
        raise BadInputError(message)
    return np.asarray(n / population_size)


def design_weights(stages: Sequence[npt.ArrayLike]) -> Floats:
    """One over the product of the chances of all stages.

    Parameters
    ----------
    stages : sequence of array_like, shape (rows,)
        Chance of each row's unit at each stage, given the stage before; in (0, 1].

    Raises
    ------
    BadInputError
        No stage, or a chance that is none (naming stage and row).
    """
    if not stages:
        message = "design weights need the chances of at least one stage"
        raise BadInputError(message)
    product: Floats = np.ones(1)
    for number, stage in enumerate(stages, 1):
        chance = np.atleast_1d(numbers(stage, "stage"))
        if chance.ndim != 1 or (number > 1 and chance.size not in {1, product.size} and product.size != 1):
            message = f"stage {number}: chances of shape {chance.shape} beside {product.size} rows"
            raise BadInputError(message)
        wrong = ~(np.isfinite(chance) & (chance > 0) & (chance <= 1))
        if wrong.any():
            at = int(np.argmax(wrong))
            message = f"stage {number}, row {at}: {chance[at]!r} is not a chance of being drawn"
            raise BadInputError(message)
        product = product * chance
    return 1.0 / product


@dataclass(frozen=True, eq=False)
class ResponseAdjustment:
    """Weights of those who answered, carrying those who did not.

    Attributes
    ----------
    weights : float array, shape (respondents,)
        In the order of the rows that answered.
    responded : bool array, shape (drawn,)
    cells : tuple of str
    rates : float array, shape (cells,)
        Weighted response rate; the factor is one over it.
    respondents : int array, shape (cells,)
    """

    weights: Floats
    responded: Bools
    cells: tuple[str, ...]
    rates: Floats
    respondents: npt.NDArray[np.intp]


def adjust_for_nonresponse(base: npt.ArrayLike, cells: npt.ArrayLike, responded: Bools) -> ResponseAdjustment:
    """Raise the weights of those who answered, cell by cell, to those of all who were drawn.

    The factors count as given afterwards: the standard errors see the final weights and not the adjustment.

    Parameters
    ----------
    base : array_like, shape (drawn,)
        Base weights of everybody drawn.
    cells : array_like, shape (drawn,)
        Cell within which answering is taken as independent of the answers.
    responded : bool array, shape (drawn,)

    Raises
    ------
    BadInputError
        Weights not above 0, rows without a cell, lengths that differ.
    EmptyCategoryError
        Naming every cell in which nobody answered.
    """
    weights = checked_start(base)
    labels = label_texts("response cell", cells)
    answered = np.asarray(responded)
    if labels.shape != weights.shape or answered.shape != weights.shape or answered.dtype != np.bool_:
        message = f"{weights.size} base weights, {labels.size} cells and {answered.size} answers have to be one per row"
        raise BadInputError(message)
    names, code = np.unique(labels, return_inverse=True)
    drawn = np.bincount(code, weights=weights)
    carried = np.bincount(code, weights=np.where(answered, weights, 0.0))
    people = np.bincount(code[answered], minlength=len(names))
    if (people == 0).any():
        message = f"nobody answered in response cell {', '.join(map(repr, names[people == 0].tolist()))}; merge cells"
        raise EmptyCategoryError(message)
    final = (weights * (drawn / carried)[code])[answered]
    return ResponseAdjustment(final, answered, tuple(names.tolist()), carried / drawn, people)
