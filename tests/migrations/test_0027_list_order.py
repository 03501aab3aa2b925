"""What lists go by is filled in for the names and counters that were there, and they lose nothing on the way back."""

from sqlalchemy import text

from app.db import migrate
from app.db.session import Database
from app.i18n.folding import ordered
from app.units.models import folded_counter

NAMES = ("Phường Số 10", "Xã Đức Cơ", "Phường Số 2")
STATEMENTS = (
    *(
        f"INSERT INTO unit (id, code, type, valid_from, is_official) VALUES ({key}, 'u{key}', 'ward', '2025-07-01', false)"
        for key in range(1, 4)
    ),
    *(
        f"INSERT INTO unit_name (unit_id, valid_from, name, folded) VALUES ({key}, '2025-07-01', '{name}', '')"
        for key, name in enumerate(NAMES, start=1)
    ),
    "INSERT INTO counter (id, unit_id, number, name, opening_hours, valid_from) VALUES (1, 1, '3', 'Đất đai', '{}', '2025-07-01')",
    "INSERT INTO procedure (id, code, name, level) VALUES (1, '1.001', 'Cấp bản sao', 'commune')",
)


def test_names_and_counters_get_what_lists_go_by(unmigrated: Database) -> None:
    migrate.upgrade(unmigrated, "0020")
    with unmigrated.transaction() as session:
        for statement in STATEMENTS:
            session.execute(text(statement))
    migrate.upgrade(unmigrated, "0027")
    with unmigrated.reading() as session:
        names = session.execute(text("SELECT name, ordered FROM unit_name ORDER BY ordered")).all()
        assert [tuple(row) for row in names] == [(name, ordered(name)) for name in (NAMES[2], NAMES[0], NAMES[1])]
        assert session.scalar(text("SELECT folded FROM counter")) == folded_counter("3", "Đất đai")
        assert session.execute(text("SELECT valid_from, valid_to FROM procedure")).one() == (None, None)
    migrate.downgrade(unmigrated, "0020")
    with unmigrated.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM unit_name")) == 3
        assert session.scalar(text("SELECT name FROM procedure")) == "Cấp bản sao"
