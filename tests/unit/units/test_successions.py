"""Successions: what may follow what, and who stands for whom."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.units.spans import Span
from app.units.successions import (
    BadSuccession,
    Succession,
    SuccessionKind,
    check_chain,
    check_succession,
    successors_on,
)

MERGE, SPLIT, RENAME, DISSOLVE = (
    SuccessionKind.MERGE,
    SuccessionKind.SPLIT,
    SuccessionKind.RENAME,
    SuccessionKind.DISSOLVE,
)
ON = date(2025, 7, 1)
DAY = timedelta(days=1)


@pytest.mark.parametrize("kind", SuccessionKind)
def test_every_kind_has_a_word(kind: SuccessionKind) -> None:
    assert kind.label


@pytest.mark.parametrize(
    ("kind", "olds", "news"),
    [
        (MERGE, "ab", "c"),
        (MERGE, "a", "c"),
        (SPLIT, "a", "bc"),
        (RENAME, "a", "a"),
        (DISSOLVE, "a", ""),
        (DISSOLVE, "a", "b"),
    ],
)
def test_what_may_be(kind: SuccessionKind, olds: str, news: str) -> None:
    check_succession(kind, olds, news)


@pytest.mark.parametrize(
    ("kind", "olds", "news", "message"),
    [
        (MERGE, "a", "a", "chính nó"),
        (MERGE, "ab", "a", "chính nó"),
        (SPLIT, "a", "ab", "chính nó"),
        (DISSOLVE, "a", "a", "chính nó"),
        (MERGE, "ab", "cd", "đúng một"),
        (MERGE, "ab", "", "đúng một"),
        (MERGE, "", "c", "ít nhất một"),
        (MERGE, "aa", "c", "hai lần"),
        (SPLIT, "a", "b", "ít nhất hai"),
        (RENAME, "a", "b", "chính đơn vị đó"),
        (DISSOLVE, "ab", "", "từng đơn vị"),
    ],
)
def test_what_may_not_be(kind: SuccessionKind, olds: str, news: str, message: str) -> None:
    with pytest.raises(BadSuccession, match=message):
        check_succession(kind, olds, news)


def test_chain_is_followed_up_to_the_day() -> None:
    chain = [
        Succession("a", "c", ON, MERGE),
        Succession("b", "c", ON, MERGE),
        Succession("c", "d", date(2026, 1, 1), SPLIT),
        Succession("c", "e", date(2026, 1, 1), SPLIT),
        Succession("e", "e", date(2026, 5, 1), RENAME),
    ]
    assert successors_on("a", chain, ON - DAY) == ["a"]
    assert successors_on("a", chain, ON) == ["c"]
    assert successors_on("b", chain, date(2026, 6, 1)) == ["d", "e"]
    assert successors_on("e", chain, date(2026, 6, 1)) == ["e"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (Span(None, None), Span(ON, None), "phải kết thúc trước"),
        (Span(None, ON), Span(ON, None), "phải kết thúc trước"),
        (Span(None, ON - DAY), Span(ON + DAY, None), "chưa hoạt động"),
    ],
)
def test_lives_must_fit(old: Span, new: Span, message: str) -> None:
    faults = check_chain([Succession("a", "b", ON, MERGE)], {"a": old, "b": new})
    assert len(faults) == 1
    assert message in faults[0][1]


def test_unknown_and_self_are_named_and_rename_passes() -> None:
    lives = {"a": Span(None, ON - DAY)}
    items = [Succession("a", "x", ON, MERGE), Succession("a", "a", ON, MERGE), Succession("a", "a", ON, RENAME)]
    assert [reason for _, reason in check_chain(items, lives)] == [
        "Không tìm thấy đơn vị cũ hoặc đơn vị kế thừa.",
        "Không thể hợp nhất một đơn vị với chính nó.",
    ]


UNITS = st.integers(0, 5)
DAYS = st.dates(date(2025, 1, 1), date(2025, 2, 1))


@given(st.lists(st.builds(Succession, UNITS, UNITS, DAYS, st.just(MERGE)), max_size=8), UNITS, DAYS)
def test_the_walk_ends_and_gives_ends_of_chains(chain, key: int, on: date) -> None:
    found = successors_on(key, chain, on)
    followed = {item.old for item in chain if item.old != item.new and item.on <= on}
    assert len(found) == len(set(found))
    assert not followed & set(found)
    assert (found == [key]) == (key not in followed)


@given(st.lists(st.builds(Succession, UNITS, UNITS, DAYS, st.just(MERGE)), max_size=8), UNITS, st.data())
def test_a_chain_that_passes_never_comes_back(chain, key: int, data: st.DataObject) -> None:
    lives = {}
    for unit in range(6):
        start, end = sorted((data.draw(DAYS), data.draw(DAYS)))
        lives[unit] = Span(start, end)
    sound = [item for item in chain if not check_chain([item], lives)]
    found = successors_on(key, sound, date(2026, 1, 1))
    assert found
    if any(item.old == key for item in sound):
        assert key not in found
