"""Exclusions by rule, moving a case up when nobody independent is left, and lifting an exclusion.

For whoever is excluded a case does not exist (``cases.access``). Exclusions are only added here: what a rule found once
holds until the level above lifts it in words, and what was lifted is not found again. Only what rested on a line of the
roster that was a mistake is taken back by itself (``undoing``).
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.feedback.cases import history
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import begin, end
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import FieldMissing
from app.feedback.cases.holding import excluded
from app.feedback.cases.kinds import CLASS_OF, Event, State, StateClass
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.cases.readings import subject
from app.feedback.conflicts import levels, undoing
from app.feedback.conflicts.concerned import concerned
from app.feedback.conflicts.kinds import Reason
from app.feedback.conflicts.lifting import may_lift
from app.feedback.conflicts.models import CounterDuty
from app.feedback.routing import services as routing
from app.rules.content import ConflictRule
from app.rules.errors import NoRule
from app.rules.queries import conflicts_on

MOST_WORDS = 2000


def on_opened(session: Session, case: Case) -> None:
    """Exclude whom a case that just came in concerns, and let it go up when that leaves nobody independent."""
    _follow(session, case)


def refresh(session: Session, case: Case) -> bool:
    """Do the same again after a roster or somebody's rights changed; whether anything came of it.

    The caller has locked the case. A closed case is not moved.
    """
    if not _follow(session, case):
        return False
    case.version += 1
    return True


def on_excluded(session: Session, case: Case) -> bool:
    """After an officer excluded somebody: let the case go up when nobody independent is left; whether it went."""
    rule = _rule(session, case)
    return rule is not None and _move_up(session, case, rule, clock.local_date())


def lift_exclusion(
    session: Session, viewer: Viewer, case_id: str, version: int, officer_id: int, words: str, *, role: str = ""
) -> Case:
    """Let a case exist again for somebody who was excluded: by the level above them only, in words kept with the case.

    The case stays where it is.
    """
    case = begin(session, viewer, case_id, version, "lift_exclusion")
    said = words_of("words", words, MOST_WORDS)
    found = session.get(CaseExclusion, (case.id, officer_id))
    if found is None or found.lifted_at is not None:
        raise FieldMissing("excluded", "Xin chọn cán bộ đang bị loại.")
    if not may_lift(session, viewer, case, officer_id, clock.local_date()):
        raise FieldMissing("excluded", "Việc này do cấp trên của đơn vị cán bộ ấy quyết định.")
    found.lifted_at = clock.now()
    detail = {"officer": officer_id, "rule": found.rule}
    return end(
        session, viewer, case, "lift_exclusion", Event.EXCLUSION_LIFTED, Action.CASE_LIFT_EXCLUSION, said, detail,
        role=role, shown=False,
    )  # fmt: skip


def _follow(session: Session, case: Case) -> bool:
    rule = _rule(session, case)
    if rule is None:
        return False
    today = clock.local_date()
    found = concerned(session, case, rule, today)
    undone = undoing.lifted_by_mistake(session, case.id)
    standing = concerned(session, case, rule, today, is_standing=True) if undone else {}
    again = {key: row for key, row in undone.items() if key in standing}
    is_new = _exclude(session, case, found, today, again)
    is_moved = CLASS_OF[case.state] is not StateClass.DONE and _move_up(session, case, rule, today)
    return is_new or is_moved


def _rule(session: Session, case: Case) -> ConflictRule | None:
    """The rule of the day a case came; none on an installation whose law was not loaded."""
    try:
        return conflicts_on(session, case.received_on).content
    except NoRule:
        return None


def _exclude(
    session: Session, case: Case, found: Mapping[int, Reason], today: date, again: Mapping[int, CaseExclusion]
) -> bool:
    """Exclude who is not yet, and ``again`` whom a mistake had let go; whether there was anybody.

    Nobody can exclude everybody: what would leave nobody who can see that the case goes on is not done, the weakest
    reason first.
    """
    known = set(session.scalars(select(CaseExclusion.officer_id).where(CaseExclusion.case_id == case.id)))
    new = {key: reason for key, reason in found.items() if key not in known or key in again}
    out = excluded(session, case.id)
    weakest_first = sorted(new, key=lambda officer_id: (-list(Reason).index(new[officer_id]), officer_id))
    while weakest_first and not levels.is_kept(session, case.unit_id, out | set(new), today):
        del new[weakest_first.pop(0)]
    for officer_id, reason in sorted(new.items()):
        if officer_id in again:
            row = again[officer_id]
            row.lifted_at, row.rule, row.since = None, reason.value, clock.now()
        else:
            session.add(CaseExclusion(case_id=case.id, officer_id=officer_id, rule=reason.value, since=clock.now()))
        detail = {"officer": officer_id, "rule": reason.value}
        history.append(session, case, Event.EXCLUDED, shown=False, detail=detail)
        record(session, None, Action.CASE_EXCLUDE, subject(case.id), detail, case.unit_id)
    if case.assignee_id in new:
        case.assignee_id = None
    return bool(new)


def _move_up(session: Session, case: Case, rule: ConflictRule, today: date) -> bool:
    """Hand a case to the level above when exclusions leave nobody independent; the due date stays."""
    out = excluded(session, case.id)
    above = levels.unit_above(session, case, out, today) if out and rule.moves_up else None
    if above is None:
        return False
    detail = {"from": case.unit_id, "to": above, "why": "conflict"}
    record(session, None, Action.CASE_MOVE_UP, subject(case.id), detail, case.unit_id)
    case.unit_id, case.assignee_id = above, None
    if CLASS_OF[case.state] is StateClass.OPEN:
        case.state = State.RECEIVED
    history.append(session, case, Event.MOVED, shown=True, detail=detail)
    routing.on_moved(session, case)
    return True


def undo_mistake(session: Session, line: CounterDuty, by: int) -> int:
    """After a line of the roster was withdrawn: lift what rested on it alone; in how many cases. None of them moves."""
    today, count = clock.local_date(), 0
    for case in undoing.touched(session, line):
        rule = _rule(session, case)
        count += rule is not None and undoing.lift(session, case, rule, line, by, today)
    return count


def refresh_all(session: Session, case_ids: Iterable[str]) -> int:
    """``refresh`` for some cases, each locked; for how many something came of it."""
    rows = session.scalars(
        select(Case)
        .where(Case.id.in_(list(case_ids)))
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return sum([refresh(session, case) for case in rows.all()])
