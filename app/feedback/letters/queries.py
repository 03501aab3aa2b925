"""Letters of a case, and the papers they become."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.documents.paper import Paper
from app.feedback.cases import access, details
from app.feedback.cases.access import Viewer
from app.feedback.cases.errors import UnknownCase
from app.feedback.cases.models import Case
from app.feedback.letters.forms import (
    CaseFacts,
    ConcernedFacts,
    Form,
    Office,
    Sender,
    authority_of,
    to_concerned,
    to_sender,
)
from app.feedback.letters.models import CaseLetter
from app.i18n.formats import format_date
from app.rules.queries import kind_rule_on
from app.units import queries as units
from app.units.models import Unit
from app.web.permissions import Permission

ERASED = "(đã xóa)"


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter."""

    number: int
    form: Form
    is_identified: bool
    by: str
    at: datetime


def lines(session: Session, case_id: str) -> list[LetterLine]:
    """All of them, newest first."""
    rows = session.execute(
        select(CaseLetter, Officer.full_name)
        .join(Officer, Officer.id == CaseLetter.made_by)
        .where(CaseLetter.case_id == case_id)
        .order_by(CaseLetter.number.desc())
    )
    return [LetterLine(row.number, row.form, row.is_identified, name, row.made_at) for row, name in rows]


def paper(session: Session, viewer: Viewer, case: Case, number: int, on: date, simulated: str) -> Paper:
    """The paper of a letter; one with identity needs the right to see who sent the case. Raises ``UnknownCase``."""
    letter = session.get(CaseLetter, (case.id, number))
    if letter is None:
        raise UnknownCase
    kept: dict[str, dict[str, str]] = json.loads(letter.fields)
    if not kept:  # erased with the words of the case
        raise UnknownCase
    given, office = kept["given"], Office(**kept["office"] | {"simulated": simulated})
    if letter.form is Form.CONCERNED:
        facts = ConcernedFacts(given["recipient"], given["content"], given["wanted"], given["answer_until"])
        return to_concerned(office, facts, given)
    sender = _sender(session, viewer, case, on) if letter.is_identified else None
    return to_sender(letter.form, office, CaseFacts(**kept["facts"]), given, sender)


def facts_of(session: Session, case: Case) -> CaseFacts:
    """What letters say of a case."""
    kind = kind_rule_on(session, case.kind, case.received_on).content.name.in_language("vi")
    due = "" if case.due_on is None else format_date(case.due_on)
    return CaseFacts(case.public_number, kind, format_date(case.received_on), due, case.kind.value)


def may_identify(session: Session, viewer: Viewer, case_id: str, on: date) -> bool:
    """Whether there is somebody to name and this viewer may know who."""
    if not access.may(session, viewer, case_id, on, Permission.CASES_READ_CONTACT):
        return False
    return details.contact(session, viewer, case_id, on) is not None


def _sender(session: Session, viewer: Viewer, case: Case, on: date) -> Sender:
    found = details.contact(session, viewer, case.id, on)
    return Sender(ERASED) if found is None else Sender(found.name, found.address)


def office_of(session: Session, case: Case, on: date) -> Office:
    """Who writes: the unit that handles the case, under the one above it; of a place, its People's Committee."""
    path = units.path_ids(session, case.unit_id, on) or [case.unit_id]
    names = units.names_on(session, path, on)
    kinds = {row.id: row.type for row in session.execute(select(Unit.id, Unit.type).where(Unit.id.in_(path)))}
    found = [authority_of(names[one], kinds.get(one, "")) for one in path if one in names]
    return Office(found[0] if found else "", found[1] if len(found) > 1 else "")
