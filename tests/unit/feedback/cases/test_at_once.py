"""G3: several officers at once. One wins, the others are told; no line of the history is lost or doubled."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.db.session import Database
from app.feedback.answering import drafts
from app.feedback.answering.composing import WHOLE, Answer, Draft
from app.feedback.cases import history
from app.feedback.cases.errors import NotInThisState, StaleCase
from app.feedback.cases.kinds import Event, Outcome
from app.feedback.cases.models import Case, CaseReply
from app.feedback.handling import closing
from app.feedback.handling import services as handling
from tests.factories import case_acts as acts
from tests.factories.cases import Viewer, make_case, viewer
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

AT_ONCE = 6


@pytest.fixture
def office(database: Database, clock: SettableClock) -> tuple[str, Viewer]:
    with database.transaction() as session:
        unit_id = make_unit(session, "2201").id
        officer = make_officer(session, "lan.tran")
        return make_case(session, unit_id=unit_id).id, viewer(officer.id, unit_id, permissions=acts.EVERYTHING)


def test_g3_of_several_answers_at_once_one_counts(database: Database, office: tuple[str, Viewer]) -> None:
    case_id, who = office
    together = Barrier(AT_ONCE)
    with database.transaction() as session:
        draft = drafts.save(session, who, case_id, 0, Draft(Outcome.SOLVED, "", {WHOLE: Answer("Trả lời")}, {}))

    def close(_number: int) -> str:
        together.wait()
        try:
            with database.transaction() as session:
                closing.send_draft(session, who, case_id, 1, draft)
        except (StaleCase, NotInThisState):
            return "refused"
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert Counter(pool.map(close, range(AT_ONCE))) == {"done": 1, "refused": AT_ONCE - 1}
    with database.reading() as session:
        assert len(session.scalars(select(CaseReply)).all()) == 1
        lines = history.lines(session, case_id, shown_only=False)
        assert [line.event for line in lines].count(Event.CLOSED) == 1
        assert session.get_one(Case, case_id).version == 2


def test_lines_written_at_once_are_numbered_without_gap(database: Database, office: tuple[str, Viewer]) -> None:
    case_id, _who = office
    together = Barrier(AT_ONCE)

    def write(number: int) -> int:
        together.wait()
        with database.transaction() as session:
            case = session.get_one(Case, case_id)
            return history.append(session, case, Event.RATED, shown=True, words=f"Lời {number}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sorted(pool.map(write, range(AT_ONCE))) == list(range(2, AT_ONCE + 2))
    with database.reading() as session:
        words = [line.words for line in history.lines(session, case_id, shown_only=True)]
    assert words[0] is None
    assert sorted(words[1:]) == [f"Lời {number}" for number in range(AT_ONCE)]


def test_a_stale_form_changes_nothing(database: Database, office: tuple[str, Viewer]) -> None:
    case_id, who = office
    with database.transaction() as session:
        handling.take_up(session, who, case_id, 1)
    with pytest.raises(StaleCase), database.transaction() as session:
        handling.set_private(session, who, case_id, 1, "Có thông tin riêng")
    with database.reading() as session:
        assert not session.get_one(Case, case_id).is_private
