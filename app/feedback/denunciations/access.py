"""The one policy of this information: who may know that it exists. Lists, pages, files and acts all ask here.

It goes to the level above the unit concerned. Nobody with a role rooted at the unit concerned or below it reads it,
whatever else they hold: not as somebody's deputy, and not through a second role. A unit at the top of the tree has
nothing above it; there the holders at the top read.
"""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, false, select, tuple_
from sqlalchemy.orm import Session

from app.feedback.cases.places import standing_for
from app.feedback.denunciations.errors import UNKNOWN, UnknownDenunciation
from app.feedback.denunciations.models import Denunciation
from app.units import queries as units
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
    """The unit that gets information about a unit: the one above it, or itself at the top."""
    above = units.parent_id(session, unit_id, on)
    return unit_id if above is None else above


def visible(session: Session, reader: Reader, on: date) -> ColumnElement[bool]:
    """The condition that this information exists for somebody on a day."""
    pairs = [pair for pair in _pairs(session) if _may_read(session, reader, pair, on)]
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
    found = session.scalar(query.with_for_update() if locked else query)
    if found is None:
        raise UnknownDenunciation(UNKNOWN)
    return found


def _pairs(session: Session) -> list[tuple[int, int]]:
    rows = session.execute(select(Denunciation.unit_id, Denunciation.concerned_unit_id).distinct())
    return [(row.unit_id, row.concerned_unit_id) for row in rows]


def _may_read(session: Session, reader: Reader, pair: tuple[int, int], on: date) -> bool:
    """Whether the reader holds the permission at the level above, and no role at the unit concerned or below it."""
    unit_id, concerned_id = pair
    allowed = allowed_unit_ids(session, reader, Permission.CASES_READ_DENUNCIATION, on)
    if allowed is not None and allowed.isdisjoint(standing_for(session, [unit_id], on)[unit_id]):
        return False
    if unit_id == concerned_id:
        return True
    concerned = {concerned_id, *units.successors(session, concerned_id, on)}
    return concerned.isdisjoint(_own_places(session, reader, on))


def _own_places(session: Session, reader: Reader, on: date) -> set[int]:
    """The units the reader has any role in, and all above those."""
    roots = {root for roots in reader.scopes.values() for root in roots}
    return {unit_id for root in roots for unit_id in (root, *units.path_ids(session, root, on))}
