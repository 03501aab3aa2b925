"""Joining categories with too few answers before weighting; every merge is told (statistics.md section 6)."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.weighting.margins import CROSS, Margin, category_sums

Ints = npt.NDArray[np.intp]

# Least answers of a category that is weighted to its total (statistics.md section 6).
LEAST_ANSWERS = 20
JOINED = " + "


class MergeRule(StrEnum):
    """What a small category is joined with.

    NEIGHBOUR takes the smaller of the two categories beside it in their order, inside the same block of a crossed
    margin (months of one procedure); a block that stays too small as a whole is joined with the smallest other
    category. SMALLEST always takes the smallest other category.
    """

    NEIGHBOUR = "neighbour"
    SMALLEST = "smallest"


@dataclass(frozen=True, slots=True)
class Merge:
    """One joined category: its new name, what it was made of, its answers and its total."""

    name: str
    members: tuple[str, ...]
    answers: int
    total: float


@dataclass(frozen=True, eq=False)
class MergedMargin:
    """A margin whose categories all have enough answers (or a single one), and what was joined."""

    margin: Margin
    merges: tuple[Merge, ...]


@dataclass(slots=True)
class _Group:
    answers: int
    block: str
    members: list[int] = field(default_factory=list)


def merge_small(margin: Margin, *, least: int, rule: MergeRule, answers: npt.ArrayLike | None = None) -> MergedMargin:
    """Join categories below `least` answers, the smallest first, until none is left below.

    Parameters
    ----------
    margin : Margin
        Categories in their order (sorted: months as ``2026-05``); empty ones are joined as well.
    least : int
        Answers a category needs, at least 1; `LEAST_ANSWERS` is the rule of the house.
    rule : MergeRule
    answers : array_like of int, shape (rows,), optional
        People behind each row where rows are cells; otherwise every row is one answer.

    Raises
    ------
    BadInputError
        When `least` is below 1.
    """
    if least < 1:
        message = f"least answers of a category: {least} is below 1"
        raise BadInputError(message)
    people = np.ones(margin.rows) if answers is None else numbers(answers, "answers")
    counts = np.rint(margin.sums(people)).astype(int).tolist()
    groups = [
        _Group(count, category.rpartition(CROSS)[0], [code])
        for code, (category, count) in enumerate(zip(margin.categories, counts, strict=True))
    ]
    while len(groups) > 1:
        small = min(range(len(groups)), key=lambda at: groups[at].answers)
        if groups[small].answers >= least:
            break
        _join(groups, small, _partner(groups, small, rule))
    return _merged(margin, groups)


def _partner(groups: list[_Group], small: int, rule: MergeRule) -> int:
    others = [at for at in range(len(groups)) if at != small]
    if rule is MergeRule.NEIGHBOUR:
        beside = [at for at in (small - 1, small + 1) if 0 <= at < len(groups)]
        others = [at for at in beside if groups[at].block == groups[small].block] or others
    return min(others, key=lambda at: groups[at].answers)


def _join(groups: list[_Group], one: int, other: int) -> None:
    kept, gone = groups[min(one, other)], groups.pop(max(one, other))
    kept.answers += gone.answers
    kept.members += gone.members
    if kept.block != gone.block:
        kept.block = f"{kept.block}{JOINED}{gone.block}"


def _merged(margin: Margin, groups: list[_Group]) -> MergedMargin:
    new_code = np.empty(len(margin.categories), dtype=np.intp)
    names, merges = [], []
    for code, group in enumerate(groups):
        new_code[group.members] = code
        members = tuple(margin.categories[member] for member in sorted(group.members))
        names.append(JOINED.join(members))
        if len(members) > 1:
            merges.append(Merge(names[-1], members, group.answers, float(margin.totals[group.members].sum())))
    totals = category_sums(new_code, margin.totals, len(groups))
    return MergedMargin(Margin(margin.name, tuple(names), totals, new_code[margin.codes]), tuple(merges))
