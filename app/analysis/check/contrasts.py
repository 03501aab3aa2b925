"""Cases `difference`, `item_mean_index` and `domain_trap`: what needs the covariance inside a design."""

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from app.analysis.check.designs import build_design
from app.analysis.check.expressions import SATISFIED_FROM
from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.groups import groups_of
from app.analysis.check.r_calls import UnreadableTextError, find_call, is_literal, parse_call
from app.analysis.stats.designs.linearised import Linearised, item_mean_index, means, stacked

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
_MINUS = re.compile(r"(.+?) minus (.+)")
EVERYBODY = "the whole survey"
OTHERS = "all others"


def _difference(case: Case) -> object:
    """Contrast of two domains in words, of the groups of `by`, or of several variables."""
    words = {column: _MINUS.fullmatch(value) for column, value in case.domain.items() if isinstance(value, str)}
    sides = [(column, found[1], found[2]) for column, found in words.items() if found is not None]
    if sides:
        parts, coefficients = _domains(case, *sides[0]), np.array([1.0, -1.0])
        df = case.design().degrees_of_freedom
    elif case.by:
        groups = groups_of(case, case.mask())
        parts = [_mean(case, case.vars[0], group.rows) for group in groups]
        coefficients = _coefficients(case, [group.name for group in groups], otherwise=[-1.0, 1.0])
        df = case.design().degrees_of_freedom
    else:
        parts = _variables(case)
        coefficients = _coefficients(case, list(case.vars), otherwise=[1.0, -1.0])
        df = case.design().domain_degrees_of_freedom(case.mask())
    found = stacked(parts).contrast(coefficients)
    alone = sum(c**2 * part.variance[0] for c, part in zip(coefficients, parts, strict=True))
    return {"estimate": found.value, "se": found.se, "se_if_independent": np.sqrt(alone), "df": df}


def _domains(case: Case, column: str, first: str, second: str) -> list[Linearised]:
    """The two sides of "A minus B"; a side may be the whole survey or, after a value, all other rows."""
    inside = case.rule_mask()
    for name, value in case.domain.items():
        if name != column:
            inside = inside & case.rows_where(name, value)
    return [
        _mean(case, case.vars[0], inside & _side(case, column, side, other))
        for side, other in ((first, second), (second, first))
    ]


def _side(case: Case, column: str, side: str, other: str) -> Bools:
    if side == EVERYBODY:
        return np.ones(case.frame().rows, dtype=bool)
    if side == OTHERS:
        return ~case.rows_where(column, other)
    return case.rows_where(column, side)


def _variables(case: Case) -> list[Linearised]:
    """Several variables over the rows that answered all of them."""
    columns = [case.values(expression) for expression in case.vars]
    if len(columns) < 2:
        raise CaseError("a difference needs two domains, two groups or two variables")
    complete = case.mask() & ~np.isnan(columns).any(axis=0)
    return [means(case.design(), column, domain=complete) for column in columns]


def _mean(case: Case, expression: str, rows: Bools) -> Linearised:
    return means(case.design(), case.values(expression), domain=rows)


def _coefficients(case: Case, names: list[str], *, otherwise: list[float]) -> Floats:
    """Coefficients of the contrast as the R call has them, by place or by name; of two without any the difference."""
    try:
        call = find_call(parse_call(case.r), "svycontrast")
    except UnreadableTextError:
        call = None
    given = [] if call is None else [*call.positional[1:], *call.named.values()]
    for values in given:
        if isinstance(values, dict) and is_literal(values) and set(values) <= set(names):
            return np.array([float(values.get(name, 0.0)) for name in names])
        if isinstance(values, np.ndarray) and len(values) == len(names):
            return np.asarray(values, dtype=np.float64)
    if len(names) != len(otherwise):
        raise CaseError(f"{len(names)} estimates and no coefficients for them")
    return np.array(otherwise)


def satisfied_of(case: Case, items: tuple[str, ...]) -> Floats:
    """0/1 form of every item, shape (rows, items), by the indicator of the case or answers of 4 and 5."""
    expression = case.indicator or f"item >= {SATISFIED_FROM:g}"
    return np.stack([case.values(expression, item=item) for item in items], axis=1)


def _item_mean_index(case: Case) -> object:
    """Mean over the items of 100 x the share satisfied, each item over its own answers."""
    if not case.vars:
        raise CaseError("an index needs its items in vars")
    index = item_mean_index(case.design(), satisfied_of(case, case.vars), domain=case.mask())
    df = case.design().domain_degrees_of_freedom(case.mask())
    return {"estimate": 100.0 * index.value, "se": 100.0 * index.se, "df": df}


def _domain_trap(case: Case) -> object:
    """A domain in the whole design, beside what dropping the other rows first would give."""
    design, domain = case.design(), case.mask()
    values = case.values(case.vars[0])
    domain &= ~np.isnan(values)
    right = means(design, values, domain=domain)
    spec = case.file.design_spec(case.design_names[0])
    cut = build_design(case.frame().where(domain), spec, case.lonely, lonely_domains=case.lonely_domains)
    return {
        "estimate": right.value,
        "se_domain": right.se,
        "df_domain": right.df,
        "se_wrong_if_rows_are_dropped_first": means(cut, values[domain]).se,
        "n_psu_design": len(design.psu_stratum),
        "n_psu_with_domain": len(np.unique(design.psu[domain])),
    }


HANDLERS: dict[str, Callable[[Case], object]] = {
    "difference": _difference,
    "item_mean_index": _item_mean_index,
    "domain_trap": _domain_trap,
}
