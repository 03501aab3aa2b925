"""Question-set versions, rounds, staging, responses, written answers.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "question_set_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("draft", "published", name="status", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_question_set_version"),
        sa.UniqueConstraint("code", "version", name="uq_question_set_version_code_version"),
    )
    op.create_table(
        "spent_form",
        sa.Column("form_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", name="pk_spent_form"),
    )
    op.create_index("ix_spent_form_issued_on", "spent_form", ["issued_on"])
    op.create_table(
        "survey_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("question_set_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "sample_kind",
            sa.Enum(
                "open",
                "probability",
                "census",
                name="sample_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "index_formula",
            sa.Enum("TOP2", "MEAN5", name="index_formula", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "aggregation",
            sa.Enum(
                "MEAN_OF_CRITERIA",
                "POOLED",
                "RESPONDENT",
                name="aggregation",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_survey_round_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["question_set_version_id"],
            ["question_set_version.id"],
            name="fk_survey_round_question_set_version_id",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_survey_round_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_round"),
    )
    op.create_index("ix_survey_round_question_set_version_id", "survey_round", ["question_set_version_id"])
    op.create_index("ix_survey_round_unit_id", "survey_round", ["unit_id"])
    op.create_table(
        "response",
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_response_counter_id"),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name="fk_response_round_id"),
        sa.PrimaryKeyConstraint("counter_id", "answered_on", "key", name="pk_response"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "todays_response",
        sa.Column("form_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", name="pk_todays_response"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "written_answer",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_written_answer_counter_id"),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name="fk_written_answer_round_id"),
        sa.PrimaryKeyConstraint("key", name="pk_written_answer"),
    )
    op.create_index("ix_written_answer_counter_id", "written_answer", ["counter_id"])
    op.create_index("ix_written_answer_round_id", "written_answer", ["round_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_written_answer_round_id", "written_answer")
    op.drop_index("ix_written_answer_counter_id", "written_answer")
    op.drop_table("written_answer")
    op.drop_table("todays_response")
    op.drop_table("response")
    op.drop_index("ix_survey_round_unit_id", "survey_round")
    op.drop_index("ix_survey_round_question_set_version_id", "survey_round")
    op.drop_table("survey_round")
    op.drop_index("ix_spent_form_issued_on", "spent_form")
    op.drop_table("spent_form")
    op.drop_table("question_set_version")
