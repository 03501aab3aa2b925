"""Which route a case takes (pure): the nearest unit first, then the one that says most about the case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.rules.kinds import Kind


class Why(StrEnum):
    """Why a case came to another unit: in the detail of its line of the history."""

    COMPETENCE = "transfer"
    ABOVE = "above"
    BESIDE = "beside"
    SENT_BACK = "sent_back"
    ROUTE = "route"
    CONFLICT = "conflict"
    MISTAKE = "duty_withdrawn"


GROUNDS = (Why.COMPETENCE, Why.ABOVE, Why.BESIDE)
"""What an officer may choose from; the others follow from what is done."""

PASSED_ON = frozenset(GROUNDS)
"""After these the unit that received a case may send it back."""


@dataclass(frozen=True, slots=True)
class Route:
    """Cases about ``unit_id`` and all below it, of a field and a kind (None: any), go to a unit or an officer there."""

    id: int
    unit_id: int
    field_id: int | None
    kind: Kind | None
    to_unit_id: int
    assignee_id: int | None


def best(routes: Iterable[Route], path: Sequence[int], field_id: int | None, kind: Kind) -> Route | None:
    """The route of a case about a unit; ``path`` is that unit and all above it, lowest first.

    A route of the unit itself goes before one of a unit above, then one for the field, then one for the kind; of two
    that say the same the newer one holds.
    """
    fitting = [
        one for one in routes if one.unit_id in path and one.field_id in (None, field_id) and one.kind in (None, kind)
    ]
    return min(
        fitting,
        key=lambda one: (path.index(one.unit_id), one.field_id is None, one.kind is None, -one.id),
        default=None,
    )
