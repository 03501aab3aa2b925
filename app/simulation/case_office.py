"""Who handles the cases of the sample province: in each unit a head and those who work, above them a province."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rights import grants
from app.accounts.roles import Role
from app.accounts.services import add_officer
from app.units.models import Counter
from app.web.permissions import Permission

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
MIDDLE = ("Thị", "Văn", "Thanh", "Minh", "Ngọc", "Quang", "Thu", "Hải")
GIVEN = ("Lan", "Hùng", "Mai", "Dũng", "Hà", "Sơn", "Hương", "Tuấn", "Yến", "Long", "Vân", "Phúc")
SIMULATED = "(dữ liệu mô phỏng)"


@dataclass(frozen=True)
class Person:
    """An officer as the policy sees them."""

    officer_id: int
    scopes: Mapping[Permission, frozenset[int]]


@dataclass(frozen=True)
class Place:
    """A unit that handles cases: its people, its head first, and its counters."""

    unit_id: int
    people: tuple[Person, ...]
    counters: tuple[int, ...] = ()
    counter_names: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Office:
    """A province and those of its units in which somebody works; ``home_affairs`` sees the whole of it."""

    top: Place
    places: Mapping[int, Place]
    home_affairs: Person

    def at(self, unit_id: int) -> Place:
        """Who works where a case lies."""
        return self.places.get(unit_id, self.top)

    def everybody(self) -> list[Person]:
        """All of them."""
        return [one for place in (self.top, *self.places.values()) for one in place.people] + [self.home_affairs]


STAFF = (Role.UNIT_LEADER, Role.CASE_OFFICER, Role.CASE_OFFICER)


def make_office(
    session: Session, province_id: int, unit_ids: Sequence[int], on: date, staff: Sequence[Role] = STAFF
) -> Office:
    """Officers of a province and of some units in it. Nobody knows their passwords: they are set anew to sign in."""
    makers = _People(session, on)
    top = Place(province_id, makers.some(province_id, (Role.UNIT_LEADER, Role.UNIT_LEADER, Role.CASE_OFFICER)))
    named = {unit_id: _counters(session, unit_id) for unit_id in unit_ids if unit_id != province_id}
    places = {
        unit_id: Place(
            unit_id,
            makers.some(unit_id, staff),
            tuple(counters),
            counters,
        )
        for unit_id, counters in named.items()
    }
    return Office(top, places, makers.some(None, (Role.HOME_AFFAIRS,))[0])


def _counters(session: Session, unit_id: int) -> dict[int, str]:
    rows = session.execute(select(Counter.id, Counter.name).where(Counter.unit_id == unit_id).order_by(Counter.id))
    return {row.id: row.name for row in rows}


class _People:
    """Gives people names."""

    def __init__(self, session: Session, on: date) -> None:
        self._session, self._on, self._number = session, on, 0

    def some(self, unit_id: int | None, roles: Iterable[Role]) -> tuple[Person, ...]:
        return tuple(self._one(unit_id, role) for role in roles)

    def _one(self, unit_id: int | None, role: Role) -> Person:
        number = self._number
        self._number += 1
        name = (FAMILY[number % len(FAMILY)], MIDDLE[number % len(MIDDLE)], GIVEN[number % len(GIVEN)], SIMULATED)
        officer = add_officer(
            self._session,
            None,
            username=f"mau.{number + 1:03}",
            full_name=" ".join(name),
            role=role,
            unit_id=unit_id,
        )
        self._session.flush()
        return Person(officer.id, grants.scopes(self._session, officer.id, self._on))
