"""Units, names, parents, successions, counters, fields, procedures, import drafts.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_field"),
        sa.UniqueConstraint("name", name="uq_field_name"),
    )
    op.create_table(
        "import_draft",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_draft"),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_official", sa.Boolean(), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", "valid_from", name="uq_unit_code_valid_from"),
    )
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("opening_hours", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_counter_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_counter"),
        sa.UniqueConstraint("unit_id", "number", name="uq_counter_unit_id_number"),
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name="fk_procedure_field_id"),
        sa.PrimaryKeyConstraint("id", name="pk_procedure"),
        sa.UniqueConstraint("code", name="uq_procedure_code"),
    )
    op.create_index("ix_procedure_field_id", "procedure", ["field_id"])
    op.create_table(
        "unit_name",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_unit_name_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "valid_from", name="pk_unit_name"),
    )
    op.create_index("ix_unit_name_folded", "unit_name", ["folded"])
    op.create_table(
        "unit_parent",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_parent_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_unit_parent_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "valid_from", name="pk_unit_parent"),
    )
    op.create_index("ix_unit_parent_parent_id", "unit_parent", ["parent_id"])
    op.create_table(
        "unit_succession",
        sa.Column("old_unit_id", sa.Integer(), nullable=False),
        sa.Column("new_unit_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rename",
                "merge",
                "split",
                "dissolve",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("share", sa.Numeric(precision=7, scale=6), nullable=True),
        sa.CheckConstraint(
            "(kind = 'rename') = (old_unit_id = new_unit_id)",
            name=op.f("ck_unit_succession_only_a_rename_points_at_itself"),
        ),
        sa.ForeignKeyConstraint(["new_unit_id"], ["unit.id"], name="fk_unit_succession_new_unit_id"),
        sa.ForeignKeyConstraint(["old_unit_id"], ["unit.id"], name="fk_unit_succession_old_unit_id"),
        sa.PrimaryKeyConstraint("old_unit_id", "new_unit_id", "effective_on", name="pk_unit_succession"),
    )
    op.create_index("ix_unit_succession_new_unit_id", "unit_succession", ["new_unit_id"])
    op.create_table(
        "counter_field",
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_counter_field_counter_id"),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name="fk_counter_field_field_id"),
        sa.PrimaryKeyConstraint("counter_id", "field_id", name="pk_counter_field"),
    )
    op.create_index("ix_counter_field_field_id", "counter_field", ["field_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_counter_field_field_id", "counter_field")
    op.drop_table("counter_field")
    op.drop_index("ix_unit_succession_new_unit_id", "unit_succession")
    op.drop_table("unit_succession")
    op.drop_index("ix_unit_parent_parent_id", "unit_parent")
    op.drop_table("unit_parent")
    op.drop_index("ix_unit_name_folded", "unit_name")
    op.drop_table("unit_name")
    op.drop_index("ix_procedure_field_id", "procedure")
    op.drop_table("procedure")
    op.drop_table("counter")
    op.drop_table("unit")
    op.drop_table("import_draft")
    op.drop_table("field")
