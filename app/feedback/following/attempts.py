"""Wrong codes leave a row: how many in which hour, and neither what was typed nor by whom."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import clock
from app.feedback.cases.models import CodeAttempt


def count_refused(session: Session) -> None:
    """Count one more in the present hour. The caller commits, for the refusal is not an error of the transaction."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    session.execute(
        insert(CodeAttempt)
        .values(hour=hour, refused=1)
        .on_conflict_do_update(index_elements=["hour"], set_={"refused": CodeAttempt.refused + 1})
    )
