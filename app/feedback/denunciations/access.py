"""The one policy of this information: who may know that it exists. Lists, pages, files and acts all ask here.

It goes to the level above the unit concerned. Nobody with a role rooted at the unit concerned or below it reads it,
whatever else they hold: not as somebody's deputy, and not through a second role. A unit at the top of the tree has
nothing above it: nothing is taken about it any more, and what was taken before is read by the holders at the top.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, false, select, tuple_
from sqlalchemy.orm import Session

from app.feedback.cases.places import standing_for
from app.feedback.denunciations.errors import UNKNOWN, UnknownDenunciation
from app.feedback.denunciations.models import Denunciation
from app.units import queries as units
from app.units.models import UnitSuccession
from app.units.scope import allowed_unit_ids
from app.web.permissions import Permission


class Reader(Protocol):
    """Whoever asks: ``app.web.access.Actor``."""

    @property
    def officer_id(self) -> int:
        """The officer."""

    @property
    def scopes(self) -> Mapping[Permission, frozenset[int]]:
        """The root units of each permission held."""


def level_above(session: Session, unit_id: int, on: date) -> int:
    """The unit that gets information about a unit: the one above it, or itself at the top.

    Of an ended unit it is the one above what followed it; where nothing followed, the one it stood under.
    """
    for one in units.successors(session, unit_id, on):
        above = units.parent_id(session, one, on)
        if above is not None:
            return above
    return min(standing_for(session, [unit_id], on)[unit_id], default=unit_id)


def has_nobody_above(session: Session, unit_id: int, on: date) -> bool:
    """Whether information about a unit would be read by that unit, or by what followed it."""
    return level_above(session, unit_id, on) in {unit_id, *units.successors(session, unit_id, on)}


def visible(session: Session, reader: Reader, on: date) -> ColumnElement[bool]:
    """The condition that this information exists for somebody on a day."""
    pairs = _readable(session, reader, _pairs(session), on)
    if not pairs:
        return false()
    return tuple_(Denunciation.unit_id, Denunciation.concerned_unit_id).in_(pairs)


def find(session: Session, reader: Reader, denunciation_id: str, on: date, *, locked: bool = False) -> Denunciation:
    """The information, if it exists for this reader.

    Raises
    ------
    UnknownDenunciation
        In every other case, with the same words.
    """
    query = select(Denunciation).where(Denunciation.id == denunciation_id, visible(session, reader, on))
    # What stands in an address may hold signs that no database takes.
    is_id = denunciation_id.isascii() and denunciation_id.isalnum()
    found = session.scalar(query.with_for_update() if locked else query) if is_id else None
    if found is None:
        raise UnknownDenunciation(UNKNOWN)
    return found


def _pairs(session: Session) -> list[tuple[int, int]]:
    rows = session.execute(select(Denunciation.unit_id, Denunciation.concerned_unit_id).distinct())
    return [(row.unit_id, row.concerned_unit_id) for row in rows]


def _readable(session: Session, reader: Reader, pairs: Sequence[tuple[int, int]], on: date) -> list[tuple[int, int]]:
    """The pairs where the reader holds the permission above, and no role at the unit concerned or below it."""
    allowed = allowed_unit_ids(session, reader, Permission.CASES_READ_DENUNCIATION, on)
    if allowed is not None and not allowed:
        return []
    standing = standing_for(session, {unit_id for unit_id, _ in pairs}, on)
    followed = set(session.scalars(select(UnitSuccession.old_unit_id).distinct()))
    own = _own_places(session, reader, on)

    def is_own(unit_id: int, concerned_id: int) -> bool:
        followers = units.successors(session, concerned_id, on) if concerned_id in followed else ()
        concerned = {concerned_id, *followers}
        if unit_id == concerned_id or own.isdisjoint(concerned):
            return False
        is_top = unit_id in concerned and units.parent_id(session, unit_id, on) is None  # nobody stands above
        return not is_top

    return [
        (unit_id, concerned_id)
        for unit_id, concerned_id in pairs
        if (allowed is None or not allowed.isdisjoint(standing[unit_id])) and not is_own(unit_id, concerned_id)
    ]


def _own_places(session: Session, reader: Reader, on: date) -> set[int]:
    """The units the reader has any role in, and all above those."""
    roots = {root for roots in reader.scopes.values() for root in roots}
    return {unit_id for root in roots for unit_id in (root, *units.path_ids(session, root, on))}
