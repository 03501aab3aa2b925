"""Samples of closed cases to look at again: drawing them, noting what was found, reading the results.

Whoever may not see a case does not meet it here either: it is neither drawn for them, nor listed, nor counted.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.analysis.casework.drawing import Judged, Part, draw, judged
from app.analysis.casework.models import RecheckCase, RecheckDraw, RecheckStratum
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row
from app.errors import Invalid, Missing
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.kinds import Outcome, State
from app.feedback.cases.models import Case, CaseErasure, Erased
from app.i18n.folding import natural_key
from app.units import queries as units
from app.web.permissions import Permission

RECHECK = Permission.CASES_RECHECK
MOST = 500
MOST_WORDS = 2000
UNKNOWN = "Không tìm thấy mẫu kiểm tra này."
ERASED = "Nội dung đơn này đã xóa vì hết thời hạn lưu, nên không ghi thêm được gì."
Stratum = tuple[int, Outcome]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of a sample."""

    case_id: str
    public_number: str
    unit_name: str
    outcome: Outcome
    is_good: bool | None
    words: str | None


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What was found about the cases of a unit; ``drawn`` of them belong to the sample."""

    name: str
    drawn: int
    result: Judged | None


def make(session: Session, viewer: Viewer, first: date, last: date, wanted: int) -> RecheckDraw:
    """Draw a sample of the cases closed in some days that exist for the viewer.

    Raises
    ------
    Invalid
        When no case was closed then, or the number is none.
    """
    if not 1 <= wanted <= MOST:
        raise Invalid(f"Số đơn cần rút từ 1 đến {MOST}.")
    today = clock.local_date()
    rows = session.execute(
        select(Case.id, Case.unit_id, Case.outcome).where(
            access.visible(session, viewer, today, RECHECK),
            Case.state == State.CLOSED,
            Case.closed_on.between(first, last),
            Case.id.not_in(select(CaseErasure.case_id).where(CaseErasure.what == Erased.WORDS)),  # nothing to read
        )
    ).all()
    strata: dict[Stratum, list[str]] = defaultdict(list)
    for row in rows:
        if row.outcome is not None:
            strata[row.unit_id, row.outcome].append(row.id)
    if not strata:
        raise Invalid("Không có đơn nào kết thúc trong kỳ này.")
    seed = secrets.token_hex(16)
    ordered = {key: strata[key] for key in sorted(strata)}
    taken = draw(ordered, wanted, seed)
    made = RecheckDraw(
        seed=seed,
        first_on=first,
        last_on=last,
        population=len(rows),
        drawn=sum(len(ids) for ids in taken.values()),
        drawn_by=viewer.officer_id,
        drawn_at=clock.now(),
    )
    session.add(made)
    session.flush()  # the rows below point to it
    for (unit_id, outcome), ids in taken.items():
        size = len(ordered[unit_id, outcome])
        session.add(RecheckStratum(draw_id=made.id, unit_id=unit_id, outcome=outcome, population=size, drawn=len(ids)))
        session.add_all(RecheckCase(draw_id=made.id, case_id=one, unit_id=unit_id, outcome=outcome) for one in ids)
    facts = {"first": first, "last": last, "population": made.population, "drawn": made.drawn, "seed": seed}
    record(session, viewer.officer_id, Action.CASE_RECHECK_DRAW, f"recheck:{made.id}", facts)
    return made


def note(session: Session, viewer: Viewer, draw_id: int, case_id: str, *, is_good: bool, words: str) -> None:
    """Note what was found about a case; later findings replace earlier ones and the record keeps both.

    Raises
    ------
    Missing
        For a case that is not of the sample, or does not exist for the viewer.
    Invalid
        Without words where it is not good, with too many, or when the words of the case are erased.
    """
    found = _case(session, viewer, draw_id, case_id)
    said = words.strip()
    if not is_good and not said:
        raise Invalid("Xin ghi vì sao chưa đạt.")
    if len(said) > MOST_WORDS:
        raise Invalid(f"Dài hơn {MOST_WORDS} ký tự. Xin rút ngắn.")
    still_told(session, case_id)
    before = found.is_good
    found.is_good, found.words = is_good, in_row(said, case_id) if said else None
    found.found_by, found.found_at = viewer.officer_id, clock.now()
    old = None if before is None else {"good": before}
    subject = f"case:{case_id}"
    new = {"good": is_good, "draw": draw_id}
    record(session, viewer.officer_id, Action.CASE_RECHECK_NOTE, subject, unit_id=found.unit_id, old=old, new=new)


def still_told(session: Session, case_id: str) -> None:
    """Raise ``Invalid`` when the words of a case were erased: nothing written later would ever be erased."""
    if session.get(CaseErasure, (case_id, Erased.WORDS)) is not None:
        raise Invalid(ERASED)


def draws(session: Session) -> Sequence[RecheckDraw]:
    """All samples, newest first."""
    return session.scalars(select(RecheckDraw).order_by(RecheckDraw.id.desc())).all()


def draw_of(session: Session, draw_id: int) -> RecheckDraw:
    """A sample by its number; raises ``Missing``."""
    found = session.get(RecheckDraw, draw_id)
    if found is None:
        raise Missing(UNKNOWN)
    return found


def line(session: Session, viewer: Viewer, draw_id: int, case_id: str) -> CaseLine:
    """One case of a sample; raises ``Missing``."""
    return _lines(session, [_case(session, viewer, draw_id, case_id)])[0]


def lines(session: Session, viewer: Viewer, draw_id: int) -> list[CaseLine]:
    """The cases of a sample that exist for the viewer: those to be looked at first."""
    return _lines(session, _visible(session, viewer, draw_id))


def results(session: Session, viewer: Viewer, draw_id: int) -> tuple[list[UnitResult], UnitResult]:
    """What was found by unit, by name, and for all units together."""
    seen: dict[Stratum, list[RecheckCase]] = defaultdict(list)
    for one in _visible(session, viewer, draw_id):
        seen[one.unit_id, one.outcome].append(one)
    strata = session.scalars(select(RecheckStratum).where(RecheckStratum.draw_id == draw_id))
    parts = {
        (row.unit_id, row.outcome): _part(row.population, seen[row.unit_id, row.outcome])
        for row in strata
        if row.unit_id in {unit_id for unit_id, _ in seen}
    }
    drawn = {key: len(found) for key, found in seen.items()}
    names = units.names_on(session, {unit_id for unit_id, _ in parts}, clock.local_date())
    found = [_result(name, unit_id, parts, drawn) for unit_id, name in names.items()]
    whole = UnitResult("Tất cả", sum(drawn.values()), judged(list(parts.values())))
    return sorted(found, key=lambda one: natural_key(one.name)), whole


def _result(name: str, unit_id: int, parts: Mapping[Stratum, Part], drawn: Mapping[Stratum, int]) -> UnitResult:
    own = [part for (one, _), part in parts.items() if one == unit_id]
    return UnitResult(name, sum(n for (one, _), n in drawn.items() if one == unit_id), judged(own))


def _part(population: int, found: Sequence[RecheckCase]) -> Part:
    checked = [one.is_good for one in found if one.is_good is not None]
    return Part(population, len(checked), sum(checked))


def _visible(session: Session, viewer: Viewer, draw_id: int) -> Sequence[RecheckCase]:
    allowed = select(Case.id).where(access.visible(session, viewer, clock.local_date(), RECHECK))
    wanted = select(RecheckCase).where(RecheckCase.draw_id == draw_id, RecheckCase.case_id.in_(allowed))
    return session.scalars(wanted).all()


def _case(session: Session, viewer: Viewer, draw_id: int, case_id: str) -> RecheckCase:
    access.find(session, viewer, case_id, clock.local_date(), RECHECK)
    found = session.get(RecheckCase, (draw_id, case_id))
    if found is None:
        raise Missing(UNKNOWN)
    return found


def _lines(session: Session, found: Sequence[RecheckCase]) -> list[CaseLine]:
    names = units.names_on(session, {one.unit_id for one in found}, clock.local_date())
    wanted = select(Case.id, Case.public_number).where(Case.id.in_([one.case_id for one in found]))
    numbers = dict(session.execute(wanted).all())
    made = [
        CaseLine(one.case_id, numbers[one.case_id], names.get(one.unit_id, ""), one.outcome, one.is_good, one.words)
        for one in found
    ]
    return sorted(made, key=lambda one: (one.is_good is not None, natural_key(one.unit_name), one.public_number))
