"""A rule in words, fact by fact, and what differs between two of them (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.calendar.days import Limit
from app.calendar.sources import WORDS as STATUS_WORDS
from app.rules.content import CHOICE_WORDS, Begins, Content, Identity, Words
from app.rules.kinds import Kind
from app.rules.stored import facts_of

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is not the same: its field, its words, both values in words."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fact in several versions side by side; ``is_changed``: not the same in all of them."""

    name: str
    label: str
    cells: tuple[str, ...]
    sources: tuple[str, ...]
    is_changed: bool


def changed(old: Content | None, new: Content) -> list[Difference]:
    """The facts that differ, with the words for their sources."""
    return [
        Difference(one.name, one.label, before, after)
        for one in facts_of(type(new))
        if (before := _whole(old, one.name)) != (after := _whole(new, one.name))
    ]


def side_by_side(versions: Sequence[Content]) -> list[Row]:
    """Every fact of a matter in each of its versions."""
    if not versions:
        return []
    rows = []
    for one in facts_of(type(versions[0])):
        cells = tuple(in_words(getattr(version, one.name)) for version in versions)
        sources = tuple(source_words(version, one.name) for version in versions)
        is_changed = len(set(cells)) > 1 or len(set(sources)) > 1
        if set(cells) != {NOTHING}:
            rows.append(Row(one.name, one.label, cells, sources, is_changed))
    return rows


def in_words(value: object) -> str:
    """A fact as officers read it."""
    if isinstance(value, (Limit, Words)):
        return str(value.words) if isinstance(value, Limit) else f"{value.vi} / {value.en}"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, (Identity, Begins, Kind)):
        return CHOICE_WORDS[value]
    return NOTHING if value is None else str(value)


def source_words(content: Content, name: str) -> str:
    """Where a fact comes from and how well that is known; empty when nothing was noted."""
    source = content.sources.get(name)
    if source is None:
        return ""
    return f"{source.document} ({STATUS_WORDS[source.status]})" if source.document else str(STATUS_WORDS[source.status])


def _whole(content: Content | None, name: str) -> str:
    if content is None:
        return NOTHING
    source = source_words(content, name)
    words = in_words(getattr(content, name))
    return f"{words} [{source}]" if source else words
