"""Chain the record, sign it, and let nobody change it.

Rows that are there already are chained in the order in which they were stored, each in the local day of its moment
(or the day of the row before it, if that is later). What stood in them before this migration, nobody vouches for.

Revision: 0014, after 0013
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSERT_ONLY = ("audit_event", "audit_head", "audit_threshold")
VIETNAM = timezone(timedelta(hours=7))  # without summer time since 1975
AT_ONCE = 1000
EVENT = sa.table(
    "audit_event",
    sa.column("id", sa.Integer),
    sa.column("occurred_at", sa.DateTime(timezone=True)),
    sa.column("action", sa.String),
    sa.column("actor_id", sa.Integer),
    sa.column("unit_id", sa.Integer),
    sa.column("subject", sa.String),
    sa.column("detail", sa.JSON),
    sa.column("day", sa.Date),
    sa.column("sequence", sa.Integer),
    sa.column("folded", sa.Text),
    sa.column("previous_hash", sa.LargeBinary),
    sa.column("hash", sa.LargeBinary),
)
CHAIN = sa.table(
    "audit_chain",
    sa.column("id", sa.Integer),
    sa.column("day", sa.Date),
    sa.column("sequence", sa.Integer),
    sa.column("hash", sa.LargeBinary),
)


def upgrade() -> None:
    """Apply."""
    for column in (
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=120), nullable=True),
        sa.Column("old_value", sa.JSON(), nullable=True),
        sa.Column("new_value", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("folded", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=True),
    ):
        op.add_column("audit_event", column)
    _make_tables()
    _chain_old_rows(op.get_bind())
    with op.batch_alter_table("audit_event") as batch:
        for name, kind in (
            ("day", sa.Date()),
            ("sequence", sa.Integer()),
            ("folded", sa.Text()),
            ("previous_hash", sa.LargeBinary(length=32)),
            ("hash", sa.LargeBinary(length=32)),
        ):
            batch.alter_column(name, existing_type=kind, nullable=False)
    op.create_index("ix_audit_event_place", "audit_event", ["day", "sequence"], unique=True)
    op.create_index("ix_audit_event_actor", "audit_event", ["actor_id", "occurred_at"])
    op.create_index("ix_audit_event_action", "audit_event", ["action", "occurred_at"])
    for statement in _locks(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take back. What only the new columns say is lost."""
    for statement in _unlocks(op.get_bind().dialect.name):
        op.execute(statement)
    for name in ("ix_audit_event_action", "ix_audit_event_actor", "ix_audit_event_place"):
        op.drop_index(name, "audit_event")
    with op.batch_alter_table("audit_event") as batch:
        for name in (
            *("hash", "previous_hash", "folded", "reason", "new_value"),
            *("old_value", "role", "sequence", "day"),
        ):
            batch.drop_column(name)
    op.drop_table("audit_threshold")
    op.drop_index("ix_audit_head_day", "audit_head")
    op.drop_table("audit_head")
    op.drop_table("audit_chain")


def _make_tables() -> None:
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_chain_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_audit_chain"),
    )
    op.create_table(
        "audit_head",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_head"),
    )
    op.create_index("ix_audit_head_day", "audit_head", ["day"])
    op.create_table(
        "audit_threshold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_threshold"),
    )


def _locks(dialect: str) -> Iterator[str]:
    """Triggers that refuse change, and on PostgreSQL no right to it, not even for the owner (but for a superuser)."""
    if dialect == "postgresql":
        yield (
            "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME "
            "USING ERRCODE = 'insufficient_privilege'; END $$"
        )
        for name in INSERT_ONLY:
            yield (
                f"CREATE TRIGGER {name}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
            )
            yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM PUBLIC, CURRENT_USER"
        yield (
            "CREATE TRIGGER audit_chain_kept BEFORE DELETE OR TRUNCATE ON audit_chain "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
        yield (
            "CREATE TRIGGER audit_chain_forward BEFORE UPDATE ON audit_chain FOR EACH ROW "
            "WHEN (NOT (NEW.day, NEW.sequence) > (OLD.day, OLD.sequence)) EXECUTE FUNCTION audit_refuse()"
        )
        yield "REVOKE DELETE, TRUNCATE ON audit_chain FROM PUBLIC, CURRENT_USER"
        return
    for name in INSERT_ONLY:
        for act in ("UPDATE", "DELETE"):
            yield _sqlite_trigger(name, f"{act.lower()}", f"BEFORE {act} ON {name}")
        key = "number" if name == "audit_head" else "id"
        # INSERT OR REPLACE removes a row without asking the trigger above.
        yield _sqlite_trigger(
            name,
            "replace",
            f"BEFORE INSERT ON {name} WHEN EXISTS (SELECT 1 FROM {name} WHERE {key} = NEW.{key})",  # noqa: S608 - own names
        )
    yield _sqlite_trigger(
        "audit_event",
        "fork",
        "BEFORE INSERT ON audit_event WHEN EXISTS (SELECT 1 FROM audit_event "
        "WHERE day = NEW.day AND sequence = NEW.sequence)",
    )
    yield _sqlite_trigger("audit_chain", "delete", "BEFORE DELETE ON audit_chain")
    yield _sqlite_trigger(
        "audit_chain",
        "back",
        "BEFORE UPDATE ON audit_chain WHEN NOT (NEW.day, NEW.sequence) > (OLD.day, OLD.sequence)",
    )


def _sqlite_trigger(table: str, name: str, when: str) -> str:
    refuse = f"SELECT RAISE(ABORT, 'rows of {table} are never changed or removed');"
    return f"CREATE TRIGGER {table}_no_{name} {when} BEGIN {refuse} END"


def _unlocks(dialect: str) -> Iterator[str]:
    if dialect == "postgresql":
        yield "DROP TRIGGER audit_event_insert_only ON audit_event"
        yield "GRANT UPDATE, DELETE, TRUNCATE ON audit_event TO CURRENT_USER"
        for name in ("audit_head", "audit_threshold", "audit_chain"):
            yield f"GRANT UPDATE, DELETE, TRUNCATE ON {name} TO CURRENT_USER"
        yield "DROP FUNCTION audit_refuse() CASCADE"
        return
    for name in ("update", "delete", "replace", "fork"):
        yield f"DROP TRIGGER audit_event_no_{name}"


def _chain_old_rows(connection: sa.Connection) -> None:
    """Format 1 of app/audit/proof/rows.py, as it was when this was written."""
    day, sequence, previous, last_id = date.min, 0, bytes(32), 0
    change = (
        sa.update(EVENT)
        .where(EVENT.c.id == sa.bindparam("row_id"))
        .values({name: sa.bindparam(f"new_{name}") for name in ("day", "sequence", "folded", "previous_hash", "hash")})
    )
    while rows := connection.execute(
        sa.select(EVENT).where(EVENT.c.id > last_id).order_by(EVENT.c.id).limit(AT_ONCE)
    ).all():
        changes: list[dict[str, Any]] = []
        for row in rows:
            moment = _aware(row.occurred_at)
            newer = max(day, moment.astimezone(VIETNAM).date())
            day, sequence = newer, sequence + 1 if newer == day else 1
            digest = hashlib.sha256(_bytes(row, moment, day, sequence, previous)).digest()
            changes.append(
                {
                    "row_id": row.id,
                    "new_day": day,
                    "new_sequence": sequence,
                    "new_folded": _folded(f"{row.subject} {_words(row.detail)}"),
                    "new_previous_hash": previous,
                    "new_hash": digest,
                }
            )
            previous, last_id = digest, row.id
        connection.execute(change, changes)
    if sequence:
        connection.execute(sa.insert(CHAIN).values(id=1, day=day, sequence=sequence, hash=previous))


def _bytes(row: Any, moment: datetime, day: date, sequence: int, previous: bytes) -> bytes:
    said = [row.action, row.actor_id, None, row.unit_id, row.subject, None, None, row.detail, None]
    parts = [1, day.isoformat(), sequence, previous.hex(), moment.isoformat(timespec="microseconds"), *said]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(_words(one) for one in value.values())
    if isinstance(value, list):
        return " ".join(_words(one) for one in value)
    return "" if value is None or isinstance(value, bool) else str(value)


def _folded(text: str) -> str:
    plain = text.translate(str.maketrans("đĐðÐ", "dddd")).casefold()
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return re.sub("[^0-9a-z]+", " ", plain.casefold()).strip()


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
