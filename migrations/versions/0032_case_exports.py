"""Files of lists of cases that officers asked for.

Revision: 0032, after 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CODE = sa.String(length=40)
STATES = ("waiting", "ready", "failed", "expired")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_export",
        sa.Column("id", CODE, nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("layout", CODE, nullable=False, comment="list or national"),
        sa.Column("file_format", CODE, nullable=False),
        sa.Column("with_contact", sa.Boolean(), nullable=False),
        sa.Column("filters", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("case_ids", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("checksum", sa.String(length=64), nullable=True),
        sa.Column("stored_name", sa.String(length=32), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'ready') = (stored_name IS NOT NULL)", name=op.f("ck_case_export_ready_has_a_file")
        ),
        sa.CheckConstraint("state <> 'ready' OR expires_at IS NOT NULL", name=op.f("ck_case_export_ready_expires")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_case_export_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_export")),
    )
    op.create_index("ix_case_export_officer_id", "case_export", ["officer_id"], unique=False)
    op.create_index("ix_case_export_state", "case_export", ["state"], unique=False)


def downgrade() -> None:
    """Take back; files nobody fetched are lost and can be made again."""
    op.drop_index("ix_case_export_state", "case_export")
    op.drop_index("ix_case_export_officer_id", "case_export")
    op.drop_table("case_export")
