"""Who wrote on the answer to a case, kept when its drafts go; as far as it is known for what is there already.

Revision: 0047, after 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TABLE = "case_author"
KEY = ("case_id", "number", "officer_id")


def upgrade() -> None:
    """Apply; rows are only added, on PostgreSQL by the function of 0014."""
    op.create_table(
        TABLE,
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="of the answer"),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_case_author_case_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_case_author_officer_id")),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_case_author")),
        sqlite_with_rowid=False,
    )
    _fill()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM PUBLIC, CURRENT_USER")
        return
    refuse = f"SELECT RAISE(ABORT, 'rows of {TABLE} are never changed');"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} BEGIN {refuse} END")


def downgrade() -> None:
    """Take back; the last author of each answer is kept with the answer."""
    op.drop_table(TABLE)


def _fill() -> None:
    """Whoever signed an answer, and whoever saved a draft that is still there."""
    reply = sa.table("case_reply", *(sa.column(name) for name in ("case_id", "number", "written_by")))
    draft = sa.table("case_draft", *(sa.column(name) for name in ("case_id", "written_by")))
    earlier = sa.select(sa.func.count()).select_from(reply).where(reply.c.case_id == draft.c.case_id)
    coming = sa.select(draft.c.case_id, earlier.scalar_subquery() + 1, draft.c.written_by).distinct()
    author = sa.table(TABLE, *(sa.column(name) for name in KEY))
    for rows in (sa.select(reply.c.case_id, reply.c.number, reply.c.written_by), coming):
        op.execute(author.insert().from_select(KEY, rows))
