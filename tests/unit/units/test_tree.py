"""Rules of the dated tree."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.units.spans import Span
from app.units.tree import Fault, Link, Node, Tree, gaps, has_overlap

D = date
BEFORE, AFTER = D(2025, 6, 30), D(2025, 7, 1)
FIRST = D(2020, 1, 1)


def node(key, kind, start, end=None, *links):
    return Node(key, kind, Span(start, end), tuple(Link(parent, Span(*days)) for parent, *days in links))


QUANG_NINH = [
    node("22", "province", FIRST),
    node("193", "provincial_city", FIRST, BEFORE, ("22", FIRST, BEFORE)),
    node("06649", "ward", FIRST, BEFORE, ("193", FIRST, BEFORE)),
    node("06650", "ward", FIRST, None, ("193", FIRST, BEFORE), ("22", AFTER, None)),
    node("ttpvhcc", "communal_service_centre", AFTER, None, ("06650", AFTER, None)),
]


def faults(*nodes):
    return [(problem.key, problem.fault) for problem in Tree(nodes).problems()]


def test_both_periods_are_right() -> None:
    tree = Tree(QUANG_NINH)
    assert tree.problems() == []
    assert tree.subtree_on("22", BEFORE) == {"22", "193", "06649", "06650"}
    assert tree.subtree_on("22", AFTER) == {"22", "06650", "ttpvhcc"}
    assert tree.path_on("06650", BEFORE) == ["06650", "193", "22"]
    assert tree.path_on("ttpvhcc", AFTER) == ["ttpvhcc", "06650", "22"]
    assert tree.parent_on("06649", AFTER) is None
    assert tree.subtree_on("193", AFTER) == set()


def test_two_nodes_with_one_key() -> None:
    with pytest.raises(ValueError, match="22"):
        Tree([QUANG_NINH[0], QUANG_NINH[0]])


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([node("a", "province", AFTER, BEFORE)], [Fault.BACKWARD_DATES]),
        ([node("a", "province", AFTER, None, ("b", AFTER, None))], [Fault.UNKNOWN_PARENT]),
        ([node("a", "ward", AFTER)], [Fault.NEEDS_PARENT]),
        ([node("a", "special_zone", FIRST, None, ("22", AFTER, None))], [Fault.TYPE_NOT_ON_THESE_DAYS]),
        (
            [node("a", "ward", AFTER, None, ("22", AFTER, None), ("22", D(2026, 1, 1), None))],
            [Fault.OVERLAPPING_PARENTS],
        ),
        ([node("a", "ward", AFTER, None, ("22", BEFORE, None))], [Fault.LINK_OUTSIDE_LIFE, Fault.TYPE_UNDER_PARENT]),
        ([node("a", "ward", AFTER, None, ("193", AFTER, None))], [Fault.PARENT_NOT_ALIVE]),
        ([node("a", "urban_district", FIRST, BEFORE, ("22", FIRST, BEFORE))], [Fault.TYPE_UNDER_PARENT]),
        ([node("a", "ward", AFTER, None, ("22", AFTER, D(2026, 1, 1)))], [Fault.NEEDS_PARENT]),
        ([node("a", "vertical_office", FIRST, None, ("a", FIRST, None))], [Fault.CYCLE]),
    ],
)
def test_each_broken_rule_is_named(nodes, expected) -> None:
    problems = Tree([*QUANG_NINH, *nodes]).problems()
    assert [problem.fault for problem in problems] == expected
    assert {problem.key for problem in problems} == {"a"}


def test_a_cycle_needs_common_days() -> None:
    office = "vertical_office"
    loop = [node("a", office, FIRST, None, ("b", FIRST, None)), node("b", office, FIRST, None, ("a", FIRST, None))]
    assert faults(*loop) == [("a", Fault.CYCLE), ("b", Fault.CYCLE)]
    swapped = [
        node("a", office, FIRST, None, ("b", FIRST, BEFORE)),
        node("b", office, FIRST, None, ("a", AFTER, None)),
    ]
    assert faults(*swapped) == []
    assert Tree(swapped).path_on("a", FIRST) == ["a", "b"]
    assert Tree(swapped).path_on("b", AFTER) == ["b", "a"]


DAYS = st.dates(D(2024, 1, 1), D(2024, 2, 20))
OPEN_DAYS = st.one_of(st.none(), DAYS)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start, end = draw(OPEN_DAYS), draw(OPEN_DAYS)
    return Span(end, start) if start and end and end < start else Span(start, end)


@st.composite
def forests(draw: st.DrawFn) -> list[Node[int]]:
    """Any tangle of up to seven offices."""
    size = draw(st.integers(1, 7))
    links = st.lists(st.tuples(st.integers(0, size - 1), spans()), max_size=3)
    return [
        Node(key, "vertical_office", draw(spans()), tuple(Link(parent, span) for parent, span in draw(links)))
        for key in range(size)
    ]


def days_of(nodes) -> list[date]:
    return [D(2023, 12, 31) + timedelta(days=number) for number in range(54)]


@given(spans(), spans(), DAYS)
def test_spans_agree_with_their_days(first: Span, second: Span, on: date) -> None:
    both = first.contains(on) and second.contains(on)
    common = first.meet(second)
    assert both == (common is not None and common.contains(on))
    assert first.overlaps(second) == second.overlaps(first)
    if first.covers(second) and second.contains(on):
        assert first.contains(on)


@given(st.lists(spans(), max_size=5))
def test_overlap_is_found_exactly(items: list[Span]) -> None:
    far = [D(1000, 1, 1), *days_of(None), D(3000, 1, 1)]
    assert has_overlap(items) == any(sum(span.contains(day) for span in items) > 1 for day in far)


@given(spans(), st.lists(spans(), max_size=4))
def test_gaps_are_the_uncovered_days(life: Span, items: list[Span]) -> None:
    found = gaps(life, items)
    for day in [D(1000, 1, 1), *days_of(None), D(3000, 1, 1)]:
        uncovered = life.contains(day) and not any(span.contains(day) for span in items)
        assert uncovered == any(span.contains(day) for span in found)


@given(forests(), DAYS)
def test_a_unit_is_in_exactly_the_subtrees_of_its_path(nodes, on: date) -> None:
    tree = Tree(nodes)
    for key in tree.nodes:
        above = {other for other in tree.nodes if key in tree.subtree_on(other, on)}
        assert set(tree.path_on(key, on)) == above


@given(forests())
def test_a_cycle_is_reported_exactly_when_climbing_comes_back(nodes) -> None:
    tree = Tree(nodes)

    def comes_back(key: int, day: date) -> bool:
        reached, waiting = set(), [link.parent for link in tree.nodes[key].links if link.span.contains(day)]
        while waiting:
            here = waiting.pop()
            if here not in reached:
                reached.add(here)
                waiting.extend(link.parent for link in tree.nodes[here].links if link.span.contains(day))
        return key in reached

    days = [D(1000, 1, 1), *days_of(nodes), D(3000, 1, 1)]
    on_cycle = {key for key in tree.nodes if any(comes_back(key, day) for day in days)}
    assert {problem.key for problem in tree.problems() if problem.fault is Fault.CYCLE} == on_cycle


@given(forests(), DAYS)
def test_a_sound_forest_is_a_partition(nodes, on: date) -> None:
    tree = Tree(nodes)
    if tree.problems():
        return
    alive = [key for key in tree.nodes if tree.is_alive(key, on)]
    roots = [key for key in alive if tree.parent_on(key, on) is None]
    parts = [tree.subtree_on(root, on) for root in roots]
    assert sum(len(part) for part in parts) == len(alive)
    assert set().union(*parts) == set(alive)
