"""Groups of units that cannot be told apart: "không phân biệt được"."""

from dataclasses import dataclass

import numpy as np

from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.ranks.results import Bools, Ints, RankIntervals

# More groups than this tell a reader nothing; only odd patterns of standard errors lead there.
MOST_GROUPS = 500


@dataclass(frozen=True, slots=True)
class IndistinguishableGroups:
    """Maximal sets of units of which no two are separated.

    Parameters
    ----------
    groups : tuple of tuple of int
        Positions of units, best first; groups in the order of their best members. Every unit stands in at least one,
        and two units share a group exactly when they cannot be told apart.
    letters : tuple of str
        For each unit the letters of its groups: ``a``, ``ab``, ``b``. Two units that share no letter are separated.
    """

    groups: tuple[tuple[int, ...], ...]
    letters: tuple[str, ...]


def indistinguishable_groups(ranks: RankIntervals) -> IndistinguishableGroups:
    """Groups and letters of units that a rank method could not separate.

    Raises
    ------
    MethodDoesNotFitError
        When there are more than 500 groups: the rank intervals alone have to be shown then.

    References
    ----------
    Piepho (2004), J. Comput. Graph. Stat. 13:456 (compact letter display); Bron, Kerbosch (1973), Commun. ACM 16:575.
    """
    order = np.lexsort((np.arange(len(ranks.rank)), ranks.rank))
    cliques = maximal_groups(ranks.separated, order)
    letters = ["" for _ in order]
    for number, group in enumerate(cliques):
        for unit in group:
            letters[unit] += letter(number)
    return IndistinguishableGroups(tuple(cliques), tuple(letters))


def maximal_groups(separated: Bools, order: Ints) -> list[tuple[int, ...]]:
    """Maximal sets without a separated pair; members and sets follow `order`, shape (K,)."""
    units = len(order)
    if separated.shape != (units, units):
        message = f"{units} units need a {units} x {units} table of separations, got {separated.shape}"
        raise BadInputError(message)
    together = ~(separated | separated.T)[np.ix_(order, order)]
    np.fill_diagonal(together, val=False)
    neighbours = [sum(1 << int(other) for other in np.flatnonzero(row)) for row in together]
    found: list[int] = []
    _extend(0, (1 << units) - 1, 0, neighbours, found)
    members = sorted(tuple(_bits(clique)) for clique in found)
    return [tuple(int(order[place]) for place in clique) for clique in members]


def letter(number: int) -> str:
    """Return a..z, then a1..z1, a2..z2: one group, one sign."""
    name = chr(ord("a") + number % 26)
    return name if number < 26 else f"{name}{number // 26}"


def _extend(clique: int, candidates: int, seen: int, neighbours: list[int], found: list[int]) -> None:
    """Bron-Kerbosch with a pivot; sets of units are bits of whole numbers."""
    if not candidates:
        if not seen:
            if len(found) == MOST_GROUPS:
                message = f"more than {MOST_GROUPS} groups cannot be told apart; show the rank intervals instead"
                raise MethodDoesNotFitError(message)
            found.append(clique)
        return
    pivot = max(_bits(candidates | seen), key=lambda unit: (candidates & neighbours[unit]).bit_count())
    for unit in _bits(candidates & ~neighbours[pivot]):
        one = 1 << unit
        _extend(clique | one, candidates & neighbours[unit], seen & neighbours[unit], neighbours, found)
        candidates &= ~one
        seen |= one


def _bits(members: int) -> list[int]:
    """Positions of the set bits, lowest first."""
    places = []
    while members:
        lowest = members & -members
        places.append(lowest.bit_length() - 1)
        members ^= lowest
    return places
