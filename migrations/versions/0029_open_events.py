"""The history of a case takes new kinds of lines: the closed list of them is kept by the program alone.

Every further act on cases brings one; the table holds years of lines that may only be added to, and each change of
the list would write it anew.

Revision: 0029, after 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

EVENTS = (
    "received file_added requalified taken_up asked answered_by_sender question_expired question_withdrawn paused "
    "resumed extended due_missed due_reckoned closed rated reopening_asked reopened reopening_refused "
    "review_asked review_taken_up review_refused moved excluded contact_erased made_private made_open"
)
COLUMNS = "case_id, sequence, event, happened_on, at, officer_id, role, is_shown, detail"


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("event", "case_event", type_="check")
        return
    _write_anew(sa.String(length=24))


def downgrade() -> None:
    """Take back; refused while there are lines that an older release does not know."""
    event = sa.column("event", sa.String)
    rows = (
        sa.select(sa.literal(1)).select_from(sa.table("case_event", event)).where(event.not_in(EVENTS.split())).limit(1)
    )
    if op.get_bind().execute(rows).first() is not None:
        raise RuntimeError("case_event holds lines that an older release cannot hold. Restore a backup.")
    if op.get_bind().dialect.name == "postgresql":
        values = ", ".join(f"'{one}'" for one in EVENTS.split())
        op.create_check_constraint("event", "case_event", f"event IN ({values})")
        return
    _write_anew(sa.Enum(*EVENTS.split(), name="event", native_enum=False, create_constraint=True, length=24))


def _write_anew(event: sa.types.TypeEngine[str]) -> None:
    """SQLite cannot change a table: a new one takes its place, with the same locks (those of 0024)."""
    op.create_table(
        "case_event_new",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", event, nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=60), nullable=True),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(at IS NULL) OR (officer_id IS NOT NULL)", name=op.f("ck_case_event_time_of_officers_only")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_event_case_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_case_event_officer_id")),
        sa.PrimaryKeyConstraint("case_id", "sequence", name=op.f("pk_case_event")),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO case_event_new ({COLUMNS}) SELECT {COLUMNS} FROM case_event")  # noqa: S608 - own names
    op.drop_table("case_event")
    op.rename_table("case_event_new", "case_event")
    same = "EXISTS (SELECT 1 FROM case_event WHERE case_id = NEW.case_id AND sequence = NEW.sequence)"
    refuse = "SELECT RAISE(ABORT, 'this is never changed or removed in case_event');"
    for name, when in (
        ("update", "BEFORE UPDATE ON case_event"),
        ("delete", "BEFORE DELETE ON case_event"),
        ("replace", f"BEFORE INSERT ON case_event WHEN {same}"),
    ):
        op.execute(f"CREATE TRIGGER case_event_no_{name} {when} BEGIN {refuse} END")
