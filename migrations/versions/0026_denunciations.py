"""Information about breaches of law in tables of its own, and what citizens have typed or opened for a short while.

Revision: 0026, after 0025
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INSERT_ONLY = ("denunciation_event",)
KEPT = ("denunciation", "denunciation_words", "denunciation_file", "denunciation_reading")
FIXED = ("public_number", "received_on", "concerned_unit_id")
KEYS = {"denunciation_event": ("denunciation_id", "sequence"), "denunciation": ("id",)}
CODE = sa.String(length=40)
STATES = "received under_check passed_on kept"


def upgrade() -> None:
    """Apply."""
    _make_denunciations()
    _make_history()
    _make_sessions()
    for statement in _locks(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take back; refused while there is information, which nothing may remove."""
    rows = sa.select(sa.literal(1)).select_from(sa.table("denunciation")).limit(1)
    if op.get_bind().execute(rows).first() is not None:
        raise RuntimeError("denunciation holds rows that an older release cannot hold. Restore a backup.")
    for name in ("pending_file", "citizen_session", "code_attempt", *INSERT_ONLY, *reversed(KEPT)):
        op.drop_table(name)


def _make_denunciations() -> None:
    op.create_table(
        "denunciation",
        sa.Column("id", CODE, nullable=False),
        sa.Column("public_number", CODE, nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("concerned_unit_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("state", _one_of("state", STATES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["concerned_unit_id"], ["unit.id"], name="fk_denunciation_concerned_unit_id"),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name="fk_denunciation_counter_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_denunciation_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_denunciation"),
        sa.UniqueConstraint("code_index", name="uq_denunciation_code_index"),
        sa.UniqueConstraint("public_number", name="uq_denunciation_public_number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_denunciation_unit_id", "denunciation", ["unit_id"])


def _make_history() -> None:
    op.create_table(
        "denunciation_event",
        sa.Column("denunciation_id", CODE, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", _one_of("state", STATES), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "(at IS NULL) OR (officer_id IS NOT NULL)", name=op.f("ck_denunciation_event_time_of_officers")
        ),
        sa.ForeignKeyConstraint(["denunciation_id"], ["denunciation.id"], name="fk_denunciation_event_denunciation_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_denunciation_event_officer_id"),
        sa.PrimaryKeyConstraint("denunciation_id", "sequence", name="pk_denunciation_event"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "denunciation_words",
        sa.Column("denunciation_id", CODE, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["denunciation_id"], ["denunciation.id"], name="fk_denunciation_words_denunciation_id"),
        sa.PrimaryKeyConstraint("denunciation_id", "sequence", name="pk_denunciation_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "denunciation_file",
        sa.Column("file_id", CODE, nullable=False),
        sa.Column("denunciation_id", CODE, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["denunciation_id"], ["denunciation.id"], name="fk_denunciation_file_denunciation_id"),
        sa.ForeignKeyConstraint(["file_id"], ["checked_file.id"], name="fk_denunciation_file_file_id"),
        sa.PrimaryKeyConstraint("file_id", name="pk_denunciation_file"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_denunciation_file_denunciation_id", "denunciation_file", ["denunciation_id"])
    op.create_table(
        "denunciation_reading",
        sa.Column("denunciation_id", CODE, nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["denunciation_id"], ["denunciation.id"], name="fk_denunciation_reading_denunciation_id"
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_denunciation_reading_officer_id"),
        sa.PrimaryKeyConstraint("denunciation_id", "officer_id", name="pk_denunciation_reading"),
        sqlite_with_rowid=False,
    )


def _make_sessions() -> None:
    op.create_table(
        "citizen_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", CODE, nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False, comment="may hold personal data"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_citizen_session"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_citizen_session_expires_at", "citizen_session", ["expires_at"])
    op.create_table(
        "pending_file",
        sa.Column("file_id", CODE, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["checked_file.id"], name="fk_pending_file_file_id"),
        sa.ForeignKeyConstraint(["token_hash"], ["citizen_session.token_hash"], name="fk_pending_file_token_hash"),
        sa.PrimaryKeyConstraint("file_id", name="pk_pending_file"),
        sa.UniqueConstraint("token_hash", "number", name="uq_pending_file_token_hash_number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "code_attempt",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", name="pk_code_attempt"),
    )


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
            f"CREATE TRIGGER denunciation_fixed BEFORE UPDATE ON denunciation FOR EACH ROW WHEN ({changed}) "
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
    yield _sqlite_trigger("denunciation", "fixed", f"BEFORE UPDATE ON denunciation WHEN {changed}")


def _sqlite_trigger(table: str, name: str, when: str) -> str:
    refuse = f"SELECT RAISE(ABORT, 'this is never changed or removed in {table}');"
    return f"CREATE TRIGGER {table}_no_{name} {when} BEGIN {refuse} END"


def _one_of(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=24)
