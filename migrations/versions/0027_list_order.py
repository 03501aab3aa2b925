"""Lists of units and counters are searched, ordered and cut by the database.

Revision: 0027, after 0026
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("unit_name", sa.Column("ordered", _ordered_type(), nullable=False, server_default=sa.text("''")))
    op.add_column("counter", sa.Column("folded", sa.String(length=300), nullable=False, server_default=sa.text("''")))
    connection = op.get_bind()
    names = connection.execute(sa.text("SELECT unit_id, valid_from, name FROM unit_name")).all()
    _update(
        "UPDATE unit_name SET ordered = :text WHERE unit_id = :unit_id AND valid_from = :valid_from",
        [{"unit_id": unit, "valid_from": start, "text": _ordered(name)} for unit, start, name in names],
    )
    counters = connection.execute(sa.text("SELECT id, number, name FROM counter")).all()
    _update(
        "UPDATE counter SET folded = :text WHERE id = :id",
        [{"id": key, "text": _fold(f"Quầy {number} – {name}")[:300]} for key, number, name in counters],
    )


def downgrade() -> None:
    op.drop_column("counter", "folded")
    op.drop_column("unit_name", "ordered")


def _ordered_type() -> sa.String:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    return sa.String(length=300, collation="C") if is_postgresql else sa.String(length=300)


def _update(statement: str, rows: list[dict[str, object]]) -> None:
    for first in range(0, len(rows), AT_ONCE):
        op.get_bind().execute(sa.text(statement), rows[first : first + AT_ONCE])


def _ordered(name: str) -> str:
    return re.sub("[0-9]{1,18}", lambda found: found[0].zfill(8), _fold(name))[:300]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", re.sub("[đĐðÐ]", "d", text).casefold())
    return re.sub("[đð]", "d", "".join(letter for letter in plain if not unicodedata.combining(letter)))
