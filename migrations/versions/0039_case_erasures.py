"""Tombstones of files and words of cases that were erased when their time was up.

Revision: 0039, after 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = "case_erasure"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column(
            "what",
            sa.Enum("files", "words", name="erased", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_erasure_case_id")),
        sa.PrimaryKeyConstraint("case_id", "what", name=op.f("pk_case_erasure")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM PUBLIC, CURRENT_USER")


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
