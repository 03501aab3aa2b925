"""Blacked-out copies of files that go with a public answer, and which ones went with each version.

Revision: 0044, after 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLE = "public_answer_file"
VERSIONS = "public_answer_version"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("redaction", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["public_answer.case_id"], name=op.f("fk_public_answer_file_case_id")),
        sa.ForeignKeyConstraint(
            ["case_id", "redaction"],
            ["case_redaction.case_id", "case_redaction.number"],
            name=op.f("fk_public_answer_file_case_id_redaction"),
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_public_answer_file")),
        sa.UniqueConstraint("case_id", "redaction", name=op.f("uq_public_answer_file_case_id_redaction")),
        sqlite_with_rowid=False,
    )
    op.add_column(VERSIONS, sa.Column("files", sa.JSON(), nullable=True, comment="numbers of blacked-out copies"))


def downgrade() -> None:
    """Take back: what is shown is made anew from the versions' texts; files go with no answer any more."""
    op.drop_column(VERSIONS, "files")
    op.drop_table(TABLE)
