"""The result of a weighting to known totals: final weights, and what they do to the variance."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.weighting.projection import Projection
from app.analysis.stats.weighting.summary import WeightSummary, summarise

Floats = npt.NDArray[np.float64]

# Largest relative gap between a weighted total and the total it should have, and rounds allowed (statistics.md 6).
TOLERANCE = 1e-9
MAX_ROUNDS = 200


class WeightingMethod(StrEnum):
    """How the weights were brought to the totals."""

    POST_STRATIFIED = "post_stratified"
    RAKED = "raked"
    LINEAR = "calibrated_linear"
    LINEAR_BOUNDED = "calibrated_linear_bounded"
    EXPONENTIAL = "calibrated_exponential"
    EXPONENTIAL_BOUNDED = "calibrated_exponential_bounded"
    LOGIT = "calibrated_logit"


class ResidualFit(StrEnum):
    """Weights of the regression behind the residuals.

    START is the rule (Deville, Särndal 1992). EQUAL gives every row the same weight, as R's ``rake()`` does; the two
    agree when the starting weights are equal.
    """

    START = "start"
    EQUAL = "equal"


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights that reproduce known totals.

    Attributes
    ----------
    weights, start : float arrays, shape (rows,)
    method : WeightingMethod
    rounds : int
        Rounds until the criterion held; 0 when the starting weights already fitted.
    gap : float
        Largest relative distance from a total that is left.
    projection : Projection
        Regression on the calibration variables.
    notes : tuple of str
        Codes of `WeightingNote`; behind ``not_represented`` stands ``:margin:category``.
    """

    weights: Floats
    start: Floats
    method: WeightingMethod
    rounds: int
    gap: float
    projection: Projection
    notes: tuple[str, ...] = ()

    @property
    def factors(self) -> Floats:
        """Final over starting weight (g), shape (rows,)."""
        return self.weights / self.start

    @property
    def before(self) -> WeightSummary:
        """Summary of the starting weights."""
        return summarise(self.start)

    @property
    def after(self) -> WeightSummary:
        """Summary of the final weights."""
        return summarise(self.weights)

    def fitted_with(self, fit: ResidualFit) -> "Weighting":
        """The same weights with another regression behind the residuals."""
        weights = self.start if fit is ResidualFit.START else np.ones_like(self.start)
        return replace(self, projection=self.projection.refitted(weights))

    def residualise(self, u: Floats) -> Floats:
        """Influence values (rows, k) with weights in them, brought to w (z - x'B)."""
        w = self.weights[:, None]
        # A weight of 0 (linear calibration can reach it) carries nothing, whatever its residual.
        z = np.divide(u, w, out=np.zeros_like(u), where=w != 0)
        return np.asarray(w * self.projection.residuals(z))

    def applied_to(self, design: SurveyDesign) -> SurveyDesign:
        """The design with these weights and standard errors that know about the totals.

        Where the design was already calibrated, both regressions are taken out, the last one first.

        Raises
        ------
        BadInputError
            When the design has another number of rows.
        """
        if design.rows != len(self.weights):
            message = f"{len(self.weights)} weights for a design of {design.rows} rows"
            raise BadInputError(message)
        earlier = design.residualise
        if earlier is None:
            return design.reweighted(self.weights, self.residualise)
        return design.reweighted(self.weights, lambda u: earlier(self.residualise(u)))
