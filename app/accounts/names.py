"""Names of officers for pages below the accounts (``app/web/authors.py``)."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer


def full_names(session: Session, officer_ids: Iterable[int]) -> Mapping[int, str]:
    """The name of each of these officers, whether they still work here or not."""
    rows = session.execute(select(Officer.id, Officer.full_name).where(Officer.id.in_(sorted(officer_ids))))
    return {row.id: row.full_name for row in rows}
