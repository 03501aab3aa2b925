"""Where officers are reached, what was told about a case, which reminders were given, who wants to be told.

Revision: 0034, after 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

CODE = sa.String(length=40)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "officer_contact",
        sa.Column("officer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", _one_of("channel", "email", "phone"), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False, comment="personal data of staff"),
        sa.Column("level", _one_of("level", "off", "digest", "each"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_mark", sa.LargeBinary(), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("(code_mark IS NULL) = (code_until IS NULL)", name=op.f("ck_officer_contact_code_ends")),
        sa.ForeignKeyConstraint(["entered_by"], ["officer.id"], name=op.f("fk_officer_contact_entered_by")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_officer_contact_officer_id")),
        sa.PrimaryKeyConstraint("officer_id", "channel", name=op.f("pk_officer_contact")),
    )
    op.create_table(
        "case_notice_mark",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["officer.id"], name=op.f("fk_case_notice_mark_assignee_id")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_notice_mark_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_notice_mark_unit_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_notice_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_reminder",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", _one_of("step", "before", "today", "leader", "above"), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.CheckConstraint("told >= 0", name=op.f("ck_case_reminder_told_counted")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_reminder_case_id")),
        sa.PrimaryKeyConstraint("case_id", "due_on", "step", name=op.f("pk_case_reminder")),
        sqlite_with_rowid=False,
    )
    op.add_column("reporter", sa.Column("wants_notices", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take back; addresses are lost and have to be proven again."""
    op.drop_column("reporter", "wants_notices")
    for name in ("case_reminder", "case_notice_mark", "officer_contact"):
        op.drop_table(name)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
