"""More roles, rights lent during leave, yearly review of rights.

The role "unit_officer" becomes "case_officer": the one of the new roles that gives what it gave and decides nothing.
Nobody becomes a leader by a migration.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OLD = ("administrator", "home_affairs", "unit_officer")
NEW = ("administrator", "home_affairs", "unit_leader", "case_officer", "counter_clerk", "surveyor", "auditor")


def upgrade() -> None:
    """Apply."""
    _allow_roles((*NEW, "unit_officer"))
    op.execute("UPDATE role_assignment SET role = 'case_officer' WHERE role = 'unit_officer'")
    _allow_roles(NEW)
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("to_officer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["role_assignment.id"], name="fk_delegation_assignment_id"),
        sa.ForeignKeyConstraint(["to_officer_id"], ["officer.id"], name="fk_delegation_to_officer_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_delegation_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delegation"),
    )
    for column in ("assignment_id", "to_officer_id", "unit_id"):
        op.create_index(f"ix_delegation_{column}", "delegation", [column])
    op.create_table(
        "rights_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_rights_review_unit_id"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["officer.id"], name="fk_rights_review_reviewer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rights_review"),
    )
    op.create_index("ix_rights_review_unit_id", "rights_review", ["unit_id"])
    op.create_index("ix_rights_review_reviewer_id", "rights_review", ["reviewer_id"])
    op.create_table(
        "rights_review_line",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("keep", "object", name="verdict", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["review_id"], ["rights_review.id"], name="fk_rights_review_line_review_id"),
        sa.ForeignKeyConstraint(["assignment_id"], ["role_assignment.id"], name="fk_rights_review_line_assignment_id"),
        sa.PrimaryKeyConstraint("review_id", "assignment_id", name="pk_rights_review_line"),
    )
    op.create_index("ix_rights_review_line_assignment_id", "rights_review_line", ["assignment_id"])


def downgrade() -> None:
    """Take back: both roles that answer cases become "unit_officer" again, the other new ones are lost."""
    op.drop_table("rights_review_line")
    op.drop_table("rights_review")
    op.drop_table("delegation")
    _allow_roles((*NEW, "unit_officer"))
    op.execute("UPDATE role_assignment SET role = 'unit_officer' WHERE role IN ('case_officer', 'unit_leader')")
    op.execute("DELETE FROM role_assignment WHERE role IN ('counter_clerk', 'surveyor', 'auditor')")
    _allow_roles(OLD)


def _allow_roles(roles: tuple[str, ...]) -> None:
    """Replace the check of the column; SQLite copies the table for that."""
    words = ", ".join(f"'{role}'" for role in roles)
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_role_assignment_role"), "role_assignment", type_="check")
        op.create_check_constraint(op.f("ck_role_assignment_role"), "role_assignment", f"role IN ({words})")
        return
    table = sa.Table(
        "role_assignment",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(f"role IN ({words})", name=op.f("ck_role_assignment_role")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_role_assignment_officer_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_role_assignment_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_role_assignment"),
        sa.Index("ix_role_assignment_officer_id", "officer_id"),
        sa.Index("ix_role_assignment_unit_id", "unit_id"),
    )
    with op.batch_alter_table("role_assignment", copy_from=table, recreate="always"):
        pass
