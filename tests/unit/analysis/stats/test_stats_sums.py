"""Sums of a cell: exact, additive in any order, and the same after storage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.layout import Criterion, Item, Level, Scoring, SumsLayout
from app.analysis.stats.sums import (
    CHUNK,
    add,
    cross_sums,
    from_answers,
    from_answers_grouped,
    from_bytes,
    group_table,
    item_counts,
    item_levels,
    to_bytes,
)
from tests.unit.analysis.stats.direct_computing import counter_layout, responses

LAYOUT = counter_layout()


@given(responses(), st.data())
def test_merging_any_parts_in_any_order_gives_the_same_bits(answers, data):
    whole = from_answers(LAYOUT, answers)
    owner = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=len(answers), max_size=len(answers))), dtype=np.int64
    )
    order = data.draw(st.permutations(range(4)))
    shuffled = np.array(data.draw(st.permutations(range(len(answers)))), dtype=np.int64)
    parts = from_answers_grouped(LAYOUT, answers[shuffled], owner[shuffled], 4)
    assert add(LAYOUT, (parts[i] for i in order)).tobytes() == whole.tobytes()
    for group in range(4):
        assert parts[group].tobytes() == from_answers(LAYOUT, answers[owner == group]).tobytes()


@given(responses())
def test_stored_form_gives_back_the_same_bits(answers):
    sums = from_answers(LAYOUT, answers)
    assert from_bytes(LAYOUT, to_bytes(LAYOUT, sums)).tobytes() == sums.tobytes()


@given(responses(min_size=1))
def test_sums_are_what_the_answers_say(answers):
    sums = from_answers(LAYOUT, answers)
    assert sums[0] == len(answers)
    for item in LAYOUT.items:
        counts = item_counts(LAYOUT, sums, item.code)
        column = answers[:, item.column].tolist()
        assert counts.levels == tuple(column.count(level) for level in range(1, item.levels + 1))
        assert item_levels(LAYOUT, sums[None], item.code)[0].tolist() == list(counts.levels)
        assert counts.n == sum(counts.levels)
        assert (counts.not_shown, counts.not_applicable, counts.blank) == tuple(column.count(c) for c in (0, 254, 255))
    body = answers[:, [c.column for c in LAYOUT.criteria]].astype(int)
    r = ((body >= 1) & (body <= 5)).astype(int)
    for scoring, y in ((Scoring.TOP2, (body >= 4) * r), (Scoring.LEVEL, body * r)):
        cross = cross_sums(LAYOUT, sums[None], scoring)
        assert (cross.rr[0] == r.T @ r).all()
        assert (cross.yr[0] == y.T @ r).all()
        assert (cross.yy[0] == y.T @ y).all()
        for group in LAYOUT.groups:
            m, total = r[:, group.members].sum(axis=1), y[:, group.members].sum(axis=1)
            expected = [
                [(m == k).sum(), total[m == k].sum(), (total[m == k] ** 2).sum()]
                for k in range(1, len(group.members) + 1)
            ]
            assert group_table(LAYOUT, sums[None], group.table, scoring)[0].tolist() == expected


def test_many_responses_are_summed_in_chunks_exactly():
    n = CHUNK + 777
    answers = np.full((n, 8), 5, dtype=np.uint8)
    answers[:, 7] = 1
    sums = from_answers(LAYOUT, answers)
    cross = cross_sums(LAYOUT, sums[None], Scoring.LEVEL)
    assert (cross.yy == 25 * n).all()
    assert sums[0] == n
    table = group_table(LAYOUT, sums[None], LAYOUT.groups[-1].table, Scoring.LEVEL)
    assert table[0, -1].tolist() == [n, 30 * n, 900 * n]


def test_overall_shares_the_table_of_a_component_with_the_same_criteria():
    layout = SumsLayout.of(columns=2, levels=5, criteria=[Criterion("x", 0, "f", "s"), Criterion("y", 1, "g", "s")])
    assert [(g.level, g.code, g.table) for g in layout.groups] == [
        (Level.FACTOR, "f", 0),
        (Level.FACTOR, "g", 1),
        (Level.COMPONENT, "s", 2),
        (Level.OVERALL, "overall", 2),
    ]


def test_a_set_without_criteria_keeps_counts_only():
    layout = SumsLayout.of(columns=1, levels=5, criteria=[], others=[Item("tap", 0, 5)])
    sums = from_answers(layout, np.array([[5], [4], [255]], dtype=np.uint8))
    assert sums.tolist() == [3, 0, 0, 0, 0, 1, 1, 0, 1]


def test_no_answers_are_the_neutral_cell():
    assert not from_answers(LAYOUT, np.zeros((0, 8), dtype=np.uint8)).any()
    assert not add(LAYOUT, []).any()
    assert from_answers_grouped(LAYOUT, np.zeros((0, 8), dtype=np.uint8), np.zeros(0, dtype=np.int64), 2).shape == (
        2,
        LAYOUT.size,
    )


@pytest.mark.parametrize("code", [6, 200, 253])
def test_a_code_outside_the_scale_is_refused_by_name(code):
    answers = np.full((3, 8), 1, dtype=np.uint8)
    answers[1, 2] = code
    with pytest.raises(BadInputError, match="b1"):
        from_answers(LAYOUT, answers)


@pytest.mark.parametrize(
    "answers",
    [np.zeros((2, 7), np.uint8), np.zeros((2, 8), np.int64), np.zeros(8, np.uint8)],
    ids=["columns", "type", "flat"],
)
def test_answers_of_another_shape_or_type_are_refused(answers):
    with pytest.raises(BadInputError, match="expected uint8"):
        from_answers(LAYOUT, answers)


@pytest.mark.parametrize("groups", [np.array([0, 2]), np.array([0, -1]), np.array([0])])
def test_group_numbers_must_fit(groups):
    with pytest.raises(BadInputError):
        from_answers_grouped(LAYOUT, np.zeros((2, 8), np.uint8), groups, 2)


def test_stored_form_is_refused_when_damaged_or_foreign():
    stored = to_bytes(LAYOUT, from_answers(LAYOUT, np.zeros((1, 8), np.uint8)))
    other = SumsLayout.of(columns=1, levels=5, criteria=[], others=[Item("tap", 0, 5)])
    for layout, data in (
        (LAYOUT, b""),
        (LAYOUT, b"\x63" + stored[1:]),
        (LAYOUT, stored[:9]),
        (LAYOUT, b"\x01zz"),
        (other, stored),
    ):
        with pytest.raises(BadInputError):
            from_bytes(layout, data)


@pytest.mark.parametrize(
    "options",
    [
        {"criteria": [Criterion("x", 0, "f"), Criterion("x", 1, "f")]},
        {"criteria": [Criterion("x", 0, "f")], "others": [Item("y", 0, 5)]},
        {"criteria": [Criterion("x", 9, "f")]},
        {"criteria": [Criterion("x", 0, "f")], "levels": 2},
        {"criteria": [], "others": [Item("y", 0, 254)]},
    ],
)
def test_impossible_structures_are_refused(options):
    with pytest.raises(BadInputError):
        SumsLayout.of(**{"columns": 2, "levels": 5, **options})
