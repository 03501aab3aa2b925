"""Sizes for one share, clusters and expected half widths."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.planning.clusters import optimum_per_cluster, planned_deff
from app.analysis.stats.planning.sizes import size_for_margin, size_for_wilson_half_width
from app.analysis.stats.planning.widths import WidthMethod, expected_half_width, half_width_table
from app.analysis.stats.quantiles import normal_quantile

PLAIN = {"confidence_level": 0.95, "population": None, "deff": 1.0, "response_rate": 1.0}


def margin(**changed):
    return size_for_margin(**({"margin": 0.05, "share": 0.5} | PLAIN | changed))


def test_the_textbook_385():
    size = margin()
    assert size.infinite == pytest.approx(384.14588206941227, rel=1e-12)
    assert (size.answers, size.invitations, size.notes) == (385, 385, ())


def test_population_design_effect_and_response_rate():
    size = margin(margin=0.03, share=0.9, population=5000, deff=2.0, response_rate=0.6)
    assert size.effective == pytest.approx(384.14588206941227)
    assert size.infinite == pytest.approx(768.2917641388245)
    assert (size.answers, size.invitations) == (667, 1112)


def test_a_small_population_is_asked_whole_and_too_few_to_invite_is_said():
    assert margin(population=12).notes == ("ask_everybody",)
    assert margin(population=1).answers == 1
    size = margin(population=12, response_rate=0.5)
    assert (size.answers, size.invitations) == (12, 24)
    assert size.notes == ("ask_everybody", "invitations_above_population")


@pytest.mark.parametrize(
    "changed",
    [
        {"margin": -0.05}, {"margin": 0.0}, {"margin": 0.5}, {"margin": math.nan}, {"margin": 5},
        {"share": -0.1}, {"share": 1.1}, {"share": 0.0}, {"share": math.nan},
        {"population": 0}, {"population": -3}, {"population": 2.5}, {"population": math.inf},
        {"deff": 0.0}, {"deff": -1.0}, {"deff": math.inf}, {"response_rate": 0.0}, {"response_rate": 1.2},
        {"confidence_level": 95},
    ],
)  # fmt: skip
def test_impossible_plans_are_refused(changed):
    with pytest.raises(BadInputError):
        margin(**changed)


@pytest.mark.parametrize(
    ("share", "half", "exact", "answers"),
    [
        (0.5, 0.05, 380.304423248718, 381), (0.9, 0.03, 387.01640828382733, 388),
        (0.95, 0.02, 468.1593608784953, 469), (0.98, 0.01, 791.8160240745026, 792),
    ],
)  # fmt: skip
def test_size_by_wilson_half_width(share, half, exact, answers):
    size = size_for_wilson_half_width(share=share, half_width=half, **PLAIN)
    assert size.exact == pytest.approx(exact, rel=1e-7)
    assert size.answers == answers


@settings(max_examples=60)
@given(
    share=st.floats(0.0, 1.0),
    half=st.floats(0.005, 0.45),
    level=st.floats(0.5, 0.999),
)
def test_the_wilson_size_gives_the_half_width_back(share, half, level):
    size = size_for_wilson_half_width(share=share, half_width=half, **PLAIN | {"confidence_level": level})
    q = normal_quantile(level)
    centre = q / (1 + q * q / size.exact) * math.sqrt(share * (1 - share) / size.exact + (q / size.exact) ** 2 / 4)
    assert centre == pytest.approx(half, rel=1e-9)


@settings(max_examples=60)
@given(
    share=st.floats(0.01, 0.99),
    wide=st.floats(0.02, 0.2),
    population=st.integers(1, 10**6),
    deff=st.floats(0.5, 5.0),
    rate=st.floats(0.05, 1.0),
)
def test_sizes_grow_with_what_makes_surveys_expensive(share, wide, population, deff, rate):
    size = margin(margin=wide, share=share, population=population, deff=deff, response_rate=rate)
    assert 1 <= size.answers <= population
    assert size.answers <= size.invitations
    assert size.exact <= size.infinite
    assert (
        margin(margin=wide / 2, share=share, population=population, deff=deff, response_rate=rate).answers
        >= size.answers
    )
    assert (
        margin(margin=wide, share=share, population=population, deff=2 * deff, response_rate=rate).answers
        >= size.answers
    )
    assert (
        margin(margin=wide, share=share, population=2 * population, deff=deff, response_rate=rate).answers
        >= size.answers
    )
    if size.answers < population and size.exact > 1:
        reached = expected_half_width(
            share=share, n=size.answers, deff=deff, population=None, confidence_level=0.95, method=WidthMethod.NORMAL
        )
        corrected = float(reached.half_width) * math.sqrt(1 - (size.answers - 1) / (population - 1))
        assert corrected <= wide * (1 + 1e-9)


def test_design_effect_of_clusters():
    assert planned_deff(people_per_cluster=10, icc=0.05, weight_cv_squared=0.0) == pytest.approx(1.45)
    assert planned_deff(people_per_cluster=20, icc=0.1, weight_cv_squared=0.25) == pytest.approx(3.625)
    assert planned_deff(people_per_cluster=1, icc=1.0, weight_cv_squared=0.0) == 1.0
    for changed in ({"people_per_cluster": 0.5}, {"icc": 1.5}, {"icc": -0.5}, {"weight_cv_squared": -0.1}):
        with pytest.raises(BadInputError):
            planned_deff(**({"people_per_cluster": 10, "icc": 0.05, "weight_cv_squared": 0.0} | changed))


def test_best_number_per_village_has_the_smallest_variance_for_the_money():
    best = optimum_per_cluster(cluster_cost=300, person_cost=20, icc=0.08)
    assert best == pytest.approx(13.133925536563698)

    def price_of_one_answer(m):
        return planned_deff(people_per_cluster=m, icc=0.08, weight_cv_squared=0.0) * (300 / m + 20)

    assert price_of_one_answer(best) == min(price_of_one_answer(m) for m in [best, *np.linspace(1, 60, 200)])
    for changed in ({"icc": 0.0}, {"icc": 1.0}, {"cluster_cost": 0}, {"person_cost": -1}):
        with pytest.raises(BadInputError):
            optimum_per_cluster(**({"cluster_cost": 300, "person_cost": 20, "icc": 0.08} | changed))


def width(**changed):
    plan = {
        "share": 0.93,
        "n": 400,
        "deff": 1.8,
        "population": 3000,
        "confidence_level": 0.95,
        "method": WidthMethod.NORMAL,
    }
    return expected_half_width(**(plan | changed))


def test_expected_half_width():
    assert float(width().se) == pytest.approx(0.015933926069867398)
    assert float(width().half_width) == pytest.approx(0.031229921229263942)
    assert float(width(df=20).half_width) == pytest.approx(0.03323758735318003)
    assert float(width().n_eff) == pytest.approx(0.93 * 0.07 / 0.015933926069867398**2)


@pytest.mark.parametrize("method", list(WidthMethod))
def test_nothing_is_uncertain_when_everybody_is_asked(method):
    assert float(width(n=3000, method=method).half_width) == 0.0


def test_a_table_has_a_row_for_every_share_and_a_column_for_every_size():
    table = half_width_table(
        shares=[0.5, 0.9, 1.0],
        sizes=[50, 100, 400, 800],
        deff=1.5,
        population=None,
        confidence_level=0.9,
        method=WidthMethod.WILSON,
    )
    assert table.half_width.shape == (3, 4)
    assert np.all(np.diff(table.half_width, axis=1) < 0)
    assert np.all(np.diff(table.half_width, axis=0) < 0)
    low, high = wilson_limits(0.9, 100 / 1.5, normal_quantile(0.9))
    assert table.half_width[1, 1] == pytest.approx(float(high - low) / 2)
    assert table.half_width[2, 0] > 0


@pytest.mark.parametrize(
    "changed",
    [{"n": 3001}, {"n": 0}, {"n": -1}, {"n": math.nan}, {"share": 1.01}, {"share": math.nan}, {"deff": 0}, {"df": 0}, {"population": 0}],
)  # fmt: skip
def test_impossible_widths_are_refused(changed):
    with pytest.raises(BadInputError):
        width(**changed)


def test_a_table_needs_lists():
    with pytest.raises(BadInputError, match="list"):
        half_width_table(
            shares=0.5, sizes=[1, 2], deff=1.0, population=None, confidence_level=0.95, method=WidthMethod.NORMAL
        )
