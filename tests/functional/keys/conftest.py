"""An installation whose keys lie in a folder, with texts and files of citizens."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import insert, select

import app.files.gate.models
import app.rules.models
from app.config import Config
from app.crypto import keeper
from app.crypto.types import in_row
from app.db.session import Database
from app.feedback.cases.kinds import Channel, State
from app.feedback.cases.models import Case
from app.keys.rotation import Tools
from app.keys.start import create_keys, open_keys, store_of
from app.rules.kinds import Kind
from tests.factories.places import make_counter, make_unit
from tests.support.clock import SettableClock
from tests.support.keys import keeper_of_tests

assert app  # the imports fill the metadata with the tables that cases point to


@dataclass
class Installed:
    """What a test looks at."""

    database: Database
    config: Config
    tools: Tools
    place: tuple[int, int]

    def write(self, count: int, text: str = "Chờ lâu quá") -> None:
        """Store texts as if citizens had sent them; each differs by its number."""
        unit, counter = self.place
        rows = [
            {
                "id": secrets.token_hex(12),
                "public_number": (number := f"PA-{secrets.token_hex(8)}"),
                "code_index": secrets.token_bytes(16),
                **dict.fromkeys(("kind", "kind_asked"), Kind.SUGGESTION),
                **dict.fromkeys(("unit_id", "concerned_unit_id"), unit),
                **dict.fromkeys(("meets_form", "is_anonymous"), True),
                **dict.fromkeys(("is_private", "is_remote"), False),
                "counter_id": counter,
                "channel": Channel.COUNTER_CODE,
                "language": "vi",
                "received_on": date(2026, 11, 22),
                "state": State.RECEIVED,
                "version": 1,
                "text": in_row(f"{text} {index}", number),
            }
            for index in range(count)
        ]
        with self.database.transaction() as session:
            session.execute(insert(Case), rows)

    def texts(self) -> list[str]:
        """All texts, decrypted, sorted."""
        with self.database.reading() as session:
            return sorted(session.scalars(select(Case.text)))

    def reopen(self) -> Tools:
        """As a process that starts now."""
        keys = open_keys(self.database, self.config)
        self.tools = replace(self.tools, keys=keys)
        return self.tools


@pytest.fixture
def installed(database: Database, config: Config, clock: SettableClock) -> Iterator[Installed]:
    """With its first key, and nothing encrypted yet."""
    own = replace(config, encryption_keys="")
    assert create_keys(database, own)
    with database.transaction() as session:
        unit = make_unit(session, "2201")
        place = unit.id, make_counter(session, unit).id
    tools = Tools(database, open_keys(database, own), store_of(own), own.data_dir)
    yield Installed(database, own, tools, place)
    keeper.use(keeper_of_tests())


@pytest.fixture
def said() -> tuple[list[str], Callable[[str], None]]:
    """What a command says, and where to say it."""
    lines: list[str] = []
    return lines, lines.append
