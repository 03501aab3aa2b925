"""Cases about weights: weights themselves, estimates after weighting, tables fitted to their margins."""

from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.r_calls import UnreadableTextError, find_call, is_literal, parse_call
from app.analysis.check.r_columns import levels
from app.analysis.check.r_survey import Sampled, Session
from app.analysis.check.weight_params import Weighted, weighted, weights_named
from app.analysis.stats.weighting.fitting import fit_table
from app.analysis.stats.weighting.margins import CROSS, crossed
from app.analysis.stats.weighting.summary import summarise

Floats = npt.NDArray[np.float64]


def weights(case: Case) -> dict[str, Any]:
    """Summary of the weights, every weight under the name of its column, and one weight for each cell."""
    found = weighted(case)
    summary = summarise(found.weights)
    tree: dict[str, Any] = {
        "n": summary.n,
        "sum": summary.total,
        "min": summary.minimum,
        "max": summary.maximum,
        "sum_sq": summary.sum_of_squares,
        "mean": summary.total / summary.n,
        "median": summary.median,
        "cv2": summary.cv2,
        "kish_deff": summary.kish_deff,
        "kish_n_eff": summary.kish_n_eff,
    }
    column = case.expected.get("column")
    if column is not None:
        tree |= {"column": column, "file": {column: found.weights}}
    if found.margins:
        tree |= _by_cell(case, found)
    return tree


def _by_cell(case: Case, found: Weighted) -> dict[str, Any]:
    """Cells with somebody in them, the first margin running fastest, and the weight of their first row."""
    frame = case.frame()
    columns = [frame.column(name) for name in found.margins]
    of_row = crossed(*columns)
    first = dict(zip(reversed(of_row.tolist()), reversed(found.weights.tolist()), strict=True))
    cells = [[str(level)] for level in levels(columns[0])]
    for column in columns[1:]:
        cells = [[*cell, str(level)] for level in levels(column) for cell in cells]
    names = [name for cell in cells if (name := CROSS.join(cell)) in first]
    return {"cells": names, "weight": [first[name] for name in names]}


def estimates_after_weighting(case: Case) -> Any:
    """The R text computed with our estimators on the weighted design."""
    name = case.params.get("weights")
    frame = case.frame()
    plain = Sampled(case.design(), frame)
    found = weights_named(case, name)
    subject = plain if found is None else Sampled(found.design, frame)
    data = [case.file.design_spec(own)["data"] for own in case.design_names]
    alike = [own for own, spec in case.file.designs.items() if spec.get("data") in data]
    designs = {own: Sampled(case.design(own), frame) for own in alike}
    return Session(designs, subject).run(case.r)


def ipf_table(case: Case) -> dict[str, Any]:
    """A two-way table with the seed's odds ratios and the given totals."""
    seed, rows, columns = (_table_input(case, name) for name in ("seed", "row_totals", "column_totals"))
    fitted = fit_table(seed, [rows, columns], names=("rows", "columns"), tolerance=1e-12)
    return {"seed": seed, "row_totals": rows, "column_totals": columns, "fitted": fitted.table, "rounds": fitted.rounds}


def _table_input(case: Case, name: str) -> Floats:
    """An input of the table: a parameter, a literal of the R text, or what the expected tree repeats of the input."""
    if name in case.params:
        return np.asarray(case.params[name], dtype=np.float64)
    try:
        call = find_call(parse_call(case.r), "list")
    except UnreadableTextError:
        call = None
    given = None if call is None else call.named.get(name)
    if isinstance(given, np.ndarray) and is_literal(given):
        return np.asarray(given, dtype=np.float64)
    if name not in case.expected:
        message = f"the case does not give {name}"
        raise CaseError(message)
    return np.asarray(case.expected[name], dtype=np.float64)


HANDLERS = {"weights": weights, "estimates_after_weighting": estimates_after_weighting, "ipf_table": ipf_table}
