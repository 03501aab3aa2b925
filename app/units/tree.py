"""Rules of the dated tree of units, over plain values.

A node lives on the days of its span and stands under one parent at a time; a link says which, from when to when. The
functions answer "as of a day" and name every rule that a set of nodes breaks. Keys are whatever names a unit.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Generic, TypeVar

from app.units.spans import ONE_DAY, Span
from app.units.types import may_exist, may_stand_throughout

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Link(Generic[K]):
    """The parent of a node on the days of ``span``."""

    parent: K
    span: Span


@dataclass(frozen=True, slots=True)
class Node(Generic[K]):
    """A unit: its key, the code of its kind, its life, its parents one after another."""

    key: K
    type: str
    span: Span
    links: tuple[Link[K], ...] = ()


class Fault(StrEnum):
    """A rule of the tree that a node breaks."""

    BACKWARD_DATES = "backward_dates"
    TYPE_NOT_ON_THESE_DAYS = "type_not_on_these_days"
    UNKNOWN_PARENT = "unknown_parent"
    PARENT_NOT_ALIVE = "parent_not_alive"
    LINK_OUTSIDE_LIFE = "link_outside_life"
    OVERLAPPING_PARENTS = "overlapping_parents"
    TYPE_UNDER_PARENT = "type_under_parent"
    NEEDS_PARENT = "needs_parent"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Problem(Generic[K]):
    """One broken rule, the node that breaks it and, where one is involved, the parent."""

    key: K
    fault: Fault
    parent: K | None = None


class Tree(Generic[K]):
    """Nodes by key, answering questions as of a day. Raises ValueError when two nodes share a key."""

    def __init__(self, nodes: Iterable[Node[K]]) -> None:
        self.nodes: dict[K, Node[K]] = {}
        self._below: defaultdict[K, list[tuple[K, Span]]] = defaultdict(list)
        for node in nodes:
            if node.key in self.nodes:
                raise ValueError(f"Two nodes have the key {node.key!r}.")
            self.nodes[node.key] = node
            for link in node.links:
                self._below[link.parent].append((node.key, link.span))

    def is_alive(self, key: K, on: date) -> bool:
        """Whether the unit exists on that day."""
        return key in self.nodes and self.nodes[key].span.contains(on)

    def parent_on(self, key: K, on: date) -> K | None:
        """The unit above on that day; None for a root, for a day outside its life, and for a parent not alive."""
        if not self.is_alive(key, on):
            return None
        parents = (link.parent for link in self.nodes[key].links if link.span.contains(on))
        return next((parent for parent in parents if self.is_alive(parent, on)), None)

    def children_on(self, key: K, on: date) -> list[K]:
        """The units directly below on that day."""
        return [child for child, span in self._below[key] if span.contains(on) and self.parent_on(child, on) == key]

    def path_on(self, key: K, on: date) -> list[K]:
        """The unit and all above it, lowest first; a cycle is cut where it closes."""
        path: list[K] = []
        here: K | None = key if self.is_alive(key, on) else None
        while here is not None and here not in path:
            path.append(here)
            here = self.parent_on(here, on)
        return path

    def subtree_on(self, key: K, on: date) -> set[K]:
        """The unit and all below it on that day; empty when it is not alive."""
        found: set[K] = set()
        waiting = [key] if self.is_alive(key, on) else []
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting.extend(self.children_on(here, on))
        return found

    def problems(self, only: Iterable[K] | None = None) -> list[Problem[K]]:
        """Every rule broken by the nodes ``only`` (default: all), in their order."""
        keys = self.nodes if only is None else only
        return [problem for key in keys for problem in self._problems_of(self.nodes[key])]

    def _problems_of(self, node: Node[K]) -> Iterator[Problem[K]]:
        if node.span.is_backward or any(link.span.is_backward for link in node.links):
            yield Problem(node.key, Fault.BACKWARD_DATES)
            return
        if not may_exist(node.type, node.span):
            yield Problem(node.key, Fault.TYPE_NOT_ON_THESE_DAYS)
        if has_overlap(link.span for link in node.links):
            yield Problem(node.key, Fault.OVERLAPPING_PARENTS)
        for link in node.links:
            yield from self._problems_of_link(node, link)
        for gap in gaps(node.span, (link.span for link in node.links)):
            if may_exist(node.type, gap) and not may_stand_throughout(node.type, None, gap):
                yield Problem(node.key, Fault.NEEDS_PARENT)
                break

    def _problems_of_link(self, node: Node[K], link: Link[K]) -> Iterator[Problem[K]]:
        if not node.span.covers(link.span):
            yield Problem(node.key, Fault.LINK_OUTSIDE_LIFE, link.parent)
        parent = self.nodes.get(link.parent)
        if parent is None:
            yield Problem(node.key, Fault.UNKNOWN_PARENT, link.parent)
            return
        if not parent.span.covers(link.span):
            yield Problem(node.key, Fault.PARENT_NOT_ALIVE, link.parent)
        elif may_exist(node.type, link.span) and not may_stand_throughout(node.type, parent.type, link.span):
            yield Problem(node.key, Fault.TYPE_UNDER_PARENT, link.parent)
        if self._closes_cycle(node.key, link):
            yield Problem(node.key, Fault.CYCLE, link.parent)

    def _closes_cycle(self, key: K, link: Link[K]) -> bool:
        """Whether climbing from the parent, on days of the link that remain common, comes back to the node."""
        waiting: list[tuple[K, Span]] = [(link.parent, link.span)]
        seen: set[tuple[K, Span]] = set()
        while waiting:
            here, span = waiting.pop()
            if here == key:
                return True
            if (here, span) in seen or here not in self.nodes:
                continue
            seen.add((here, span))
            for above in self.nodes[here].links:
                common = span.meet(above.span)
                if common is not None:
                    waiting.append((above.parent, common))
        return False


def has_overlap(spans: Iterable[Span]) -> bool:
    """Whether two of the spans share a day."""
    ordered = sorted(spans, key=lambda span: span.start or date.min)
    return any(earlier.overlaps(later) for earlier, later in pairwise(ordered))


def gaps(life: Span, spans: Iterable[Span]) -> list[Span]:
    """The stretches of ``life`` that none of the spans covers, in order."""
    found: list[Span] = []
    rest: Span | None = life
    for span in sorted(spans, key=lambda item: item.start or date.min):
        if rest is None:
            break
        if span.start is not None and span.start > date.min:
            before = rest.meet(Span(None, span.start - ONE_DAY))
            if before is not None:
                found.append(before)
        rest = None if span.end is None or span.end == date.max else rest.meet(Span(span.end + ONE_DAY, None))
    return found if rest is None else [*found, rest]
