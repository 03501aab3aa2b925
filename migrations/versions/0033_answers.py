"""Answers: points, drafts, approvals, points of a reply, notes, reply templates; a case may wait for approval.

Revision: 0033, after 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

CODE = sa.String(length=40)
KEPT = ("case_point", "case_approval", "case_reply_point", "case_note")
STATES = "received in_progress waiting_for_sender waiting_for_others suspended closed"
WITH_APPROVAL = STATES.replace("suspended", "suspended awaiting_approval")
OUTCOMES = "solved partly_solved not_accepted not_competent withdrawn partly_withdrawn discontinued"


def upgrade() -> None:
    """Apply. What was said is never removed; drafts go when their case is closed."""
    _change_states(STATES, WITH_APPROVAL)
    _make_answers()
    _make_notes()
    _make_templates()
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
    """Take back; refused while there is something that an older release cannot hold."""
    for name in KEPT:
        rows = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
        if op.get_bind().execute(rows).first() is not None:
            raise RuntimeError(f"{name} holds rows that an older release cannot hold. Restore a backup.")
    for name in ("reply_template_version", "reply_template", "case_draft", *reversed(KEPT)):
        op.drop_table(name)
    _change_states(WITH_APPROVAL, STATES)


def _change_states(before: str, after: str) -> None:
    """Let the database take another list of states."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("state", "feedback_case", type_="check")
        op.create_check_constraint("state", "feedback_case", f"state IN ({_listed(after)})")
        return
    # SQLite changes a check only by writing the table anew, and every table of a case refers to this one. Its manual
    # names this way for it (ALTER TABLE, "other kinds of table schema changes"): the words of the table alone change.
    connection = op.get_bind()
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'feedback_case'",
        (f"CHECK (state IN ({_listed(before)}))", f"CHECK (state IN ({_listed(after)}))"),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _make_answers() -> None:
    op.create_table(
        "case_point",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("split", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_point_case_id")),
        sa.PrimaryKeyConstraint("case_id", "split", "number", name=op.f("pk_case_point")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_draft",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("outcome", _one_of("outcome", OUTCOMES), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_draft_case_id")),
        sa.ForeignKeyConstraint(["written_by"], ["officer.id"], name=op.f("fk_case_draft_written_by")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_draft")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_approval",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("draft_number", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_as", _one_of("ended_as", "approved returned taken_back"), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(ended_as IS NULL) = (ended_at IS NULL)", name=op.f("ck_case_approval_ended_at_a_time")),
        sa.CheckConstraint("(ended_as IS NULL) = (ended_by IS NULL)", name=op.f("ck_case_approval_ended_by_somebody")),
        sa.CheckConstraint(
            "ended_as IS NULL OR ended_as <> 'approved' OR ended_by <> asked_by",
            name=op.f("ck_case_approval_by_another"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["officer.id"], name=op.f("fk_case_approval_asked_by")),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_approval_case_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["officer.id"], name=op.f("fk_case_approval_ended_by")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_approval")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_reply_point",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("reply_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("point", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("is_reason", sa.Boolean(), nullable=False, comment="why the point is not answered"),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_reply_point_case_id")),
        sa.PrimaryKeyConstraint("case_id", "reply_number", "number", name=op.f("pk_case_reply_point")),
        sqlite_with_rowid=False,
    )


def _make_notes() -> None:
    op.create_table(
        "case_note",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=300), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_note_case_id")),
        sa.ForeignKeyConstraint(["written_by"], ["officer.id"], name=op.f("fk_case_note_written_by")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_note")),
        sqlite_with_rowid=False,
    )


def _make_templates() -> None:
    op.create_table(
        "reply_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reply_template_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template")),
    )
    op.create_index("ix_reply_template_unit_id", "reply_template", ["unit_id"])
    op.create_table(
        "reply_template_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"], ["reply_template.id"], name=op.f("fk_reply_template_version_template_id")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["officer.id"], name=op.f("fk_reply_template_version_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template_version")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_reply_template_version_template_id_number")),
    )


def _one_of(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=24)


def _listed(values: str) -> str:
    return ", ".join(f"'{one}'" for one in values.split())
