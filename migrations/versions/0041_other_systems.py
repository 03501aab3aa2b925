"""Cases that another system sent have a channel of their own.

Until now they stood as sent by the website, which nobody had done. How a case came in is never changed otherwise: the
lock is taken off for this correction and put back.

Revision: 0041, after 0040
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BEFORE = "counter_code website phone walk_in letter"
AFTER = f"{BEFORE} api"
FIXED = ("public_number", "received_on", "kind_asked", "channel")


def upgrade() -> None:
    """Apply."""
    _change_channels(BEFORE, AFTER)
    _rename("website", "api", "EXISTS (SELECT 1 FROM exchange_case WHERE exchange_case.case_id = feedback_case.id)")


def downgrade() -> None:
    """Take back: which cases they are still stands in ``exchange_case``."""
    _rename("api", "website", "channel = 'api'")
    _change_channels(AFTER, BEFORE)


def _rename(before: str, after: str, which: str) -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    _unlock(is_postgresql=is_postgresql)
    op.execute(f"UPDATE feedback_case SET channel = '{after}' WHERE channel = '{before}' AND {which}")  # noqa: S608 - own names
    _lock(is_postgresql=is_postgresql)


def _unlock(*, is_postgresql: bool) -> None:
    op.execute(
        "DROP TRIGGER feedback_case_fixed ON feedback_case" if is_postgresql else "DROP TRIGGER feedback_case_no_fixed"
    )


def _lock(*, is_postgresql: bool) -> None:
    """The same lock as in 0024."""
    if is_postgresql:
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FIXED)
        op.execute(
            f"CREATE TRIGGER feedback_case_fixed BEFORE UPDATE ON feedback_case FOR EACH ROW WHEN ({changed}) "
            "EXECUTE FUNCTION audit_refuse()"
        )
        return
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in FIXED)
    refuse = "SELECT RAISE(ABORT, 'this is never changed or removed in feedback_case');"
    op.execute(
        f"CREATE TRIGGER feedback_case_no_fixed BEFORE UPDATE ON feedback_case WHEN {changed} BEGIN {refuse} END"
    )


def _change_channels(before: str, after: str) -> None:
    """Let the database take another list of channels; on SQLite the way of 0033, for its reasons."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("channel", "feedback_case", type_="check")
        op.create_check_constraint("channel", "feedback_case", f"channel IN ({_listed(after)})")
        return
    connection = op.get_bind()
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'feedback_case'",
        (f"CHECK (channel IN ({_listed(before)}))", f"CHECK (channel IN ({_listed(after)}))"),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _listed(values: str) -> str:
    return ", ".join(f"'{value}'" for value in values.split())
