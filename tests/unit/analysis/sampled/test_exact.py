"""Which figures have exact limits, and that these are the ones of statistics.md section 3.4."""

import numpy as np
import pytest

from app.analysis.sampled.exact import METHOD, estimates
from app.analysis.stats.index import Formula
from app.analysis.stats.intervals.hypergeometric import hypergeometric_limits
from app.analysis.stats.layout import Level
from app.analysis.stats.results import Estimate
from tests.unit.analysis.sampled.samples import alone, reading_of, survey_rows


def found_of(**changes: object) -> list[tuple[Level, Estimate]]:
    formula = changes.pop("formula", Formula.TOP2)
    reading = reading_of(survey_rows([40, 60], **changes), formula=formula)  # type: ignore[arg-type]
    table = reading.table(alone(2), reading.pooled())
    rows = estimates(reading, frozenset([1]), table, 0)
    return [(column.level, one) for column, one in zip(table.columns, rows, strict=True) if isinstance(one, Estimate)]


def test_criteria_of_a_plain_sample_of_known_size_have_exact_limits() -> None:
    for level, one in found_of(villages=None, population=150):
        if level is not Level.CRITERION:
            assert one.method == "smoothed_wilson"
            continue
        low, high = hypergeometric_limits([round(40 * one.value)], [40], [150], confidence_level=0.95)
        assert (one.method, one.n_eff) == (METHOD, None)
        assert (one.interval.low, one.interval.high) == pytest.approx((float(low[0]), float(high[0])))


@pytest.mark.parametrize(
    "changes",
    [{"villages": 4}, {"villages": None}, {"villages": None, "population": 150, "formula": Formula.MEAN5}],
)
def test_nothing_else_has(changes: dict[str, object]) -> None:
    assert {one.method for _, one in found_of(**changes)} == {"smoothed_wilson"}


def test_unequal_weights_are_no_plain_sample() -> None:
    rows = survey_rows([40, 60], villages=None, population=150)
    units = rows.weight_units.copy()
    units[0] = 2
    reading = reading_of(type(rows)(**{**vars(rows), "weight_units": units, "weight": units.astype(np.float64)}))
    assert set(reading.facts.simple_samples) == {"2"}
