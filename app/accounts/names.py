"""Names of officers for pages below the accounts (``app/web/authors.py``)."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer


def full_names(session: Session, officer_ids: Iterable[int]) -> Mapping[int, str]:
    """The name of each of these officers, whether they still work here or not."""
    wanted = sorted(officer_ids)
    if not wanted:
        return {}
    rows = session.execute(select(Officer.id, Officer.full_name).where(Officer.id.in_(wanted)))
    return {row.id: row.full_name for row in rows}
