"""A case once late stays late: in figures, lists and files, whatever term it is given afterwards."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exports.cases import columns, rows
from app.feedback.cases import misses, queries, upkeep
from app.feedback.cases.kinds import Decision
from app.feedback.cases.misses import CaseMissedTerm
from app.feedback.cases.models import Case
from app.feedback.cases.queries import Filters, Measure
from app.feedback.following import services as following
from app.feedback.handling import services as handling
from app.feedback.oversight import queries as oversight
from app.feedback.oversight.figures import figures, satisfaction
from app.rules.kinds import Kind
from tests.factories.case_acts import EVERYTHING, close, decide, take_up, version
from tests.factories.cases import Viewer, make_case, viewer
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def who(session: Session, clock: SettableClock) -> Viewer:
    unit = make_unit(session, "A")
    return viewer(make_officer(session, "xu.ly").id, unit.id, permissions=EVERYTHING)


def _late(session: Session, who: Viewer, clock: SettableClock, days: int = 2) -> Case:
    """An answer that came some days after its due date."""
    (unit_id,) = next(iter(who.scopes.values()))
    case = make_case(session, unit_id=unit_id)
    take_up(session, who, case.id)
    assert case.due_on is not None
    clock.set_local(date.fromordinal(case.due_on.toordinal() + days))
    return case


def _counted(session: Session, who: Viewer, today: date) -> tuple[int, int, int, int, set[str]]:
    facts = oversight.facts(session, who, *YEAR, today)
    found, judged = figures(facts, today, least=1), satisfaction(facts, today)
    listed = queries.ids_matching(session, who, today, Filters(measure=Measure.MISSED.value))
    assert found.in_time == len(queries.ids_matching(session, who, today, Filters(measure=Measure.KEPT.value)))
    return found.late, found.in_time, judged.all_cases, judged.in_time, set(listed)


def test_a_late_case_that_is_opened_again_and_answered_in_time_stays_late(
    session: Session, who: Viewer, clock: SettableClock
) -> None:
    case = _late(session, who, clock)
    first = case.due_on
    close(session, who, case.id)
    before = _counted(session, who, clock.today)
    assert before == (1, 0, 1, 0, {case.id})
    following.ask_reopening(session, case.id, "Còn thiếu ý thứ hai")
    decide(session, Viewer(make_officer(session, "khac").id, who.scopes), case.id, Decision.ACCEPTED)
    assert case.due_on is not None
    assert first is not None
    assert case.due_on > clock.today > first
    assert _counted(session, who, clock.today) == before
    close(session, who, case.id)
    assert _counted(session, who, clock.today) == before
    assert [(one.due_on, one.days) for one in misses.of(session, [case.id])[case.id]] == [(first, 2)]
    assert f"hạn {first:%d/%m/%Y}, quá 2 ngày" in misses.sentences(session, case)[0]
    (row,) = rows.rows(session, who, clock.today, [case.id], with_contact=False)
    labels = [one.code for one in columns.COLUMNS]
    assert row[labels.index("days_late")] == 2


def test_a_late_petition_that_is_treated_as_another_kind_stays_late_and_in_the_group_of_766(
    session: Session, who: Viewer, clock: SettableClock
) -> None:
    case = _late(session, who, clock)
    before = _counted(session, who, clock.today)
    version_now = version(session, case.id)
    handling.requalify(session, who, case.id, version_now, Kind.COMPLAINT, "Nội dung là khiếu nại quyết định")
    assert case.due_on is None  # without a name it has no term
    assert _counted(session, who, clock.today) == before


def test_the_clock_notes_a_missed_term_once_and_a_case_in_time_has_none(
    session: Session, who: Viewer, clock: SettableClock
) -> None:
    case = _late(session, who, clock, days=0)
    assert upkeep.note_misses(session, clock.today) == (0, None)
    close(session, who, case.id)
    assert _counted(session, who, clock.today) == (0, 1, 1, 1, set())
    late = _late(session, who, clock)
    for _ in range(2):
        upkeep.note_misses(session, clock.today)
    session.flush()
    assert session.scalars(select(CaseMissedTerm.case_id)).all() == [late.id]
    misses.take_back(session, late, date(2026, 1, 1))  # another date than the one that a new calendar moved
    assert misses.of(session, [late.id])
    missed, late.due_on = late.due_on, clock.today
    misses.take_back(session, late, missed)
    assert not misses.of(session, [late.id])
