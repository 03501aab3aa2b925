"""Where a visit of the door stands: every page of it asks this first."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.feedback.intake import first_pages, sessions, visits
from app.feedback.intake.draft import Draft
from app.feedback.intake.reading import Posted
from app.feedback.intake.sessions import Kept, Purpose
from app.feedback.intake.steps import Step, open_step

Answer = Response | tuple[str, int] | str
NOTHING: Mapping[str, list[str]] = {}


@dataclass(frozen=True, slots=True)
class Standing:
    """A visit that may be at the page it asks for."""

    kept: Kept
    draft: Draft


def at(
    session: Session, token: str, wanted: Step, posted: Posted = NOTHING, *, lock: bool = False
) -> Standing | Answer:
    """The visit at a page; or what to answer instead: it ended, was sent already, or has a page before this to pass."""
    kept = sessions.load(session, token, Purpose.INTAKE, Purpose.SENT, lock=lock)
    if kept is None:
        return first_pages.expired_page(posted), 410
    if kept.purpose is Purpose.SENT:
        return visits.to("feedback_sent.show")
    draft = Draft.of(kept.state)
    if (missing := open_step(draft, wanted)) is not wanted:
        return visits.to_step(missing)
    return Standing(kept, draft)
