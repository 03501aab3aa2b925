"""Citizens' texts are encrypted; the plain columns go.

``prepare`` encrypts what there is, in batches of their own transactions, before the schema changes: a run that is
killed goes on where it was. Going back is refused while there are texts.

Revision: 0016, after 0015
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BATCH = 500
# table, its primary key, the columns that hold the text in plain
PLACES = (("feedback", "public_number", ("text", "folded")), ("written_answer", "key", ("text",)))
OPTIONS: dict[str, dict[str, Any]] = {"feedback": {"sqlite_with_rowid": False}, "written_answer": {}}


def prepare(step: Any, seal: Any) -> tuple[str, ...]:
    """Encrypt every text that is not; the tables whose freed space still holds plain text."""
    for table, key, plain in PLACES:
        while _batch(step, seal, table, key, plain):
            pass
    with step() as connection:
        filled = () if connection is None else (table for table, _, _ in PLACES if _has_rows(connection, table))
        return tuple(filled)


def _has_rows(connection: Any, table: str) -> bool:
    return connection.execute(sa.select(sa.literal(1)).select_from(sa.table(table)).limit(1)).first() is not None


def _batch(step: Any, seal: Any, table: str, key: str, plain: tuple[str, ...]) -> bool:
    """Encrypt some rows in one transaction; whether there may be more."""
    raw = sa.table(table, sa.column(key), sa.column("sealed", sa.LargeBinary()), *(sa.column(name) for name in plain))
    with step() as connection:
        if connection is None:  # another process is already past this revision
            return False
        rows = connection.execute(
            sa.select(raw.c[key], raw.c.text).where(raw.c.sealed.is_(None)).order_by(raw.c[key]).limit(BATCH)
        ).all()
        if rows:
            gone = dict.fromkeys(plain)
            statement = (
                sa.update(raw)
                .where(raw.c[key] == sa.bindparam("of"))
                .values(sealed=sa.bindparam("now", type_=sa.LargeBinary()), **gone)
            )
            connection.execute(statement, [{"of": of, "now": seal(f"{table}.text", of, text)} for of, text in rows])
        return len(rows) == BATCH


def upgrade() -> None:
    """Apply."""
    for table, _, plain in PLACES:
        with op.batch_alter_table(table, table_kwargs=OPTIONS[table]) as batch:
            for name in plain:
                batch.drop_column(name)
        with op.batch_alter_table(table, table_kwargs=OPTIONS[table]) as batch:
            batch.alter_column("sealed", new_column_name="text", existing_type=sa.LargeBinary(), nullable=False)


def downgrade() -> None:
    """Take back the columns; the texts cannot be taken back."""
    for table, _, plain in PLACES:
        if _has_rows(op.get_bind(), table):
            raise RuntimeError(f"{table} holds encrypted texts; an older release cannot read them. Restore a backup.")
        with op.batch_alter_table(table, table_kwargs=OPTIONS[table]) as batch:
            batch.alter_column("text", new_column_name="sealed", existing_type=sa.LargeBinary(), nullable=True)
        with op.batch_alter_table(table, table_kwargs=OPTIONS[table]) as batch:
            for name in plain:
                batch.add_column(sa.Column(name, sa.Text(), nullable=True))
