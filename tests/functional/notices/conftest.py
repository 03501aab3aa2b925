"""A commune under a province, people who can be reached, and an outbox to look into; the clock stands on a Monday."""

import json
from dataclasses import dataclass, field
from datetime import date, time

import pytest
from sqlalchemy import select

from app.accounts.contacts import services as contacts
from app.accounts.contacts.models import Level, OfficerContact
from app.accounts.rights import grants
from app.accounts.roles import Role
from app.db.session import Database
from app.feedback.notices.people import Somebody
from app.messages.models import OutboxMessage
from app.messages.states import Channel, MessageState
from app.units.models import Unit
from tests.factories.law import load_law
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

MONDAY = date(2026, 11, 23)


@dataclass
class Town:
    """Officers by name, and what was written to whom."""

    database: Database
    clock: SettableClock
    province: int = 0
    commune: int = 0
    other: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    def officer(self, name: str, role: Role, unit_id: int | None, level: Level | None = Level.EACH) -> int:
        """An officer; with a level also a proven address."""
        with self.database.transaction() as session:
            unit = None if unit_id is None else session.get_one(Unit, unit_id)
            made = make_officer(session, name, role=role, unit=unit)
            self.ids[name] = made.id
        if level is not None:
            self.reach(name, level)
        return self.ids[name]

    def reach(self, name: str, level: Level) -> None:
        """Prove an address without the code."""
        with self.database.transaction() as session:
            contacts.enter(session, self.ids[name], self.ids[name], Channel.EMAIL, f"{name}@tinh.example.vn")
            found = session.get_one(OfficerContact, (self.ids[name], Channel.EMAIL))
            found.verified_at, found.level = self.clock(), level
            found.code_mark = found.code_until = None
        with self.database.transaction() as session:
            for message in session.scalars(select(OutboxMessage).where(OutboxMessage.template == "contact-code")):
                session.delete(message)

    def viewer(self, name: str) -> Somebody:
        """Somebody with today's rights, to act as."""
        with self.database.reading() as session:
            return Somebody(self.ids[name], grants.scopes(session, self.ids[name], self.clock.today))

    def written(self, *, waiting: bool = False) -> list[tuple[str, str]]:
        """Who was written what: (before the @, template), in order."""
        with self.database.reading() as session:
            rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
            return sorted(
                (str(row.recipient).partition("@")[0], row.template)
                for row in rows
                if not waiting or row.state is MessageState.WAITING
            )

    def fields(self, template: str) -> list[dict[str, str]]:
        """What stands in the messages of a kind."""
        with self.database.reading() as session:
            rows = session.scalars(select(OutboxMessage).where(OutboxMessage.template == template))
            return [json.loads(row.fields or "{}") for row in rows]


@pytest.fixture
def town(database: Database, clock: SettableClock) -> Town:
    clock.set_local(MONDAY, time(9))
    load_law(database)
    made = Town(database, clock)
    with database.transaction() as session:
        province = make_unit(session, "P1", name="Tỉnh Quảng Ngãi", type_code="province")
        commune = make_unit(session, "C1", name="Xã Mộ Đức", parent=province)
        other = make_unit(session, "C2", name="Xã Đức Thạnh", parent=province)
        made.province, made.commune, made.other = province.id, commune.id, other.id
    return made
