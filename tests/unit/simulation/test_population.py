"""The people look as the world says, and the written truth is what a large crowd of them shows."""

import json

import numpy as np
import pytest

from app.simulation.population import BLANK, BURST, EVENING, NOT_APPLICABLE, NOT_SHOWN, draw_people
from app.simulation.truth import LEVEL_SCORES, Truth
from app.simulation.world import World
from tests.unit.simulation.worlds import COUNTER_SET, small_world

CROWD = 200_000


@pytest.fixture(scope="module")
def world() -> World:
    return small_world()


@pytest.fixture(scope="module")
def crowd(world):
    return draw_people(world, CROWD, seed=3)


def test_same_seed_gives_the_same_people_and_another_seed_others(world) -> None:
    first, second, other = (draw_people(world, 500, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.criteria, second.criteria)
    assert np.array_equal(first.day, second.day)
    assert not np.array_equal(first.criteria, other.criteria)


def test_same_seed_gives_the_same_world() -> None:
    assert Truth.of(small_world(4)).to_json() == Truth.of(small_world(4)).to_json()
    assert Truth.of(small_world(4)).to_json() != Truth.of(small_world(5)).to_json()


@pytest.mark.parametrize("formula", ["TOP2", "MEAN5"])
def test_a_large_crowd_shows_the_written_truth(world, crowd, formula) -> None:
    truth = Truth.of(world)
    scores = np.zeros(256)
    scores[1:6] = LEVEL_SCORES[formula]
    groups = [None, *([number] for number in range(len(world.units)))]
    for units in groups:
        codes = crowd.criteria if units is None else crowd.criteria[crowd.unit == units[0]]
        given = (codes >= 1) & (codes <= 5)
        values = (scores[codes] * given).sum(axis=0) / given.sum(axis=0)
        expected = truth.expected(formula, units)
        # 5 standard errors of a share at n ≈ 4 000 or more; the seed is fixed.
        assert np.allclose(values, list(expected.criteria.values()), atol=5 * 0.5 / np.sqrt(given.sum(axis=0)))
        assert values.mean() == pytest.approx(expected.overall["MEAN_OF_CRITERIA"], abs=0.01)
        pooled = (scores[codes] * given).sum() / given.sum()
        assert pooled == pytest.approx(expected.overall["POOLED"], abs=0.01)
        people = crowd.tap if units is None else crowd.tap[crowd.unit == units[0]]
        assert (people >= 4).mean() == pytest.approx(truth.expected_tap(units), abs=0.015)


def test_factors_are_means_of_their_criteria(world) -> None:
    found = Truth.of(world).expected("MEAN5")
    for factor in COUNTER_SET.factors:
        members = [found.criteria[question.id] for question in COUNTER_SET.factor_criteria(factor.id)]
        assert found.factors[factor.id] == pytest.approx(np.mean(members))


def test_people_have_the_habits_that_surveys_show(world, crowd) -> None:
    codes = crowd.criteria[crowd.goes_on]
    levels = codes[(codes >= 1) & (codes <= 5)]
    assert 0.35 < (~crowd.goes_on).mean() < 0.5  # the tap alone
    assert (levels >= 4).mean() > 0.75  # the ceiling
    assert (codes[:, -3:] == NOT_APPLICABLE).mean() > 0.2  # criteria 37 to 39
    assert (codes[:, :3] == NOT_APPLICABLE).mean() < 0.03
    assert (codes[:, -1] == BLANK).mean() > (codes[:, 0] == BLANK).mean() > 0
    assert not crowd.criteria[~crowd.goes_on].any()
    assert (crowd.kind[~crowd.goes_on] == NOT_SHOWN).all()
    assert 0.01 < (crowd.part == EVENING).mean() < 0.05
    assert 0 < crowd.english.mean() < 0.03
    assert set(np.unique(crowd.unit[crowd.kiosk])) == {1}


def test_the_self_satisfied_unit_answers_in_straight_lines_and_bursts(world, crowd) -> None:
    here = crowd.only((crowd.unit == world.self_satisfied) & crowd.goes_on)
    elsewhere = crowd.only((crowd.unit != world.self_satisfied) & crowd.goes_on)
    assert here.is_straight_line.mean() > 0.5 > 0.1 > elsewhere.is_straight_line.mean()
    bursts = crowd.only(crowd.part == BURST)
    assert set(np.unique(bursts.unit)) == {world.self_satisfied}
    assert len(np.unique(bursts.day)) <= 6
    assert bursts.is_hasty.all()
    truth = Truth.of(world)
    overall = [truth.expected("MEAN5", [u]).overall["MEAN_OF_CRITERIA"] for u in range(len(world.units))]
    assert overall.index(max(overall)) == world.self_satisfied
    assert overall.index(min(overall)) == world.weak


def test_the_truth_is_written_with_names_and_both_formulas(world) -> None:
    content = json.loads(Truth.of(world).to_json())
    assert set(content["units"]) == {unit.code for unit in world.units}
    for place in (content["province"], *content["units"].values()):
        for formula in LEVEL_SCORES:
            assert len(place[formula]["criteria"]) == 16
            assert len(place[formula]["factors"]) == 5
            assert 0 < place[formula]["overall"]["MEAN_OF_CRITERIA"] < 1


def test_people_stand_in_the_order_of_their_days(crowd) -> None:
    assert (np.diff(crowd.day) >= 0).all()
    some = crowd.only(crowd.day == crowd.day[0])
    assert (some.day == crowd.day[0]).all()
    assert len(some) < len(crowd)


def test_a_world_needs_units_criteria_and_days(world) -> None:
    with pytest.raises(ValueError, match="units"):
        World.draw(1, world.units[:2], world.criteria, world.days[0], world.days[-1])
    with pytest.raises(ValueError, match="criteria"):
        World.draw(1, world.units, [], world.days[0], world.days[-1])
