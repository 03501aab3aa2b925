"""Case `prop_grid`: the share of every unit x item cell, with its counts and standard error."""

from collections.abc import Callable

import numpy as np

from app.analysis.check.contrasts import satisfied_of
from app.analysis.check.expressions import ITEM_COUNT
from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.groups import Group, groups_of
from app.analysis.stats.designs.linearised import means

LOOP = "item"


def _grid(case: Case) -> object:
    """Columns of the table, one row per group and item, and its checksums."""
    items = items_of(case)
    outer = [name for name in case.by if name != LOOP]
    groups = groups_of(case, case.mask(), by=outer)
    answers = satisfied_of(case, items)
    columns: dict[str, list[object]] = {name: [] for name in (*case.by, "n", "n_psu", "df", "wsum", "p", "se")}
    for group in groups:
        for place, item in enumerate(items):
            labels = {LOOP: item, **dict(zip(outer, group.labels, strict=True))}
            for name in case.by:
                columns[name].append(labels[name])
            for name, value in _cell(case, group, answers[:, place]).items():
                columns[name].append(value)
    return {
        "file": columns,
        "rows": len(columns["p"]),
        **{f"checksum_sum_{name}": np.nansum(np.array(columns[name], dtype=np.float64)) for name in ("p", "se")},
    }


def items_of(case: Case) -> tuple[str, ...]:
    """Items of the loop: `vars`, or the columns q1..q22 of the data."""
    names = case.vars or tuple(name for k in range(ITEM_COUNT) if (name := f"q{k + 1}") in case.frame().columns)
    if not names:
        raise CaseError("the case names no items and the data have no column q1..q22")
    return names


def _cell(case: Case, group: Group, answers: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> dict[str, object]:
    design, rows = case.design(), group.rows & ~np.isnan(answers)
    share = means(design, answers, domain=rows)
    return {
        "n": int(rows.sum()),
        "n_psu": len(np.unique(design.psu[rows])),
        "df": share.df,
        "wsum": float(design.weights[rows].sum()),
        "p": float(share.value[0]),
        "se": float(share.se[0]),
    }


HANDLERS: dict[str, Callable[[Case], object]] = {"prop_grid": _grid}
