"""Which line of a roster, entered while a case was there, is why somebody was excluded from it.

Of what is there already it is not known: nothing of it is lifted by itself any longer, the level above may do it.

Revision: 0048, after 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TABLE = "duty_exclusion"


def upgrade() -> None:
    """Apply; rows are only added, on PostgreSQL by the function of 0014."""
    op.create_table(
        TABLE,
        sa.Column("line_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["counter_duty.id"], name=op.f("fk_duty_exclusion_line_id")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_duty_exclusion_case_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_duty_exclusion_officer_id")),
        sa.PrimaryKeyConstraint("line_id", "case_id", "officer_id", name=op.f("pk_duty_exclusion")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM PUBLIC, CURRENT_USER")
        return
    refuse = f"SELECT RAISE(ABORT, 'rows of {TABLE} are never changed');"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} BEGIN {refuse} END")


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
