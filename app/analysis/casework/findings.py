"""What was found about the cases of a unit, for whoever answers for it, and what they say to it.

Known to whoever approves answers where the case lies, and to whoever draws the samples; which cases of a sample nobody
has looked at yet the unit does not learn.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.analysis.casework.models import RecheckAnswer, RecheckCase
from app.analysis.casework.rechecks import MOST_WORDS, RECHECK, UNKNOWN, still_told
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row
from app.errors import Invalid, Missing
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.kinds import Outcome
from app.feedback.cases.models import Case
from app.units import queries as units
from app.web.permissions import Permission

ANSWER = Permission.CASES_APPROVE
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as a list shows it, without the words; ``answers``: how often something was said to it."""

    draw_id: int
    case_id: str
    public_number: str
    unit_name: str
    outcome: Outcome
    is_good: bool
    found_at: datetime
    answers: int


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody of the unit said to a finding; ``is_of_other``: the finding was another one then."""

    words: str
    by: str
    at: datetime
    is_of_other: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about a case, and what was said to it, oldest first."""

    draw_id: int
    case_id: str
    public_number: str
    unit_name: str
    outcome: Outcome
    is_good: bool
    words: str
    found_at: datetime
    answers: tuple[Said, ...]


def of_case(session: Session, viewer: Viewer, case_id: str) -> list[Finding]:
    """The findings about one case, oldest first; none for whoever may neither answer nor draw."""
    today = clock.local_date()
    if not any(access.may(session, viewer, case_id, today, one) for one in (ANSWER, RECHECK)):
        return []
    return _read(session, RecheckCase.case_id == case_id)


def listed(session: Session, viewer: Viewer) -> list[Line]:
    """The findings about the cases for which the viewer may answer, newest first."""
    today = clock.local_date()
    told = (
        select(func.count())
        .where(RecheckAnswer.draw_id == RecheckCase.draw_id, RecheckAnswer.case_id == RecheckCase.case_id)
        .correlate(RecheckCase)
        .scalar_subquery()
    )
    columns = (RecheckCase.draw_id, RecheckCase.case_id, Case.public_number, RecheckCase.unit_id, RecheckCase.outcome)
    rows = session.execute(
        select(*columns, RecheckCase.is_good, RecheckCase.found_at, told.label("told"))
        .join(Case, Case.id == RecheckCase.case_id)
        .where(access.visible(session, viewer, today, ANSWER), RecheckCase.is_good.is_not(None))
        .order_by(RecheckCase.found_at.desc(), RecheckCase.draw_id, RecheckCase.case_id)
    ).all()
    names = units.names_on(session, {row.unit_id for row in rows}, today)
    return [
        Line(
            row.draw_id,
            row.case_id,
            row.public_number,
            names.get(row.unit_id, ""),
            row.outcome,
            row.is_good,
            row.found_at,
            row.told,
        )
        for row in rows
    ]


def one(session: Session, viewer: Viewer, draw_id: int, case_id: str) -> Finding:
    """The finding of a sample about a case; raises ``Missing`` for whoever may not know of it."""
    _answerable(session, viewer, draw_id, case_id)
    return _read(session, RecheckCase.draw_id == draw_id, RecheckCase.case_id == case_id)[0]


def answer(session: Session, viewer: Viewer, draw_id: int, case_id: str, words: str) -> None:
    """Say something to a finding. What was said stays; more may be said later.

    Raises
    ------
    Missing
        For a case without finding, or one that does not exist for the viewer.
    Invalid
        Without words, with too many, when the words of the case are erased, and to one's own finding.
    """
    found = _answerable(session, viewer, draw_id, case_id, locked=True)
    said = words.strip()
    if not said:
        raise Invalid("Xin viết ý kiến của đơn vị.")
    if len(said) > MOST_WORDS:
        raise Invalid(f"Dài hơn {MOST_WORDS} ký tự. Xin rút ngắn.")
    if found.found_by == viewer.officer_id:
        raise Invalid("Ông/Bà là người ghi kết quả kiểm tra này nên không trả lời thay đơn vị được.")
    still_told(session, case_id)
    mine = (RecheckAnswer.draw_id == draw_id, RecheckAnswer.case_id == case_id)
    number = (session.scalar(select(func.max(RecheckAnswer.number)).where(*mine)) or 0) + 1
    session.add(
        RecheckAnswer(
            draw_id=draw_id,
            case_id=case_id,
            number=number,
            is_good=bool(found.is_good),
            words=in_row(said, case_id),
            written_by=viewer.officer_id,
            written_at=clock.now(),
        )
    )
    facts = {"draw": draw_id, "number": number}
    record(session, viewer.officer_id, Action.CASE_RECHECK_ANSWER, f"case:{case_id}", facts, found.unit_id)


def answers_of(session: Session, draw_id: int) -> dict[str, tuple[Said, ...]]:
    """What was said to the findings of a sample, by case; the caller shows those of cases one may see."""
    return {case_id: said for (_, case_id), said in _answers(session, RecheckCase.draw_id == draw_id).items()}


def _answerable(session: Session, viewer: Viewer, draw_id: int, case_id: str, *, locked: bool = False) -> RecheckCase:
    access.find(session, viewer, case_id, clock.local_date(), ANSWER, locked=locked)
    found = session.get(RecheckCase, (draw_id, case_id), with_for_update=locked)
    if found is None or found.is_good is None:
        raise Missing(UNKNOWN)
    return found


def _read(session: Session, *which: ColumnElement[bool]) -> list[Finding]:
    rows = session.execute(
        select(RecheckCase, Case.public_number)
        .join(Case, Case.id == RecheckCase.case_id)
        .where(*which, RecheckCase.is_good.is_not(None))
        .order_by(RecheckCase.found_at, RecheckCase.draw_id)
    ).all()
    said = _answers(session, *which)
    names = units.names_on(session, {row.unit_id for row, _ in rows}, clock.local_date())
    return [
        Finding(
            row.draw_id,
            row.case_id,
            public_number,
            names.get(row.unit_id, ""),
            row.outcome,
            bool(row.is_good),
            row.words or "",
            row.found_at or clock.now(),
            said.get((row.draw_id, row.case_id), ()),
        )
        for row, public_number in rows
    ]


def _answers(session: Session, *which: ColumnElement[bool]) -> dict[Key, tuple[Said, ...]]:
    same = and_(RecheckCase.draw_id == RecheckAnswer.draw_id, RecheckCase.case_id == RecheckAnswer.case_id)
    wanted = (
        select(RecheckAnswer, RecheckCase.is_good, Officer.full_name)
        .join(RecheckCase, same)
        .join(Officer, Officer.id == RecheckAnswer.written_by)
        .where(*which)
        .order_by(RecheckAnswer.number)
    )
    found: dict[Key, list[Said]] = defaultdict(list)
    for row, is_good, name in session.execute(wanted):
        said = Said(row.words, name, row.written_at, row.is_good is not is_good)
        found[row.draw_id, row.case_id].append(said)
    return {key: tuple(said) for key, said in found.items()}
