"""Figures of cases: in time, late, reopened, ratings, working days, the group of decision 766."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.feedback.oversight.figures import Fact, Figures, Satisfaction, dossier_satisfaction, figures, satisfaction
from app.rules.kinds import Kind

TODAY = date(2026, 11, 21)
RECEIVED = date(2026, 10, 1)
DUE = date(2026, 10, 21)


def _fact(closed: date | None = None, due: date | None = DUE, kind: Kind = Kind.PETITION, **more: object) -> Fact:
    return Fact(1, kind, RECEIVED, due, closed, **more)  # type: ignore[arg-type]


IN_TIME, LATE = _fact(DUE), _fact(DUE + timedelta(days=1))
OPEN_LATE, OPEN = _fact(), _fact(due=TODAY)
NO_DUE = _fact(DUE, due=None)


def test_the_due_day_itself_is_in_time_and_waiting_does_not_help() -> None:
    one = figures([IN_TIME, LATE, OPEN_LATE, OPEN, NO_DUE], TODAY, least=5)
    assert one == Figures(received=5, closed=3, in_time=1, late=2, open=2)
    assert one.in_time_share == Fraction(1, 3)


def test_no_cases_have_no_shares() -> None:
    assert figures([], TODAY, least=5) == Figures()
    assert Figures().in_time_share is None
    assert (satisfaction([], TODAY).a, satisfaction([], TODAY).b) == (None, None)
    assert dossier_satisfaction(0, 0) is None


def test_few_ratings_are_counted_and_not_averaged() -> None:
    rated = [_fact(DUE, scores=(4,)) for _ in range(4)]
    few, enough = figures(rated, TODAY, least=5), figures([*rated, _fact(DUE, scores=(5, 1))], TODAY, least=5)
    assert (few.ratings, few.mean_rating) == (4, None)
    assert (enough.ratings, enough.mean_rating) == (6, 22 / 6)


def test_the_median_of_working_days() -> None:
    days = [_fact(DUE, working_days=number) for number in (3, 10, 4, 40)]
    assert figures(days, TODAY, least=5).median_days == 7


def test_a_and_b_of_766_count_only_what_can_be_judged() -> None:
    dissatisfied = _fact(DUE, is_dissatisfied=True)
    other_kind = _fact(DUE, kind=Kind.COMPLAINT)
    found = satisfaction([IN_TIME, LATE, OPEN_LATE, OPEN, dissatisfied, other_kind], TODAY)
    assert found == Satisfaction(all_cases=4, competent=4, in_time=2, spoilt=3)
    assert (found.a, found.b) == (Fraction(1, 2), Fraction(1, 4))
    passed_on = _fact(DUE, is_competent=False)
    with_others = satisfaction([IN_TIME, LATE, passed_on], TODAY)
    assert (with_others.a, with_others.b) == (Fraction(1, 2), Fraction(2, 3))  # of A only what is within competence


def test_c_of_766() -> None:
    assert dossier_satisfaction(200, 3) == Fraction(197, 200)
    assert dossier_satisfaction(2, 5) == 0


days = st.none() | st.integers(0, 51).map(lambda more: RECEIVED + timedelta(days=more))
facts = st.builds(
    Fact, st.just(1), st.sampled_from([Kind.PETITION, Kind.COMPLAINT]), st.just(RECEIVED), days, days,
    is_reopened=st.booleans(), is_dissatisfied=st.booleans(),
)  # fmt: skip


@given(st.lists(facts, max_size=30))
def test_parts_make_up_the_whole(found: list[Fact]) -> None:
    one, judged = figures(found, TODAY, least=5), satisfaction(found, TODAY)
    assert one.closed + one.open == one.received == len(found)
    assert one.in_time + one.late <= one.received
    assert judged.in_time <= judged.all_cases >= judged.spoilt
    assert judged.in_time <= judged.competent <= judged.all_cases
    if judged.competent == judged.all_cases:
        assert judged.b is None or judged.a is None or judged.b <= judged.a
