"""What may be said of where an answer came from (pure): month, unit and counter, or less where they are few.

The months of a round, their units and their counters are a tree; the small-number rule decides which of its parts may
be named. What is left out at one level stands together there, and there are never few of these together either.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.analysis.stats.disclosure import UnitCounts, protect_tree


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer came from, or what of it may be said (the rest None). ``month``: YYYYMM."""

    month: int | None = None
    unit_id: int | None = None
    counter_id: int | None = None


NOWHERE = Place()


def told(counts: Mapping[Place, int], *, threshold: int) -> dict[Place, Place] | None:
    """For each place with its number of answers what may be said of it; None when there are too few altogether."""
    if 0 < sum(counts.values()) < threshold:
        return None
    shown = protect_tree(_tree(counts), threshold=threshold).totals
    return {place: _told(place, shown) for place in counts}


def _tree(counts: Mapping[Place, int]) -> UnitCounts:
    months: dict[int | None, dict[int | None, list[UnitCounts]]] = defaultdict(lambda: defaultdict(list))
    for place, n in counts.items():
        months[place.month][place.unit_id].append(UnitCounts(_code(place), (n,)))
    return UnitCounts(
        "",
        (0,),
        tuple(
            UnitCounts(
                _code(Place(month)),
                (0,),
                tuple(UnitCounts(_code(Place(month, unit)), (0,), tuple(leaves)) for unit, leaves in units.items()),
            )
            for month, units in months.items()
        ),
    )


def _told(place: Place, shown: frozenset[str]) -> Place:
    for known in (place, Place(place.month, place.unit_id), Place(place.month)):
        if _code(known) in shown:
            return known
    return NOWHERE


def _code(place: Place) -> str:
    return "/".join(str(part) for part in (place.month, place.unit_id, place.counter_id) if part is not None)
