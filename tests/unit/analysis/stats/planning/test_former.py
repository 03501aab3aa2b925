"""The former rule: the formula with its published values, and drawing in stages."""

import numpy as np
import pytest

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.planning.former import (
    FORMER_MARGIN,
    FORMER_REGION_FRACTIONS,
    Draw,
    Rounding,
    StageRule,
    draw_stage,
    former_plan,
    yamane_size,
)
from app.analysis.stats.planning.notes import PLAN_NOTE_TEXTS, PlanNote
from app.analysis.stats.replication.notes import REPLICATE_NOTE_TEXTS, ReplicateNote

SIMPLE = StageRule(0.25, Rounding.UP, 1, Draw.SIMPLE)
SYSTEMATIC = StageRule(0.25, Rounding.UP, 1, Draw.SYSTEMATIC)


def numbered(seed=1):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("population", "answers"),
    [(100, 80), (500, 223), (1000, 286), (5000, 371), (10_000, 385), (100_000, 399), (10**9, 400), (1, 1)],
)
def test_the_formula_of_the_guidance(population, answers):
    size = yamane_size(population, margin=FORMER_MARGIN, response_rate=1.0)
    assert size.answers == answers
    assert size.infinite == pytest.approx(400)
    assert "simple_random_sampling_only" in size.notes


def test_every_note_has_words_in_both_languages():
    for texts, codes in ((PLAN_NOTE_TEXTS, PlanNote), (REPLICATE_NOTE_TEXTS, ReplicateNote)):
        assert set(texts) == set(codes)
        assert all(text.vi.endswith(".") and text.en.endswith(".") for text in texts.values())


def test_it_says_when_too_few_can_be_invited():
    size = yamane_size(20, margin=0.05, response_rate=0.5)
    assert (size.answers, size.invitations) == (20, 40)
    assert size.notes[1:] == ("ask_everybody", "invitations_above_population")


@pytest.mark.parametrize(
    ("population", "margin", "rate"),
    [(0, 0.05, 1), (-5, 0.05, 1), (10.5, 0.05, 1), (10, -0.05, 1), (10, 0, 1), (10, 5, 1), (10, 0.05, 0)],
)
def test_impossible_numbers_are_refused(population, margin, rate):
    with pytest.raises(BadInputError):
        yamane_size(population, margin=margin, response_rate=rate)


@pytest.mark.parametrize(
    ("rounding", "least", "counts"),
    [
        (Rounding.UP, 0, [0, 1, 2, 2]),
        (Rounding.NEAREST, 0, [0, 1, 1, 2]),
        (Rounding.DOWN, 0, [0, 0, 1, 1]),
        (Rounding.DOWN, 2, [0, 2, 2, 2]),
    ],
)
def test_a_fraction_of_a_group_in_whole_units(rounding, least, counts):
    rule = StageRule(0.3, rounding, least, Draw.SIMPLE)
    assert [rule.count(units) for units in (0, 2, 4, 6)] == counts


def test_exact_fractions_are_not_raised_by_rounding_noise():
    assert StageRule(0.1, Rounding.UP, 0, Draw.SIMPLE).count(30) == 3
    assert StageRule(0.7, Rounding.DOWN, 0, Draw.SIMPLE).count(10) == 7


@pytest.mark.parametrize(
    "bad",
    [(-0.1, Rounding.UP, 0, Draw.SIMPLE), (1.1, Rounding.UP, 0, Draw.SIMPLE), (0.2, Rounding.UP, -1, Draw.SIMPLE)],
)
def test_impossible_rules_are_refused(bad):
    with pytest.raises(BadInputError):
        StageRule(*bad)


@pytest.mark.parametrize("rule", [SIMPLE, SYSTEMATIC])
def test_every_group_gives_its_fraction_in_sorted_order_and_a_seed_repeats_the_draw(rule):
    units = [(region, f"p{number:02}") for region, count in (("b", 8), ("a", 11)) for number in range(count)]
    drawn = draw_stage(units, rule, order=str, generator=numbered())
    assert drawn == draw_stage(units[::-1], rule, order=str, generator=numbered())
    assert [path[0] for path in drawn] == ["a"] * 3 + ["b"] * 2
    assert list(drawn) == sorted(set(drawn))


@pytest.mark.parametrize("rule", [SIMPLE, SYSTEMATIC])
def test_every_unit_has_the_same_chance(rule):
    units = [("r", name) for name in "abcdefghij"]
    generator = numbered(7)
    drawn = [name for _ in range(2000) for _, name in draw_stage(units, rule, order=str, generator=generator)]
    shares = np.array([drawn.count(name) for name in "abcdefghij"]) / 2000
    np.testing.assert_allclose(shares, 0.3, atol=0.05)


def test_the_alphabet_is_the_callers():
    order = "bac".index
    drawn = draw_stage(
        [("r", name) for name in "abc"],
        StageRule(1.0, Rounding.UP, 0, Draw.SIMPLE),
        order=lambda n: order(n) if n in "abc" else -1,
        generator=numbered(),
    )
    assert [name for _, name in drawn] == ["b", "a", "c"]


def frame():
    return {
        (f"vùng {region}", f"tỉnh {region}{province}", f"huyện {district}", f"xã {commune}"): 100 + 10 * commune
        for region in range(7) for province in range(9) for district in range(4) for commune in range(5)
    }  # fmt: skip


def plan_of(transactions, rules, **changed):
    asked = {
        "margin": FORMER_MARGIN,
        "response_rate": 1.0,
        "order": str,
        "generator": numbered(),
        "minimum": 0,
    } | changed
    return former_plan(transactions, rules=rules, **asked)


def test_the_whole_rule():
    transactions = frame()
    low, high = FORMER_REGION_FRACTIONS
    rules = [
        StageRule((low + high) / 2, Rounding.NEAREST, 1, Draw.SIMPLE),
        SIMPLE,
        StageRule(0.4, Rounding.UP, 1, Draw.SYSTEMATIC),
    ]
    plan = plan_of(transactions, rules, minimum=3)
    assert plan.size == yamane_size(sum(transactions.values()), margin=0.05, response_rate=1.0)
    assert [len(stage) for stage in plan.drawn] == [14, 14, 28]
    assert plan.places == plan.drawn[2]
    for earlier, later in zip(plan.drawn, plan.drawn[1:], strict=False):
        assert {path[:-1] for path in later} == set(earlier)
    assert plan.answers.whole.sum() == plan.size.answers
    assert plan.answers.whole.min() >= 3


def test_a_province_begins_at_its_districts():
    transactions = {path[1:]: count for path, count in frame().items() if path[0] == "vùng 0"}
    plan = plan_of(transactions, [SIMPLE, SIMPLE])
    assert len({path[0] for path in plan.places}) == 9


def test_impossible_frames_are_refused():
    with pytest.raises(BadInputError, match="names"):
        plan_of(frame(), [SIMPLE])
    with pytest.raises(BadInputError, match="names"):
        plan_of({}, [SIMPLE])
    with pytest.raises(BadInputError, match="transactions of r/a"):
        plan_of({("r", "a"): -1}, [SIMPLE])
    with pytest.raises(BadInputError, match="nothing was drawn at stage 1"):
        plan_of({("r", "a"): 10, ("r", "b"): 10}, [StageRule(0.2, Rounding.DOWN, 0, Draw.SIMPLE)])
    with pytest.raises(BadInputError, match="nothing was drawn at stage 1"):
        plan_of({("r", "a", "x"): 10, ("r", "b", "y"): 10}, [StageRule(0.2, Rounding.DOWN, 0, Draw.SIMPLE), SIMPLE])
    with pytest.raises(BadInputError, match="cannot be shared out"):
        plan_of({("r", name): 100 for name in "abcdefgh"}, [StageRule(0.1, Rounding.UP, 1, Draw.SIMPLE)])
    with pytest.raises(BadInputError, match="once each"):
        draw_stage([("r", "a"), ("r", "a")], SIMPLE, order=str, generator=numbered())
    with pytest.raises(BadInputError, match="group"):
        draw_stage([("a",)], SIMPLE, order=str, generator=numbered())
