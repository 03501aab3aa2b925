"""Value and person-to-person spread of every criterion and group, for many cells at once, out of their sums.

The person is the sampling unit. With u the linearised variable of statistics.md section 2.1, `spread` is the sum of
u² over the people; the variance of the value is n/(n-1) times it. Everything here is in units of y (0/1 or 1..L).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.layout import Scoring, SumsLayout
from app.analysis.stats.mean import ZERO_SHARE
from app.analysis.stats.sums import CrossSums, criterion_levels, cross_sums, group_table

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Aggregation(StrEnum):
    """How criteria make a factor, a component and the whole; stored with the round and printed everywhere."""

    MEAN_OF_CRITERIA = "MEAN_OF_CRITERIA"
    POOLED = "POOLED"
    RESPONDENT = "RESPONDENT"


@dataclass(frozen=True, slots=True)
class Spread:
    """Per cell and column: value, sum of u², people, answers, and criteria nobody answered.

    Arrays have shape (cells, columns); `value` and `spread` are NaN where there is nobody.
    """

    value: Floats
    spread: Floats
    n: Ints
    answers: Ints
    unanswered: Ints


def criteria_spread(layout: SumsLayout, sums: Ints, scoring: Scoring) -> Spread:
    """Each criterion over its own answers."""
    cross = cross_sums(layout, sums, scoring)
    n, y, y2 = (np.diagonal(x, axis1=1, axis2=2) for x in (cross.rr, cross.yr, cross.yy))
    count = _positive(n)
    value = y / count
    spread = _without_noise((y2 - y * value) / count**2, y2 / count**2)
    return Spread(value, spread, n, n, (n == 0).astype(np.int64))


def groups_spread(layout: SumsLayout, sums: Ints, scoring: Scoring, aggregation: Aggregation) -> Spread:
    """Each group of the layout (factors, components, overall) by the named aggregation."""
    tables = [group_table(layout, sums, table, scoring).astype(np.float64) for table in range(len(layout.tables))]
    if aggregation is Aggregation.MEAN_OF_CRITERIA:
        people = [_people(table, np.ones_like(table[:, :, 0], dtype=bool)) for table in tables]
        value, spread = _mean_of_criteria(layout, cross_sums(layout, sums, scoring))
    else:
        rule = _pooled if aggregation is Aggregation.POOLED else _respondent
        figures = [rule(table) for table in tables]
        people = [(n, answers) for n, answers, _, _ in figures]
        value = np.stack([figures[g.table][2] for g in layout.groups], axis=1)
        spread = np.stack([figures[g.table][3] for g in layout.groups], axis=1)
    n, answers = (np.stack([people[g.table][i] for g in layout.groups], axis=1).astype(np.int64) for i in (0, 1))
    empty = criterion_levels(layout, sums).sum(axis=2) == 0
    unanswered = np.stack([empty[:, g.members].sum(axis=1) for g in layout.groups], axis=1)
    return Spread(value, spread, n, answers, unanswered)


def _mean_of_criteria(layout: SumsLayout, cross: CrossSums) -> tuple[Floats, Floats]:
    """Mean over the criteria that have answers; u_k = sum over j of r_jk (y_jk - p_j) / (n_j K)."""
    count = _positive(np.diagonal(cross.rr, axis1=1, axis2=2))
    p = np.diagonal(cross.yr, axis1=1, axis2=2) / count
    answered = ~np.isnan(count)
    p, weight = np.where(answered, p, 0.0), np.where(answered, 1.0 / count, 0.0)
    mixed = cross.yr * p[:, None, :]
    centred = cross.yy - mixed - mixed.transpose(0, 2, 1) + cross.rr * (p[:, :, None] * p[:, None, :])
    pair = weight[:, :, None] * weight[:, None, :]
    centred, raw = centred * pair, cross.yy * pair
    values, spreads = [], []
    for group in layout.groups:
        rows = list(group.members)
        block = np.ix_(range(len(p)), rows, rows)
        size = _positive(answered[:, rows].sum(axis=1))
        values.append(p[:, rows].sum(axis=1) / size)
        noise = raw[block].sum(axis=(1, 2)) / size**2
        spreads.append(_without_noise(centred[block].sum(axis=(1, 2)) / size**2, noise))
    return np.stack(values, axis=1), np.stack(spreads, axis=1)


def _people(table: Floats, counted: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    m = np.arange(1.0, table.shape[1] + 1)
    n = np.where(counted, table[:, :, 0], 0.0)
    return n.sum(axis=1), n @ m


def _pooled(table: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Ratio R of all scores to all answers; u_k = (y_k - R m_k) / sum of m."""
    m = np.arange(1.0, table.shape[1] + 1)
    people, y, y2 = table[:, :, 0], table[:, :, 1], table[:, :, 2]
    n, answers = _people(table, np.ones_like(people, dtype=bool))
    count = _positive(answers)
    ratio = y.sum(axis=1) / count
    squares = y2.sum(axis=1)
    centred = squares - 2.0 * ratio * (y @ m) + ratio**2 * (people @ m**2)
    return n, answers, ratio, _without_noise(centred / count**2, squares / count**2)


def _respondent(table: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean over people of y/m, those who answered at least half of the criteria of the group."""
    g = table.shape[1]
    m = np.arange(1.0, g + 1)
    counted = (2 * m >= g) & np.ones_like(table[:, :, 0], dtype=bool)
    n, answers = _people(table, counted)
    count = _positive(n)
    total = np.where(counted, table[:, :, 1] / m, 0.0).sum(axis=1)
    squares = np.where(counted, table[:, :, 2] / m**2, 0.0).sum(axis=1)
    mean = total / count
    return n, answers, mean, _without_noise((squares - total * mean) / count**2, squares / count**2)


def _positive(counts: Ints | Floats | npt.NDArray[np.intp]) -> Floats:
    """Counts as floats, NaN for 0, so that a cell without people becomes NaN and not an error."""
    numbers = counts.astype(np.float64)
    return np.where(numbers > 0, numbers, np.nan)


def _without_noise(spread: Floats, raw: Floats) -> Floats:
    return np.where(spread <= ZERO_SHARE * raw, np.where(np.isnan(spread), np.nan, 0.0), spread)


def joined(criteria: Spread, groups: Spread) -> Spread:
    """Columns of the criteria, then those of the groups."""
    return Spread(
        value=np.concatenate((criteria.value, groups.value), axis=1),
        spread=np.concatenate((criteria.spread, groups.spread), axis=1),
        n=np.concatenate((criteria.n, groups.n), axis=1),
        answers=np.concatenate((criteria.answers, groups.answers), axis=1),
        unanswered=np.concatenate((np.zeros_like(criteria.unanswered), groups.unanswered), axis=1),
    )
