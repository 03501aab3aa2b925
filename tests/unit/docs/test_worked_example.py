"""The worked example of docs/statistics.md says what the public functions compute, digit by digit."""

import re
from pathlib import Path

import numpy as np
import pytest

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.errors import LonelyPsuError
from tests.unit.docs.worked_example import Rows, figures, rows_of_table

TEXT = (Path(__file__).parents[3] / "docs" / "statistics.md").read_text("utf-8")
EXAMPLE = TEXT.partition("## 12. ")[2].partition("\n## ")[0]
STATEMENT = re.compile(r"(?P<name>[^=]+?) = (?:.* = )?(?P<value>-?\d+(?:\.\d+)?)")


@pytest.fixture(scope="module")
def rows() -> Rows:
    return rows_of_table([line for line in EXAMPLE.splitlines() if re.match(r"\| \d", line)])


def stated() -> dict[str, str]:
    """Names and printed values of the fenced blocks; a step in the middle of a line is for the reader."""
    blocks = EXAMPLE.split("```")[1::2]
    statements = [part.strip() for block in blocks for line in block.splitlines() for part in line.split(";")]
    found = [STATEMENT.fullmatch(statement) for statement in filter(None, statements)]
    assert all(found), "a line of the example cannot be read"
    values = [(one["name"], one["value"]) for one in found if one]
    assert len(dict(values)) == len(values), "a figure stands twice in the example"
    return dict(values)


def test_every_figure_of_the_example_is_computed_and_every_computed_one_is_stated(rows):
    computed = figures(rows)
    printed = stated()
    assert printed.keys() == computed.keys()
    wrong = {
        name: (value, computed[name])
        for name, value in printed.items()
        if f"{computed[name]:.{len(value.partition('.')[2])}f}" != value
    }
    assert wrong == {}


def test_the_steps_between_are_right_to_the_digits_shown():
    """Arithmetic on the way, such as ``10*0.25/80``: numbers, + - * / and brackets only."""
    steps = re.findall(r"(?:= |^)([-+*/(). \d]*[-+*/][-+*/(). \d]*) = (-?[\d.]+)", EXAMPLE, flags=re.MULTILINE)
    assert len(steps) > 25
    for step, value in steps:
        assert _worked_out(step) == pytest.approx(float(value), rel=1e-4, abs=2e-6), step


def _worked_out(step: str) -> float:
    """A reader of sums and products; nothing else is in the example."""
    tokens = re.findall(r"\d+(?:\.\d+)?|[-+*/()]", step)

    def factor() -> float:
        token = tokens.pop(0)
        if token == "(":
            inside = total()
            tokens.pop(0)
            return inside
        return -factor() if token == "-" else float(token)

    def product() -> float:
        value = factor()
        while tokens and tokens[0] in "*/":
            value = value * factor() if tokens.pop(0) == "*" else value / factor()
        return value

    def total() -> float:
        value = product()
        while tokens and tokens[0] in "+-":
            value = value + product() if tokens.pop(0) == "+" else value - product()
        return value

    return total()


def test_cutting_the_rows_of_the_other_unit_away_leaves_a_lonely_village(rows):
    own = rows.of("U1")
    cut = SurveyDesign.of(
        int(own.sum()),
        lonely=LonelyPsu.FAIL,
        weights=rows.weight[own],
        strata=rows.stratum[own],
        clusters=(rows.village[own],),
    )
    with pytest.raises(LonelyPsuError):
        _ = means(cut, rows.satisfied[own]).se


def test_the_scores_of_step_five(rows):
    u = np.zeros(len(rows.weight))
    for column, weight in ((0, 75.0), (1, 60.0)):
        y = rows.satisfied[:, column]
        inside = rows.of("U2") & ~np.isnan(y)
        share = np.average(y[inside], weights=rows.weight[inside])
        u[inside] += 0.5 * 75.0 * (y[inside] - share) / weight
    assert (0.55 + u[rows.of("U2")]).tolist() == pytest.approx([0.5625, 0.4375, -0.0625, 0.75, 1.0625, 1.0625])
    assert "0.5625, 0.4375, −0.0625, 0.75, 1.0625, 1.0625" in " ".join(EXAMPLE.split())
