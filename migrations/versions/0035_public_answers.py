"""Public answers with all their versions; files and texts with personal data blacked out; letters.

Revision: 0035, after 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEPT = ("public_answer", "public_answer_version", "case_redaction", "case_letter")
CODE = sa.String(length=40)
OUTCOMES = "solved partly_solved not_accepted not_competent withdrawn partly_withdrawn discontinued"


def upgrade() -> None:
    """Apply. Nothing of this is ever removed; on PostgreSQL the function that refuses is the one of 0014."""
    _make_public_answers()
    _make_redactions()
    _make_letters()
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


def _make_public_answers() -> None:
    op.create_table(
        "public_answer",
        sa.Column("id", CODE, nullable=False),
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False, comment="who answered"),
        sa.Column("kind", _one_of("kind", "suggestion petition complaint denunciation"), nullable=False),
        sa.Column("outcome", _one_of("outcome", OUTCOMES), nullable=False),
        sa.Column("answered_month", sa.Date(), nullable=False, comment="first day of the month"),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=True, comment="all of it without tone marks, for searching"),
        sa.Column("version", sa.Integer(), nullable=False, comment="number of the newest version"),
        sa.CheckConstraint(
            "is_shown = (title IS NOT NULL AND question IS NOT NULL AND answer IS NOT NULL AND folded IS NOT NULL)",
            name=op.f("ck_public_answer_words_only_while_shown"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_public_answer_case_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_public_answer_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_public_answer"),
        sa.UniqueConstraint("case_id", name="uq_public_answer_case_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_public_answer_unit_id", "public_answer", ["unit_id"])
    op.create_index("ix_public_answer_answered_month", "public_answer", ["answered_month"])
    op.create_table(
        "public_answer_version",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", _one_of("act", "published corrected withdrawn"), nullable=False),
        sa.Column("basis", _one_of("basis", "anonymised agreed"), nullable=True),
        *(
            sa.Column(name, sa.LargeBinary(), nullable=True)
            for name in ("agreement", "title", "question", "answer", "reason")
        ),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(act = 'withdrawn') = (answer IS NULL)", name=op.f("ck_public_answer_version_withdrawn_says_nothing")
        ),
        sa.CheckConstraint(
            "act = 'published' OR reason IS NOT NULL", name=op.f("ck_public_answer_version_changed_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_public_answer_version_case_id"),
        sa.ForeignKeyConstraint(["made_by"], ["officer.id"], name="fk_public_answer_version_made_by"),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_public_answer_version"),
        sqlite_with_rowid=False,
    )


def _make_redactions() -> None:
    op.create_table(
        "case_redaction",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_id", CODE, nullable=True),
        sa.Column("source_id", CODE, nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(file_id IS NULL) = (source_id IS NULL)", name=op.f("ck_case_redaction_a_file_from_a_file")
        ),
        sa.CheckConstraint("(file_id IS NULL) <> (text IS NULL)", name=op.f("ck_case_redaction_either_file_or_text")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_redaction_case_id"),
        sa.ForeignKeyConstraint(["file_id"], ["checked_file.id"], name="fk_case_redaction_file_id"),
        sa.ForeignKeyConstraint(["source_id"], ["checked_file.id"], name="fk_case_redaction_source_id"),
        sa.ForeignKeyConstraint(["made_by"], ["officer.id"], name="fk_case_redaction_made_by"),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_redaction"),
        sa.UniqueConstraint("file_id", name="uq_case_redaction_file_id"),
        sqlite_with_rowid=False,
    )


def _make_letters() -> None:
    op.create_table(
        "case_letter",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("form", _one_of("form", "acceptance refusal transfer reply extension concerned"), nullable=False),
        sa.Column("is_identified", sa.Boolean(), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False, comment="JSON"),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_letter_case_id"),
        sa.ForeignKeyConstraint(["made_by"], ["officer.id"], name="fk_case_letter_made_by"),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_letter"),
        sqlite_with_rowid=False,
    )


def _one_of(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=24)
