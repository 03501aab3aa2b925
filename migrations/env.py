"""Alembic environment: works on the connection that app/db/migrate.py hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

import app.accounts.connections.models
import app.accounts.contacts.models
import app.accounts.kept.models
import app.accounts.models
import app.accounts.proof.models
import app.accounts.rights.models
import app.analysis.casework.models
import app.analysis.models
import app.analysis.sampled.models
import app.audit.models
import app.calendar.models
import app.db.models
import app.dossiers.models
import app.exports.cases.models
import app.feedback.answering.models
import app.feedback.cases.misses
import app.feedback.cases.models
import app.feedback.cases.reminders
import app.feedback.conflicts.models
import app.feedback.denunciations.models
import app.feedback.exchange.models
import app.feedback.inbox.models
import app.feedback.letters.models
import app.feedback.merging.models
import app.feedback.notices.models
import app.feedback.publishing.models
import app.feedback.redaction.models
import app.feedback.routing.models
import app.files.gate.models
import app.jobs.models
import app.keys.models
import app.messages.models
import app.qr.models
import app.rules.models
import app.settings.models
import app.survey.authoring.models
import app.survey.models
import app.survey.sampled.models
import app.units.models
from app.db.base import Base
from app.db.types import UtcDateTime

assert app  # the imports above fill Base.metadata


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Keep migrations free of imports from the application: they must still run when it has moved on."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run(connection: Connection) -> None:
    """Run the migrations inside the caller's transaction."""
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
        render_item=render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
