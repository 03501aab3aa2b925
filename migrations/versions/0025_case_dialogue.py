"""What goes with a case: pauses, questions and answers, decisions, files, readers, and apart from it who sent it.

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEPT = (
    *("case_pause", "case_extension", "case_question", "case_reply", "case_rating", "case_request"),
    *("case_exclusion", "case_reading", "case_file", "reporter"),
)
CODE = sa.String(length=40)
OUTCOMES = "solved partly_solved not_accepted not_competent withdrawn partly_withdrawn discontinued"


def upgrade() -> None:
    """Apply. Nothing of this is ever removed; on PostgreSQL the function that refuses is the one of 0014."""
    _make_clock()
    _make_dialogue()
    _make_people()
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
    """Take back; refused while there are rows."""
    for name in KEPT:
        rows = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
        if op.get_bind().execute(rows).first() is not None:
            raise RuntimeError(f"{name} holds rows that an older release cannot hold. Restore a backup.")
    for name in reversed(KEPT):
        op.drop_table(name)


def _make_clock() -> None:
    op.create_table(
        "case_pause",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False, comment="what caused it"),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_case_pause_in_order")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_pause_case_id"),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_pause"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_extension",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("limit_value", sa.Integer(), nullable=False),
        sa.Column("limit_unit", CODE, nullable=False),
        sa.Column("signed_by", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_extension_case_id"),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_extension"),
        sqlite_with_rowid=False,
    )


def _make_dialogue() -> None:
    op.create_table(
        "case_question",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_until", sa.Date(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("ended_as", _one_of("ended_as", "answered expired withdrawn"), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(ended_as IS NULL) = (ended_on IS NULL)", name=op.f("ck_case_question_ends_on_a_day")),
        sa.ForeignKeyConstraint(["asked_by"], ["officer.id"], name="fk_case_question_asked_by"),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_question_case_id"),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_question"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_reply",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", _one_of("outcome", OUTCOMES), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_reply_case_id"),
        sa.ForeignKeyConstraint(["written_by"], ["officer.id"], name="fk_case_reply_written_by"),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_reply"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_rating",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("reply_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_case_rating_one_to_five")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_rating_case_id"),
        sa.PrimaryKeyConstraint("case_id", "reply_number", name="pk_case_rating"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_request",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", _one_of("kind", "reopening second_stage"), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False, comment="who decides"),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("decision", _one_of("decision", "accepted refused"), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_case_request_decided_at_a_time")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_request_case_id"),
        sa.ForeignKeyConstraint(["decided_by"], ["officer.id"], name="fk_case_request_decided_by"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_case_request_unit_id"),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_request"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_request_unit_id", "case_request", ["unit_id"])


def _make_people() -> None:
    op.create_table(
        "case_exclusion",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("rule", CODE, nullable=False, comment="why, as a code"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_exclusion_case_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_case_exclusion_officer_id"),
        sa.PrimaryKeyConstraint("case_id", "officer_id", name="pk_case_exclusion"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_exclusion_officer_id", "case_exclusion", ["officer_id"])
    op.create_table(
        "case_reading",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_reading_case_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_case_reading_officer_id"),
        sa.PrimaryKeyConstraint("case_id", "officer_id", name="pk_case_reading"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_file",
        sa.Column("file_id", CODE, nullable=False),
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="as the sender counts them"),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["officer.id"], name="fk_case_file_added_by"),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_file_case_id"),
        sa.ForeignKeyConstraint(["file_id"], ["checked_file.id"], name="fk_case_file_file_id"),
        sa.PrimaryKeyConstraint("file_id", name="pk_case_file"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_file_case_id", "case_file", ["case_id"])
    op.create_table(
        "reporter",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("notice_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the notice agreed to"),
        sa.Column("erase_on", sa.Date(), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.Column("batch", CODE, nullable=True),
        sa.CheckConstraint("(erased_on IS NULL) = (batch IS NULL)", name=op.f("ck_reporter_erased_in_a_batch")),
        sa.CheckConstraint(
            "(erased_on IS NULL) OR (name IS NULL AND phone IS NULL AND phone_index IS NULL"
            " AND email IS NULL AND address IS NULL)",
            name=op.f("ck_reporter_erased_is_empty"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_reporter_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_reporter"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reporter_erase_on", "reporter", ["erase_on"])
    op.create_index("ix_reporter_phone_index", "reporter", ["phone_index"])


def _one_of(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=24)
