"""Calendar and rules as histories: rows are only ever added.

On PostgreSQL the owner keeps UPDATE on the number of what other tables point to: checking a foreign key locks the row
it points to, and that lock asks for the right. The triggers refuse the update itself, and the application's role gets
no such right.

Revision: 0023, after 0022
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STATUSES = "'verified', 'verified-2', 'inferred', 'unverified', 'projected', 'own'"
# table, its primary key, whether other tables point to it
TABLES = (
    ("calendar_version", "number", True),
    ("calendar_day", "id", False),
    ("calendar_hours", "id", False),
    ("rule_version", "id", True),
    ("rule_withdrawal", "id", False),
)


def upgrade() -> None:
    """Apply. On PostgreSQL the function that refuses is the one of the record of acts (0014)."""
    _make_calendar()
    _make_rules()
    for statement in _locks(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take back; calendar, rules and their history are lost."""
    op.drop_table("rule_withdrawal")
    op.drop_index("ix_rule_version_matter", "rule_version")
    op.drop_table("rule_version")
    for name in ("calendar_hours", "calendar_day"):
        op.drop_index(f"ix_{name}_version", name)
        op.drop_table(name)
    op.drop_table("calendar_version")


def _make_calendar() -> None:
    op.create_table(
        "calendar_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_calendar_version"),
    )
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("ranges", sa.JSON(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint("kind IN ('off', 'working', 'usual')", name=op.f("ck_calendar_day_entry_kind")),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_calendar_day_status")),
        sa.CheckConstraint("kind = 'working' OR ranges IS NULL", name=op.f("ck_calendar_day_hours_when_working")),
        sa.ForeignKeyConstraint(["version"], ["calendar_version.number"], name="fk_calendar_day_version"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_day"),
        sa.UniqueConstraint("day", "version", name="uq_calendar_day_day_version"),
    )
    op.create_index("ix_calendar_day_version", "calendar_day", ["version"])
    op.create_table(
        "calendar_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_calendar_hours_status")),
        sa.ForeignKeyConstraint(["version"], ["calendar_version.number"], name="fk_calendar_hours_version"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_hours"),
        sa.UniqueConstraint("valid_from", "version", name="uq_calendar_hours_valid_from_version"),
    )
    op.create_index("ix_calendar_hours_version", "calendar_hours", ["version"])


def _make_rules() -> None:
    op.create_table(
        "rule_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_rule_version_status")),
        sa.PrimaryKeyConstraint("id", name="pk_rule_version"),
    )
    op.create_index("ix_rule_version_matter", "rule_version", ["matter", "valid_from"])
    op.create_table(
        "rule_withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["rule_version.id"], name="fk_rule_withdrawal_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_withdrawal"),
        sa.UniqueConstraint("version_id", name="uq_rule_withdrawal_version_id"),
    )


def _locks(dialect: str) -> Iterator[str]:
    for table, key, is_pointed_to in TABLES:
        if dialect == "postgresql":
            yield (
                f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
            )
            yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER"
            if is_pointed_to:
                yield f"GRANT UPDATE ({key}) ON {table} TO CURRENT_USER"
            continue
        for name, when in (
            ("update", f"BEFORE UPDATE ON {table}"),
            ("delete", f"BEFORE DELETE ON {table}"),
            # INSERT OR REPLACE removes a row without asking the trigger above.
            ("replace", f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"),  # noqa: S608
        ):
            refuse = f"SELECT RAISE(ABORT, 'rows of {table} are never changed or removed');"
            yield f"CREATE TRIGGER {table}_no_{name} {when} BEGIN {refuse} END"
