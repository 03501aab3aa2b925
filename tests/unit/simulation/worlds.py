"""A small world for tests: the criteria of the counter set, some units of different size."""

from datetime import date

from app.simulation.world import CriterionSpec, UnitSpec, World
from app.survey.loading import shipped_sets

COUNTER_SET = shipped_sets()["sipas_counter_2023"]


def small_world(seed: int = 7, units: int = 6) -> World:
    specs = [
        UnitSpec(f"u{number}", f"Trung tâm {number}", 1.0 + number % 3, ("1", "2"), kiosk=number == 1)
        for number in range(units)
    ]
    criteria = [CriterionSpec(question.id, question.factor or "") for question in COUNTER_SET.criteria]
    return World.draw(seed, specs, criteria, date(2025, 11, 21), date(2026, 11, 20))
