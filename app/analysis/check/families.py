"""Which function computes which kind of case: one module per family, each with its HANDLERS."""

from collections.abc import Callable, Mapping
from importlib import import_module

from app.analysis.check.folder import Case

Handler = Callable[[Case], object]
FAMILIES = (
    "estimators", "contrasts", "quantiles", "grids", "intervals", "comparisons", "questionnaire", "planning",
    "replication", "weighting", "smoothed",
)  # fmt: skip


def handlers() -> Mapping[str, Handler]:
    """Handler of every kind of case."""
    found: dict[str, Handler] = {}
    for family in FAMILIES:
        try:
            module = import_module(f"app.analysis.check.{family}")
        except ModuleNotFoundError:
            continue
        found |= module.HANDLERS
    return found
