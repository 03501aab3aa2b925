"""A year of cases in small: none is lost, each is due when fingers say so, list and single case agree for everybody."""

from datetime import date

from app.db.session import Database
from bench.year_of_cases import lost, make_year, wrong_dues, wrong_lists
from tests.support.examples import examples

AFTER_TET = date(2026, 3, 25)


def test_a5_no_case_is_lost_due_on_another_day_or_seen_by_others(database: Database) -> None:
    count = examples(150, 60)
    year, law = make_year(database, seed=7, count=count, last_day=AFTER_TET, communes=4)
    assert len(year.diaries) == count
    assert lost(database, year) == []
    assert wrong_dues(database, year, law) == []
    assert wrong_lists(database, year, AFTER_TET, officers=16, single=40) == []
    happened = {name for name, times in year.happened.items() if times}
    assert happened >= {"close", "ask", "pause", "transfer", "merge"}
    assert count < 150 or happened >= {"question_ran_out", "suspend", "extend", "exclude", "decide", "publish"}
    assert {name.split(":")[0] for name in year.refused} <= {"ask_again", "rate"}
