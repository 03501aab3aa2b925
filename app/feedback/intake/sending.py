"""From a finished draft to what was opened, once. Callers hold the lock of the session and own the transaction."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.feedback.cases.kinds import Channel
from app.feedback.cases.promises import Part
from app.feedback.cases.reporters import Contact
from app.feedback.denunciations.access import level_above
from app.feedback.intake import places, sessions
from app.feedback.intake.draft import Draft
from app.feedback.intake.services import Opened, Report, open_case, open_denunciation
from app.feedback.intake.sessions import Kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was opened, the unit that received it, and what a complaint lacks of its form."""

    opened: Opened
    receiving_unit_name: str
    missing: tuple[Part, ...] = ()


def send(session: Session, kept: Kept, draft: Draft, *, language: str, notice: str) -> Outcome:
    """Open what a draft describes; its pending files become its own."""
    file_ids = tuple(sessions.pending(session, kept.token_hash))
    missing = draft.missing(has_files=bool(file_ids))
    report = report_of(draft, file_ids, language=language, notice=notice, meets_form=not missing)
    opened = open_denunciation(session, report) if draft.is_information else open_case(session, report)
    receiving = receiving_unit(session, report.concerned_unit_id, is_information=draft.is_information)
    return Outcome(opened, receiving, missing)


def report_of(draft: Draft, file_ids: tuple[str, ...], *, language: str, notice: str, meets_form: bool) -> Report:
    """A draft as the service takes it. On the way without identity nothing about the sender can be in it."""
    assert draft.chosen is not None
    assert draft.unit_id is not None
    contact = None
    if draft.is_anonymous is False and not draft.is_information:
        contact = Contact(draft.name, draft.phone, draft.email, draft.address, notice, draft.wants_notices)
    return Report(
        kind=draft.chosen,
        kind_asked=draft.chosen,
        text=draft.text,
        concerned_unit_id=draft.unit_id,
        counter_id=draft.counter_id,
        procedure_id=draft.procedure_id,
        channel=Channel.COUNTER_CODE if draft.code else Channel.WEBSITE,
        language=language,
        happened_on=draft.day,
        is_remote=draft.is_remote,
        meets_form=meets_form,
        contact=contact,
        file_ids=file_ids,
        registered_by=None,
    )


def receiving_unit(session: Session, concerned_unit_id: int, *, is_information: bool) -> str:
    """The name that stands on the receipt: for information about a breach of law that of the level above."""
    today = clock.local_date()
    unit_id = level_above(session, concerned_unit_id, today) if is_information else concerned_unit_id
    place = places.place_of(session, unit_id, today)
    return place.name if place else ""
