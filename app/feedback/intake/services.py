"""Opening a case, or receiving information about a breach of law. Callers own the transaction.

The secret code leaves this module once, in the result; the database keeps a keyed derivation of it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row
from app.feedback.cases import deadlines, fingerprints, history, reporters
from app.feedback.cases.codes import new_code
from app.feedback.cases.errors import ContactNeeded
from app.feedback.cases.keys import code_index
from app.feedback.cases.kinds import Channel, Event, State
from app.feedback.cases.models import Case, CaseFile, PendingFile
from app.feedback.cases.numbers import new_public_number
from app.feedback.cases.readings import subject
from app.feedback.cases.reporters import Contact
from app.feedback.conflicts import services as conflicts
from app.feedback.denunciations import access
from app.feedback.denunciations import services as denunciations
from app.feedback.denunciations.errors import NOBODY_ABOVE, NobodyAbove
from app.feedback.denunciations.models import Denunciation
from app.feedback.routing import services as routing
from app.i18n.messages import message
from app.rules.content import Identity
from app.rules.kinds import Kind

ID_BYTES = 12
TRIES = 5
NEEDED = message(
    "Loại này cần họ tên và một cách liên hệ. Nếu không muốn cho biết, Ông/Bà có thể gửi như một phản ánh ẩn danh."
)


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody sends.

    Attributes
    ----------
    kind, kind_asked
        What it is treated as, and what the sender chose.
    meets_form
        For a complaint: whether it has what the law asks of one; otherwise it is information without a term.
    contact
        Who sends it; None is anonymous.
    file_ids
        Files that lie ready, in the sender's order.
    registered_by
        The officer who wrote it down for somebody else.
    """

    kind: Kind
    kind_asked: Kind
    text: str
    concerned_unit_id: int
    counter_id: int | None = None
    procedure_id: int | None = None
    channel: Channel = Channel.WEBSITE
    language: str = "vi"
    happened_on: date | None = None
    is_remote: bool = False
    meets_form: bool = True
    contact: Contact | None = None
    file_ids: tuple[str, ...] = ()
    registered_by: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What the sender is told, once. ``case_id`` is the id of the row, in whichever table."""

    case_id: str
    public_number: str
    code: str
    received_on: date
    due_on: date | None
    salt: bytes
    digest: bytes


def open_case(session: Session, report: Report, *, code: str | None = None) -> Opened:
    """Store a case with everything that goes with it; ``code`` where the caller has drawn one that it can draw again.

    Raises
    ------
    ContactNeeded
        When the law asks who sends this kind and nobody is named; such a complaint may be sent as information
        (``meets_form`` False).
    ValueError
        For a denunciation, which has its own tables.
    """
    if Kind.DENUNCIATION in {report.kind, report.kind_asked}:
        raise ValueError("A denunciation never becomes a case; see open_denunciation.")
    code, key = code or new_code(), secrets.token_hex(ID_BYTES)
    number = _free_number(session)
    case = Case(
        id=key,
        public_number=number,
        code_index=code_index(code),
        kind=report.kind,
        kind_asked=report.kind_asked,
        meets_form=report.meets_form,
        unit_id=report.concerned_unit_id,
        concerned_unit_id=report.concerned_unit_id,
        counter_id=report.counter_id,
        procedure_id=report.procedure_id,
        channel=report.channel,
        language=report.language,
        is_anonymous=report.contact is None,
        is_private=False,
        is_remote=report.is_remote,
        received_on=clock.local_date(),
        happened_on=report.happened_on,
        text=in_row(report.text, number),
        state=State.RECEIVED,
        registered_by=report.registered_by,
        version=1,
    )
    deadlines.begin(session, case)
    contact = _contact(session, case, report)
    session.add(case)
    session.flush()  # the rows below point to it
    mark = fingerprints.store(session, case)
    found = deadlines.reckoning(session, case)
    case.due_on = None if found is None else found.due_on
    if contact is not None:
        reporters.store_contact(session, case, contact)
    detail = {"channel": report.channel.value, "due_on": None if case.due_on is None else case.due_on.isoformat()}
    history.append(session, case, Event.RECEIVED, shown=True, detail=detail)
    _attach(session, case, report.file_ids)
    routing.on_opened(session, case)
    if report.registered_by is not None:
        facts = {"channel": report.channel.value, "kind": report.kind.value}
        record(session, report.registered_by, Action.CASE_REGISTER, subject(key), facts, case.unit_id)
    conflicts.on_opened(session, case)
    return Opened(key, number, code, case.received_on, case.due_on, mark.salt, mark.digest)


def open_denunciation(session: Session, report: Report) -> Opened:
    """Store information about a breach of law for the level above the unit concerned; nobody is named anywhere.

    Raises
    ------
    NobodyAbove
        When the unit concerned stands at the top, so that it would read this itself.
    ValueError
        When somebody hands over who sends it, or who wrote it down: there is no place for either.
    """
    if report.contact is not None or report.registered_by is not None:
        raise ValueError("Information about a breach of law bears no identity.")
    code, today = new_code(), clock.local_date()
    if access.has_nobody_above(session, report.concerned_unit_id, today):
        raise NobodyAbove(NOBODY_ABOVE)
    number = _free_number(session)
    _let_go(session, report.file_ids)
    key = denunciations.receive(
        session,
        denunciations.Told(
            public_number=number,
            code_index=code_index(code),
            concerned_unit_id=report.concerned_unit_id,
            counter_id=report.counter_id,
            text=report.text,
            file_ids=report.file_ids,
        ),
        today,
    )
    salt = fingerprints.new_salt()
    digest = fingerprints.digest(salt, number, today, Kind.DENUNCIATION, report.text)
    return Opened(key, number, code, today, None, salt, digest)


def _contact(session: Session, case: Case, report: Report) -> Contact | None:
    """Who sends it, as far as the kind asks: what is not asked for is not kept."""
    rule = deadlines.rule_of(session, case)
    identity = Identity.OPTIONAL if rule is None else rule.identity
    if identity is Identity.NONE:
        case.is_anonymous = True
        return None
    named = report.contact is not None and report.contact.can_be_reached
    is_information = case.kind is Kind.COMPLAINT and not case.meets_form
    if identity is Identity.REQUIRED and not named and not is_information:
        raise ContactNeeded(NEEDED)
    return report.contact


def _attach(session: Session, case: Case, file_ids: Sequence[str]) -> None:
    _let_go(session, file_ids)
    for number, file_id in enumerate(file_ids, start=1):
        session.add(
            CaseFile(
                file_id=file_id, case_id=case.id, number=number, added_on=case.received_on, added_by=case.registered_by
            )
        )


def _let_go(session: Session, file_ids: Sequence[str]) -> None:
    """The files belong to no citizen's session any more."""
    session.execute(delete(PendingFile).where(PendingFile.file_id.in_(file_ids)))


def _free_number(session: Session) -> str:
    """A number that neither table has: 44 random bits, so the first try does."""
    for _ in range(TRIES):
        number = new_public_number()
        taken = (
            select(Case.id)
            .where(Case.public_number == number)
            .union_all(select(Denunciation.id).where(Denunciation.public_number == number))
        )
        if session.scalar(taken) is None:
            return number
    raise RuntimeError("no free public number found")
