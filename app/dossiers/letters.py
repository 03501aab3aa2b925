"""Letters of apology: which are owed, by when, and what was sent. Callers own the transaction.

When a letter is owed and how often a dossier may be given a new day is versioned data (app/rules, matter "apology"):
the present decree's text could not be read, so nothing of it is fixed here. Since when the register is kept is a
setting: a province that begins with the files of last year sent its letters of last year on paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.calendar.queries import calendar
from app.crypto.types import in_row
from app.dossiers import owing
from app.dossiers.errors import BadLetter, UnknownDossier
from app.dossiers.models import ApologyLetter, Dossier, DossierApplicant
from app.dossiers.owing import Standing
from app.dossiers.statuses import Status
from app.rules.content import ApologyRule
from app.rules.errors import NoRule
from app.rules.queries import Rule, apology_on
from app.settings.known import LETTERS_SINCE, day_of
from app.settings.settings import value

NAMES_KEPT = timedelta(days=180)
AT_ONCE = 500
HORIZON = timedelta(days=60)
"""How far ahead a promised day is looked at: beyond the days a rule asks for, holidays between them."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the letter says; without a new day it only says sorry."""

    sent_on: date
    new_due_on: date | None
    document: str
    reason: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class _Owed:
    """A letter as it should stand in the register."""

    number: int
    rule_version_id: int
    owed_by: date


def erase_day(today: date) -> date:
    """Until when a name may be kept for a letter."""
    return today + NAMES_KEPT


def reckon_owed(session: Session, today: date) -> int:
    """Bring the letters not sent to what is owed now; how many are new. Safe to run twice.

    A letter noted for a dossier that was finished in time after all, withdrawn or given another day is taken back.
    """
    wanted = _wanted(session, today)
    waiting = {one.dossier_id: one for one in session.scalars(select(ApologyLetter).where(_WAITING))}
    gone = [dossier_id for dossier_id in waiting if dossier_id not in wanted]
    for start in range(0, len(gone), AT_ONCE):  # a later first day of the register takes back any number of them
        of_these = ApologyLetter.dossier_id.in_(gone[start : start + AT_ONCE])
        session.execute(delete(ApologyLetter).where(_WAITING, of_these))
    for dossier_id in waiting.keys() & wanted.keys():
        owed, letter = wanted[dossier_id], waiting[dossier_id]
        letter.rule_version_id, letter.owed_by = owed.rule_version_id, owed.owed_by
    fresh = [
        {"dossier_id": dossier_id, "number": owed.number, "rule_version_id": owed.rule_version_id,
         "owed_by": owed.owed_by}
        for dossier_id, owed in wanted.items()
        if dossier_id not in waiting
    ]  # fmt: skip
    if fresh:
        session.execute(insert(ApologyLetter), fresh)
    return len(fresh)


def _wanted(session: Session, today: date) -> Mapping[int, _Owed]:
    """The letters that should stand in the register as owed, by dossier."""
    promised = func.coalesce(_last_promise(), Dossier.due_on)
    number = select(func.count()).where(_OF_DOSSIER, ApologyLetter.sent_on.is_not(None)).scalar_subquery()
    since = day_of(value(session, LETTERS_SINCE))
    rows = session.execute(
        select(Dossier.id, Dossier.status, Dossier.finished_on, promised, number).where(
            Dossier.due_on.is_not(None),
            Dossier.status != Status.WITHDRAWN,
            or_(and_(Dossier.status == Status.OPEN, promised <= today + HORIZON), Dossier.finished_on > promised),
            *([] if since is None else [Dossier.due_on >= since]),
            ~exists().where(_OF_DOSSIER, _SAYS_SORRY_ONLY),
        )
    ).all()
    if not rows:
        return {}
    days, rules = calendar(session), _Rules(session)
    wanted: dict[int, _Owed] = {}
    for dossier_id, status, finished_on, until, count in rows:
        rule = rules.on(until)
        if rule is None:
            continue
        by = owing.owed_by(until, rule.content.before_due, days)
        if owing.is_owed(Standing(status, until, finished_on), by, days, today):
            wanted[dossier_id] = _Owed(count + 1, rule.id, by)
    return wanted


def send(session: Session, officer_id: int, dossier_id: int, sent: Sent) -> ApologyLetter:
    """Note that the letter owed for a dossier was sent.

    Raises
    ------
    UnknownDossier
        When no letter is owed for it.
    BadLetter
        When the new day is missing or not later than the old one, none may be given, or the day of sending lies ahead.
    """
    letter = session.scalar(select(ApologyLetter).where(ApologyLetter.dossier_id == dossier_id, _WAITING))
    dossier = session.get(Dossier, dossier_id)
    if letter is None or dossier is None or dossier.due_on is None:
        raise UnknownDossier("Hồ sơ này không còn thư xin lỗi phải gửi.")
    if sent.sent_on > clock.local_date():
        raise BadLetter("Ngày gửi nằm trong tương lai.", "sent_on")
    _check_new_day(session, dossier, sent)
    if not sent.reason.strip():
        raise BadLetter("Xin ghi lý do trễ hạn.", "reason")
    letter.sent_on, letter.new_due_on, letter.document = sent.sent_on, sent.new_due_on, sent.document or None
    letter.reason, letter.signed_by = in_row(sent.reason, dossier_id), in_row(sent.signed_by, dossier_id)
    letter.sent_by = officer_id
    until = sent.new_due_on.isoformat() if sent.new_due_on else ""
    detail = {"number": letter.number, "sent": sent.sent_on.isoformat()} | ({"until": until} if until else {})
    record(session, officer_id, Action.LETTER_SEND, f"dossier:{dossier_id}", detail, unit_id=dossier.unit_id)
    return letter


def promised_again(session: Session, dossier_id: int) -> tuple[int, date | None]:
    """How many new days a dossier was given, and the last of them."""
    count = select(func.count(ApologyLetter.new_due_on), func.max(ApologyLetter.new_due_on))
    times, last = session.execute(count.where(ApologyLetter.dossier_id == dossier_id)).one()
    return times, last


def _check_new_day(session: Session, dossier: Dossier, sent: Sent) -> None:
    assert dossier.due_on is not None
    times, last = promised_again(session, dossier.id)
    most = apology_on(session, clock.local_date()).content.extensions_most
    if owing.may_promise_again(dossier.status, times, most):
        if sent.new_due_on is None:
            raise BadLetter("Hồ sơ đang giải quyết: xin ghi ngày hẹn trả mới.", "new_due_on")
        if sent.new_due_on <= max(last or dossier.due_on, sent.sent_on):
            raise BadLetter("Ngày hẹn lại phải sau ngày hẹn cũ và sau ngày gửi thư.", "new_due_on")
    elif sent.new_due_on is not None:
        is_done = dossier.status is not Status.OPEN
        why = "Hồ sơ đã giải quyết xong" if is_done else f"Hồ sơ này đã được hẹn lại {times} lần, không được hẹn thêm"
        raise BadLetter(f"{why}: thư chỉ xin lỗi, xin để trống ngày hẹn trả mới.", "new_due_on")


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


_OF_DOSSIER: ColumnElement[bool] = ApologyLetter.dossier_id == Dossier.id
_WAITING: ColumnElement[bool] = ApologyLetter.sent_on.is_(None)
_SAYS_SORRY_ONLY = and_(ApologyLetter.sent_on.is_not(None), ApologyLetter.new_due_on.is_(None))


def _last_promise() -> ScalarSelect[date | None]:
    return select(func.max(ApologyLetter.new_due_on)).where(_OF_DOSSIER).scalar_subquery()


class _Rules:
    """The rule that held on each promised day, each asked for once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[date, Rule[ApologyRule] | None] = {}

    def on(self, day: date) -> Rule[ApologyRule] | None:
        """The rule of a day; None: there was none, so nothing was owed."""
        if day not in self._found:
            try:
                self._found[day] = apology_on(self._session, day)
            except NoRule:
                self._found[day] = None
        return self._found[day]
