"""Which encryption keys there have been, how far a rotation has come, and room for encrypted texts.

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. The plain columns are emptied, row by row, before the next revision drops them."""
    op.create_table(
        "encryption_key",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("check_value", sa.LargeBinary(length=8), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_encryption_key"),
    )
    op.create_table(
        "key_rotation",
        sa.Column("to_key", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("reached", sa.Text(), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["to_key"], ["encryption_key.id"], name="fk_key_rotation_to_key"),
        sa.PrimaryKeyConstraint("to_key", "place", name="pk_key_rotation"),
    )
    for table, options in (("feedback", {"sqlite_with_rowid": False}), ("written_answer", {})):
        with op.batch_alter_table(table, table_kwargs=options) as batch:
            batch.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
            batch.alter_column("text", existing_type=sa.Text(), nullable=True)
            if table == "feedback":
                batch.alter_column("folded", existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    """Take back; refused by the database when texts have been encrypted, which would be lost."""
    for table, options in (("feedback", {"sqlite_with_rowid": False}), ("written_answer", {})):
        with op.batch_alter_table(table, table_kwargs=options) as batch:
            batch.drop_column("sealed")
            batch.alter_column("text", existing_type=sa.Text(), nullable=False)
            if table == "feedback":
                batch.alter_column("folded", existing_type=sa.Text(), nullable=False)
    op.drop_table("key_rotation")
    op.drop_table("encryption_key")
