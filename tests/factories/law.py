"""The calendar and the rules that every installation begins with."""

from sqlalchemy.orm import Session

from app.db.session import Database
from app.rules import law


def load_law(place: Session | Database) -> None:
    """Load them into a test's transaction or database."""
    if isinstance(place, Session):
        law.load(place)
        place.flush()
        return
    with place.transaction() as session:
        law.load(session)
