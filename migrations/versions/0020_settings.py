"""Settings that are changed in the browser: rows are only ever added.

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE = "setting_change"


def upgrade() -> None:
    """Apply. On PostgreSQL the function that refuses is the one of the record of acts (0014)."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_setting_change"),
    )
    op.create_index("ix_setting_change_name", TABLE, ["name", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {TABLE}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM PUBLIC, CURRENT_USER")
        return
    for name, when in (
        ("update", f"BEFORE UPDATE ON {TABLE}"),
        ("delete", f"BEFORE DELETE ON {TABLE}"),
        # INSERT OR REPLACE removes a row without asking the trigger above.
        ("replace", f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"),  # noqa: S608
    ):
        refuse = f"SELECT RAISE(ABORT, 'rows of {TABLE} are never changed or removed');"
        op.execute(f"CREATE TRIGGER {TABLE}_no_{name} {when} BEGIN {refuse} END")


def downgrade() -> None:
    """Take back; the history of the settings is lost."""
    op.drop_index("ix_setting_change_name", TABLE)
    op.drop_table(TABLE)
