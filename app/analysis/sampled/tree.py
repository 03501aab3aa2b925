"""Which units a sampled round speaks of, as a tree on one day, and which of them may be shown."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from app.analysis.scope import branches
from app.analysis.stats.cells.sums import CellSums
from app.analysis.stats.disclosure import UnitCounts, protect_tree
from app.analysis.stats.layout import Level
from app.survey.models import SurveyRound
from app.units.queries import lines_of, name_on, unit_by_id


@dataclass(frozen=True, slots=True)
class Node:
    """A unit with answers: those of ``unit_ids`` count for it. ``own``: people of no child."""

    unit_id: int
    code: str
    name: str
    unit_ids: frozenset[int]
    people: int
    own: int
    children: tuple["Node", ...]

    def walk(self) -> Iterator["Node"]:
        """The unit and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def day_of_units(survey_round: SurveyRound, today: date) -> date:
    """The day whose tree of units a round is reported by: its last one, or today while it goes on.

    Fixed when the round has ended, so that a later merger changes no figure that was shown.
    """
    last = min(day for day in (today, survey_round.ends_on, survey_round.closed_on) if day is not None)
    return max(last, survey_round.starts_on)


def survey_tree(session: Session, survey_round: SurveyRound, sums: CellSums, on: date) -> Node:
    """The tree of the units with answers under the unit of a round."""
    people = people_of_index(sums)
    root = survey_round.unit_id
    lines = lines_of(session, [root], on)
    name = lines[0].name if lines else name_on(session, root, on)
    code = lines[0].code if lines else unit_by_id(session, root).code
    return _node(session, (root, code, name), frozenset(people), people, on)


def people_of_index(sums: CellSums) -> dict[int, int]:
    """People who answered at least one criterion, by unit; everybody where a set has none.

    The small-number rule counts these: ten forms could hold the answers of two people.
    """
    keys, layout, blocks = sums.keys, sums.plan.layout, sums.blocks
    whole = next((group for group in layout.groups if group.level is Level.OVERALL), None)
    counts = sums.rows
    if whole is not None:
        counts = blocks.table_n.part(sums.plan.table_rows(whole.table)).floats().sum(axis=0)
    per_domain = np.bincount(keys.domain, weights=counts, minlength=len(keys.domains))
    return {int(label): round(float(n)) for (label,), n in zip(keys.domains, per_domain, strict=True)}


def shown_units(root: Node, least: int) -> frozenset[int]:
    """Numbers of the units that may be shown to readers who must not see fewer than ``least`` people.

    The whole tree is one publication: no difference of shown units is a small number.
    """
    return frozenset(int(code) for code in protect_tree(_counts(root), threshold=least).totals)


def _counts(node: Node) -> UnitCounts:
    return UnitCounts(str(node.unit_id), (node.own,), tuple(map(_counts, node.children)))


def _node(
    session: Session, line: tuple[int, str, str], answered: Collection[int], people: dict[int, int], on: date
) -> Node:
    unit_id, code, name = line
    mine = frozenset(answered)
    children: list[Node] = []
    if mine - {unit_id}:
        for branch in branches(session, unit_id, on):
            inside = branch.unit_ids & mine
            if inside:
                below = (branch.line.id, branch.line.code, branch.line.name)
                children.append(_node(session, below, inside, people, on))
    total = sum(people[one] for one in mine)
    return Node(unit_id, code, name, mine, total, total - sum(child.people for child in children), tuple(children))
