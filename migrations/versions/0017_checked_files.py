"""Files that people send, through the one gate.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STATES = ("waiting", "accepted", "refused")
MEDIA_TYPES = ("image/jpeg", "application/pdf")
REFUSALS = (
    *("empty", "too-large", "too-many", "unknown-type", "name-differs", "no-heic", "too-many-pixels", "animated"),
    *("unreadable", "took-too-long", "malware", "pdf-locked", "pdf-active", "pdf-attachments", "pdf-too-long", "lost"),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "checked_file",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("declared_name", sa.LargeBinary(), nullable=False),
        sa.Column("stored_name", sa.String(length=32), nullable=True),
        sa.Column("media_type", sa.String(length=24), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("refusal", sa.String(length=24), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint(_one_of("state", STATES), name=op.f("ck_checked_file_file_state")),
        sa.CheckConstraint(_one_of("media_type", MEDIA_TYPES), name=op.f("ck_checked_file_media_type")),
        sa.CheckConstraint(_one_of("refusal", REFUSALS), name=op.f("ck_checked_file_refusal")),
        sa.CheckConstraint(
            "(state = 'refused') = (stored_name IS NULL)", name=op.f("ck_checked_file_refused_has_no_file")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_checked_file_refused_says_why")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_checked_file"),
        sa.UniqueConstraint("stored_name", name="uq_checked_file_stored_name"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_checked_file_state", "checked_file", ["state"])


def downgrade() -> None:
    """Take back. Stored files nobody names any more go with the next sweep."""
    op.drop_index("ix_checked_file_state", "checked_file")
    op.drop_table("checked_file")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
