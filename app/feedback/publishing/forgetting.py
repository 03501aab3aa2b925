"""A public copy goes with the words of its case."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.feedback.publishing import attached
from app.feedback.publishing.models import PublicAnswer


def forget(session: Session, case_id: str) -> None:
    """Show nothing of a case any more; its versions are erased with all encrypted words."""
    attached.take_down(session, case_id)
    nothing = {"title": None, "question": None, "answer": None, "folded": None}
    session.execute(update(PublicAnswer).where(PublicAnswer.case_id == case_id).values(is_shown=False, **nothing))
