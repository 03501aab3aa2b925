"""Exclusions by rule, moving a case up when nobody independent is left, and lifting an exclusion.

For whoever is excluded a case does not exist (``cases.access``). Exclusions are only added here: what a rule found once
holds until the level above lifts it in words, and what was lifted is not found again. Only what rested on a line of the
roster that was a mistake is taken back by itself (``undoing``).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.feedback.cases import history
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import begin, end, turn
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
from app.feedback.conflicts.touched import NOTHING, Touched
from app.feedback.routing import people
from app.feedback.routing import services as routing
from app.feedback.routing.rules import Why
from app.rules.content import ConflictRule
from app.rules.errors import NoRule
from app.rules.queries import conflicts_on
from app.units import queries as units

MOST_WORDS = 2000


def on_opened(session: Session, case: Case) -> None:
    """Exclude whom a case that just came in concerns, and let it go up when that leaves nobody independent."""
    _follow(session, case)


def refresh(session: Session, case: Case) -> bool:
    """Do the same again after a roster or somebody's rights changed; whether anything came of it.

    The caller has locked the case. A closed case is not moved.
    """
    return bool(_refreshed(session, case).all)


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


def _refreshed(session: Session, case: Case, lines: Sequence[CounterDuty] = ()) -> Touched:
    found = _follow(session, case, lines)
    case.version += bool(found.all)
    return found


def _follow(session: Session, case: Case, lines: Sequence[CounterDuty] = ()) -> Touched:
    rule = _rule(session, case)
    if rule is None:
        return NOTHING
    today = clock.local_date()
    found = concerned(session, case, rule, today)
    undone = undoing.lifted_by_mistake(session, case.id)
    standing = concerned(session, case, rule, today, is_standing=True) if undone else {}
    again = {key: row for key, row in undone.items() if key in standing} | _judged_since(session, case.id, found)
    new = _exclude(session, case, found, today, again)
    undoing.remember(session, case, [line for line in lines if line.counter_id == case.counter_id], new)
    is_moved = CLASS_OF[case.state] is not StateClass.DONE and _move_up(session, case, rule, today)
    mine = frozenset({case.id})
    return Touched(shut=mine if new else frozenset(), up=mine if is_moved else frozenset())


def _rule(session: Session, case: Case) -> ConflictRule | None:
    """The rule of the day a case came; none on an installation whose law was not loaded."""
    try:
        return conflicts_on(session, case.received_on).content
    except NoRule:
        return None


def _judged_since(session: Session, case_id: str, found: Mapping[int, Reason]) -> dict[int, CaseExclusion]:
    """Whose exclusion was lifted, who then had a hand in the answer: what was lifted did not speak of that."""
    rows = session.scalars(
        select(CaseExclusion).where(
            CaseExclusion.case_id == case_id,
            CaseExclusion.lifted_at.is_not(None),
            CaseExclusion.rule != Reason.ANSWERED,
        )
    )
    return {row.officer_id: row for row in rows if found.get(row.officer_id) is Reason.ANSWERED}


def _exclude(
    session: Session, case: Case, found: Mapping[int, Reason], today: date, again: Mapping[int, CaseExclusion]
) -> list[int]:
    """Exclude who is not yet, and ``again`` whom a mistake had let go; who that was.

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
        _take_away(session, case)
    return sorted(new)


def _move_up(session: Session, case: Case, rule: ConflictRule, today: date) -> bool:
    """Hand a case to the level above when exclusions leave nobody independent; the due date stays."""
    out = excluded(session, case.id)
    above = levels.unit_above(session, case, out, today) if out and rule.moves_up else None
    if above is None:
        return False
    detail = {"from": case.unit_id, "to": above, "why": "conflict"}
    record(session, None, Action.CASE_MOVE_UP, subject(case.id), detail, case.unit_id)
    _take_away(session, case)
    case.unit_id = above
    turn(session, case, "move_up")
    history.append(session, case, Event.MOVED, shown=True, detail=detail)
    routing.on_moved(session, case)
    return True


def undo_mistake(session: Session, viewer: Viewer, line: CounterDuty) -> Touched:
    """After a line of the roster was withdrawn: lift what rested on it alone, and let come back what it sent up.

    As for lifting by hand only the level above may do it; withdrawn by somebody else, everything stays as it is.

    A case comes back to the unit and the officer it had, if nobody above has taken it up since.
    """
    today, let, back = clock.local_date(), set[str](), set[str]()
    for case in undoing.touched(session, line):
        rule = _rule(session, case)
        if rule is None or not undoing.lift(session, viewer, case, rule, line, today):
            continue
        let.add(case.id)
        if _move_back(session, case, rule, line, viewer.officer_id, today):
            back.add(case.id)
        _give_back(session, case, line, today)
    return Touched(let=frozenset(let), back=frozenset(back))


def _move_back(session: Session, case: Case, rule: ConflictRule, line: CounterDuty, by: int, today: date) -> bool:
    from_id = undoing.sent_from(session, case, line)
    if from_id is None or case.state is not State.RECEIVED or case.assignee_id is not None:
        return False
    above, case.unit_id = case.unit_id, from_id
    out = excluded(session, case.id)
    has_ended = not units.lines_of(session, [case.unit_id], today)
    if has_ended or (out and rule.moves_up and levels.unit_above(session, case, out, today) is not None):
        case.unit_id = above
        return False
    detail = {"from": above, "to": case.unit_id, "why": Why.MISTAKE.value}
    record(session, by, Action.CASE_SEND_BACK, subject(case.id), detail, above)
    history.append(session, case, Event.MOVED, shown=True, detail=detail)
    return True


def _give_back(session: Session, case: Case, line: CounterDuty, today: date) -> None:
    """To whoever had the case before the line; they are told as of every case they are given."""
    officer_id = undoing.had_it(session, case, line)
    if officer_id is None or case.assignee_id is not None or officer_id not in people.handlers(session, case, today):
        return
    case.assignee_id = officer_id
    history.append(session, case, Event.ASSIGNED, shown=False, detail={"officer": officer_id})


def _take_away(session: Session, case: Case) -> None:
    """Nobody has the case; the history keeps who had it, for when that was a mistake."""
    if case.assignee_id is not None:
        history.append(session, case, Event.UNASSIGNED, shown=False, detail={"officer": case.assignee_id})
    case.assignee_id = None


def refresh_all(session: Session, case_ids: Iterable[str], lines: Sequence[CounterDuty] = ()) -> Touched:
    """``refresh`` for some cases, each locked; what came of it. ``lines``: just entered into a roster, they are why."""
    rows = session.scalars(
        select(Case)
        .where(Case.id.in_(list(case_ids)))
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = NOTHING
    for case in rows.all():
        found |= _refreshed(session, case, lines)
    return found
