"""Uploaded tables that wait for a yes are encrypted; those waiting now are dropped, they live for a day.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# table, column, its former type; ``sampled_draft.content`` keeps its type and only holds other bytes
CHANGED = (("import_draft", "rows", sa.JSON()), ("sampled_draft", "mapping", sa.Text()))


def upgrade() -> None:
    """Apply."""
    for table, name, _ in CHANGED:
        op.execute(sa.delete(sa.table(table)))
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(name, sa.LargeBinary(), nullable=False))


def downgrade() -> None:
    """Take back; an older release cannot read what waits."""
    for table, name, former in CHANGED:
        op.execute(sa.delete(sa.table(table)))
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(name, former, nullable=False))
