"""What re-checks found about a case, on its page. Samples are drawn above this layer, so the finding is handed in."""

from collections.abc import Callable, Mapping, Sequence

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.feedback.cases.access import Viewer

EXTENSION = "langnghe-rechecked"
Tell = Callable[[Session, Viewer, str], Sequence[Mapping[str, object]]]
"""The findings about a case that a viewer may know, as ``templates/oversight/_findings.html`` takes them."""


def init_rechecked(app: Flask, tell: Tell) -> None:
    """Hand in who knows of findings."""
    app.extensions[EXTENSION] = tell


def findings(session: Session, viewer: Viewer, case_id: str) -> Sequence[Mapping[str, object]]:
    """The findings about a case, oldest first."""
    tell: Tell | None = current_app.extensions.get(EXTENSION)
    return () if tell is None else tell(session, viewer, case_id)
