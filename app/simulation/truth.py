"""The values that the product should find in the simulated province (pure): expectations under the world, not samples.

For a unit: over the people who come to it and answer. For several units together: over all their people, which is how
the product joins open answers. Contentment between people is integrated by Gauss–Hermite quadrature.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.simulation.world import (
    PERSON_SPREAD,
    STRAIGHT_LINE_GO_ON,
    STRAIGHT_LINE_LEVELS,
    TAP_EASE,
    Floats,
    World,
    level_shares,
    share_going_on,
)

NODES = 20
LEVEL_SCORES = {"TOP2": np.array([0.0, 0.0, 0.0, 1.0, 1.0]), "MEAN5": np.array([0.2, 0.4, 0.6, 0.8, 1.0])}


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected values of one formula, 0..1, each by code; ``overall`` under both aggregations that sums can give."""

    criteria: Mapping[str, float]
    factors: Mapping[str, float]
    overall: Mapping[str, float]


@dataclass(frozen=True)
class Truth:
    """Expected shares of a world.

    ``levels``: (units, criteria, 5), the share of all people of the unit who give a criterion that level; ``tap``:
    (units, 5).
    """

    world: World
    levels: Floats
    tap: Floats

    @staticmethod
    def of(world: World) -> "Truth":
        """Work out the expectations of a world."""
        levels = np.zeros((len(world.units), len(world.criteria), 5))
        tap = np.zeros((len(world.units), 5))
        for unit in range(len(world.units)):
            levels[unit], tap[unit] = _of_unit(world, unit)
        return Truth(world, levels, tap)

    def expected(self, formula: str, units: Sequence[int] | None = None) -> Expected:
        """Values for some units together, given by their positions; all of them by default."""
        chosen = list(range(len(self.world.units))) if units is None else list(units)
        shares = self.world.unit_shares[chosen]
        mass = np.tensordot(shares, self.levels[chosen], axes=1)
        scores, answers = mass @ LEVEL_SCORES[formula], mass.sum(axis=1)
        values = scores / answers
        factors = self._factors
        return Expected(
            criteria={item.code: float(value) for item, value in zip(self.world.criteria, values, strict=True)},
            factors={code: float(values[members].mean()) for code, members in factors.items()},
            overall={"MEAN_OF_CRITERIA": float(values.mean()), "POOLED": float(scores.sum() / answers.sum())},
        )

    def expected_tap(self, units: Sequence[int] | None = None) -> float:
        """Share of people satisfied or very satisfied at the tap."""
        chosen = list(range(len(self.world.units))) if units is None else list(units)
        shares = self.world.unit_shares[chosen]
        return float(shares @ self.tap[chosen][:, 3:].sum(axis=1) / shares.sum())

    def to_json(self) -> str:
        """Everything as text, for people and for tests; values rounded to six decimals."""
        places = {unit.code: [number] for number, unit in enumerate(self.world.units)}
        names = {unit.code: unit.name for unit in self.world.units}
        content = {
            "note": "Expected values of the generator of simulated answers; fractions 0..1.",
            "first_day": self.world.days[0].isoformat(),
            "last_day": self.world.days[-1].isoformat(),
            "self_satisfied_unit": self.world.units[self.world.self_satisfied].code,
            "weak_unit": self.world.units[self.world.weak].code,
            "province": self._as_json(None),
            "units": {code: {"name": names[code], **self._as_json(place)} for code, place in places.items()},
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    def _as_json(self, units: Sequence[int] | None) -> dict[str, object]:
        found: dict[str, object] = {"tap_satisfied": round(self.expected_tap(units), 6)}
        for formula in LEVEL_SCORES:
            one = self.expected(formula, units)
            found[formula] = {
                "overall": _rounded(one.overall),
                "factors": _rounded(one.factors),
                "criteria": _rounded(one.criteria),
            }
        return found

    @cached_property
    def _factors(self) -> dict[str, list[int]]:
        members: dict[str, list[int]] = {}
        for number, item in enumerate(self.world.criteria):
            members.setdefault(item.factor, []).append(number)
        return members


def _of_unit(world: World, unit: int) -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    person = PERSON_SPREAD * nodes
    # Axes: day, person; then criterion, level.
    weight = world.day_shares[:, np.newaxis] * weights
    here = world.contentment[unit] + person + world.trend[unit] * world.progress[:, np.newaxis]
    usual = 1.0 - world.straight_line[unit]
    tap = usual * np.einsum("dp,dpl->l", weight, level_shares(here + TAP_EASE))
    going_on = weight * share_going_on(person)
    # One criterion at a time keeps the arrays small enough for the cache.
    answered = (1.0 - world.not_applicable) * (1.0 - world.blank) * world.reached
    levels = np.stack([np.einsum("dp,dpl->l", going_on, level_shares(here + ease)) for ease in world.ease])
    straight = world.straight_line[unit] * STRAIGHT_LINE_LEVELS
    return usual * answered[:, np.newaxis] * levels + STRAIGHT_LINE_GO_ON * straight, tap + straight


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {code: round(value, 6) for code, value in values.items()}
