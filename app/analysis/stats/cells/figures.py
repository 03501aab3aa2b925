"""Figures of every unit out of cell sums: levels, shares, mean scores, and the index under its three aggregations.

Values are fractions (shares) or levels 1..L (mean scores). Each figure is a ratio of weighted sums, or a mean of such
ratios; its influence is the linearised variable of statistics.md section 2.1 summed over each sampling unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.plan import Within
from app.analysis.stats.cells.spread import Figures
from app.analysis.stats.cells.view import View
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError, NotFromSumsError
from app.analysis.stats.layout import Scoring
from app.analysis.stats.mean import ZERO_SHARE
from app.analysis.stats.spread import Aggregation

Floats = npt.NDArray[np.float64]

# Sums worked on at once.
AT_ONCE = 1 << 18


def scores_of(scoring: Scoring, levels: int) -> Floats:
    """What each level counts: 0 or 1 for the two best, or the level itself."""
    level = np.arange(1.0, levels + 1)
    return (level >= levels - 1).astype(np.float64) if scoring is Scoring.TOP2 else level


def criteria(view: View, scoring: Scoring, *, squares: bool) -> Figures:
    """Mean score of each criterion over its own answers, in the order of the question set."""
    return _CriteriaSums.of(view, scoring).figures(squares=squares)


def distribution(view: View, code: str, *, squares: bool) -> Figures:
    """Share of each level of one item; BadInputError for an unknown code."""
    return item(view, code, np.eye(view.sums.plan.layout.items[_position(view, code)].levels), squares=squares)


def item(view: View, code: str, scores: Floats, *, squares: bool) -> Figures:
    """Weighted means of k scores of one item's levels.

    Parameters
    ----------
    scores : float array, shape (k, levels)
        What a person at each level counts.
    squares : bool
        Whether a second stage or a sample of people will need the squares of people.

    Raises
    ------
    BadInputError
        An unknown code, scores of another shape, a view without any unit.
    """
    plan, blocks = view.sums.plan, view.sums.blocks
    position = _position(view, code)
    levels = plan.layout.items[position].levels
    if scores.ndim != 2 or scores.shape[1] != levels or not np.isfinite(scores).all():
        message = f"scores of shape {scores.shape} for the {levels} levels of {code!r}, finite numbers each"
        raise BadInputError(message)
    rows = slice(plan.level_starts[position], plan.level_starts[position + 1])
    a = view.pairs(blocks.a, rows, weight_power=1)
    n = view.totals(view.pairs(blocks.n, rows, weight_power=0)).sum(axis=0, keepdims=True)
    b = view.pairs(blocks.b, rows, weight_power=2)[None] if squares else None
    return _means(view, scores, scores @ a, a.sum(axis=0)[None], view.totals(a)[None], n, b)


def index(view: View, scoring: Scoring, aggregation: Aggregation, *, squares: bool) -> Figures:
    """The criteria, then factors, components and the whole by the named aggregation, in the order of the layout.

    Raises
    ------
    NotFromSumsError
        The sums were made without this score, or without the products that the squares need.
    MethodDoesNotFitError
        A question set without criteria.
    """
    plan = view.sums.plan
    layout, _ = plan.layout, plan.score(scoring)
    if squares and plan.within is not Within.CELL:
        message = "the squares of people of an index need products per cell"
        raise NotFromSumsError(message)
    if not layout.groups:
        message = "this question set has no criteria that count in an index"
        raise MethodDoesNotFitError(message)
    sums = _CriteriaSums.of(view, scoring)
    single = sums.figures(squares=squares)
    # Groups of the same criteria are the same figures.
    if aggregation is Aggregation.RESPONDENT:
        tables = [_respondent(view, t, scoring, squares=squares) for t in range(len(layout.tables))]
    elif aggregation is Aggregation.POOLED:
        tables = [_pooled(sums, t, squares=squares) for t in range(len(layout.tables))]
    else:
        tables = [_mean_of_criteria(sums, t, single, squares=squares) for t in range(len(layout.tables))]
    return _joined([single, *(tables[group.table] for group in layout.groups)])


@dataclass(frozen=True, eq=False)
class _CriteriaSums:
    """Sums of all criteria that every aggregation begins with.

    `above` (Σ w y) and `below` (Σ w) have shape (K, pairs), `of_level` (K, levels, units), `n` (K, units).
    """

    view: View
    scoring: Scoring
    above: Floats
    below: Floats
    of_level: Floats
    n: Floats

    @classmethod
    def of(cls, view: View, scoring: Scoring) -> "_CriteriaSums":
        _refuse_nobody(view)
        layout, blocks = view.sums.plan.layout, view.sums.blocks
        k, levels, units = len(layout.criteria), layout.levels, len(view.units)
        above, below = np.empty((k, len(view.unit))), np.empty((k, len(view.unit)))
        of_level, n = np.empty((k, levels, units)), np.empty((k, units))
        weights = np.stack([scores_of(scoring, levels), np.ones(levels)])
        # As many criteria at once as stay in the cache: all of them for one unit, few for a province.
        step = max(1, AT_ONCE // max(levels * len(view.unit), 1))
        for start in range(0, k, step):
            chosen = slice(start, min(start + step, k))
            rows = slice(chosen.start * levels, chosen.stop * levels)
            a = view.pairs(blocks.a, rows, weight_power=1)
            of_level[chosen] = view.totals(a).reshape(-1, levels, units)
            both = weights @ a.reshape(-1, levels, a.shape[1])
            above[chosen], below[chosen] = both[:, 0], both[:, 1]
            counted = view.totals(view.pairs(blocks.n, rows, weight_power=0))
            n[chosen] = counted.reshape(-1, levels, units).sum(axis=1)
        return cls(view, scoring, above, below, of_level, n)

    def figures(self, *, squares: bool) -> Figures:
        """Each criterion over its own answers."""
        layout, b = self.view.sums.plan.layout, None
        if squares:
            rows = slice(0, len(self.n) * layout.levels)
            b = self.view.pairs(self.view.sums.blocks.b, rows, weight_power=2).reshape(len(self.n), layout.levels, -1)
        scores = scores_of(self.scoring, layout.levels)[None]
        return _means(self.view, scores, self.above, self.below, self.of_level, self.n, b)


def _means(
    view: View, scores: Floats, above: Floats, below: Floats, of_level: Floats, n: Floats, b: Floats | None
) -> Figures:
    """Weighted means: k scores of one item, or one score of k items (the other length is 1)."""
    weight = _positive(of_level.sum(axis=1))
    value = (scores[:, :, None] * of_level).sum(axis=1) / weight
    deviation = (scores[:, :, None] - value[:, None]) ** 2
    s2 = (deviation * of_level).sum(axis=1) / weight
    squared = None
    if b is not None:
        terms = sum((scores[:, [a]] - _or_zero(value)[:, view.unit]) ** 2 * b[:, a] for a in range(b.shape[1]))
        squared = terms * (_or_zero(1.0 / weight) ** 2)[:, view.unit]
    people = np.broadcast_to(n, value.shape)
    return Figures(view, value, _influence(view, above, below, value, weight), squared, people, people, s2)


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
    weight = _positive(view.totals(a))
    total = view.totals(c)
    value = total / weight
    squared_c = (m**-2.0)[None, :] @ view.persons(blocks.table_yy, scored)
    s2 = _quiet(squared_c - value * total, squared_c) / weight
    squared = None
    if squares:
        assert blocks.table2 is not None
        power = [slice(rows.start + k * shift, rows.stop + k * shift) for k in (0, 2 * number + 1, 2 * number + 2)]
        w2, w2y, w2yy = (view.pairs(blocks.table2, p, weight_power=2) for p in power)
        mean = _or_zero(value)[:, view.unit]
        terms = (m**-2.0)[None, :] @ w2yy, mean * ((1.0 / m)[None, :] @ w2y), mean**2 * w2.sum(axis=0)
        squared = _quiet(terms[0] - 2.0 * terms[1] + terms[2], terms[0]) * (_or_zero(1.0 / weight) ** 2)[:, view.unit]
    influence = _influence(view, c, a, value, weight)
    return Figures(view, value, influence, squared, n.sum(axis=0)[None], (m @ n)[None], s2)


def _pooled(sums: _CriteriaSums, table: int, *, squares: bool) -> Figures:
    """Ratio R of all scores to all answers; z = (y - R m) / Σ w m."""
    view, members = sums.view, list(sums.view.sums.plan.layout.tables[table])
    y, answered = sums.above[members].sum(axis=0)[None], sums.below[members].sum(axis=0)[None]
    below = _positive(view.totals(answered))
    value = view.totals(y) / below
    people, weight = _people(view, table)
    moments = _member_sums(sums, table, persons=True)
    s2 = weight * _centred(moments, value) / below**2
    squared = None
    if squares:
        moments = _member_sums(sums, table, persons=False)
        squared = _centred(moments, _or_zero(value)[:, view.unit]) * (_or_zero(1.0 / below) ** 2)[:, view.unit]
    answers = sums.n[members].sum(axis=0)[None]
    return Figures(view, value, _influence(view, y, answered, value, below), squared, people, answers, s2)


def _mean_of_criteria(sums: _CriteriaSums, table: int, single: Figures, *, squares: bool) -> Figures:
    """Mean over the criteria that have answers; z = mean over them of r (y - p) / Σ w r."""
    view, members = sums.view, list(sums.view.sums.plan.layout.tables[table])
    p = single.value[members]
    answered = ~np.isnan(p)
    size = _positive(answered.sum(axis=0).astype(np.float64))
    value = (np.where(answered, p, 0.0).sum(axis=0) / size)[None]
    influence = single.influence[members].sum(axis=0)[None] * _or_zero(1.0 / size)[view.unit]
    people, weight = _people(view, table)
    total = _positive(sums.of_level[members].sum(axis=1))
    share, known = _or_zero(1.0 / (total * size)), np.where(answered, p, 0.0)
    s2 = weight * _quadratic(sums, table, known, share, persons=True)
    squared = None
    if squares:
        squared = _quadratic(sums, table, known[:, view.unit], share[:, view.unit], persons=False)
    answers = sums.n[members].sum(axis=0)[None]
    return Figures(view, value, influence, squared, people, answers, s2)


def _quadratic(sums: _CriteriaSums, table: int, p: Floats, share: Floats, *, persons: bool) -> Floats:
    """Sums over people of (Σ_j share_j r_j (y_j - p_j))², shape (1, units or pairs), some criteria at a time."""
    plan, members = sums.view.sums.plan, list(sums.view.sums.plan.layout.tables[table])
    k, columns = p.shape
    rr, yr, yy = (plan.product_rows(kind, sums.scoring)[np.ix_(members, members)] for kind in ("rr", "yr", "yy"))
    rows = np.stack([rr, yr, yr.T, yy])
    total, raw = np.zeros((1, columns)), np.zeros((1, columns))
    step = max(1, AT_ONCE // max(4 * k * columns, 1))
    for start in range(0, k, step):
        j = slice(start, min(start + step, k))
        found = _read(sums.view, rows[:, j].ravel(), persons=persons).reshape(4, -1, k, columns)
        own, pair = p[j, None], share[j, None] * share
        centred = found[3] - p * found[1] - own * found[2] + own * p * found[0]
        total += (pair * centred).sum(axis=(0, 1))
        raw += (pair * found[3]).sum(axis=(0, 1))
    return _quiet(total, raw)


def _member_sums(sums: _CriteriaSums, table: int, *, persons: bool) -> tuple[Floats, Floats, Floats]:
    """Sums over people of m², m y and y² of a group, each of shape (1, units or pairs)."""
    plan, members = sums.view.sums.plan, list(sums.view.sums.plan.layout.tables[table])
    square = np.ix_(members, members)
    rr, yr, yy = (
        _read(sums.view, plan.product_rows(kind, sums.scoring)[square].ravel(), persons=persons).sum(axis=0)[None]
        for kind in ("rr", "yr", "yy")
    )
    return rr, yr, yy


def _read(view: View, rows: npt.NDArray[np.intp], *, persons: bool) -> Floats:
    if persons:
        return view.persons(view.sums.blocks.products, rows)
    assert view.sums.blocks.products2 is not None
    return view.pairs(view.sums.blocks.products2, rows, weight_power=2)


def _people(view: View, table: int) -> tuple[Floats, Floats]:
    """People who answered any criterion of a group, and their weight, each of shape (1, units)."""
    blocks, rows = view.sums.blocks, view.sums.plan.table_rows(table)
    n = view.totals(view.pairs(blocks.table_n, rows, weight_power=0)).sum(axis=0)[None]
    return n, view.totals(view.pairs(blocks.table_a, rows, weight_power=1)).sum(axis=0)[None]


def _influence(view: View, above: Floats, below: Floats, value: Floats, weight: Floats) -> Floats:
    """Totals of the linearised ratio per pair; 0 in units where nobody answered."""
    usable = _or_zero(1.0 / weight)
    found = _or_zero(value)[:, view.unit] * below
    np.subtract(above, found, out=found)
    found *= usable[:, view.unit]
    return found


def _centred(moments: tuple[Floats, Floats, Floats], ratio: Floats) -> Floats:
    rr, yr, yy = moments
    return _quiet(yy - 2.0 * ratio * yr + ratio**2 * rr, yy)


def _quiet(spread: Floats, raw: Floats) -> Floats:
    """Rounding noise of a true zero becomes 0."""
    return np.where(spread <= ZERO_SHARE * raw, np.where(np.isnan(spread), np.nan, 0.0), spread)


def _position(view: View, code: str) -> int:
    _refuse_nobody(view)
    codes = [each.code for each in view.sums.plan.layout.items]
    if code not in codes:
        message = f"no item {code!r} among {codes}"
        raise BadInputError(message)
    return codes.index(code)


def _refuse_nobody(view: View) -> None:
    if not view.units:
        message = "no domain of these sums belongs to the view"
        raise BadInputError(message)


def _or_zero(numbers: Floats) -> Floats:
    return np.where(np.isnan(numbers), 0.0, numbers)


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
