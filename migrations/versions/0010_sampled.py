"""Sampled surveys: imported answers with their design, imports, saved mappings, drafts.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sampled_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_set_version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_set_version_id"], ["question_set_version.id"], name="fk_sampled_mapping_question_set_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sampled_mapping"),
        sa.UniqueConstraint("question_set_version_id", "name", name="uq_sampled_mapping_question_set_version_id_name"),
    )
    op.create_table(
        "sampled_cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=100), nullable=False),
        sa.Column("psu", sa.String(length=100), nullable=False),
        sa.Column("first_population", sa.Integer(), nullable=True),
        sa.Column("second_population", sa.Integer(), nullable=True),
        sa.CheckConstraint("first_population > 0", name=op.f("ck_sampled_cluster_first_population")),
        sa.CheckConstraint("second_population > 0", name=op.f("ck_sampled_cluster_second_population")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name="fk_sampled_cluster_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sampled_cluster"),
        sa.UniqueConstraint("round_id", "stratum", "psu", name="uq_sampled_cluster_round_id_stratum_psu"),
    )
    op.create_table(
        "sampled_draft",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "source",
            sa.Enum("csv", "xlsx", "sav", name="source", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name="fk_sampled_draft_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sampled_draft"),
    )
    op.create_table(
        "sampled_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("replace", "add", name="mode", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum("csv", "xlsx", "sav", name="source", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("is_replaced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_sampled_import_officer_id"),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name="fk_sampled_import_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sampled_import"),
    )
    op.create_index("ix_sampled_import_round_id", "sampled_import", ["round_id"])
    op.create_table(
        "sampled_survey",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("weight_digits", sa.SmallInteger(), nullable=False),
        sa.Column("has_strata", sa.Boolean(), nullable=False),
        sa.Column("has_clusters", sa.Boolean(), nullable=False),
        sa.Column("population_stages", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("population_stages BETWEEN 0 AND 2", name=op.f("ck_sampled_survey_population_stages")),
        sa.CheckConstraint("weight_digits BETWEEN 0 AND 18", name=op.f("ck_sampled_survey_weight_digits")),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name="fk_sampled_survey_round_id"),
        sa.PrimaryKeyConstraint("round_id", name="pk_sampled_survey"),
    )
    op.create_table(
        "sampled_answer",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("weight > 0", name=op.f("ck_sampled_answer_weight")),
        sa.ForeignKeyConstraint(["cluster_id"], ["sampled_cluster.id"], name="fk_sampled_answer_cluster_id"),
        sa.ForeignKeyConstraint(["import_id"], ["sampled_import.id"], name="fk_sampled_answer_import_id"),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name="fk_sampled_answer_round_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_sampled_answer_unit_id"),
        sa.PrimaryKeyConstraint("round_id", "key", name="pk_sampled_answer"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("sampled_answer")
    op.drop_table("sampled_survey")
    op.drop_index("ix_sampled_import_round_id", "sampled_import")
    op.drop_table("sampled_import")
    op.drop_table("sampled_draft")
    op.drop_table("sampled_cluster")
    op.drop_table("sampled_mapping")
