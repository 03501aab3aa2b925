"""Cases `mean`, `total`, `ratio` and `variance`: estimates, their errors, by groups, with design effects."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.groups import Group, as_listed, groups_of
from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.designs.distribution import level_indicators
from app.analysis.stats.designs.effects import (
    SrsReference,
    mean_design_effects,
    population_covariance,
    population_variances,
    ratio_design_effects,
    total_design_effects,
)
from app.analysis.stats.designs.linearised import Linearised, means, ratios, stacked, totals
from app.analysis.stats.quantiles import normal_quantile, t_quantile

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
LEVEL = 0.95  # the keys of the format say ci95


@dataclass(frozen=True)
class Variables:
    """Columns of numbers to be estimated, the names R gives them, and which of `vars` each came from."""

    names: tuple[str, ...]
    columns: Floats

    def complete(self, domain: Bools) -> Bools:
        """Rows of the domain that answered every variable: R drops a row when any of them is missing."""
        return np.asarray(domain & ~np.isnan(self.columns).any(axis=1))


Estimator = Callable[[SurveyDesign, Variables, Bools], Linearised]
Effects = Callable[[SurveyDesign, Variables, SrsReference, Bools], Floats]


def _means(design: SurveyDesign, variables: Variables, domain: Bools) -> Linearised:
    return means(design, variables.columns, domain=domain)


def _totals(design: SurveyDesign, variables: Variables, domain: Bools) -> Linearised:
    return totals(design, variables.columns, domain=domain)


def _ratios(design: SurveyDesign, variables: Variables, domain: Bools) -> Linearised:
    """The last variable is the denominator of all others."""
    if variables.columns.shape[1] < 2:
        raise CaseError("a ratio needs a numerator and a denominator")
    return ratios(design, variables.columns[:, :-1], variables.columns[:, -1:], domain=domain)


def _mean_effects(design: SurveyDesign, variables: Variables, reference: SrsReference, domain: Bools) -> Floats:
    return mean_design_effects(design, variables.columns, reference=reference, domain=domain)


def _total_effects(design: SurveyDesign, variables: Variables, reference: SrsReference, domain: Bools) -> Floats:
    return total_design_effects(design, variables.columns, reference=reference, domain=domain)


def _ratio_effects(design: SurveyDesign, variables: Variables, reference: SrsReference, domain: Bools) -> Floats:
    columns = variables.columns
    return ratio_design_effects(design, columns[:, :-1], columns[:, -1:], reference=reference, domain=domain)


def variables_of(case: Case) -> Variables:
    """Columns of `vars` (or of `indicator`); a factor gives one 0/1 column per level.

    A column of words is a factor; a column of numbers is one when the R call says ``factor(...)`` around it.
    """
    expressions = case.vars or ((case.indicator,) if case.indicator else ())
    if not expressions:
        raise CaseError("the case names neither vars nor an indicator")
    names: list[str] = []
    parts: list[Floats] = []
    for expression in expressions:
        levels, columns = _expanded(case, expression)
        names += [f"{expression}{level}" for level in levels] if levels else [expression]
        parts.append(columns)
    return Variables(tuple(names), np.hstack(parts))


def _expanded(case: Case, expression: str) -> tuple[list[str], Floats]:
    frame = case.frame()
    if expression in frame.columns and frame.column(expression).dtype == object:
        words = frame.column(expression)
        levels = sorted({word for word in words if word is not None})
        missing = np.array([word is None for word in words])[:, None]
        indicators = np.stack([words == level for level in levels], axis=1).astype(np.float64)
        return levels, np.where(missing, np.nan, indicators)
    values = case.values(expression)
    scale = _factor_levels(case, expression, values)
    if scale is None:
        return [], values[:, None]
    return [f"{level:g}" for level in scale], level_indicators(values, scale)


def _factor_levels(case: Case, expression: str, values: Floats) -> list[float] | None:
    """Levels when the R call turns these numbers into a factor: the range given there, or the answers themselves."""
    found = re.search(rf"factor\(\s*{re.escape(expression)}\s*(?:,\s*levels\s*=\s*(\d+):(\d+)\s*)?[,)]", case.r)
    if found is None:
        return None
    if found[1] is None:
        return [float(value) for value in np.unique(values[~np.isnan(values)])]
    return [float(level) for level in range(int(found[1]), int(found[2]) + 1)]


def _reference(case: Case) -> SrsReference:
    words = str(case.params.get("deff", "")) or ("replace" if re.search(r"deff\s*=\s*\"replace\"", case.r) else "")
    return SrsReference.WITH_REPLACEMENT if "replace" in words else SrsReference.WITHOUT_REPLACEMENT


def _estimates(estimator: Estimator, effects: Effects) -> Callable[[Case], object]:
    def handler(case: Case) -> object:
        if len(case.design_names) > 1:
            return _errors_by_design(case, estimator)
        if case.by:
            return _by_groups(case, estimator, effects)
        variables = variables_of(case)
        domain = variables.complete(case.mask())
        design = case.design()
        estimate = estimator(design, variables, domain)
        df = design.domain_degrees_of_freedom(case.mask())
        tree = {
            "names": list(variables.names[: len(estimate.value)]),
            "items": [name for expression in case.vars for name in case.columns_of(expression)],
            "estimate": estimate.value,
            "se": estimate.se,
            "df": df,
            "ci95_normal": limits(estimate.value, estimate.se, normal_quantile(LEVEL)),
            "ci95_t": limits(estimate.value, estimate.se, _t(df)),
            "vcov": estimate.covariance,
        }
        if _wants_effects(case):
            tree["deff"] = effects(design, variables, _reference(case), domain)
        return tree

    return handler


def _wants_effects(case: Case) -> bool:
    return "deff" in case.params or "deff" in case.r


def _by_groups(case: Case, estimator: Estimator, effects: Effects) -> object:
    """One entry per variable and group: all groups of the first variable, then of the second."""
    design, variables = case.design(), variables_of(case)
    answered = variables.complete(np.ones(design.rows, dtype=bool))
    groups = as_listed(groups_of(case, case.mask()), _listed_groups(case))
    parts = [estimator(design, variables, group.rows & answered) for group in groups]
    order = np.arange(len(parts) * len(parts[0].value)).reshape(len(parts), -1).T.ravel()
    value = np.concatenate([part.value for part in parts])[order]
    se = np.concatenate([part.se for part in parts])[order]
    df = design.degrees_of_freedom
    tree: dict[str, Any] = {
        "by": {name: [group.labels[place] for group in groups] for place, name in enumerate(case.by)},
        "names": _group_names(groups, variables, len(parts[0].value)),
        "estimate": value,
        "se": se,
        "df_full_design": df,
        "ci95_t_full_df": limits(value, se, _t(df)),
        "vcov": stacked(parts).covariance[np.ix_(order, order)],
    }
    if _wants_effects(case):
        found = [effects(design, variables, _reference(case), group.rows & answered) for group in groups]
        tree["deff"] = np.concatenate(found)[order]
    return tree


def _listed_groups(case: Case) -> list[object]:
    """Groups as the case lists them: columns of values under the names of `by`."""
    listed = case.expected.get("by") if isinstance(case.expected, Mapping) else None
    if not isinstance(listed, Mapping) or set(listed) != set(case.by):
        return []
    return list(zip(*(listed[name] for name in case.by), strict=False))


def _group_names(groups: list[Group], variables: Variables, count: int) -> list[str]:
    if count == 1:
        return [group.name for group in groups]
    return [f"{group.name}:{variable}" for variable in variables.names[:count] for group in groups]


def _errors_by_design(case: Case, estimator: Estimator) -> object:
    """Standard errors of one estimate under several designs, by how many stages are corrected for the population."""
    variables = variables_of(case)
    tree: dict[str, object] = {}
    for name in case.design_names:
        design = case.design(name)
        stages = len(case.file.design_spec(name).get("fpc") or [])
        key = {0: "se_no_fpc", 1: "se_stage1_fpc", 2: "se_two_stage_fpc"}.get(stages, f"se_{stages}_stage_fpc")
        estimate = estimator(design, variables, variables.complete(case.mask()))
        tree[key] = estimate.se
        tree["estimate"] = estimate.value
    return tree


def _variance(case: Case) -> object:
    """Population variance; several variables give all pairs, row by row."""
    variables, design = variables_of(case), case.design()
    domain = variables.complete(case.mask())
    estimator = population_variances if variables.columns.shape[1] == 1 else population_covariance
    estimate = estimator(design, variables.columns, domain=domain)
    df = design.domain_degrees_of_freedom(case.mask())
    return {
        "names": list(variables.names),
        "estimate": estimate.value,
        "se": estimate.se,
        "df": df,
        "ci95_normal": limits(estimate.value, estimate.se, normal_quantile(LEVEL)),
        "ci95_t": limits(estimate.value, estimate.se, _t(df)),
    }


def limits(value: Floats, se: Floats, quantile: float) -> Floats:
    """Estimate plus and minus a number of standard errors, shape (k, 2)."""
    return np.stack([value - quantile * se, value + quantile * se], axis=1)


def _t(df: int) -> float:
    return float(t_quantile(LEVEL, df)) if df > 0 else float("nan")


HANDLERS: dict[str, Callable[[Case], object]] = {
    "mean": _estimates(_means, _mean_effects),
    "total": _estimates(_totals, _total_effects),
    "ratio": _estimates(_ratios, _ratio_effects),
    "variance": _variance,
}
