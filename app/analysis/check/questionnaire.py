"""Reference cases about questionnaires: alpha, omega, regression, shares of R² and the priority matrix."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from app.analysis.check.derived import Derived, derive
from app.analysis.check.expressions import Scope, evaluate, truth
from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.stats.drivers.importance import importance, relative_weights
from app.analysis.stats.drivers.priority import Quadrant, priority_matrix_of_survey
from app.analysis.stats.drivers.regression import Regression, regression_of_rows
from app.analysis.stats.drivers.survey import Link, survey_regression
from app.analysis.stats.errors import MethodDoesNotFitError
from app.analysis.stats.quality.factor_fit import Heywood
from app.analysis.stats.quality.omega import omega_of_rows
from app.analysis.stats.quality.products import Bools, Floats, correlation_of, cross_products
from app.analysis.stats.quality.reliability import Reliability, reliability_of_rows, reliability_of_survey
from app.analysis.stats.results import NoData

Result = TypeVar("Result")

LEVEL = 0.95
# Where R's glm stops; its errors come from there.
R_TOLERANCE = 1e-8
QUADRANT_WORDS = {
    Quadrant.FIX_FIRST: "fix first",
    Quadrant.KEEP_UP: "keep up",
    Quadrant.LOW_PRIORITY: "low priority",
    Quadrant.POSSIBLE_OVERKILL: "possible overkill",
}
# R functions that take correlations instead of covariances.
_OF_CORRELATIONS = re.compile(r"\b(?:omega_cor|factanal|cov2cor|cor)\s*\(")
_LOGISTIC = re.compile(r"\b(?:quasi)?binomial\b|\blogit\b")
_CONDITION = re.compile(r"==|<=|>=|<|>|\bin\b|\bis answered\b")


@dataclass(frozen=True, eq=False)
class Columns:
    """Variables of a case: names, values (rows, columns) with NaN outside its domain, and weights or None."""

    names: tuple[str, ...]
    values: Floats
    weights: Floats | None


def reliability(case: Case) -> object:
    """Alpha of unweighted complete rows."""
    columns = _columns(case)
    return _alpha_tree(reliability_of_rows(columns.values, confidence_level=LEVEL))


def reliability_weighted(case: Case) -> object:
    """Alpha under the design, with its delete-one-PSU standard error."""
    columns = _columns(case)
    found = reliability_of_survey(columns.values, design=case.design(), confidence_level=LEVEL, first_stage_fpc=True)
    return _alpha_tree(found)


def omega(case: Case) -> object:
    """One-factor omega; R's two fits treat improper solutions differently, and so do we."""
    columns = _columns(case)
    matrix = case.params.get("matrix")
    of_correlations = matrix == "correlation" if matrix else bool(_OF_CORRELATIONS.search(case.r))
    found = omega_of_rows(
        columns.values,
        heywood=Heywood.BOUND if of_correlations else Heywood.FREE,
        standardised=of_correlations,
        weights=columns.weights,
    )
    found = _there(found)
    return {
        "n": found.n,
        "n_complete": found.n,
        "loadings": found.loadings,
        "residual": found.residual,
        "uniqueness": found.residual,
        "omega": found.omega,
        "fit_chisq": found.chi_square,
        "chisq": found.chi_square,
        "df": found.df,
        "p": found.p_value,
    }


def regression(case: Case) -> object:
    """Ordinary least squares, the first variable on the others."""
    columns = _columns(case)
    found = regression_of_rows(
        columns.values[:, 0], columns.values[:, 1:], drivers=columns.names[1:], confidence_level=LEVEL
    )
    return _regression_tree(_there(found))


def regression_survey(case: Case) -> object:
    """Regression under the design: logistic when the outcome is a condition or the R call names the binomial family."""
    columns = _columns(case)
    family = str(case.params.get("family", ""))
    logistic = bool(_LOGISTIC.search(family or case.r) or _CONDITION.search(case.vars[0]))
    found = survey_regression(
        columns.values[:, 0],
        columns.values[:, 1:],
        design=case.design(),
        link=Link.LOGISTIC if logistic else Link.LINEAR,
        drivers=columns.names[1:],
        confidence_level=LEVEL,
        tolerance=R_TOLERANCE,
    )
    return _regression_tree(_there(found))


def lmg(case: Case) -> object:
    """Shares of R²; the matrix is printed with the outcome last, as the functions take it."""
    names, correlation = _correlation(case)
    found = importance(correlation)
    return {
        "terms": names,
        "weighted_correlation": correlation,
        "correlation": correlation,
        "lmg": found.lmg,
        "first": found.first,
        "last": found.last,
        "share": found.share,
        "r_squared": found.r_squared,
    }


def johnson(case: Case) -> object:
    """Relative weights."""
    names, correlation = _correlation(case)
    found = relative_weights(correlation)
    return {"terms": names, "raw": found.raw, "share": found.share, "r_squared": found.r_squared}


def priority(case: Case) -> object:
    """Importance-performance matrix; without `vars` the factors are the derived columns of the design."""
    columns = _columns(case, names=case.vars or _matrix_variables(case))
    found = _there(
        priority_matrix_of_survey(
            columns.values[:, 0],
            columns.values[:, 1:],
            design=case.design(),
            factors=columns.names[1:],
            confidence_level=LEVEL,
            first_stage_fpc=True,
        )
    )
    return {
        "factor": [factor.name for factor in found.factors],
        "performance": [factor.performance for factor in found.factors],
        "importance": [factor.importance for factor in found.factors],
        "performance_cut": found.performance_cut,
        "importance_cut": found.importance_cut,
        "quadrant": [QUADRANT_WORDS[factor.quadrant] for factor in found.factors],
        "r_squared": found.r_squared,
        "n": found.n,
    }


def _columns(case: Case, *, names: tuple[str, ...] | None = None) -> Columns:
    """Variables of the case (all columns of the data when it names none) over the rows of its domain."""
    frame, derived = case.frame(), _derived(case)
    known = {**frame.columns, **derived.columns}
    chosen = names or case.vars or frame.names
    scope = Scope(known, frame.rows, chosen if all(name in known for name in chosen) else ())
    table = np.column_stack([_numbers(evaluate(name, scope), name) for name in chosen])
    inside = _inside(case, scope) & derived.rows
    weights = case.design().weights if case.design_names else None
    return Columns(tuple(chosen), np.where(inside[:, None], table, np.nan), weights)


def _inside(case: Case, scope: Scope) -> Bools:
    """Rows of the case's domain and rule; unlike `Case.mask` the rule may speak of derived columns."""
    inside = np.ones(scope.rows, dtype=np.bool_) if case.domain_rule is None else truth(case.domain_rule, scope)
    for column, value in case.domain.items():
        inside = inside & case.rows_where(column, value)
    return np.asarray(inside, dtype=np.bool_)


def _derived(case: Case) -> Derived:
    """What the design, the data or the case itself say in words about made columns."""
    frame = case.frame()
    sources: list[Any] = [case.file.design_spec(name) for name in case.design_names[:1]]
    data = sources[0].get("data") if sources else case.raw.get("data")
    sources += [case.file.data.get(str(data), {}), case.raw]
    texts = [str(source["derived"]) for source in sources if source.get("derived")]
    return derive("; ".join(texts), frame.columns, frame.rows)


def _matrix_variables(case: Case) -> tuple[str, ...]:
    """Outcome and factors of a matrix that names none: the one column beside the derived ones, then these."""
    derived = _derived(case)
    if len(derived.beside) != 1 or not derived.columns:
        message = "the case has no vars, and its design does not name derived columns and one outcome beside them"
        raise CaseError(message)
    return (*derived.beside, *derived.columns)


def _correlation(case: Case) -> tuple[tuple[str, ...], Floats]:
    """Correlations of the drivers and, last, the outcome (the first variable), weighted under a design."""
    columns = _columns(case)
    order = [*range(1, len(columns.names)), 0]
    values = columns.values[:, order]
    complete = values[~np.isnan(values).any(axis=1)]
    centre = complete.mean(axis=0) if len(complete) else None
    products = cross_products(values, weights=columns.weights, origin=centre)
    return columns.names[1:], correlation_of(products.covariance())


def _numbers(values: npt.NDArray[Any], name: str) -> Floats:
    if values.dtype == object:
        message = f"{name!r} is a column of words, not of numbers"
        raise CaseError(message)
    return np.asarray(values, dtype=np.float64)


def _alpha_tree(found: Reliability | NoData) -> object:
    alpha = _there(found)
    limits = None if alpha.interval is None else [alpha.interval.low, alpha.interval.high]
    return {
        "n": alpha.n,
        "n_complete": alpha.n,
        "k": alpha.items,
        "alpha": alpha.alpha,
        "se": alpha.se,
        "alpha_standardised": alpha.alpha_standardised,
        "mean_r": alpha.mean_r,
        "feldt_ci95" if alpha.method == "feldt" else "ci95": limits,
        "alpha_if_dropped": alpha.alpha_if_dropped,
        "item_rest_correlation": alpha.item_rest,
    }


def _regression_tree(found: Regression) -> object:
    return {
        "n": found.n,
        "terms": found.terms,
        "coef": found.coefficients,
        "se": found.se,
        "t": found.t,
        "p": found.p,
        "df_residual": found.df,
        "df": found.df,
        "ci95": list(zip(found.low, found.high, strict=True)),
        "r_squared": found.r_squared,
        "standardised": found.standardised,
        "vif": found.vif,
    }


def _there(found: Result | NoData) -> Result:
    """The result, or a refusal where there is nothing to compute from."""
    if isinstance(found, NoData):
        message = f"nothing to compute from: {found.reason}"
        raise MethodDoesNotFitError(message)
    return found


HANDLERS: dict[str, Callable[[Case], object]] = {
    "reliability": reliability,
    "reliability_weighted": reliability_weighted,
    "omega": omega,
    "regression": regression,
    "regression_survey": regression_survey,
    "lmg": lmg,
    "relative_weights": johnson,
    "priority_matrix": priority,
}
