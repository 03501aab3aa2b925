"""The page for photos and documents: each file stands or falls alone, and none of them takes the text with it."""

from dataclasses import replace

from flask import Blueprint
from sqlalchemy.orm import Session

from app.db.session import reading as reading_session
from app.db.session import transaction
from app.feedback.intake import bodies, first_pages, pages, sessions, uploads, visits
from app.feedback.intake.bodies import Received
from app.feedback.intake.draft import Draft
from app.feedback.intake.pages import Shown
from app.feedback.intake.reading import Posted, is_trapped
from app.feedback.intake.sessions import Kept, Purpose
from app.feedback.intake.standing import Answer, Standing, at
from app.feedback.intake.steps import Step, after
from app.files.gate.services import Taken
from app.i18n.catalogues import in_language
from app.keys.start import store_of
from app.rules.kinds import Kind
from app.web.access import public
from app.web.pages import site

blueprint = Blueprint("feedback_files", __name__)


@blueprint.get("/feedback/files")
@public
def show() -> Answer:
    """The files so far, and a place for more."""
    with reading_session() as session:
        found = at(session, visits.token(), Step.FILES)
        if not isinstance(found, Standing):
            return found
        return pages.draw(Step.FILES, Shown(session, found.kept, found.draft, visits.token()))


@blueprint.post("/feedback/files")
@public
def take_files() -> Answer:
    """Take files, remove one, or go on. Files are looked at before the transaction, which stays short."""
    token = visits.token()
    if not _is_alive(token):
        bodies.drain()
        return first_pages.expired_page({}), 410
    is_within = visits.is_within_limits(token)
    received = bodies.received(is_wanted=is_within)
    left = list(received.taken)
    try:
        return _keep(token, received, left, is_within=is_within)
    finally:
        bodies.release(left)


def _keep(token: str, received: Received, left: list[Taken], *, is_within: bool) -> Answer:
    with transaction() as session:
        kept = sessions.load(session, token, Purpose.INTAKE, Purpose.SENT, lock=True)
        if kept is None:
            return first_pages.expired_page(received.posted), 410
        if kept.purpose is Purpose.SENT:
            return visits.to("feedback_sent.show")
        draft = Draft.of(kept.state)
        if not is_within:
            return _page(session, kept, draft, token, visits.BUSY), 429
        if not received.is_cut and _is_foreign(token, received.posted):
            return _page(session, kept, draft, token, visits.STALE), 400
        draft = _changed(session, kept, draft, received, left)
        sessions.save(session, kept, draft.state, is_shared=draft.is_shared)
    edit = visits.is_edit()
    if "go" in received.posted and not draft.refused_files:
        response = visits.to_step(after(draft, Step.FILES, back_to_check=edit))
    else:
        response = visits.to("feedback_files.show", edit=1 if edit else None)
    return visits.give(response, token, draft)


def _changed(session: Session, kept: Kept, draft: Draft, received: Received, left: list[Taken]) -> Draft:
    """The draft after a post: files bound to the session or refused one by one, removed ones gone.

    What is bound leaves ``left``; the rest is for the caller to erase.
    """
    posted, store = received.posted, store_of(site().config)
    for file_id in posted.get("drop", ()):
        uploads.drop(session, store, kept.token_hash, file_id)
    refused = list(received.refused)
    page = "".join(posted.get("form_id", ()))
    is_repeat = bool(page) and page == draft.last_page  # a double tap: its files were taken a moment ago
    while left and not is_repeat:
        enough = uploads.add(session, store, kept.token_hash, left[0])
        if enough is not None:
            refused += [(one.declared_name, enough) for one in left]
            break
        left.pop(0)
    return replace(
        draft,
        last_page=page,
        refused_files=tuple((name, in_language(why)) for name, why in refused),
        has_files=draft.has_files or ("go" in posted and not refused),
        has_signed_letter=draft.chosen is Kind.COMPLAINT and posted.get("has_letter") == ["1"],
    )


def _page(session: Session, kept: Kept, draft: Draft, token: str, error: str) -> str:
    return pages.draw(Step.FILES, Shown(session, kept, draft, token, error=error))


def _is_alive(token: str) -> bool:
    with reading_session() as session:
        return sessions.load(session, token, Purpose.INTAKE, Purpose.SENT) is not None


def _is_foreign(token: str, posted: Posted) -> bool:
    return not visits.is_own_page(token, "".join(posted.get("form_id", ()))) or is_trapped(posted)
