"""How the due dates of open cases would move under another calendar: counts of days, nothing of the cases."""

from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendar.moving import Moved, Moves
from app.calendar.queries import latest_version
from app.feedback.cases import deadlines
from app.feedback.cases.models import Case
from app.feedback.cases.workflow import UNFINISHED

MOST_RECKONED = 500


def moved_dates(session: Session) -> Moves:
    """The dates that move under the newest calendar, those nearest to their day first. The caller rolls back."""
    open_ones = (Case.state.in_(sorted(UNFINISHED)), Case.due_on.is_not(None))
    newest = latest_version(session)
    found: Counter[tuple[date, date | None]] = Counter()
    for case in session.scalars(select(Case).where(*open_ones).order_by(Case.due_on, Case.id).limit(MOST_RECKONED)):
        assert case.due_on is not None
        case.calendar_version = newest
        reckoned = deadlines.reckoning(session, case)
        after = None if reckoned is None else reckoned.due_on
        if after != case.due_on:
            found[case.due_on, after] += 1
    total = session.scalar(select(func.count()).select_from(Case).where(*open_ones)) or 0
    moved = [Moved(before, after, count) for (before, after), count in sorted(found.items(), key=lambda one: one[0][0])]
    return Moves(moved, max(0, total - MOST_RECKONED))
