"""Cases handled together, and cases that might be: each end is shown only to whoever may see that end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.names import full_names
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.errors import UnknownCase
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case
from app.feedback.cases.workflow import UNFINISHED
from app.feedback.merging.models import CaseMerge
from app.feedback.merging.similarity import LIKELY, Print, likeness, print_of
from app.web.permissions import Permission

DAYS_APART = timedelta(days=45)
MOST_COMPARED = 400
MOST_SHOWN = 6
FIRST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may be about the same matter."""

    case_id: str
    public_number: str
    received_on: date
    due_on: date | None
    first_words: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Together:
    """The other end of a merge, as whoever may see it sees it."""

    case_id: str
    public_number: str
    state: State
    due_on: date | None
    merged_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """Who merged or took apart, and when; the other end is not named."""

    at: datetime
    officer_name: str
    is_undone: bool


def link_of(session: Session, case_id: str) -> CaseMerge | None:
    """The merge in force by which another case leads this one."""
    return session.scalar(select(CaseMerge).where(CaseMerge.case_id == case_id, CaseMerge.undone_at.is_(None)))


def leads_any(session: Session, case_id: str) -> bool:
    """Whether a case leads another one just now."""
    led = select(CaseMerge.case_id).where(CaseMerge.leading_id == case_id, CaseMerge.undone_at.is_(None))
    return session.scalar(led.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Merged:
    """What a viewer may know of the merges of a case: who leads it, whom it leads, who did what and when."""

    led_by: Together | None
    led: Sequence[Together]
    story: Sequence[Done]


def merged(session: Session, viewer: Viewer, case_id: str, on: date) -> Merged:
    """All of it, with one question where a case was never merged; each other end as far as the viewer may see it."""
    links = session.scalars(
        select(CaseMerge)
        .where(or_(CaseMerge.case_id == case_id, CaseMerge.leading_id == case_id))
        .order_by(CaseMerge.merged_at, CaseMerge.case_id)
    ).all()
    seen = [
        (link, other)
        for link in links
        if (other := _seen(session, viewer, link.leading_id if link.case_id == case_id else link.case_id, on))
    ]
    in_force = [(link, _together(other, link)) for link, other in seen if link.undone_at is None]
    return Merged(
        next((found for link, found in in_force if link.case_id == case_id), None),
        [found for link, found in in_force if link.leading_id == case_id],
        _story(session, [link for link, _ in seen]),
    )


def _story(session: Session, links: Sequence[CaseMerge]) -> list[Done]:
    """Who merged and who took apart, in order."""
    acts = [(link.merged_at, link.merged_by, False) for link in links]
    acts += [(link.undone_at, link.undone_by, True) for link in links if link.undone_at and link.undone_by]
    names = full_names(session, {officer_id for _, officer_id, _ in acts})
    return [Done(at, names.get(officer_id, ""), is_undone) for at, officer_id, is_undone in sorted(acts)]


def alike(session: Session, viewer: Viewer, case: Case, on: date) -> list[Alike]:
    """The open cases of the same kind and unit, received about the same time, that read like this one, likeliest first.

    Only what the viewer may merge is compared, so that nothing else can show through.
    """
    taken = select(CaseMerge.case_id).where(CaseMerge.undone_at.is_(None))
    rows = session.scalars(
        select(Case)
        .where(
            access.visible(session, viewer, on, Permission.CASES_MERGE),
            Case.unit_id == case.unit_id,
            Case.kind == case.kind,
            Case.id != case.id,
            Case.state.in_(UNFINISHED),
            Case.received_on.between(case.received_on - DAYS_APART, case.received_on + DAYS_APART),
            Case.id.not_in(taken),
        )
        .order_by(Case.received_on.desc(), Case.id)
        .limit(MOST_COMPARED)
    ).all()
    mine = _print(case)
    measured = ((likeness(mine, _print(row)), row) for row in rows)
    found = sorted(
        ((much, row) for much, row in measured if much >= LIKELY), key=lambda pair: (-pair[0], pair[1].public_number)
    )
    return [
        Alike(
            row.id,
            row.public_number,
            row.received_on,
            row.due_on,
            " ".join(row.text[: 2 * FIRST_WORDS].split())[:FIRST_WORDS],
            much,
        )
        for much, row in found[:MOST_SHOWN]
    ]


def by_number(session: Session, viewer: Viewer, number: str, on: date) -> Case | None:
    """The case of a public number that the viewer may merge; what is hidden is as unknown as what is not there."""
    wanted = number.strip().upper()
    if not wanted or not wanted.isascii() or not wanted.isprintable():
        return None
    mergeable = access.visible(session, viewer, on, Permission.CASES_MERGE)
    return session.scalar(select(Case).where(Case.public_number == wanted, mergeable))


def _seen(session: Session, viewer: Viewer, case_id: str, on: date) -> Case | None:
    try:
        return access.find(session, viewer, case_id, on)
    except UnknownCase:
        return None


def _together(case: Case, link: CaseMerge) -> Together:
    return Together(case.id, case.public_number, case.state, case.due_on, link.merged_at)


def _print(case: Case) -> Print:
    return print_of(case.text, case.counter_id, case.happened_on, case.received_on)
