"""The one door: what happened, and step by step what is needed to send it. Nothing is sent before the last page.

No GET changes anything or sets a cookie. What was typed lies sealed in the citizen's session; a page of a session that
has ended gives back what was typed on it.
"""

from dataclasses import replace

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading as reading_session
from app.db.session import transaction
from app.feedback.denunciations.access import has_nobody_above
from app.feedback.intake import first_pages, pages, places, reading, sessions, visits
from app.feedback.intake.draft import Draft
from app.feedback.intake.pages import Shown
from app.feedback.intake.places import Origin
from app.feedback.intake.reading import Posted, Reading
from app.feedback.intake.sessions import Kept, Purpose
from app.feedback.intake.standing import Answer, Standing, at
from app.feedback.intake.steps import Step, after
from app.i18n.messages import message
from app.web.access import public
from app.web.limits import limits
from app.web.posted import posted_fields

blueprint = Blueprint("feedback", __name__)

READ_STEPS = "<any(text, kind, guidance, place, contact, check):step>"
SENT_STEPS = "<any(text, kind, guidance, place, contact):step>"
CHOOSE_UNIT = message("Xin tìm rồi chọn nơi xảy ra.")


@blueprint.get("/feedback")
@public
def start() -> Answer:
    """The first page for somebody whom no code led here."""
    return _first(None)


@blueprint.get("/q/<token>/feedback")
@public
def new(token: str) -> Answer:
    """The same from a code: unit and counter are known. Every code that ever stood on a counter has one."""
    return _first(_origin(token))


@blueprint.post("/feedback")
@public
def begin() -> Answer:
    """Take what happened and go on."""
    return _begin(None)


@blueprint.post("/q/<token>/feedback")
@public
def send(token: str) -> Answer:
    """The same for a code."""
    return _begin(_origin(token))


@blueprint.get(f"/feedback/{READ_STEPS}")
@public
def step(step: str) -> Answer:
    """A page of the door, or the first one before it that was not passed."""
    with reading_session() as session:
        found = at(session, visits.token(), Step(step))
        if not isinstance(found, Standing):
            return found
        return pages.draw(Step(step), Shown(session, found.kept, found.draft, visits.token()))


@blueprint.post(f"/feedback/{SENT_STEPS}")
@public
def take(step: str) -> Answer:
    """Take what was typed on a page and go on, or show it again with what is to be put right."""
    posted, token, wanted = posted_fields(), visits.token(), Step(step)
    is_within = visits.is_within_limits(token)
    with transaction() as session:
        standing = at(session, token, wanted, posted, lock=True)
        if not isinstance(standing, Standing):
            return standing
        kept, draft = standing.kept, standing.draft
        found = _read(session, wanted, draft, posted)
        refused = _refusal(token, posted, is_within=is_within)
        if refused is None and visits.SWITCH in posted:
            return pages.draw(wanted, Shown(session, kept, found.draft, token, posted))
        if refused is not None or not found.is_valid:
            error, status = refused or ("", 422 if found.hints else 400)
            shown = Shown(session, kept, found.draft, token, posted, found.wrong, found.hints, error)
            return pages.draw(wanted, shown), status
        sessions.save(session, kept, found.draft.state, is_shared=draft.is_shared)
    edit = visits.is_edit()
    response = _again(wanted) if found.stays else visits.to_step(after(found.draft, wanted, back_to_check=edit))
    return visits.give(response, token, found.draft)


def _again(wanted: Step) -> Response:
    return visits.to("feedback.step", step=wanted.value, edit=1 if visits.is_edit() else None)


def _origin(token: str) -> Origin:
    with reading_session() as session:
        return places.origin_of(session, token, clock.local_date())


def _first(origin: Origin | None) -> Answer:
    """Empty, or as it was typed in this browser a while ago; never on a tablet that others use."""
    kept = None
    if origin is None or not origin.is_shared:
        with reading_session() as session:
            kept = sessions.load(session, visits.token(), Purpose.INTAKE, Purpose.SENT)
    if kept is not None and kept.purpose is Purpose.SENT:
        return visits.to("feedback_sent.show")
    draft = _own_draft(kept, origin) or Draft()
    return first_pages.start_page(origin, draft, keeps_draft=request.args.get("draft") == "1")


def _own_draft(kept: Kept | None, origin: Origin | None) -> Draft | None:
    """The draft of a session that began at this very page."""
    if kept is None or kept.purpose is not Purpose.INTAKE:
        return None
    draft = Draft.of(kept.state)
    return draft if draft.code == (origin.code if origin else "") and not draft.is_shared else None


def _begin(origin: Origin | None) -> Answer:
    posted, code = posted_fields(), origin.code if origin else ""
    form = visits.read_form("feedback", code, "".join(posted.get("form_id", ())))
    is_within = form is not None and limits().allows_post(form.value.hex(), code)
    with transaction() as session:
        kept = sessions.load(session, visits.token(), Purpose.INTAKE, lock=True)
        own = _own_draft(kept, origin)
        before = own or _fresh(origin)
        found = reading.read_start(before, posted)
        wants_draft = posted.get("keep") == ["1"] and not before.is_shared
        if form is None or reading.is_trapped(posted):
            return first_pages.start_page(origin, found.draft, wrong={"": visits.STALE}), 400
        if not is_within:
            return first_pages.start_page(origin, found.draft, wrong={"": visits.BUSY}), 429
        if visits.SWITCH in posted:
            return first_pages.start_page(origin, found.draft)
        if wants_draft and not found.draft.text.strip():
            return _to_first(origin)
        is_too_long = wants_draft and len(found.draft.text) > reading.MOST_CHARACTERS
        if not found.is_valid and (not wants_draft or is_too_long):
            page = first_pages.start_page(origin, found.draft, wrong=found.wrong, hints=found.hints)
            return page, 422 if found.hints else 400
        if own is not None and kept is not None:
            token = visits.token()
            sessions.save(session, kept, found.draft.state)
        else:
            token = sessions.begin(session, Purpose.INTAKE, found.draft.state, is_shared=before.is_shared)
    response = _to_first(origin) if wants_draft else visits.to_step(after(found.draft, Step.TEXT))
    return visits.give(response, token, found.draft)


def _to_first(origin: Origin | None) -> Response:
    if origin is None:
        return visits.to("feedback.start", draft=1)
    return visits.to("feedback.new", token=origin.code, draft=1)


def _fresh(origin: Origin | None) -> Draft:
    if origin is None:
        return Draft()
    return Draft(code=origin.code, is_shared=origin.is_shared, unit_id=origin.unit_id, counter_id=origin.counter_id)


def _refusal(token: str, posted: Posted, *, is_within: bool) -> tuple[str, int] | None:
    if not visits.is_own_page(token, "".join(posted.get("form_id", ()))) or reading.is_trapped(posted):
        return visits.STALE, 400
    return None if is_within else (visits.BUSY, 429)


def _read(session: Session, wanted: Step, draft: Draft, posted: Posted) -> Reading:
    if wanted is Step.PLACE:
        return _read_place(session, draft, posted)
    read = {
        Step.TEXT: reading.read_start,
        Step.KIND: reading.read_kind,
        Step.GUIDANCE: reading.read_guidance,
        Step.CONTACT: reading.read_contact,
    }[wanted]
    return read(draft, posted)


def _read_place(session: Session, draft: Draft, posted: Posted) -> Reading:
    """Look for a place, choose one, choose another, look for a procedure; or take counter, day and procedure."""
    today = clock.local_date()
    if posted.get("change") == ["1"]:
        changed = replace(draft, unit_id=None, counter_id=None, typed_unit="", has_place=False)
        return Reading(changed, stays=True)
    if draft.unit_id is None:
        chosen = reading.one(posted, "unit")
        unit_id = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else None
        if unit_id is not None and places.is_alive(session, unit_id, today):
            return Reading(replace(draft, unit_id=unit_id, counter_id=None), stays=True)
        sought = reading.one(posted, "sought_unit")[: reading.MOST_LINE]
        changed = replace(draft, typed_unit=sought)
        return Reading(changed, stays=True) if sought else Reading(changed, {"sought_unit": CHOOSE_UNIT})
    procedure = reading.one(posted, "sought_procedure")[: reading.MOST_LINE]
    counters = dict(places.counters(session, draft.unit_id, today, draft.counter_id))
    known = dict(places.procedures(session, procedure, today, draft.procedure_id))
    found = reading.read_place(draft, posted, counters=counters, procedures=known, today=today)
    if posted.get("find") == ["procedure"] or (procedure and procedure != draft.typed_procedure):
        return Reading(replace(found.draft, has_place=False), found.wrong, stays=True)
    if draft.is_information and found.is_valid and has_nobody_above(session, draft.unit_id, today):
        return Reading(replace(found.draft, has_place=False), stays=True)  # kept; the page says why it goes no further
    return found
