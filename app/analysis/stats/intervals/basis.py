"""What the interval of a design-based share is made from: value, variance, sizes and degrees of freedom."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, truths
from app.analysis.stats.designs.design import SurveyDesign, unit_totals
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.likelihood import scoring_information
from app.analysis.stats.intervals.limits import Floats
from app.analysis.stats.quantiles import t_quantile

Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

# A variance below this is a zero with rounding noise (statistics.md section 13).
ZERO_VARIANCE = 1e-24


@dataclass(frozen=True, eq=False)
class ShareBasis:
    """What an interval of a share is made from; every array has shape (k,), one entry per cell.

    Attributes
    ----------
    value : float array
        Shares (or scores) in 0..1, NaN where nobody answered.
    se : float array
        Design-based standard error; NaN where the whole design is a single primary unit.
    n, n_psu, n_strata : int array
        Answers, and the primary units and strata they came from.
    information : float array or None
        Information on the logit that the logistic fit of n answers ended with; None: n p (1 - p).
    """

    value: Floats
    se: Floats
    n: Ints
    n_psu: Ints
    n_strata: Ints
    information: Floats | None = None

    @property
    def df(self) -> Ints:
        """Degrees of freedom of each cell: primary units less strata among its rows."""
        return self.n_psu - self.n_strata

    @cached_property
    def at_the_ends(self) -> Bools:
        """Cells at 0 % or 100 %."""
        return (self.value <= 0.0) | (self.value >= 1.0)

    @cached_property
    def without_variance(self) -> Bools:
        """Cells whose variance is 0 up to rounding."""
        return self.se**2 < ZERO_VARIANCE

    @cached_property
    def n_eff(self) -> Floats:
        """Effective size p(1-p)/v: infinite where v is 0, NaN at 0 % and 100 %."""
        p = np.where(self.at_the_ends, np.nan, self.value)
        flat = self.without_variance
        return np.where(flat & np.isfinite(p), np.inf, p * (1.0 - p) / np.where(flat, np.nan, self.se**2))

    def n_eff_df(self, *, confidence_level: float) -> Floats:
        """Effective size brought to the degrees of freedom: n_eff (t[n-1] / t[df])²."""
        return self.n_eff * (t_quantile(confidence_level, self.n - 1) / t_quantile(confidence_level, self.df)) ** 2


def share_basis(design: SurveyDesign, y: npt.ArrayLike, *, domain: Bools | None = None) -> ShareBasis:
    """Shares of the columns of y with everything their intervals need.

    Parameters
    ----------
    design : SurveyDesign
    y : array_like, shape (rows,) or (rows, k)
        0/1 answers or scores in 0..1; NaN is a missing answer.
    domain : bool array, shape (rows,), optional
        Rows to estimate; the design stays whole.

    Raises
    ------
    BadInputError
        For a value outside 0..1, and everything `means` refuses.
    """
    columns = numbers(y, "y")
    columns = columns[:, None] if columns.ndim == 1 else columns
    if ((columns < 0.0) | (columns > 1.0)).any():
        message = "shares and scores lie between 0 and 1"
        raise BadInputError(message)
    estimate = means(design, columns, domain=domain)
    answered = ~np.isnan(columns)
    if domain is not None:
        answered &= truths(domain, design.rows, "domain")[:, None]
    psus = unit_totals(answered.astype(np.float64), design.stages[0]) > 0.0
    strata = np.zeros((int(design.psu_stratum.max()) + 1, columns.shape[1]), dtype=bool)
    np.logical_or.at(strata, design.psu_stratum, psus)
    single = len(design.psu_stratum) == 1
    return ShareBasis(
        value=estimate.value,
        se=np.full_like(estimate.value, np.nan) if single else estimate.se,
        n=estimate.n,
        n_psu=psus.sum(axis=0),
        n_strata=strata.sum(axis=0),
        information=scoring_information(np.where(answered, columns, np.nan), design.weights),
    )
