"""What there is to do for an officer, in numbers: the page of the day and the message of the morning say the same.

Each number is that of a list of cases under the one policy, so that whoever follows the link finds as many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.contacts import queries as contacts
from app.accounts.contacts import services
from app.accounts.contacts.queries import Reach
from app.accounts.rights import grants
from app.calendar.queries import calendar, latest_version
from app.clock import VIETNAM
from app.db.session import Database
from app.feedback.cases import access, queries
from app.feedback.cases.access import Viewer
from app.feedback.cases.kinds import State, StateClass
from app.feedback.cases.models import Case, CaseQuestion
from app.feedback.cases.queries import Due, Filters
from app.feedback.denunciations import access as denunciations
from app.feedback.denunciations.models import Denunciation, DenunciationReading, DenunciationState
from app.feedback.notices import sending
from app.feedback.notices.people import Somebody
from app.web.permissions import Permission

MORNING = time(7, 30)
DAY_LASTS = timedelta(hours=10)
MOST = 9_999_999
NAMED = ("mine", "new", "soon", "late", "asked", "ending")


@dataclass(frozen=True, slots=True)
class Figures:
    """How many cases, of those an officer may see; those that ended are not among them, but for ``asked``."""

    running: int = 0
    paused: int = 0
    mine: int = 0
    new: int = 0
    soon: int = 0
    late: int = 0
    asked: int = 0
    ending: int = 0

    @property
    def has_something_to_do(self) -> bool:
        """Whether it is worth a message; cases in hand that are not due soon are not."""
        return any((self.new, self.soon, self.late, self.asked, self.ending))

    @property
    def open(self) -> int:
        """Those that have not ended."""
        return self.running + self.paused

    def values(self) -> dict[str, str]:
        """As a message takes them."""
        numbers = (*NAMED, "open")
        return {name: str(min(getattr(self, name), MOST)) for name in numbers}


LISTS = (
    Filters(state_class=StateClass.OPEN),
    Filters(state_class=StateClass.PAUSED),
    Filters(state=State.RECEIVED),
    Filters(due=Due.SOON.value),
    Filters(due=Due.LATE.value),
)


def figures(session: Session, viewer: Viewer, on: date) -> Figures:
    """The numbers of an officer on a day; each as the list of cases with these filters counts."""
    visible = access.visible(session, viewer, on)
    mine = Filters(state_class=StateClass.OPEN, assignee_id=viewer.officer_id)
    running, paused, new, soon, late, own = queries.summary(session, on, (*LISTS, mine), visible).counts
    asked, _order = queries.matching(session, viewer, on, Filters(is_asked=True), visible=visible)
    return Figures(
        running=running,
        paused=paused,
        mine=own,
        new=new,
        soon=soon,
        late=late,
        asked=queries.count(session, asked),
        ending=queries.count(session, [visible, Case.id.in_(_questions_ending(on))]),
    )


def send_digests(database: Database) -> str:
    """Send the numbers of the day to whom there is something to do, once a working day, from half past seven on."""
    now, today = clock.now(), clock.local_date()
    with database.reading() as session:
        if not is_time(session, now):
            return "not now"
        reach = contacts.reachable(session, single=False)
    count = 0
    for officer_id, reaches in reach.items():
        with database.reading() as session:
            who = Somebody(officer_id, grants.scopes(session, officer_id, today))
            found = figures(session, who, today)
            is_told = waits_for(session, who, today)
        with database.transaction() as session:
            count += _send(session, reaches, officer_id, found, today)
            if is_told:
                count += _tell_apart(session, reaches, today)
    return f"messages {count}"


def is_time(session: Session, now: datetime) -> bool:
    """Whether the message of the morning may go: on a working day, from half past seven to the end of work."""
    if not latest_version(session):  # nothing was loaded yet
        return False
    here, working = now.astimezone(VIETNAM), calendar(session)
    return working.is_working_day(here.date()) and here.time() >= MORNING and here < working.closing(here.date())


def waits_for(session: Session, who: Somebody, on: date) -> bool:
    """Whether information about a breach of law waits that this officer may read and has not opened."""
    if Permission.CASES_READ_DENUNCIATION not in who.scopes:
        return False
    opened = select(DenunciationReading.denunciation_id).where(DenunciationReading.officer_id == who.officer_id)
    found = select(Denunciation.id).where(
        denunciations.visible(session, who, on),
        Denunciation.state == DenunciationState.RECEIVED,
        Denunciation.id.not_in(opened),
    )
    return session.scalar(found.limit(1)) is not None


def _send(session: Session, reaches: Sequence[Reach], officer_id: int, found: Figures, today: date) -> int:
    if not found.has_something_to_do:
        return 0
    return services.tell(
        session,
        reaches,
        "officer-digest",
        found.values(),
        about=sending.about_digest(officer_id),
        once=f"digest:{today:%Y%m%d}",
        valid_for=DAY_LASTS,
    )


def _tell_apart(session: Session, reaches: Sequence[Reach], today: date) -> int:
    """That something waits: not what, not where, not how much, and nothing that leads back to it."""
    return services.tell(
        session,
        reaches,
        "denunciation-received",
        {},
        about=None,
        once=f"apart:{today:%Y%m%d}",
        valid_for=DAY_LASTS,
    )


def _questions_ending(on: date) -> Select[str]:
    """Cases whose question to the sender can be answered today or tomorrow only."""
    last_days = CaseQuestion.answer_until.between(on, on + timedelta(days=1))
    return select(CaseQuestion.case_id).where(CaseQuestion.ended_as.is_(None), last_days)
