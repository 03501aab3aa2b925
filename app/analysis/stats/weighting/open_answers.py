"""What an open sample gives to be adjusted: sums of the answers by category, and margins known from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, together
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.weighting.margins import Margin, category_sums, cells_of, label_texts

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]


class MarginSource(StrEnum):
    """Where the totals come from; printed beside every adjusted figure. Totals of the same survey are refused."""

    DOSSIER_REGISTER = "dossier_register"
    OFFICIAL_STATISTICS = "official_statistics"
    SAME_SURVEY = "same_survey"


@dataclass(frozen=True, slots=True)
class KnownMargin:
    """Totals by category from outside the survey, for example finished dossiers by procedure and month.

    Attributes
    ----------
    name : str
        Name of the labels in the answers it belongs to.
    totals : mapping of str to float
        People (or dossiers) by category; crossed categories are written as `crossed` writes them.
    source : MarginSource
    """

    name: str
    totals: Mapping[str, float]
    source: MarginSource


@dataclass(frozen=True, eq=False)
class OpenAnswers:
    """Sums of one question by cell, the cell being a set of categories; all of it adds up over cells and days.

    Attributes
    ----------
    labels : mapping of str to str array, shape (cells,)
        Category of each cell in every margin.
    respondents : float array, shape (cells,)
        Forms, whole numbers.
    answers : float array, shape (cells,)
        Forms that answered this question.
    total, squares : float arrays, shape (cells,)
        Sum of y and of y² over the answers, y in 0..1.
    """

    labels: Mapping[str, Texts]
    respondents: Floats
    answers: Floats
    total: Floats
    squares: Floats

    def __post_init__(self) -> None:
        sums = (self.respondents, self.answers, self.total, self.squares)
        shapes = {each.shape for each in (*sums, *self.labels.values())}
        if not self.labels or len(shapes) != 1 or len(next(iter(shapes))) != 1:
            message = f"sums and labels of shapes {sorted(shapes)}"
            raise BadInputError(message)
        in_order = (self.squares >= 0) & (self.squares <= self.total + 1e-9) & (self.total <= self.answers + 1e-9)
        wrong = ~(in_order & (self.answers <= self.respondents) & np.isfinite(self.respondents))
        if wrong.any():
            message = f"cell {int(np.argmax(wrong))}: forms, answers, sum and sum of squares do not go together"
            raise BadInputError(message)

    @classmethod
    def of_cells(
        cls,
        labels: Mapping[str, npt.ArrayLike],
        *,
        respondents: npt.ArrayLike,
        answers: npt.ArrayLike,
        total: npt.ArrayLike,
        squares: npt.ArrayLike,
    ) -> "OpenAnswers":
        """Sums by cell, shape (cells,) each; cells without forms are left out.

        Raises
        ------
        BadInputError
            Shapes or sums that do not go together; a cell without a label.
        """
        forms, *sums = together(respondents=respondents, answers=answers, total=total, squares=squares)
        texts = {name: label_texts(name, each) for name, each in labels.items()}
        if forms.ndim != 1 or any(each.shape != forms.shape for each in (*sums, *texts.values())):
            message = f"sums and labels by cell differ in length; {forms.size} cells of forms"
            raise BadInputError(message)
        some = forms != 0
        return cls({name: each[some] for name, each in texts.items()}, forms[some], *(each[some] for each in sums))

    @classmethod
    def of_rows(cls, labels: Mapping[str, npt.ArrayLike], y: npt.ArrayLike) -> "OpenAnswers":
        """Sums out of rows: y of shape (rows,) in 0..1, NaN where the question was not answered.

        Raises
        ------
        BadInputError
            y outside 0..1, rows without a label, lengths that differ.
        """
        values = numbers(y, "y")
        if values.ndim != 1 or ((values < 0) | (values > 1)).any():
            message = f"answers of shape {values.shape}: one per row, 0..1 or missing"
            raise BadInputError(message)
        texts = {name: label_texts(name, each) for name, each in labels.items()}
        if not texts or any(len(each) != len(values) for each in texts.values()):
            message = f"{len(values)} answers, labels for {[len(each) for each in texts.values()]}"
            raise BadInputError(message)
        margins = [Margin.of(name, each, dict.fromkeys(each.tolist(), 1.0)) for name, each in texts.items()]
        cells = cells_of(margins)
        known = ~np.isnan(values)
        filled = np.where(known, values, 0.0)
        sums = [
            category_sums(cells.of_row, each, cells.count) for each in (known.astype(np.float64), filled, filled**2)
        ]
        first = np.unique(cells.of_row, return_index=True)[1]
        forms = np.bincount(cells.of_row).astype(np.float64)
        return cls({name: each[first] for name, each in texts.items()}, forms, *sums)
