"""Keys of other systems that send cases, and which case came in through which key.

Revision: 0036, after 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

CODE = sa.String(length=40)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "exchange_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["officer.id"], name=op.f("fk_exchange_key_created_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_exchange_key_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_exchange_key_key_hash")),
    )
    op.create_table(
        "exchange_case",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_exchange_case_case_id")),
        sa.ForeignKeyConstraint(["key_id"], ["exchange_key.id"], name=op.f("fk_exchange_case_key_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_exchange_case")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_exchange_case_key_id", "exchange_case", ["key_id"], unique=False)


def downgrade() -> None:
    """Take back; cases stay, other systems can no longer ask for theirs."""
    op.drop_index("ix_exchange_case_key_id", "exchange_case")
    op.drop_table("exchange_case")
    op.drop_table("exchange_key")
