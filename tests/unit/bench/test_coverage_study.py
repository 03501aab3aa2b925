"""The coverage study in small, so that it cannot rot; `make coverage-study` runs it whole."""

import numpy as np
import pytest

from bench.coverage.chart import coverage_chart
from bench.coverage.clusters import Setting, further, grid, measure
from bench.coverage.methods import Method
from bench.coverage.plan import DOMAINS, SHORT, UNEVEN, odd_units, stress
from bench.coverage.report import document
from bench.coverage.study import run
from bench.coverage.surveys import Figure
from bench.coverage.surveys import measure as measure_surveys
from bench.coverage.tally import Held
from bench.coverage.verdicts import Mark, mark


def test_the_grid_has_360_settings_and_no_setting_twice():
    settings = (*grid(), *further())
    assert len(grid()) == 360
    assert len(set(settings)) == len(settings)


def test_limits_that_are_no_numbers_hold_nothing():
    low, high = np.array([0.1, np.nan, 0.6]), np.array([0.5, np.nan, 0.9])
    held = Held.of((low, high), 0.3)
    assert (held.cells, held.held, held.widths) == (3, 1.0, pytest.approx(0.7))


def test_a_coverage_is_marked_by_whether_another_method_holds():
    assert mark(0.93, [0.5]) is Mark.HOLDS
    assert mark(0.929, [0.5, 0.94]) is Mark.ANOTHER
    assert mark(0.5, [0.929]) is Mark.NONE


def test_the_default_holds_where_wald_does_not():
    setting = Setting(p=0.98, places=10, people=10, icc=0.1, weight_cv=0.5, paired=False)
    held = measure(setting, samples=1000, seed=(1,)).held
    assert held[Method.WALD_Z].coverage < 0.85
    assert 0.93 <= held[Method.SMOOTHED].coverage <= 0.99
    assert held[Method.SMOOTHED].cells == 1000


@pytest.mark.parametrize("kind", [UNEVEN, DOMAINS], ids=lambda kind: kind.name)
def test_cells_indices_and_differences_of_whole_surveys_hold(kind):
    counts = measure_surveys(kind, surveys=6, seed=(2,))
    assert counts["all"][Figure.SMOOTHED].coverage >= 0.92
    assert counts["index"][Figure.SMOOTHED_INDEX].coverage >= 0.9
    assert counts["differences"][Figure.MOVER].coverage >= 0.95
    assert counts["all"][Figure.WARNED].coverage < 0.1


def test_the_product_warns_where_no_method_holds_and_is_silent_where_all_do():
    lost = next(each for each in stress() if (each.units, each.places, each.icc, each.p) == (1, 12, 0.35, 0.93))
    calm = next(each for each in stress() if (each.units, each.places, each.icc, each.p) == (5, 20, 0.05, 0.8))
    odd = odd_units()[-1]
    found = [
        measure_surveys(each.kind, surveys=count, seed=(3,)) for each, count in ((lost, 100), (calm, 20), (odd, 5))
    ]
    assert found[0]["all"][Figure.WARNED].coverage > 0.6
    assert found[1]["all"][Figure.WARNED].coverage == 0.0
    assert found[2]["first unit"][Figure.WARNED].coverage > 0.5


def test_the_study_gives_the_same_page_and_chart_in_every_run():
    first, second = (run(SHORT, workers=workers) for workers in (0, 2))
    page, chart = document(first), coverage_chart(first.grid)
    assert page == document(second)
    assert chart == coverage_chart(second.grid)
    assert all(str(method) in page for method in (*Method, *Figure) if method != Figure.WARNED)
    assert chart.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "nan" not in page + chart
