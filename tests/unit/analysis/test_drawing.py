"""Samples of closed cases: drawn by lot so that they can be drawn again, judged with the whole they come from."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.casework.drawing import Part, draw, judged
from app.analysis.stats.intervals.hypergeometric import hypergeometric_limits

SIZES = st.lists(st.integers(0, 40), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(SIZES, st.integers(1, 120), st.text("0123456789abcdef", min_size=4, max_size=8))
def test_every_stratum_gives_its_part_and_the_same_seed_the_same_cases(sizes: list[int], total: int, seed: str) -> None:
    strata = {key: [f"{key}-{number}" for number in range(size)] for key, size in enumerate(sizes)}
    taken = draw(strata, total, seed)
    assert sum(map(len, taken.values())) == min(total, sum(sizes))
    assert all(set(ids) <= set(strata[key]) and len(set(ids)) == len(ids) for key, ids in taken.items())
    if min(total, sum(sizes)) >= sum(size > 0 for size in sizes):
        assert all(taken[key] for key, size in enumerate(sizes) if size)
    backwards = {key: ids[::-1] for key, ids in strata.items()}
    assert draw(backwards, total, seed) == taken


def test_another_seed_draws_others_and_every_case_has_its_chance() -> None:
    strata = {"one": [f"c{number}" for number in range(10)]}
    drawn = [draw(strata, 3, f"seed {number}")["one"] for number in range(400)]
    counts = [sum(f"c{number}" in ids for ids in drawn) for number in range(10)]
    assert all(80 <= count <= 160 for count in counts), counts  # 120 expected


def test_a_plain_sample_has_exact_limits_and_a_whole_one_none() -> None:
    found = judged([Part(100, 10, 9), Part(50, 5, 5)])
    assert found is not None
    low, high = hypergeometric_limits(14, 15, 150, confidence_level=0.95)
    assert (found.n, found.population, found.left_out) == (15, 150, 0)
    assert (found.interval.low, found.interval.high) == (float(low), float(high))
    whole = judged([Part(8, 8, 6)])
    assert whole is not None
    assert whole.interval.low == whole.interval.high == whole.value == 0.75


def test_unequal_parts_weigh_by_their_size_and_what_nobody_looked_at_is_left_out() -> None:
    found = judged([Part(90, 3, 3), Part(10, 3, 0), Part(7, 0, 0)])
    assert found is not None
    assert abs(found.value - 0.9) < 1e-12
    assert (found.population, found.left_out) == (100, 7)
    assert 0 <= found.interval.low < 0.9 < found.interval.high <= 1
    assert judged([Part(5, 0, 0)]) is None
