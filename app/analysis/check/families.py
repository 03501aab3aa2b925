"""Which function computes which kind of case: one module per family, each with its HANDLERS."""

from collections.abc import Callable, Mapping

from app.analysis.check import (
    comparisons,
    contrasts,
    estimators,
    grids,
    intervals,
    planning,
    quantiles,
    questionnaire,
    replication,
    smoothed,
    weighting,
)
from app.analysis.check.folder import Case

Handler = Callable[[Case], object]
HANDLERS: Mapping[str, Handler] = {
    **estimators.HANDLERS,
    **contrasts.HANDLERS,
    **quantiles.HANDLERS,
    **grids.HANDLERS,
    **intervals.HANDLERS,
    **smoothed.HANDLERS,
    **comparisons.HANDLERS,
    **replication.HANDLERS,
    **weighting.HANDLERS,
    **questionnaire.HANDLERS,
    **planning.HANDLERS,
}
