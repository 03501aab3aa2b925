"""Reports of other systems by the marks under which they are known when they are sent again.

Revision: 0042, after 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE = "exchange_sending"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("report_mark", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_exchange_sending_case_id")),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_exchange_sending")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_exchange_sending_expires_at", TABLE, ["expires_at"], unique=False)


def downgrade() -> None:
    """Take back; what is sent again just then opens a second case."""
    op.drop_index("ix_exchange_sending_expires_at", TABLE)
    op.drop_table(TABLE)
