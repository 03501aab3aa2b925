"""The small-number rule: which figures to show so that no sum or difference of shown figures isolates few people.

Two tools, both for numbers of people n: a partition of one total, and a tree of units crossed with one partition.
Zero is shown, 1..threshold-1 is not, and enough further figures are hidden that what can be got by subtraction is
never such a number either.

Why it holds for the tree. (1) Totals form a nested family; what subtraction can reach are unions of "rests" (a shown
unit less its shown children), and every rest is 0 or at least the threshold. (2) A breakdown is shown for a unit
whole or not at all, only below a parent that shows it, and in the categories the root shows. Then at each unit with a
breakdown the children without one are known only through their totals and through the sum of each category: a full
table of which just the margins are known. A 0/1 combination of margins of a full table is a union of rows or a union
of columns; rows are rests of (1), columns are kept at 0 or at least the threshold. So every set of people that can be
singled out is a union of parts that are empty or large enough. One-way breakdowns by several partitions may be shown
together; crossed ones may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.results import Estimate, NoData

TOO_FEW = "too_few_answers"


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """People of one unit by category: its own (not of any child), and its children."""

    code: str
    own: tuple[int, ...]
    children: tuple["UnitCounts", ...] = ()

    @property
    def counts(self) -> tuple[int, ...]:
        """People by category, children included."""
        return tuple(map(sum, zip(self.own, *(child.counts for child in self.children), strict=True)))

    @property
    def n(self) -> int:
        """People of the unit, children included."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class PartitionDecision:
    """What to show of a partition: the total, and each category in order."""

    total: bool
    shown: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class TreeDecision:
    """What to show of a tree of units.

    Attributes
    ----------
    totals : frozenset of str
        Units whose number of people and figures may be shown.
    breakdowns : frozenset of str
        Units that may show every category of `categories`.
    categories : tuple of bool
        Categories shown, the same for all units; the hidden ones stand together as one rest.
    """

    totals: frozenset[str]
    breakdowns: frozenset[str]
    categories: tuple[bool, ...]


def protect_partition(counts: Sequence[int], *, threshold: int) -> PartitionDecision:
    """Decide on the categories of one total.

    Small categories are hidden (primary); while the hidden ones together are still few, the smallest shown one joins
    them (complementary). A total below the threshold shows nothing, an empty one is shown as 0.

    Raises
    ------
    BadInputError
        Negative counts or a threshold below 1.
    """
    _check(counts, threshold)
    total = sum(counts)
    if 0 < total < threshold:
        return PartitionDecision(total=False, shown=(False,) * len(counts))
    hidden = _hide(list(counts), rest=0, threshold=threshold)
    return PartitionDecision(total=True, shown=tuple(i not in hidden for i in range(len(counts))))


def protect_tree(root: UnitCounts, *, threshold: int) -> TreeDecision:
    """Decide on the totals and the breakdowns of a unit and everything below it, as one publication.

    Raises
    ------
    BadInputError
        Negative counts, a threshold below 1, categories of different number, or a unit code used twice.
    """
    _check_tree(root, threshold, set(), len(root.own))
    categories = protect_partition(root.counts, threshold=threshold)
    if not categories.total:
        return TreeDecision(frozenset(), frozenset(), (False,) * len(root.own))
    totals: set[str] = {root.code}
    _show_totals(root, threshold, totals)
    breakdowns: set[str] = {root.code}
    _show_breakdowns(root, _grouping(categories.shown), threshold, totals, breakdowns)
    return TreeDecision(frozenset(totals), frozenset(breakdowns), categories.shown)


def publishable(figure: Estimate | NoData, *, threshold: int) -> Estimate | NoData:
    """The figure, or ``NoData(TOO_FEW)`` when fewer than `threshold` people stand behind it.

    For single criteria of a cell that is shown: some of its people may have skipped them.
    """
    return NoData(TOO_FEW) if isinstance(figure, Estimate) and figure.n < threshold else figure


def _hide(counts: list[int], *, rest: int, threshold: int) -> set[int]:
    """Positions to hide so that hidden people and `rest` together are nobody or enough."""
    hidden = {i for i, n in enumerate(counts) if 0 < n < threshold}
    left = rest + sum(counts[i] for i in hidden)
    # Smallest first, and by position among equals, so that the same table always gives the same answer.
    shown = sorted((n, i) for i, n in enumerate(counts) if n >= threshold)
    while 0 < left < threshold and shown:
        n, i = shown.pop(0)
        hidden.add(i)
        left += n
    return hidden


def _show_totals(unit: UnitCounts, threshold: int, totals: set[str]) -> None:
    hidden = _hide([child.n for child in unit.children], rest=sum(unit.own), threshold=threshold)
    for position, child in enumerate(unit.children):
        if position not in hidden:
            totals.add(child.code)
            _show_totals(child, threshold, totals)


def _grouping(shown: tuple[bool, ...]) -> tuple[tuple[int, ...], ...]:
    """Categories as the public sees them: each shown one alone, the hidden ones together."""
    rest = tuple(i for i, is_shown in enumerate(shown) if not is_shown)
    alone = tuple((i,) for i, is_shown in enumerate(shown) if is_shown)
    return (*alone, rest) if rest else alone


def _show_breakdowns(
    unit: UnitCounts, groups: tuple[tuple[int, ...], ...], threshold: int, totals: set[str], breakdowns: set[str]
) -> None:
    rows = {child.code: _grouped(child.counts, groups) for child in unit.children}
    showing = {code for code, row in rows.items() if code in totals and all(n == 0 or n >= threshold for n in row)}
    own = _grouped(unit.own, groups)
    for column in range(len(groups)):
        left = own[column] + sum(row[column] for code, row in rows.items() if code not in showing)
        if 0 < left < threshold:
            # Taking back the smallest row mends this column at once and can spoil no other.
            showing.remove(min((rows[code][column], code) for code in showing if rows[code][column])[1])
    for child in unit.children:
        if child.code in showing:
            breakdowns.add(child.code)
            _show_breakdowns(child, groups, threshold, totals, breakdowns)


def _grouped(counts: Sequence[int], groups: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return tuple(sum(counts[i] for i in group) for group in groups)


def _check(counts: Sequence[int], threshold: int) -> None:
    if threshold < 1 or any(n < 0 for n in counts):
        message = f"threshold {threshold} and counts {list(counts)}: neither may be negative, the threshold at least 1"
        raise BadInputError(message)


def _check_tree(unit: UnitCounts, threshold: int, seen: set[str], categories: int) -> None:
    _check(unit.own, threshold)
    if unit.code in seen or len(unit.own) != categories:
        message = f"unit {unit.code} occurs twice or has other categories than the root"
        raise BadInputError(message)
    seen.add(unit.code)
    for child in unit.children:
        _check_tree(child, threshold, seen, categories)
