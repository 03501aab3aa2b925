"""The outbox of messages.

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STATES = ("waiting", "sending", "sent", "maybe_sent", "delivered", "undelivered", "failed", "cancelled")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "phone", name="channel", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=True, comment="personal data: an address"),
        sa.Column("fields", sa.LargeBinary(), nullable=True),
        sa.Column("about", sa.String(length=60), nullable=True, comment="kind:id; None for denunciations"),
        sa.Column("once", sa.String(length=120), nullable=True),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=60), nullable=True, comment="a code, never words of the other side"),
        sa.Column("reference", sa.String(length=120), nullable=True, comment="what the gateway calls it"),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", name="claimed_while_sending"),
        sa.CheckConstraint("tries >= 0", name="tries_counted"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_message"),
        sa.UniqueConstraint("once", name="uq_outbox_message_once"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outbox_message_about", "outbox_message", ["about"])
    op.create_index("ix_outbox_message_state_next_try_at", "outbox_message", ["state", "next_try_at"])


def downgrade() -> None:
    """Take back; what waits is not sent."""
    op.drop_index("ix_outbox_message_state_next_try_at", "outbox_message")
    op.drop_index("ix_outbox_message_about", "outbox_message")
    op.drop_table("outbox_message")
