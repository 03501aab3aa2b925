"""Planning cases: their numbers stand only in the R call, so they are read from its literal arguments.

The parameters of the helpers (``n_prop``, ``slovin``, ``n_diff``…) are those of the collection's own R script;
``power.prop.test`` is R's.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.r_calls import (
    UnreadableTextError,
    assignments,
    find_call,
    match_arguments,
    number,
    numbers,
    parse_call,
)
from app.analysis.stats.planning.allocation import neyman, proportional
from app.analysis.stats.planning.clusters import optimum_per_cluster, planned_deff
from app.analysis.stats.planning.former import yamane_size
from app.analysis.stats.planning.power import ComparisonPlan, Sides, power_of_difference, size_for_difference
from app.analysis.stats.planning.sizes import size_for_margin, size_for_wilson_half_width
from app.analysis.stats.planning.widths import WidthMethod, expected_half_width

SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "n_prop": ("e", "p", "N", "deff", "level", "resp"),
    "slovin": ("N", "e"),
    "n_wilson": ("p", "half", "level"),
    "n_diff": ("p1", "p2", "deff", "power", "alpha"),
    "power.prop.test": ("n", "p1", "p2", "sig.level", "power", "alternative", "strict", "tol"),
    "deff_c": ("m", "rho", "cv2w"),
    "m_opt": ("c1", "c2", "rho"),
    "neyman": ("Nh", "Sh", "n"),
    "qnorm": ("p",),
    "qt": ("p", "df"),
}


def _arguments(case: Case, name: str) -> dict[str, Any]:
    call = find_call(parse_call(case.r), name)
    if call is None:
        message = f"no call of {name}() in {case.r[:80]!r}"
        raise UnreadableTextError(message)
    return match_arguments(call, SIGNATURES[name])


def _population(size: float) -> int | None:
    if math.isinf(size):
        return None
    if size != round(size):
        raise CaseError(f"a population of {size} people")
    return int(size)


def n_proportion(case: Case) -> object:
    """Size by normal precision with design effect, population and response rate."""
    given = _arguments(case, "n_prop")
    size = size_for_margin(
        margin=number(given, "e"),
        share=number(given, "p", 0.5),
        confidence_level=number(given, "level", 0.95),
        population=_population(number(given, "N", math.inf)),
        deff=number(given, "deff", 1.0),
        response_rate=number(given, "resp", 1.0),
    )
    return {"n_infinite": size.infinite, "n_answers": size.answers, "n_to_invite": size.invitations}


def n_slovin(case: Case) -> object:
    """Size of the former guidance."""
    given = _arguments(case, "slovin")
    population = _population(number(given, "N"))
    if population is None:
        raise CaseError("the former formula needs a finite population")
    size = yamane_size(population, margin=number(given, "e"), response_rate=1.0)
    return {"n_exact": size.exact, "n": size.answers}


def n_wilson_half_width(case: Case) -> object:
    """Size by half width of the Wilson interval."""
    given = _arguments(case, "n_wilson")
    size = size_for_wilson_half_width(
        half_width=number(given, "half"),
        share=number(given, "p"),
        confidence_level=number(given, "level", 0.95),
        population=None,
        deff=1.0,
        response_rate=1.0,
    )
    return {"n_exact": size.exact, "n": size.answers}


def _plan(given: Mapping[str, Any], level: str) -> ComparisonPlan:
    sides = Sides.ONE if str(given.get("alternative", "two.sided")).startswith("o") else Sides.TWO
    return ComparisonPlan(
        significance_level=number(given, level, 0.05),
        comparisons=1,
        deff=number(given, "deff", 1.0),
        sides=sides,
        wrong_direction=bool(number(given, "strict", 0.0)) and sides is Sides.TWO,
    )


def n_difference(case: Case) -> object:
    """Size per group for a difference of two shares."""
    name = "n_diff" if find_call(parse_call(case.r), "n_diff") else "power.prop.test"
    given = _arguments(case, name)
    size = size_for_difference(
        number(given, "p1"),
        number(given, "p2"),
        power=number(given, "power", 0.8 if name == "n_diff" else None),
        ratio=1.0,
        response_rate=1.0,
        plan=_plan(given, "alpha" if name == "n_diff" else "sig.level"),
    )
    return {"n_per_group": size.first, "n_exact": size.exact_first}


def power_difference(case: Case) -> object:
    """Power of two groups of a given size."""
    given = _arguments(case, "power.prop.test")
    n = number(given, "n")
    plan = _plan(given, "sig.level")
    return {"power": power_of_difference(number(given, "p1"), number(given, "p2"), n_first=n, n_second=n, plan=plan)}


def half_width(case: Case) -> object:
    """Expected half width: the numbers are assigned before, the quantiles stand in the final list."""
    given = assignments(case.r)
    final = find_call(parse_call(case.r), "list")
    if final is None:
        raise UnreadableTextError("no list() of results in the R text")

    def width(confidence_level: float, df: float | None) -> Any:
        return expected_half_width(
            share=number(given, "p"),
            n=number(given, "n"),
            deff=number(given, "deff", 1.0),
            population=_population(number(given, "N", math.inf)),
            confidence_level=confidence_level,
            method=WidthMethod.NORMAL,
            df=df,
        )

    found: dict[str, object] = {}
    for name, value in final.named.items():
        quantile = find_call(value, "qt", "qnorm")
        if quantile is None:
            found[name] = float(width(0.95, None).se)
        else:
            of = match_arguments(quantile, SIGNATURES[quantile.name])
            df = number(of, "df") if quantile.name == "qt" else None
            found[name] = float(width(2.0 * number(of, "p") - 1.0, df).half_width)
    return found


def deff_planned(case: Case) -> object:
    """Planned design effect."""
    given = _arguments(case, "deff_c")
    deff = planned_deff(
        people_per_cluster=number(given, "m"), icc=number(given, "rho"), weight_cv_squared=number(given, "cv2w", 0.0)
    )
    return {"deff": deff}


def m_optimum(case: Case) -> object:
    """Best number of people per cluster."""
    given = _arguments(case, "m_opt")
    m = optimum_per_cluster(cluster_cost=number(given, "c1"), person_cost=number(given, "c2"), icc=number(given, "rho"))
    return {"m": m}


def allocation(case: Case) -> object:
    """Neyman and proportional allocation, as the formulas give them."""
    given = _arguments(case, "neyman")
    sizes, total = numbers(given, "Nh"), number(given, "n")
    if total != round(total):
        raise CaseError(f"{total} answers to share out")
    return {
        "n_h": neyman(sizes, numbers(given, "Sh"), int(total), minimum=0).formula,
        "proportional": proportional(sizes, int(total), minimum=0).formula,
    }


HANDLERS: dict[str, Callable[[Case], object]] = {
    "n_proportion": n_proportion,
    "n_slovin": n_slovin,
    "n_wilson_half_width": n_wilson_half_width,
    "n_difference": n_difference,
    "power_difference": power_difference,
    "half_width": half_width,
    "deff_planned": deff_planned,
    "m_optimum": m_optimum,
    "allocation": allocation,
}
