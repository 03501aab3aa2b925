"""A case that was late before its clock stood is late everywhere; one paused in time is late nowhere."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.exports.cases import columns, rows
from app.feedback.cases import due_words, lateness, queries
from app.feedback.cases.deadlines import calendar_of
from app.feedback.cases.queries import Due, Filters, Measure
from app.feedback.handling import services as handling
from app.feedback.notices.reminders import _candidates as to_remind
from app.feedback.oversight.queries import facts
from app.web.permissions import Permission
from tests.factories import case_acts as acts
from tests.factories.cases import make_case, viewer
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.support.clock import SettableClock


def test_a_pause_after_the_due_date_does_not_undo_that_a_case_is_late(session: Session, clock: SettableClock) -> None:
    ward = make_unit(session, "2201", parent=make_unit(session, "22", type_code="province"))
    leader = viewer(
        make_officer(session, "lan.tran").id, ward.id, permissions=acts.EVERYTHING | {Permission.CASES_EXPORT}
    )
    first = clock.today
    late, in_time = (make_case(session, unit_id=ward.id) for _ in range(2))
    handling.pause(session, leader, in_time.id, in_time.version, "Công văn 1/UBND")
    assert late.due_on is not None
    while clock.today <= late.due_on + timedelta(days=3):
        clock.next_day(1)
    handling.pause(session, leader, late.id, late.version, "Công văn 2/UBND")
    clock.next_day(4)
    on = clock.today
    for filters in (Filters(due=Due.LATE.value), Filters(measure=Measure.MISSED.value)):
        assert queries.ids_matching(session, leader, on, filters) == [late.id]
    found = {fact.case_id: fact.is_late(on) for fact in facts(session, leader, first, on, on)}
    assert found == {late.id: True, in_time.id: False}
    since = lateness.standing_since(session, [late.id, in_time.id])
    words = [
        due_words.remaining(one.state, one.due_on, on, calendar_of(session), since[one.id]) for one in (late, in_time)
    ]
    assert "đã quá hạn trước khi tạm dừng" in words[0]
    assert words[1] == "Thời hạn đang tạm dừng"
    assert [one.id for one in to_remind(session, calendar_of(session), "")] == [late.id]
    place = [column.code for column in columns.COLUMNS].index("days_late")
    taken = rows.rows(session, leader, on, [late.id, in_time.id], with_contact=False)
    assert [bool(row[place]) for row in taken] == [True, False]
