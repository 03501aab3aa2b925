"""F7: no name of a counter, unit or month singles out few answers, by subtraction neither."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.exports.places import NOWHERE, Place, told

LEAST = 5


def place(month: int, unit: int, counter: int) -> Place:
    return Place(202600 + month, unit, unit * 10 + counter)


def test_enough_answers_are_told_whole() -> None:
    counts = {place(1, 1, 1): 5, place(1, 1, 2): 9}
    assert told(counts, threshold=LEAST) == {one: one for one in counts}


def test_counter_with_few_answers_stands_with_the_next_smallest() -> None:
    few, next_one, large = place(1, 1, 1), place(1, 1, 2), place(1, 1, 3)
    known = told({few: 4, next_one: 6, large: 20}, threshold=LEAST)
    assert known == {few: Place(202601, 1), next_one: Place(202601, 1), large: large}


def test_unit_with_few_answers_is_not_named() -> None:
    few, other, large = place(1, 1, 1), place(1, 2, 1), place(1, 3, 1)
    known = told({few: 3, other: 7, large: 20}, threshold=LEAST)
    assert known == {few: Place(202601), other: Place(202601), large: large}


def test_month_with_few_answers_is_not_named() -> None:
    few, other, large = place(1, 1, 1), place(2, 1, 1), place(3, 1, 1)
    known = told({few: 3, other: 7, large: 20}, threshold=LEAST)
    assert known == {few: NOWHERE, other: NOWHERE, large: large}


def test_too_few_altogether_are_not_told_at_all() -> None:
    assert told({place(1, 1, 1): 4}, threshold=LEAST) is None
    assert told({}, threshold=LEAST) == {}


PLACES = st.builds(place, st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))


@given(st.dictionaries(PLACES, st.integers(1, 12), max_size=20))
def test_whatever_is_told_there_are_never_few_of_it(counts: dict[Place, int]) -> None:
    known = told(counts, threshold=LEAST)
    if known is None:
        assert sum(counts.values()) < LEAST
        return
    groups: Counter[Place] = Counter()
    for one, n in counts.items():
        groups[known[one]] += n
    assert all(n >= LEAST for n in groups.values())
