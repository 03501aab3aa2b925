"""The tiny survey of docs/statistics.md: its rows as they stand there, and its figures by the public functions."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.counting import from_answers
from app.analysis.stats.cells.drawing import Drawing, stages_of
from app.analysis.stats.cells.figures import index as index_of_cells
from app.analysis.stats.cells.keys import Labelled
from app.analysis.stats.cells.plan import CellPlan, Drawn, Within
from app.analysis.stats.cells.sums import CellSums
from app.analysis.stats.cells.table import sampled_index_table
from app.analysis.stats.cells.view import View
from app.analysis.stats.cells.whole import whole_weights
from app.analysis.stats.comparisons.mover import correlations, mover_difference
from app.analysis.stats.comparisons.singles import WilsonUnits
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import Linearised, item_mean_index, means
from app.analysis.stats.index import Formula, IndexTable, IntervalMethod
from app.analysis.stats.layout import BLANK, Criterion, Level, Scoring, SumsLayout
from app.analysis.stats.quantiles import t_quantile
from app.analysis.stats.ranks.intervals import RankMethod
from app.analysis.stats.ranks.smoothed_intervals import mover_rank_intervals
from app.analysis.stats.results import SampleKind
from app.analysis.stats.smoothed_units import smoothed_shares
from app.analysis.stats.spread import Aggregation

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
UNITS = ("U1", "U2")
ITEMS = ("q1", "q2")


@dataclass(frozen=True, eq=False)
class Rows:
    """The people of the example; `levels` has shape (people, 2), NaN where nothing was answered."""

    stratum: npt.NDArray[np.str_]
    village: npt.NDArray[np.str_]
    unit: npt.NDArray[np.str_]
    weight: Floats
    levels: Floats

    @property
    def design(self) -> SurveyDesign:
        return SurveyDesign.of(
            len(self.weight),
            lonely=LonelyPsu.FAIL,
            weights=self.weight,
            strata=self.stratum,
            clusters=(self.village,),
        )

    @property
    def satisfied(self) -> Floats:
        """1 for the two best levels, NaN for no answer."""
        return np.where(np.isnan(self.levels), np.nan, self.levels >= 4)

    def of(self, unit: str) -> npt.NDArray[np.bool_]:
        return np.asarray(self.unit == unit)


def rows_of_table(lines: list[str]) -> Rows:
    """The table of the document: person, stratum, village, unit, weight, q1, q2."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    _, stratum, village, unit, weight, *answers = zip(*cells, strict=True)
    levels = [[np.nan if answer == "–" else float(answer) for answer in item] for item in answers]
    return Rows(np.array(stratum), np.array(village), np.array(unit), np.array(weight, float), np.array(levels).T)


def figures(rows: Rows) -> dict[str, float]:
    """Every figure of the example under the name it has in the document."""
    cells = cell_sums(rows)
    table = index_table(cells)
    return shares(rows) | smoothing(rows, table) | index_figures(rows, table) | comparison(cells, table)


def shares(rows: Rows) -> dict[str, float]:
    """Weights, shares, variances; the linearised variable of the first cell by village."""
    design = rows.design
    found: dict[str, float] = {"df(design)": design.degrees_of_freedom}
    for unit in UNITS:
        domain = rows.of(unit)
        each = means(design, rows.satisfied, domain=domain)
        found[f"df({unit})"] = each.df
        for at, item in enumerate(ITEMS):
            cell, p, n = f"({unit},{item})", float(each.value[at]), int(each.n[at])
            answered = domain & ~np.isnan(rows.satisfied[:, at])
            found |= {f"n{cell}": n, f"W{cell}": float(rows.weight[answered].sum()), f"p{cell}": p}
            found |= {f"v{cell}": float(each.variance[at]), f"srs{cell}": p * (1.0 - p) / (n - 1)}
            if (unit, item) == ("U1", "q1"):
                found |= of_villages(rows, each, at) | {f"se{cell}": float(each.se[at])}
    return found


def of_villages(rows: Rows, each: Linearised, column: int) -> dict[str, float]:
    """Sums of the linearised variable over the villages."""
    u = each.influence[:, column]
    return {f"U({village})": float(u[rows.village == village].sum()) for village in np.unique(rows.village)}


def smoothing(rows: Rows, table: IndexTable) -> dict[str, float]:
    """Design effects pooled over both items and units, and the limits of the first item, from the rows."""
    units = np.array([UNITS.index(unit) for unit in rows.unit])
    smooth = smoothed_shares(
        rows.design, rows.satisfied, units, confidence_level=LEVEL, sample_kind=SampleKind.PROBABILITY
    )
    effects = smooth.design
    found = {"deff_all": effects.deff_all, "t": float(t_quantile(LEVEL, effects.df_star[0]))}
    for at, unit in enumerate(UNITS):
        found |= {f"deff({unit})": float(effects.deff_unit[at]), f"deff*({unit})": float(effects.deff_star[at])}
        found |= {f"df*({unit})": float(effects.df_star[at])}
        # The pages take the same figures from sums of cells.
        for name, of_rows, of_cells in (
            ("n_eff", smooth.n_eff, table.n_eff),
            ("low", smooth.low, table.low),
            ("high", smooth.high, table.high),
        ):
            np.testing.assert_allclose(of_cells[:, : len(ITEMS)], of_rows, rtol=1e-12)
            found[f"{name}({unit},q1)"] = float(of_rows[at, 0])
    return found


def index_figures(rows: Rows, table: IndexTable) -> dict[str, float]:
    """The index MEAN_OF_CRITERIA of TOP2 with its own design effect and spread."""
    column, pooled = table.position(Level.OVERALL), table.pooled
    assert pooled is not None
    assert table.deff is not None
    assert table.deff_star is not None
    found = {"deff_all(I)": float(pooled.deff_all[column]), "kappa": float(pooled.kappa[column])}
    for at, unit in enumerate(UNITS):
        value = item_mean_index(rows.design, rows.satisfied, domain=rows.of(unit))
        np.testing.assert_allclose(table.value[at, column], value.value[0], rtol=1e-12)
        variance, deff = float(value.variance[0]), float(table.deff[at, column])
        n = int(table.n[at, column])
        found |= {f"I({unit})": float(value.value[0]), f"v(I,{unit})": variance, f"n(I,{unit})": n}
        found |= {f"s2(I,{unit})": variance / deff * (n - 1), f"deff(I,{unit})": deff}
        found |= {f"se(I,{unit})": float(table.se[at, column])}
        found |= {f"deff*(I,{unit})": float(table.deff_star[at, column])}
        for name, of_cells in (("n_eff", table.n_eff), ("low", table.low), ("high", table.high)):
            found[f"{name}(I,{unit})"] = float(of_cells[at, column])
    return found


def comparison(cells: CellSums, table: IndexTable) -> dict[str, float]:
    """Difference of the two indices by MOVER, and the rank intervals."""
    column = table.position(Level.OVERALL)
    units = WilsonUnits.of(table.value[:, column], table.n_eff[:, column], table.df[:, column])
    view = View.of(cells, by=("unit",))
    of_units = index_of_cells(view, Scoring.TOP2, Aggregation.MEAN_OF_CRITERIA, squares=False)
    last = len(of_units.value) - 1
    covariance = of_units.covariance(stages_of(cells, DRAWING), [(last, 0), (last, 1)])
    r = correlations(covariance)
    kind = SampleKind.PROBABILITY
    pair = mover_difference(units, correlation=r, confidence_level=LEVEL, sample_kind=kind)
    ranks = mover_rank_intervals(
        units, correlation=r, method=RankMethod.TUKEY, confidence_level=LEVEL, sample_kind=kind
    )
    found = {"cov": float(covariance[0, 1]), "r": float(r[0, 1]), "d": float(pair.difference[0])}
    found |= {"low(d)": float(pair.low[0]), "high(d)": float(pair.high[0]), "p value": float(pair.p[0])}
    found |= {"Holm": float(pair.holm[0]), "crit": ranks.critical}
    for at, unit in enumerate(UNITS):
        found |= {f"rank({unit})": int(ranks.rank[at])}
        found |= {f"best({unit})": int(ranks.low[at]), f"worst({unit})": int(ranks.high[at])}
    return found


DRAWING = Drawing(LonelyPsu.FAIL)


def cell_sums(rows: Rows) -> CellSums:
    """The sums that the product keeps of such a survey."""
    criteria = [Criterion(item, at, "f1") for at, item in enumerate(ITEMS)]
    layout = SumsLayout.of(columns=len(ITEMS), levels=5, criteria=criteria)
    plan = CellPlan(layout, ("unit",), 0, (Scoring.TOP2,), Drawn.CLUSTERS, Within.DOMAIN)
    return from_answers(
        plan,
        np.where(np.isnan(rows.levels), BLANK, rows.levels).astype(np.uint8),
        weights=whole_weights(rows.weight, digits=0),
        stratum=Labelled.of(rows.stratum),
        psu=Labelled.of(rows.village),
        domains=[Labelled.of(rows.unit)],
    )


def index_table(cells: CellSums) -> IndexTable:
    """What the pages show."""
    return sampled_index_table(
        View.of(cells, by=("unit",)),
        formula=Formula.TOP2,
        aggregation=Aggregation.MEAN_OF_CRITERIA,
        confidence_level=LEVEL,
        sample_kind=SampleKind.PROBABILITY,
        method=IntervalMethod.SMOOTHED_WILSON,
        drawing=DRAWING,
        planned_icc=None,
    )
