"""Versions of question sets made in the browser.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "question_set_draft",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column(
            "way",
            sa.Enum("form", "xlsx", "toml", name="way", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("faults", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_question_set_draft_officer_id"),
        sa.ForeignKeyConstraint(["based_on_id"], ["question_set_version.id"], name="fk_question_set_draft_based_on_id"),
        sa.PrimaryKeyConstraint("id", name="pk_question_set_draft"),
    )
    op.create_index("ix_question_set_draft_officer_id", "question_set_draft", ["officer_id"])
    op.create_index("ix_question_set_draft_based_on_id", "question_set_draft", ["based_on_id"])
    op.add_column(
        "question_set_version", sa.Column("is_uploaded", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Take back; versions made in the browser stay."""
    op.drop_column("question_set_version", "is_uploaded")  # in place: rounds point to the table
    op.drop_index("ix_question_set_draft_based_on_id", "question_set_draft")
    op.drop_index("ix_question_set_draft_officer_id", "question_set_draft")
    op.drop_table("question_set_draft")
