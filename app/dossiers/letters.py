"""Letters of apology: which are owed, by when, and what was sent. Callers own the transaction.

When a letter is owed and how often a dossier may be given a new day is versioned data (app/rules, matter "apology"):
the present decree's text could not be read, so nothing of it is fixed here.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.calendar.days import DayUnit, Limit
from app.calendar.queries import calendar
from app.calendar.working_time import WorkingCalendar
from app.crypto.types import in_row
from app.dossiers.errors import BadLetter, UnknownDossier
from app.dossiers.models import ApologyLetter, Dossier, DossierApplicant
from app.dossiers.statuses import Status
from app.rules.queries import apology_on

NAMES_KEPT = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the letter says."""

    sent_on: date
    new_due_on: date
    document: str
    reason: str
    signed_by: str


def erase_day(today: date) -> date:
    """Until when a name may be kept for a letter."""
    return today + NAMES_KEPT


def day_before(due_on: date, before: Limit, days: WorkingCalendar) -> date:
    """The last day to send a letter for a dossier due on a day; for zero days that day itself."""
    if before.unit is DayUnit.CALENDAR:
        return due_on - timedelta(days=before.value)
    day, left = due_on, before.value
    while left:
        day -= timedelta(days=1)
        left -= days.is_working_day(day)
    return day


def reckon_owed(session: Session, today: date) -> int:
    """Note a letter for each open dossier whose last day for it has come; how many. Safe to run twice.

    A letter noted for a dossier that was finished in time after all, and not sent, is taken back.
    """
    _take_back(session)
    if session.scalar(select(Dossier.id).where(Dossier.status == Status.OPEN).limit(1)) is None:
        return 0
    rule = apology_on(session, today)
    days = calendar(session)
    sent = select(func.max(ApologyLetter.new_due_on)).where(ApologyLetter.dossier_id == Dossier.id).scalar_subquery()
    number = select(func.count()).where(ApologyLetter.dossier_id == Dossier.id).scalar_subquery()
    waiting = exists().where(and_(ApologyLetter.dossier_id == Dossier.id, ApologyLetter.sent_on.is_(None)))
    horizon = today + timedelta(days=rule.content.before_due.value * 2 + 14)
    rows = session.execute(
        select(Dossier.id, func.coalesce(sent, Dossier.due_on), number).where(
            Dossier.status == Status.OPEN, Dossier.due_on.is_not(None), Dossier.due_on <= horizon, ~waiting
        )
    ).all()
    owed = [
        {"dossier_id": dossier_id, "number": count + 1, "rule_version_id": rule.id, "owed_by": last}
        for dossier_id, due_on, count in rows
        if (last := day_before(due_on, rule.content.before_due, days)) <= today
    ]
    if owed:
        session.execute(insert(ApologyLetter), owed)
    return len(owed)


def send(session: Session, officer_id: int, dossier_id: int, sent: Sent) -> ApologyLetter:
    """Note that the letter owed for a dossier was sent.

    Raises
    ------
    UnknownDossier
        When no letter is owed for it.
    BadLetter
        When the new day is not later than the old one, the day of sending lies ahead, or no further day may be given.
    """
    letter = session.scalar(
        select(ApologyLetter).where(ApologyLetter.dossier_id == dossier_id, ApologyLetter.sent_on.is_(None))
    )
    dossier = session.get(Dossier, dossier_id)
    if letter is None or dossier is None or dossier.due_on is None:
        raise UnknownDossier("Hồ sơ này không còn thư xin lỗi phải gửi.")
    rule = apology_on(session, clock.local_date()).content
    if letter.number > rule.extensions_most:
        raise BadLetter(f"Hồ sơ này đã được hẹn lại {letter.number - 1} lần, không được hẹn thêm.", "new_due_on")
    if sent.sent_on > clock.local_date():
        raise BadLetter("Ngày gửi nằm trong tương lai.", "sent_on")
    if sent.new_due_on <= max(dossier.due_on, sent.sent_on):
        raise BadLetter("Ngày hẹn lại phải sau ngày hẹn cũ và sau ngày gửi thư.", "new_due_on")
    if not sent.reason.strip():
        raise BadLetter("Xin ghi lý do trễ hạn.", "reason")
    letter.sent_on, letter.new_due_on, letter.document = sent.sent_on, sent.new_due_on, sent.document or None
    letter.reason, letter.signed_by = in_row(sent.reason, dossier_id), in_row(sent.signed_by, dossier_id)
    letter.sent_by = officer_id
    detail = {"number": letter.number, "sent": sent.sent_on.isoformat(), "until": sent.new_due_on.isoformat()}
    record(session, officer_id, Action.LETTER_SEND, f"dossier:{dossier_id}", detail, unit_id=dossier.unit_id)
    return letter


def erase_names(session: Session, today: date) -> int:
    """Erase names past their day, and of dossiers that are finished and owe nothing; how many."""
    owes = exists().where(
        and_(ApologyLetter.dossier_id == DossierApplicant.dossier_id, ApologyLetter.sent_on.is_(None))
    )
    finished = exists().where(and_(Dossier.id == DossierApplicant.dossier_id, Dossier.status != Status.OPEN))
    gone = session.execute(
        delete(DossierApplicant)
        .where((DossierApplicant.erase_on <= today) | (finished & ~owes))
        .returning(DossierApplicant.dossier_id)
    )
    return len(gone.all())


def _take_back(session: Session) -> None:
    in_time = exists().where(
        and_(
            Dossier.id == ApologyLetter.dossier_id,
            Dossier.status != Status.OPEN,
            Dossier.finished_on <= Dossier.due_on,
        )
    )
    session.execute(
        delete(ApologyLetter)
        .where(ApologyLetter.sent_on.is_(None), in_time)
        .execution_options(synchronize_session=False)
    )
