"""Known totals of the population by category, matched to the rows of a sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import LARGEST
from app.analysis.stats.arrays import labels as as_labels
from app.analysis.stats.errors import BadInputError, EmptyCategoryError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Texts = npt.NDArray[np.str_]

# Written between the labels of crossed variables; the reference cases write their cells the same way.
CROSS = "|"


@dataclass(frozen=True, eq=False)
class Margin:
    """One margin: how many of the population each category holds, and the category of each row of the sample.

    Build it with `Margin.of`. A margin can be crossed beforehand, for example procedure by month (`crossed`).

    Attributes
    ----------
    name : str
        Named in every error.
    categories : tuple of str
        Those with a total above 0, or with rows.
    totals : float array, shape (categories,)
        Population counts, above 0.
    codes : int array, shape (rows,)
        Category of each row.
    """

    name: str
    categories: tuple[str, ...]
    totals: Floats
    codes: Ints

    @classmethod
    def of(cls, name: str, labels: npt.ArrayLike, totals: Mapping[str, float]) -> "Margin":
        """Match labels, shape (rows,), to the totals.

        Categories with a total of 0 and no rows are left out; whole numbers may be given as numbers or words.

        Raises
        ------
        BadInputError
            A row without a label, a label without a total, a total that is not a finite number of at least 0, or rows
            in a category whose total is 0.
        """
        texts = label_texts(name, labels)
        for category, total in totals.items():
            if not isinstance(total, Real) or not 0 <= total <= LARGEST:
                message = f"margin {name!r}, category {category!r}: total {total!r} is not a count"
                raise BadInputError(message)
        present = set(np.unique(texts).tolist())
        unknown = sorted(present - {text for text, total in totals.items() if total > 0})
        if unknown:
            message = f"margin {name!r}: rows in {', '.join(map(repr, unknown))}, which has no total above 0"
            raise BadInputError(message)
        categories = tuple(sorted(category for category, total in totals.items() if total > 0))
        codes = np.searchsorted(np.array(categories), texts)
        return cls(name, categories, np.array([float(totals[c]) for c in categories]), codes)

    @property
    def rows(self) -> int:
        """Rows of the sample."""
        return len(self.codes)

    @property
    def counts(self) -> Ints:
        """Rows in each category, shape (categories,)."""
        return np.bincount(self.codes, minlength=len(self.categories))

    @property
    def empty(self) -> tuple[str, ...]:
        """Categories of the population with nobody in the sample."""
        return tuple(np.array(self.categories)[self.counts == 0].tolist())

    def without_empty(self) -> "Margin":
        """The same margin over the categories the sample reached; the others are not represented."""
        kept = self.counts > 0
        renumbered = np.cumsum(kept) - 1
        categories = tuple(np.array(self.categories)[kept].tolist())
        return Margin(self.name, categories, self.totals[kept], renumbered[self.codes])

    def sums(self, weights: Floats) -> Floats:
        """Weighted rows in each category, shape (categories,)."""
        return category_sums(self.codes, weights, len(self.categories))


def category_sums(codes: Ints, numbers: Floats, categories: int) -> Floats:
    """Sums of numbers, shape (rows,), by category, shape (categories,)."""
    return np.bincount(codes, weights=numbers, minlength=categories).astype(np.float64, copy=False)


def label_texts(name: str, labels: npt.ArrayLike) -> Texts:
    """Labels as words; whole numbers lose their decimal point.

    Raises
    ------
    BadInputError
        When a row has no label.
    """
    given = as_labels(labels, f"margin {name!r}")
    if given.ndim != 1 or not given.size:
        message = f"margin {name!r}: labels of shape {given.shape}, one per row is needed"
        raise BadInputError(message)
    if given.dtype.kind in "US":
        missing = given == ""
    elif given.dtype.kind == "f":
        missing = np.isnan(given)
    else:
        missing = np.array([x is None or x == "" or x != x for x in given.tolist()])  # noqa: PLR0124 - x != x is NaN
    if missing.any():
        message = f"margin {name!r}: {int(missing.sum())} rows without a category, first row {int(np.argmax(missing))}"
        raise BadInputError(message)
    if given.dtype.kind in "USib":
        return given.astype(np.str_)
    return np.array([f"{x:.0f}" if isinstance(x, float) and x.is_integer() else str(x) for x in given.tolist()])


def crossed(*labels: npt.ArrayLike) -> Texts:
    """Labels of several variables joined into those of their cells: ``"tt-01|2026-05"``."""
    parts = [label_texts(f"variable {number}", part) for number, part in enumerate(labels, 1)]
    joined = parts[0]
    for part in parts[1:]:
        joined = np.char.add(np.char.add(joined, CROSS), part)
    return joined


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows grouped by their categories in all margins at once.

    Weighting to margins multiplies every row of a cell by the same factor, so that all of it can be done on cells:
    the work does not grow with the answers.

    Attributes
    ----------
    of_row : int array, shape (rows,)
    codes : int array, shape (cells, margins)
    """

    of_row: Ints
    codes: Ints

    @property
    def count(self) -> int:
        """Cells with somebody in them."""
        return len(self.codes)


def cells_of(margins: Sequence[Margin]) -> Cells:
    """Cells of some margins over the same rows.

    Raises
    ------
    BadInputError
        No margin, or margins over different numbers of rows.
    """
    if not margins or len({margin.rows for margin in margins}) != 1:
        message = f"margins over {[margin.rows for margin in margins]} rows"
        raise BadInputError(message)
    of_row = np.zeros(margins[0].rows, dtype=np.intp)
    for margin in margins:
        # Renumbered after every margin, so that the key never outgrows the rows times the categories.
        _, of_row = np.unique(of_row * len(margin.categories) + margin.codes, return_inverse=True)
    first = np.zeros(int(of_row.max()) + 1, dtype=np.intp)
    first[of_row[::-1]] = np.arange(len(of_row))[::-1]
    return Cells(of_row, np.stack([margin.codes[first] for margin in margins], axis=1))


def refuse_empty(margins: Sequence[Margin]) -> None:
    """Raise EmptyCategoryError naming every margin and category that nobody of the sample stands for."""
    lacking = [f"{margin.name!r}: {', '.join(map(repr, margin.empty))}" for margin in margins if margin.empty]
    if lacking:
        message = f"nobody in the sample for margin {'; margin '.join(lacking)}; merge these categories first"
        raise EmptyCategoryError(message)
