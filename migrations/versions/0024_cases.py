"""Cases: what citizens send, its fingerprint and its history. Feedback becomes cases.

Feedback texts become cases of kind suggestion, without code, term or fingerprint; their encrypted texts stay as they
are, bound to their numbers. Going back is refused while there are cases that an older release cannot hold.

Revision: 0024, after 0023
"""

import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

AT_ONCE = 500
INSERT_ONLY = ("case_event", "case_fingerprint")
KEPT = ("feedback_case", "case_words")
FIXED = ("public_number", "received_on", "kind_asked", "channel")
KEYS = {"case_event": ("case_id", "sequence"), "case_fingerprint": ("case_id",), "feedback_case": ("id",)}
CODE = sa.String(length=40)
EVENTS = (
    "received file_added requalified taken_up asked answered_by_sender question_expired question_withdrawn paused "
    "resumed extended due_missed due_reckoned closed rated reopening_asked reopened reopening_refused "
    "review_asked review_taken_up review_refused moved excluded contact_erased made_private made_open"
)
FEEDBACK = sa.table(
    "feedback",
    *(sa.column(name, sa.Integer) for name in ("unit_id", "counter_id")),
    sa.column("public_number", sa.String),
    sa.column("form_id", sa.LargeBinary),
    sa.column("received_on", sa.Date),
    sa.column("text", sa.LargeBinary),
)
CASE = sa.table(
    "feedback_case",
    *(sa.column(name, sa.String) for name in ("id", "public_number", "kind", "kind_asked")),
    *(sa.column(name, sa.String) for name in ("channel", "language", "state")),
    *(sa.column(name, sa.Integer) for name in ("unit_id", "concerned_unit_id", "counter_id", "version")),
    *(sa.column(name, sa.Boolean) for name in ("meets_form", "is_anonymous", "is_private", "is_remote")),
    *(sa.column(name, sa.LargeBinary) for name in ("code_index", "text")),
    sa.column("received_on", sa.Date),
)
EVENT = sa.table(
    "case_event",
    *(sa.column(name, sa.String) for name in ("case_id", "event")),
    sa.column("sequence", sa.Integer),
    sa.column("happened_on", sa.Date),
    sa.column("is_shown", sa.Boolean),
    sa.column("detail", sa.JSON),
)


def upgrade() -> None:
    """Apply."""
    _make_case()
    _make_history()
    _cases_of_feedback(op.get_bind())
    op.drop_index("ix_feedback_unit_id", "feedback")
    op.drop_index("ix_feedback_counter_id", "feedback")
    op.drop_table("feedback")
    for statement in _locks(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take back; only what came from feedback can go back to it."""
    newer = CASE.c.code_index.is_not(None) | CASE.c.counter_id.is_(None) | (CASE.c.state != "received")
    rows = sa.select(sa.literal(1)).select_from(CASE).where(newer).limit(1)
    if op.get_bind().execute(rows).first() is not None:
        raise RuntimeError("feedback_case holds cases that an older release cannot hold. Restore a backup.")
    _make_feedback()
    _feedback_of_cases(op.get_bind())
    for name in ("case_words", "case_event", "case_fingerprint", "feedback_case"):
        op.drop_table(name)


def _make_case() -> None:
    op.create_table(
        "feedback_case",
        sa.Column("id", CODE, nullable=False),
        sa.Column("public_number", CODE, nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=True),
        sa.Column("kind", _one_of("kind", "suggestion petition complaint denunciation"), nullable=False),
        sa.Column(
            "kind_asked",
            _one_of("kind_asked", "suggestion petition complaint denunciation"),
            nullable=False,
            comment="as the sender chose",
        ),
        sa.Column("rule_version_id", sa.Integer(), nullable=True),
        sa.Column("counting_version_id", sa.Integer(), nullable=True),
        sa.Column("meets_form", sa.Boolean(), nullable=False, comment="False: khiếu nại noted as information only"),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("concerned_unit_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.Column("channel", _one_of("channel", "counter_code website phone walk_in letter"), nullable=False),
        sa.Column("language", CODE, nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("is_remote", sa.Boolean(), nullable=False, comment="a remote area: longer legal terms"),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="may hold personal data"),
        sa.Column(
            "state",
            _one_of("state", "received in_progress waiting_for_sender waiting_for_others suspended closed"),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            _one_of(
                "outcome", "solved partly_solved not_accepted not_competent withdrawn partly_withdrawn discontinued"
            ),
            nullable=True,
        ),
        sa.Column("due_on", sa.Date(), nullable=True, comment="recomputed; None: no legal term"),
        sa.Column("calendar_version", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("registered_by", sa.Integer(), nullable=True, comment="staff who wrote it down"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_feedback_case_closed_on_a_day")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_feedback_case_closed_with_an_outcome")
        ),
        sa.CheckConstraint("kind <> 'denunciation'", name=op.f("ck_feedback_case_denunciations_have_their_own_table")),
        sa.ForeignKeyConstraint(["assignee_id"], ["officer.id"], name="fk_feedback_case_assignee_id"),
        sa.ForeignKeyConstraint(["concerned_unit_id"], ["unit.id"], name="fk_feedback_case_concerned_unit_id"),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_feedback_case_counter_id"),
        sa.ForeignKeyConstraint(
            ["counting_version_id"], ["rule_version.id"], name="fk_feedback_case_counting_version_id"
        ),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"], name="fk_feedback_case_procedure_id"),
        sa.ForeignKeyConstraint(["registered_by"], ["officer.id"], name="fk_feedback_case_registered_by"),
        sa.ForeignKeyConstraint(["rule_version_id"], ["rule_version.id"], name="fk_feedback_case_rule_version_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_feedback_case_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_case"),
        sa.UniqueConstraint("code_index", name="uq_feedback_case_code_index"),
        sa.UniqueConstraint("public_number", name="uq_feedback_case_public_number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feedback_case_concerned_unit_id", "feedback_case", ["concerned_unit_id"])
    op.create_index("ix_feedback_case_counter_id", "feedback_case", ["counter_id"])
    op.create_index("ix_feedback_case_due_on", "feedback_case", ["due_on"])
    op.create_index("ix_feedback_case_received_on", "feedback_case", ["received_on"])
    op.create_index("ix_feedback_case_unit_id_state_due_on", "feedback_case", ["unit_id", "state", "due_on"])


def _make_history() -> None:
    op.create_table(
        "case_fingerprint",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_fingerprint_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_fingerprint"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_event",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "event",
            _one_of("event", EVENTS),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=60), nullable=True),
        sa.Column("is_shown", sa.Boolean(), nullable=False, comment="whether the sender sees it"),
        sa.Column("detail", sa.JSON(), nullable=False, comment="codes, numbers and dates only"),
        sa.CheckConstraint(
            "(at IS NULL) OR (officer_id IS NOT NULL)", name=op.f("ck_case_event_time_of_officers_only")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_event_case_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_case_event_officer_id"),
        sa.PrimaryKeyConstraint("case_id", "sequence", name="pk_case_event"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_words",
        sa.Column("case_id", CODE, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name="fk_case_words_case_id"),
        sa.PrimaryKeyConstraint("case_id", "sequence", name="pk_case_words"),
        sqlite_with_rowid=False,
    )


def _make_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("public_number", sa.String(length=40), nullable=False),
        sa.Column("form_id", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_feedback_counter_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_feedback_unit_id"),
        sa.PrimaryKeyConstraint("public_number", name="pk_feedback"),
        sa.UniqueConstraint("form_id", name="uq_feedback_form_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feedback_counter_id", "feedback", ["counter_id"])
    op.create_index("ix_feedback_unit_id", "feedback", ["unit_id"])


def _cases_of_feedback(connection: sa.Connection) -> None:
    for rows in _batches(connection, FEEDBACK, FEEDBACK.c.public_number):
        ids = [secrets.token_hex(12) for _ in rows]
        fixed = {
            **dict.fromkeys(("kind", "kind_asked"), "suggestion"),
            **dict.fromkeys(("meets_form", "is_anonymous"), True),
            **dict.fromkeys(("is_private", "is_remote"), False),
            "channel": "counter_code",
            "language": "vi",
            "state": "received",
            "version": 1,
        }
        names = ("public_number", "unit_id", "counter_id", "received_on", "text")
        connection.execute(
            sa.insert(CASE),
            [
                {**fixed, "id": key, "concerned_unit_id": row["unit_id"], **{name: row[name] for name in names}}
                for key, row in zip(ids, rows, strict=True)
            ],
        )
        first = {"sequence": 1, "event": "received", "is_shown": True, "detail": {}}
        connection.execute(
            sa.insert(EVENT),
            [{**first, "case_id": key, "happened_on": row["received_on"]} for key, row in zip(ids, rows, strict=True)],
        )


def _feedback_of_cases(connection: sa.Connection) -> None:
    names = ("public_number", "unit_id", "counter_id", "received_on", "text")
    for rows in _batches(connection, CASE, CASE.c.public_number):
        values = [{"form_id": secrets.token_bytes(16), **{name: row[name] for name in names}} for row in rows]
        connection.execute(sa.insert(FEEDBACK), values)


def _batches(connection: sa.Connection, table: Any, key: Any) -> Iterator[list[Any]]:
    last = ""
    while rows := connection.execute(sa.select(table).where(key > last).order_by(key).limit(AT_ONCE)).mappings().all():
        yield list(rows)
        last = rows[-1]["public_number"]


def _locks(dialect: str) -> Iterator[str]:
    """Triggers that refuse change, and on PostgreSQL no right to it; the function that refuses is the one of 0014."""
    acts = {**dict.fromkeys(INSERT_ONLY, "UPDATE, DELETE, TRUNCATE"), **dict.fromkeys(KEPT, "DELETE, TRUNCATE")}
    if dialect == "postgresql":
        for name, refused in acts.items():
            yield (
                f"CREATE TRIGGER {name}_kept BEFORE {refused.replace(',', ' OR')} ON {name} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
            )
            yield f"REVOKE {refused} ON {name} FROM PUBLIC, CURRENT_USER"
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FIXED)
        yield (
            f"CREATE TRIGGER feedback_case_fixed BEFORE UPDATE ON feedback_case FOR EACH ROW WHEN ({changed}) "
            "EXECUTE FUNCTION audit_refuse()"
        )
        return
    for name in INSERT_ONLY:
        yield _sqlite_trigger(name, "update", f"BEFORE UPDATE ON {name}")
    for name in acts:
        yield _sqlite_trigger(name, "delete", f"BEFORE DELETE ON {name}")
    for name, keys in KEYS.items():  # INSERT OR REPLACE removes a row without asking the trigger above
        same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        there = f"EXISTS (SELECT 1 FROM {name} WHERE {same})"  # noqa: S608 - own names
        yield _sqlite_trigger(name, "replace", f"BEFORE INSERT ON {name} WHEN {there}")
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in FIXED)
    yield _sqlite_trigger("feedback_case", "fixed", f"BEFORE UPDATE ON feedback_case WHEN {changed}")


def _sqlite_trigger(table: str, name: str, when: str) -> str:
    refuse = f"SELECT RAISE(ABORT, 'this is never changed or removed in {table}');"
    return f"CREATE TRIGGER {table}_no_{name} {when} BEGIN {refuse} END"


def _one_of(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=24)
