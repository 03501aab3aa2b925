"""Figures of every unit out of cell sums: levels, shares, mean scores, and the index under its three aggregations.

Values are fractions (shares) or levels 1..L (mean scores). Each figure is a ratio of weighted sums, or a mean of such
ratios; its influence is the linearised variable of statistics.md section 2.1 summed over each sampling unit.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.plan import Within
from app.analysis.stats.cells.spread import Figures
from app.analysis.stats.cells.view import View
from app.analysis.stats.cells.whole import Whole
from app.analysis.stats.errors import MethodDoesNotFitError, NotFromSumsError
from app.analysis.stats.layout import Group, Scoring
from app.analysis.stats.mean import ZERO_SHARE
from app.analysis.stats.spread import Aggregation

Floats = npt.NDArray[np.float64]


def scores_of(scoring: Scoring, levels: int) -> Floats:
    """What each level counts: 0 or 1 for the two best, or the level itself."""
    level = np.arange(1.0, levels + 1)
    return (level >= levels - 1).astype(np.float64) if scoring is Scoring.TOP2 else level


def criteria(view: View, scoring: Scoring, *, squares: bool) -> Figures:
    """Mean score of each criterion over its own answers, in the order of the question set."""
    layout = view.sums.plan.layout
    scores = scores_of(scoring, layout.levels)[None, :]
    return _joined([item(view, c.code, scores, squares=squares) for c in layout.criteria])


def distribution(view: View, code: str, *, squares: bool) -> Figures:
    """Share of each level of one item; KeyError for an unknown code."""
    layout = view.sums.plan.layout
    return item(view, code, np.eye(layout.items[layout.item(code)].levels), squares=squares)


def item(view: View, code: str, scores: Floats, *, squares: bool) -> Figures:
    """Weighted means of k scores of one item's levels.

    Parameters
    ----------
    scores : float array, shape (k, levels)
        What a person at each level counts.
    squares : bool
        Whether a second stage or a sample of people will need the squares of people.
    """
    plan, blocks = view.sums.plan, view.sums.blocks
    position = plan.layout.item(code)
    rows = slice(plan.level_starts[position], plan.level_starts[position + 1])
    a = view.pairs(blocks.a, rows, weight_power=1)
    n = view.totals(view.pairs(blocks.n, rows, weight_power=0)).sum(axis=0)
    of_level = view.totals(a)
    weight = _positive(of_level.sum(axis=0))
    value = (scores @ of_level) / weight
    influence = _influence(view, scores @ a, a.sum(axis=0), value, weight)
    s2 = sum(_level_terms(scores, value, of_level)) / weight
    squared = None
    if squares:
        b = view.pairs(blocks.b, rows, weight_power=2)
        terms = sum(_level_terms(scores, np.nan_to_num(value)[:, view.unit], b))
        squared = np.nan_to_num(terms / weight[view.unit] ** 2)
    people = np.broadcast_to(n, value.shape)
    return Figures(view, value, influence, squared, people, people, np.asarray(s2))


def groups(view: View, scoring: Scoring, aggregation: Aggregation, *, squares: bool) -> Figures:
    """Factors, components and the whole by the named aggregation, in the order of the layout.

    Raises
    ------
    NotFromSumsError
        The sums were made without this score, or without the products that the squares need.
    """
    plan = view.sums.plan
    plan.score(scoring)
    if squares and plan.within is not Within.CELL:
        message = "the squares of people of an index need products per cell"
        raise NotFromSumsError(message)
    layout = plan.layout
    if not layout.groups:
        message = "this question set has no criteria that count in an index"
        raise MethodDoesNotFitError(message)
    if aggregation is Aggregation.RESPONDENT:
        tables = [_respondent(view, t, scoring, squares=squares) for t in range(len(layout.tables))]
        return _joined([tables[group.table] for group in layout.groups])
    single = criteria(view, scoring, squares=False)
    if aggregation is Aggregation.POOLED:
        return _joined([_pooled(view, group, scoring, squares=squares) for group in layout.groups])
    return _joined([_mean_of_criteria(view, group, scoring, single, squares=squares) for group in layout.groups])


def _respondent(view: View, table: int, scoring: Scoring, *, squares: bool) -> Figures:
    """Mean over people of y/m, those who answered at least half of the group."""
    plan, blocks = view.sums.plan, view.sums.blocks
    counted = plan.table_rows(table)
    rows = slice(counted.start + 1, counted.stop)
    shift, number = plan.bucket_starts[-1], plan.score(scoring)
    m = np.array(plan.buckets[table], dtype=np.float64)
    n = view.totals(view.pairs(blocks.table_n, rows, weight_power=0))
    a = view.pairs(blocks.table_a, rows, weight_power=1).sum(axis=0, keepdims=True)
    scored = slice(rows.start + number * shift, rows.stop + number * shift)
    c = (1.0 / m)[None, :] @ view.pairs(blocks.table_y, scored, weight_power=1)
    weight = _positive(view.totals(a)[0])
    total = view.totals(c)
    value = total / weight
    squared_c = (m**-2.0)[None, :] @ view.persons(blocks.table_yy, scored)
    s2 = _quiet(squared_c - value * total, squared_c) / weight
    squared = None
    if squares:
        assert blocks.table2 is not None
        power = [slice(rows.start + k * shift, rows.stop + k * shift) for k in (0, 2 * number + 1, 2 * number + 2)]
        w2, w2y, w2yy = (view.pairs(blocks.table2, p, weight_power=2) for p in power)
        mean = np.nan_to_num(value)[:, view.unit]
        terms = (m**-2.0)[None, :] @ w2yy, mean * ((1.0 / m)[None, :] @ w2y), mean**2 * w2.sum(axis=0)
        squared = np.nan_to_num(_quiet(terms[0] - 2.0 * terms[1] + terms[2], terms[0]) / weight[view.unit] ** 2)
    influence = _influence(view, c, a[0], value, weight)
    return Figures(view, value, influence, squared, n.sum(axis=0)[None], (m @ n)[None], s2)


def _pooled(view: View, group: Group, scoring: Scoring, *, squares: bool) -> Figures:
    """Ratio R of all scores to all answers; z = (y - R m) / Σ w m."""
    plan, blocks = view.sums.plan, view.sums.blocks
    levels = plan.layout.levels
    rows = np.concatenate([plan.level_starts[j] + np.arange(levels) for j in group.members])
    scores = np.tile(scores_of(scoring, levels), len(group.members))
    a = view.pairs(blocks.a, rows, weight_power=1)
    y, answered = (scores @ a)[None], a.sum(axis=0)
    below = _positive(view.totals(answered[None])[0])
    value = view.totals(y) / below
    people, weight = _people(view, group)
    answers = view.totals(view.pairs(blocks.n, rows, weight_power=0)).sum(axis=0)[None]
    moments = _member_sums(view, blocks.products, group, scoring, persons=True)
    s2 = weight * _centred(moments, value) / below**2
    squared = None
    if squares:
        assert blocks.products2 is not None
        moments = _member_sums(view, blocks.products2, group, scoring, persons=False)
        squared = np.nan_to_num(_centred(moments, np.nan_to_num(value)[:, view.unit]) / below[view.unit] ** 2)
    return Figures(view, value, _influence(view, y, answered, value, below), squared, people, answers, s2)


def _mean_of_criteria(view: View, group: Group, scoring: Scoring, single: Figures, *, squares: bool) -> Figures:
    """Mean over the criteria that have answers; z = mean over them of r (y - p) / Σ w r."""
    members = list(group.members)
    p = single.value[members]
    answered = ~np.isnan(p)
    size = _positive(answered.sum(axis=0).astype(np.float64))
    value = (np.where(answered, p, 0.0).sum(axis=0) / size)[None]
    influence = single.influence[members].sum(axis=0)[None] / np.nan_to_num(size, nan=1.0)[view.unit]
    people, weight = _people(view, group)
    rr = view.persons(view.sums.blocks.products, np.diagonal(view.sums.plan.product_rows("rr"))[members])
    share = np.where(answered, 1.0 / (_positive(rr) * size), 0.0)
    known = np.where(answered, p, 0.0)
    s2 = weight * _quadratic(view, view.sums.blocks.products, group, scoring, known, share, persons=True)
    squared = None
    if squares:
        assert view.sums.blocks.products2 is not None
        at = (known[:, view.unit], share[:, view.unit])
        squared = _quadratic(view, view.sums.blocks.products2, group, scoring, *at, persons=False)
    answers = single.n[members].sum(axis=0)[None]
    return Figures(view, value, influence, squared, people, answers, s2)


def _quadratic(
    view: View, block: Whole, group: Group, scoring: Scoring, p: Floats, share: Floats, *, persons: bool
) -> Floats:
    """Sums over people of (Σ_j share_j r_j (y_j - p_j))², shape (1, units or pairs), a criterion at a time."""
    plan, members = view.sums.plan, list(group.members)
    total, raw = np.zeros((1, p.shape[1])), np.zeros((1, p.shape[1]))
    rr, yr, yy = (plan.product_rows(kind, scoring)[np.ix_(members, members)] for kind in ("rr", "yr", "yy"))
    for j in range(len(members)):
        row_rr, row_yr, row_ry, row_yy = (
            _read(view, block, rows, persons=persons) for rows in (rr[j], yr[j], yr[:, j], yy[j])
        )
        centred = row_yy - p * row_yr - p[j] * row_ry + p[j] * p * row_rr
        total += share[j] * (share * centred).sum(axis=0)
        raw += share[j] * (share * row_yy).sum(axis=0)
    return _quiet(total, raw)


def _member_sums(
    view: View, block: Whole, group: Group, scoring: Scoring, *, persons: bool
) -> tuple[Floats, Floats, Floats]:
    """Sums over people of m², m y and y² of a group, each of shape (1, units or pairs)."""
    members = np.ix_(list(group.members), list(group.members))
    found = (
        _read(view, block, view.sums.plan.product_rows(kind, scoring)[members].ravel(), persons=persons)
        for kind in ("rr", "yr", "yy")
    )
    rr, yr, yy = (rows.sum(axis=0)[None] for rows in found)
    return rr, yr, yy


def _read(view: View, block: Whole, rows: npt.NDArray[np.intp], *, persons: bool) -> Floats:
    return view.persons(block, rows) if persons else view.pairs(block, rows, weight_power=2)


def _people(view: View, group: Group) -> tuple[Floats, Floats]:
    """People who answered any criterion of a group, and their weight, each of shape (1, units)."""
    blocks, rows = view.sums.blocks, view.sums.plan.table_rows(group.table)
    n = view.totals(view.pairs(blocks.table_n, rows, weight_power=0)).sum(axis=0)[None]
    return n, view.totals(view.pairs(blocks.table_a, rows, weight_power=1)).sum(axis=0)[None]


def _influence(view: View, above: Floats, below: Floats, value: Floats, weight: Floats) -> Floats:
    """Totals of the linearised ratio per pair; 0 in units where nobody answered."""
    usable = np.nan_to_num(1.0 / weight)
    return (above - np.nan_to_num(value)[:, view.unit] * below) * usable[view.unit]


def _level_terms(scores: Floats, value: Floats, weight: Floats) -> list[Floats]:
    """(score - value)² times the weight at each level."""
    return [(scores[:, [a]] - value) ** 2 * weight[a] for a in range(scores.shape[1])]


def _centred(moments: tuple[Floats, Floats, Floats], ratio: Floats) -> Floats:
    rr, yr, yy = moments
    return _quiet(yy - 2.0 * ratio * yr + ratio**2 * rr, yy)


def _quiet(spread: Floats, raw: Floats) -> Floats:
    """Rounding noise of a true zero becomes 0."""
    return np.where(spread <= ZERO_SHARE * raw, np.where(np.isnan(spread), np.nan, 0.0), spread)


def _positive(sums: Floats) -> Floats:
    return np.where(sums > 0, sums, np.nan)


def _joined(parts: Sequence[Figures]) -> Figures:
    view = parts[0].view
    squares = [part.squares for part in parts if part.squares is not None]
    return Figures(
        view,
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.influence for part in parts]),
        np.concatenate(squares) if len(squares) == len(parts) else None,
        np.concatenate([part.n for part in parts]),
        np.concatenate([part.answers for part in parts]),
        np.concatenate([part.s2 for part in parts]),
    )
