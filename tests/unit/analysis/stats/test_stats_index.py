"""The index from sums: equal to the person-by-person computation, honest at the edges, equal to published figures."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError, NotFromSumsError
from app.analysis.stats.index import (
    Formula,
    IntervalMethod,
    SamplingUnit,
    combine_by_item_counts,
    index_table,
)
from app.analysis.stats.layout import Criterion, Level, SumsLayout
from app.analysis.stats.quantiles import t_quantile
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.stats.spread import Aggregation
from app.analysis.stats.sums import from_answers
from tests.unit.analysis.stats.direct_computing import Z95, counter_layout, direct_index, responses, wilson

LAYOUT = counter_layout()
OPEN = {"sample_kind": SampleKind.OPEN, "method": IntervalMethod.WILSON_OWN_VARIANCE, "confidence_level": 0.95}
VERSIONS = [(f, a) for f in Formula for a in Aggregation]


def table_of(answers, layout=LAYOUT, **options):
    return index_table(layout, from_answers(layout, answers)[None], **options)


@pytest.mark.parametrize(("formula", "aggregation"), VERSIONS)
@given(answers=responses(min_size=1))
def test_sums_give_what_the_answers_give(formula, aggregation, answers):
    table = table_of(answers, formula=formula, aggregation=aggregation, **OPEN)
    low, span, top2 = (0.0, 1.0, True) if formula is Formula.TOP2 else (0.2, 0.8, False)
    figures = [(Level.CRITERION, c.code, [c.column]) for c in LAYOUT.criteria]
    figures += [(g.level, g.code, [LAYOUT.criteria[i].column for i in g.members]) for g in LAYOUT.groups]
    for level, code, columns in figures:
        estimate = table.estimate(0, table.position(level, code))
        direct = direct_index(answers, columns, top2=top2, aggregation=aggregation)
        if direct is None:
            assert estimate == NoData("no_answers")
            continue
        assert isinstance(estimate, Estimate)
        assert estimate.n == direct.n
        assert estimate.value == pytest.approx(low + span * direct.unit_value, rel=1e-12)
        plain = direct.n == 1 or direct.variance < 1e-13
        assert (estimate.se is None) == (direct.n == 1)
        if direct.n > 1:
            assert estimate.se == pytest.approx(span * math.sqrt(direct.variance), rel=1e-7, abs=1e-9)
        if plain or (len(columns) == 1 and top2):
            limits = wilson(direct.unit_value, direct.n, Z95)
        else:
            p = direct.unit_value
            limits = wilson(p, p * (1 - p) / direct.variance, float(t_quantile(0.95, direct.n - 1)))
        assert estimate.interval.low == pytest.approx(low + span * limits[0], abs=1e-7)
        assert estimate.interval.high == pytest.approx(low + span * limits[1], abs=1e-7)
        assert ("no_variance" in estimate.notes) == plain


@given(answers=responses(min_size=1), version=st.sampled_from(VERSIONS), level=st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_intervals_stay_inside_the_scale_hold_the_value_and_are_never_a_point(answers, version, level):
    table = table_of(answers, formula=version[0], aggregation=version[1], **{**OPEN, "confidence_level": level})
    lowest = 0.0 if version[0] is Formula.TOP2 else 0.2
    for column in range(len(table.columns)):
        estimate = table.estimate(0, column)
        if isinstance(estimate, Estimate):
            assert lowest - 1e-12 <= estimate.interval.low <= estimate.value <= estimate.interval.high <= 1.0
            assert estimate.interval.width > 0


@given(cells=st.lists(responses(), min_size=1, max_size=5), version=st.sampled_from(VERSIONS))
def test_many_cells_at_once_equal_each_cell_alone(cells, version):
    stacked = np.stack([from_answers(LAYOUT, answers) for answers in cells])
    options = {"formula": version[0], "aggregation": version[1], **OPEN}
    together = index_table(LAYOUT, stacked, **options)
    for row, sums in enumerate(stacked):
        alone = index_table(LAYOUT, sums[None], **options)
        for column in range(len(together.columns)):
            one, other = together.estimate(row, column), alone.estimate(0, column)
            if isinstance(one, NoData) or isinstance(other, NoData):
                assert one == other
            else:
                assert one.value == pytest.approx(other.value, rel=1e-13)
                assert one.interval.low == pytest.approx(other.interval.low, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("levels", "top2", "mean5"),
    [((1, 4, 15, 55, 25), 0.80, 0.798), ((0, 0, 0, 100, 0), 1.0, 0.8), ((0, 0, 100, 0, 0), 0.0, 0.6)],
)
def test_worked_values_of_the_method(levels, top2, mean5):
    layout = SumsLayout.of(columns=1, levels=5, criteria=[Criterion("x", 0, "f")])
    answers = np.repeat(np.arange(1, 6, dtype=np.uint8), levels)[:, None]
    for formula, expected in ((Formula.TOP2, top2), (Formula.MEAN5, mean5)):
        for aggregation in Aggregation:
            table = table_of(answers, layout, formula=formula, aggregation=aggregation, **OPEN)
            assert table.value[0].tolist() == pytest.approx([expected] * 3, abs=1e-15)


@pytest.mark.parametrize(("satisfied", "low", "high"), [(4118, 0.97201, 0.98110), (4200, 0.99414, 0.99784)])
def test_share_of_one_criterion_gives_the_wilson_vectors(satisfied, low, high):
    layout = SumsLayout.of(columns=1, levels=5, criteria=[Criterion("x", 0, "f")])
    answers = np.repeat(np.array([5, 2], dtype=np.uint8), [satisfied, 4215 - satisfied])[:, None]
    table = table_of(answers, layout, formula=Formula.TOP2, aggregation=Aggregation.POOLED, **OPEN)
    for column in range(3):  # the criterion, its factor and the whole are one figure
        interval = table.estimate(0, column).interval
        assert (round(interval.low, 5), round(interval.high, 5)) == (low, high)


def test_published_figures_of_2023_and_2024():
    service = combine_by_item_counts([83.00, 83.02, 83.12, 83.03, 82.27], [3, 4, 3, 3, 3])
    assert service == pytest.approx(82.896, abs=5e-4)
    assert round(combine_by_item_counts([82.49, service], [23, 16]), 2) == 82.66
    assert round(combine_by_item_counts([83.84, 84.09], [23, 16]), 2) == 83.94
    for values, counts in (([], []), ([1.0], [0]), ([1.0], [1, 2])):
        with pytest.raises(BadInputError):
            combine_by_item_counts(values, counts)


def test_criteria_nobody_answered_are_left_out_and_said_so():
    answers = np.array([[5, 5, 4, 254, 5, 5, 5, 1], [4, 2, 1, 254, 4, 3, 5, 1]], dtype=np.uint8)
    table = table_of(answers, formula=Formula.TOP2, aggregation=Aggregation.MEAN_OF_CRITERIA, **OPEN)
    factor = table.estimate(0, table.position(Level.FACTOR, "b"))
    assert factor.value == 0.5
    assert factor.notes == ("criteria_without_answers",)


def test_respondent_index_wants_half_of_the_criteria():
    answers = np.array([[0, 255, 255, 255, 5, 5, 5, 0], [0, 1, 1, 255, 255, 255, 255, 0]], dtype=np.uint8)
    table = table_of(answers, formula=Formula.TOP2, aggregation=Aggregation.RESPONDENT, **OPEN)
    overall = table.estimate(0, table.position(Level.OVERALL))
    assert (overall.value, overall.n) == (1.0, 1)


def test_a_census_has_no_range():
    answers = np.array([[5, 5, 4, 3, 5, 5, 5, 1], [4, 2, 1, 5, 4, 3, 5, 1]], dtype=np.uint8)
    for formula, aggregation in VERSIONS:
        table = table_of(
            answers,
            formula=formula,
            aggregation=aggregation,
            confidence_level=0.95,
            sample_kind=SampleKind.CENSUS,
            method=IntervalMethod.CENSUS,
        )
        estimate = table.estimate(0, table.position(Level.OVERALL))
        assert estimate.interval.low == estimate.value == estimate.interval.high
        assert (estimate.se, estimate.notes) == (0.0, ())


def test_kind_of_sample_and_method_must_fit():
    answers = np.ones((3, 8), dtype=np.uint8)
    version = {"formula": Formula.TOP2, "aggregation": Aggregation.POOLED, "confidence_level": 0.95}
    for kind in SampleKind:
        for method in IntervalMethod:
            if (kind, method) not in {
                (SampleKind.OPEN, IntervalMethod.WILSON_OWN_VARIANCE),
                (SampleKind.PROBABILITY, IntervalMethod.SMOOTHED_WILSON),
                (SampleKind.CENSUS, IntervalMethod.CENSUS),
            }:
                with pytest.raises(MethodDoesNotFitError):
                    table_of(answers, sample_kind=kind, method=method, **version)
    with pytest.raises(NotFromSumsError):
        table_of(
            answers,
            sample_kind=SampleKind.PROBABILITY,
            method=IntervalMethod.SMOOTHED_WILSON,
            sampling_unit=SamplingUnit.CLUSTER,
            **version,
        )


def test_refusals_name_what_is_wrong():
    three = SumsLayout.of(columns=1, levels=3, criteria=[Criterion("x", 0, "f")])
    empty = SumsLayout.of(columns=1, levels=5, criteria=[])
    answers = np.ones((3, 1), dtype=np.uint8)
    version = {"aggregation": Aggregation.POOLED, **OPEN}
    with pytest.raises(MethodDoesNotFitError, match="five levels"):
        table_of(answers, three, formula=Formula.MEAN5, **version)
    with pytest.raises(MethodDoesNotFitError, match="no criteria"):
        table_of(answers, empty, formula=Formula.TOP2, **version)
    with pytest.raises(BadInputError, match="confidence level"):
        table_of(answers, three, formula=Formula.TOP2, **{**version, "confidence_level": 95})
    with pytest.raises(BadInputError, match="shape"):
        index_table(three, np.zeros(three.size, np.int64), formula=Formula.TOP2, **version)


def random_units(seed, sizes):
    rng = np.random.default_rng(seed)
    cells = []
    for n in sizes:
        answers = rng.choice(np.array([2, 3, 4, 5, 254], np.uint8), p=[0.04, 0.08, 0.4, 0.44, 0.04], size=(n, 8))
        answers[:, 7] = 1
        cells.append(from_answers(LAYOUT, answers))
    return np.stack(cells)


@pytest.mark.parametrize(("formula", "aggregation"), VERSIONS)
def test_random_samples_of_people_use_the_smoothed_interval_and_the_population(formula, aggregation):
    sums = random_units(7, [40, 12, 90])
    options = {
        "formula": formula,
        "aggregation": aggregation,
        "confidence_level": 0.95,
        "sample_kind": SampleKind.PROBABILITY,
        "method": IntervalMethod.SMOOTHED_WILSON,
    }
    free = index_table(LAYOUT, sums, **options)
    bounded = index_table(LAYOUT, sums, population=[400, 12, 100], **options)
    assert (free.low <= free.value).all()
    assert (free.value <= free.high).all()
    assert (free.low < free.high).all()
    assert (bounded.high[1] == bounded.low[1]).all(), "everybody of the second unit answered"
    assert (bounded.high[[0, 2]] - bounded.low[[0, 2]] < free.high[[0, 2]] - free.low[[0, 2]]).all()
    assert bounded.se[0] == pytest.approx(free.se[0] * math.sqrt(0.9), rel=1e-12)
    with pytest.raises(BadInputError, match="population"):
        index_table(LAYOUT, sums, population=[400, 11, 100], **options)
