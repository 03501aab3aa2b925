"""Migrating as the owner of the tables, and what the application's own role may do with them (PostgreSQL).

With ``DATABASE_URL_OWNER`` the schema belongs to another role than the one the application signs in with. After each
upgrade that role gets what the owner has kept for itself: a migration that takes UPDATE and DELETE on a table away
from the owner thereby takes them from the application too, and it cannot give them back to itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.db import migrate
from app.db.session import Database

JOBS_SCHEMA = "langnghe_jobs"
"""The job queue makes its own tables, so the application may make some there and nowhere else."""
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
KEPT_BY_OWNER = text(
    "SELECT c.relname AS name, array_agg(acl.privilege_type::text) AS rights FROM pg_class c "
    "CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) acl "
    "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND acl.grantee = c.relowner "
    "GROUP BY c.relname ORDER BY c.relname"
)


def upgrade(database: Database, owner_url: str | None, revision: str = "head") -> None:
    """Bring the schema to a revision, as the owner where there is one apart from the application's role."""
    with _owner(database, owner_url) as owner:
        migrate.upgrade(owner, revision)
        if owner is not database:
            with owner.writing_connection() as connection:
                give_rights(connection, str(database.url.username))


def downgrade(database: Database, owner_url: str | None, revision: str) -> None:
    """Take the schema back to a revision, as its owner."""
    with _owner(database, owner_url) as owner:
        migrate.downgrade(owner, revision)


def give_rights(connection: Connection, role: str) -> None:
    """Give a role, on every table, the rights that the owner has kept, and nothing else."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    to = quote(role)
    schema = quote(str(connection.scalar(text("SELECT current_schema()"))))
    for row in connection.execute(KEPT_BY_OWNER).all():
        kept = ["SELECT"] if row.name == "alembic_version" else [right for right in RIGHTS if right in row.rights]
        connection.exec_driver_sql(f"REVOKE ALL ON {quote(row.name)} FROM {to}")
        if kept:
            connection.exec_driver_sql(f"GRANT {', '.join(kept)} ON {quote(row.name)} TO {to}")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {to}")
    connection.exec_driver_sql(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {to}")
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {JOBS_SCHEMA}")
    connection.exec_driver_sql(f"GRANT USAGE, CREATE ON SCHEMA {JOBS_SCHEMA} TO {to}")


@contextmanager
def _owner(database: Database, owner_url: str | None) -> Iterator[Database]:
    if not owner_url or database.is_sqlite:
        yield database
        return
    owner = Database(owner_url)
    try:
        yield owner
    finally:
        owner.dispose()
