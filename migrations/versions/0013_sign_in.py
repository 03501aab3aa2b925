"""Second factor, recovery codes, invitations, single sign-on; what an officer sees of sessions and attempts.

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("officer_session", sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("officer_session", sa.Column("awaits", sa.String(length=24), nullable=True))
    op.add_column("officer_session", sa.Column("device", sa.String(length=60), nullable=True))
    op.add_column("sign_in_attempt", sa.Column("officer_id", sa.Integer(), nullable=True))
    op.add_column("sign_in_attempt", sa.Column("device", sa.String(length=60), nullable=True))
    op.add_column("sign_in_attempt", sa.Column("is_new_device", sa.Boolean(), nullable=True))
    op.create_index("ix_sign_in_attempt_officer_id", "sign_in_attempt", ["officer_id"])
    op.create_table(
        "second_factor",
        sa.Column("officer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_second_factor_officer_id"),
        sa.PrimaryKeyConstraint("officer_id", name="pk_second_factor"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_recovery_code_officer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_officer_id", "recovery_code", ["officer_id"])
    op.create_table(
        "invitation",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_invitation_officer_id"),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_invitation"),
    )
    op.create_index("ix_invitation_officer_id", "invitation", ["officer_id"])
    op.create_table(
        "single_sign_on_link",
        sa.Column("officer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_single_sign_on_link_officer_id"),
        sa.PrimaryKeyConstraint("officer_id", name="pk_single_sign_on_link"),
        sa.UniqueConstraint("issuer", "subject", name="uq_single_sign_on_link_issuer_subject"),
    )
    op.create_table(
        "single_sign_on_start",
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("nonce", sa.String(length=300), nullable=False),
        sa.Column("code_verifier", sa.String(length=300), nullable=False),
        sa.Column("next_path", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_single_sign_on_start"),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("single_sign_on_start", "single_sign_on_link", "invitation", "recovery_code", "second_factor"):
        op.drop_table(table)
    op.drop_index("ix_sign_in_attempt_officer_id", "sign_in_attempt")
    with op.batch_alter_table("sign_in_attempt") as batch:
        for column in ("is_new_device", "device", "officer_id"):
            batch.drop_column(column)
    with op.batch_alter_table("officer_session") as batch:
        for column in ("device", "awaits", "authenticated_at"):
            batch.drop_column(column)
