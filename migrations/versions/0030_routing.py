"""Routes of cases, saved views of the list of cases, and what must be said with an outcome.

Revision: 0030, after 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CODE = sa.String(length=40)
KINDS = ("suggestion", "petition", "complaint", "denunciation")


def upgrade() -> None:
    """Apply."""
    _make_facts()
    _make_routes()
    _make_views()


def downgrade() -> None:
    """Take back; refused while there is something that was said to a sender."""
    rows = sa.select(sa.literal(1)).select_from(sa.table("case_outcome_fact")).limit(1)
    if op.get_bind().execute(rows).first() is not None:
        raise RuntimeError("case_outcome_fact holds rows that an older release cannot hold. Restore a backup.")
    for name in ("saved_view", "desk_route", "case_outcome_fact"):
        op.drop_table(name)


def _make_facts() -> None:
    op.create_table(
        "case_outcome_fact",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="of the answer"),
        sa.Column("field", CODE, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_outcome_fact_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", "field", name=op.f("pk_case_outcome_fact")),
        sqlite_with_rowid=False,
    )


def _make_routes() -> None:
    op.create_table(
        "desk_route",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=24)),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_desk_route_ended_by_somebody")),
        sa.CheckConstraint(
            "kind IS NULL OR kind <> 'denunciation'", name=op.f("ck_desk_route_denunciations_are_never_routed")
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["officer.id"], name=op.f("fk_desk_route_assignee_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["officer.id"], name=op.f("fk_desk_route_ended_by")),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name=op.f("fk_desk_route_field_id")),
        sa.ForeignKeyConstraint(["set_by"], ["officer.id"], name=op.f("fk_desk_route_set_by")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_desk_route_to_unit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_desk_route_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_route")),
    )
    op.create_index("ix_desk_route_unit_id", "desk_route", ["unit_id"])


def _make_views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", CODE, nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("query", sa.LargeBinary(), nullable=False, comment="may hold personal data"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_saved_view_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_officer_id", "saved_view", ["officer_id"])
