"""Ranks, groups and comparisons of a sampled round: what may be said, and what not."""

import numpy as np
import pytest

from app.analysis.sampled.figures import Reading, overall_column
from app.analysis.sampled.standing import Ranking, Verdict, rank
from app.analysis.stats.index import Formula
from app.analysis.stats.results import SampleKind
from app.survey.models import SampleKind as RoundKind
from tests.unit.analysis.sampled.samples import alone, reading_of, survey_rows

FAR = [0.95, 0.95, 0.80, 0.50]


def ranked(reading: Reading, count: int) -> Ranking:
    found = rank(reading, alone(count))
    assert found is not None
    return found


@pytest.mark.parametrize("villages", [4, None])
@pytest.mark.parametrize("formula", Formula)
def test_clear_differences_are_said_and_others_are_not(villages: int | None, formula: Formula) -> None:
    found = ranked(reading_of(survey_rows([200] * 4, satisfied=FAR, villages=villages), formula=formula), 4)
    first, second, _, last = found.standings
    assert (last.rank, last.low, last.high) == (4, 4, 4)
    assert {first.low, second.low} == {1}
    assert {first.high, second.high} <= {2, 3}
    assert last.versus_mean.verdict is Verdict.BELOW
    assert last.versus_mean.corrected is not None
    assert last.versus_mean.corrected < 0.001
    assert last.below == 3
    pair = next(one for one in found.pairs if {one.first, one.second} == {0, 1})
    assert pair.difference.verdict is Verdict.OPEN
    assert set(first.letters) & set(second.letters)
    assert not set(first.letters) & set(last.letters)


def test_equal_units_are_not_told_apart() -> None:
    found = ranked(reading_of(survey_rows([60] * 6)), 6)
    assert all((one.low, one.high, one.ranked) == (1, 6, 6) for one in found.standings)
    assert found.groups is not None
    assert [sorted(group) for group in found.groups] == [[0, 1, 2, 3, 4, 5]]
    assert {one.versus_mean.verdict for one in found.standings} == {Verdict.OPEN}


@pytest.mark.parametrize("formula", Formula)
def test_mean_and_differences_are_those_of_the_shown_values(formula: Formula) -> None:
    reading = reading_of(survey_rows([80, 50, 120], satisfied=[0.9, 0.7, 0.8]), formula=formula)
    table = reading.table(alone(3), reading.pooled())
    values = table.value[:, overall_column(table)]
    found = ranked(reading, 3)
    for at, one in enumerate(found.standings):
        assert one.mean == pytest.approx(values.mean(), abs=1e-12)
        assert one.versus_mean.difference == pytest.approx(values[at] - values.mean(), abs=1e-12)
        assert one.versus_mean.difference in one.versus_mean.interval
    for pair in found.pairs:
        assert pair.difference.difference == pytest.approx(values[pair.first] - values[pair.second], abs=1e-12)
        assert pair.difference.p is not None
        assert pair.difference.corrected is not None
        assert pair.difference.p <= pair.difference.corrected <= 1.0


def test_in_a_census_every_difference_is_real_and_has_no_p() -> None:
    found = ranked(reading_of(survey_rows([40] * 3, satisfied=[0.95, 0.8, 0.6], kind=RoundKind.CENSUS)), 3)
    assert [(one.low, one.high) for one in found.standings] == [(1, 1), (2, 2), (3, 3)]
    assert [pair.difference.verdict for pair in found.pairs] == [Verdict.ABOVE] * 3
    assert {pair.difference.p for pair in found.pairs} == {None}
    assert all(one.versus_mean.interval.width == 0 for one in found.standings)


def test_one_unit_is_not_ranked() -> None:
    assert rank(reading_of(survey_rows([50])), alone(1)) is None


def test_a_unit_answered_whole_stands_beside_samples() -> None:
    """People drawn one by one, all of them: its interval is its value, and it can be compared all the same."""
    reading = reading_of(survey_rows([60, 60], villages=None, population=60, satisfied=[0.9, 0.6]))
    table = reading.table(alone(2), reading.pooled())
    column = overall_column(table)
    assert np.array_equal(table.low[:, column], table.high[:, column])
    assert ranked(reading, 2).pairs[0].difference.verdict is Verdict.ABOVE


def test_covariance_of_people_drawn_one_by_one_is_that_of_the_design() -> None:
    """Against the linearised covariance of the rows themselves, units crossing strata."""
    from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
    from app.analysis.stats.designs.linearised import item_mean_index

    rows = survey_rows([30, 40, 50], villages=None, satisfied=[0.9, 0.8, 0.7], population=200)
    stratum = np.arange(len(rows)) % 2
    crossing = type(rows)(**{**vars(rows), "stratum": stratum, "strata": ("S0", "S1")})
    reading = reading_of(crossing)
    items = np.array([criterion.column for criterion in reading.sums.plan.layout.criteria])
    y = np.where(rows.answers[:, items] == 255, np.nan, (rows.answers[:, items] >= 4).astype(float))
    design = SurveyDesign.of(
        len(rows), lonely=LonelyPsu.ADJUST, weights=rows.weight, strata=stratum, populations=[np.full(len(rows), 200)]
    )
    influence = [item_mean_index(design, y, domain=rows.unit == unit).influence for unit in range(3)]
    expected = design.covariance(np.column_stack(influence))
    assert reading.covariance(alone(3)) == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_an_open_sample_is_refused() -> None:
    from dataclasses import replace

    from app.analysis.stats.errors import MethodDoesNotFitError

    reading = replace(reading_of(survey_rows([40] * 2)), sample_kind=SampleKind.OPEN)
    with pytest.raises(MethodDoesNotFitError):
        rank(reading, alone(2))


def test_too_many_groups_are_left_to_the_rank_intervals() -> None:
    """Units in a long even row: every few of them are one more group."""
    found = ranked(reading_of(survey_rows([60] * 40, satisfied=list(np.linspace(0.5, 0.98, 40)))), 40)
    assert found.groups is None
    assert {one.letters for one in found.standings} == {""}
    assert found.standings[0].low > found.standings[-1].high
