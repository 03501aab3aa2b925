"""Who is on duty at a counter, exclusions that were lifted, cases handled together.

Revision: 0031, after 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

CODE = sa.String(length=40)
KEPT = ("counter_duty", "case_merge")
SHIFTS = ("day", "morning", "afternoon")


def upgrade() -> None:
    """Apply. Neither table ever loses a row; on PostgreSQL the function that refuses is the one of 0014."""
    op.add_column(
        "case_exclusion",
        sa.Column(
            "lifted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="by the level above; None: in force",
        ),
    )
    _make_duty()
    _make_merges()
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for name in KEPT:
        if is_postgresql:
            op.execute(
                f"CREATE TRIGGER {name}_kept BEFORE DELETE OR TRUNCATE ON {name} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
            )
            op.execute(f"REVOKE DELETE, TRUNCATE ON {name} FROM PUBLIC, CURRENT_USER")
        else:
            refuse = f"SELECT RAISE(ABORT, 'rows of {name} are never removed');"
            op.execute(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} BEGIN {refuse} END")


def downgrade() -> None:
    """Take back; refused while there are rows, or an exclusion was lifted that an older release would enforce."""
    for name in KEPT:
        rows = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
        if op.get_bind().execute(rows).first() is not None:
            raise RuntimeError(f"{name} holds rows that an older release cannot hold. Restore a backup.")
    lifted: sa.ColumnClause[sa.DateTime] = sa.column("lifted_at")
    rows = sa.select(sa.literal(1)).select_from(sa.table("case_exclusion", lifted)).where(lifted.is_not(None)).limit(1)
    if op.get_bind().execute(rows).first() is not None:
        raise RuntimeError("An exclusion was lifted, which an older release cannot hold. Restore a backup.")
    for name in reversed(KEPT):
        op.drop_table(name)
    op.drop_column("case_exclusion", "lifted_at")


def _make_duty() -> None:
    op.create_table(
        "counter_duty",
        sa.Column("id", CODE, nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.LargeBinary(), nullable=True, comment="somebody without an account"),
        sa.Column("weekdays", sa.Integer(), nullable=False, comment="1 Monday, 2 Tuesday, 4 ... 64 Sunday, added up"),
        sa.Column(
            "shift",
            sa.Enum(*SHIFTS, name="shift", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(officer_id IS NULL) <> (person_name IS NULL)", name=op.f("ck_counter_duty_an_officer_or_a_name")
        ),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_counter_duty_some_weekday")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_counter_duty_days_in_order")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_counter_duty_withdrawn_by_somebody")
        ),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_counter_duty_counter_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["officer.id"], name=op.f("fk_counter_duty_entered_by")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_counter_duty_officer_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["officer.id"], name=op.f("fk_counter_duty_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_duty")),
    )
    op.create_index("ix_counter_duty_counter_id", "counter_duty", ["counter_id"])
    op.create_index("ix_counter_duty_officer_id", "counter_duty", ["officer_id"])


def _make_merges() -> None:
    op.create_table(
        "case_merge",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leading_id", CODE, nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("case_id <> leading_id", name=op.f("ck_case_merge_two_cases")),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_case_merge_undone_by_somebody")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_merge_case_id")),
        sa.ForeignKeyConstraint(["leading_id"], ["feedback_case.id"], name=op.f("fk_case_merge_leading_id")),
        sa.ForeignKeyConstraint(["merged_by"], ["officer.id"], name=op.f("fk_case_merge_merged_by")),
        sa.ForeignKeyConstraint(["undone_by"], ["officer.id"], name=op.f("fk_case_merge_undone_by")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_merge")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_merge_leading_id", "case_merge", ["leading_id"])
