"""Codes and scans.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "qr_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("qr", "kiosk", name="channel", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("grace_until", sa.Date(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_qr_code_counter_id"),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["qr_code.id"], name="fk_qr_code_replaced_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_qr_code"),
        sa.UniqueConstraint("token", name="uq_qr_code_token"),
    )
    op.create_index("ix_qr_code_counter_id", "qr_code", ["counter_id"])
    op.create_table(
        "qr_scan",
        sa.Column("qr_code_id", sa.Integer(), nullable=False),
        sa.Column("scanned_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["qr_code_id"], ["qr_code.id"], name="fk_qr_scan_qr_code_id"),
        sa.PrimaryKeyConstraint("qr_code_id", "scanned_on", name="pk_qr_scan"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("qr_scan")
    op.drop_index("ix_qr_code_counter_id", "qr_code")
    op.drop_table("qr_code")
