"""`make bench-stats`: a sampled survey of 22 items × 300 units, cold from packed answers and warm from cell sums.

Each measurement has a process of its own, which reads its input from files, so that peak memory is that of the work
alone. Data: 150 strata × 10 sampling units, weights, 4 % item non-response, 5 % of people met away from home; the
second table keeps the pairs of unit and sampling unit fixed while the answers grow.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.counting import from_answers
from app.analysis.stats.cells.drawing import Drawing, stages_of
from app.analysis.stats.cells.figures import index
from app.analysis.stats.cells.keys import Labelled
from app.analysis.stats.cells.plan import CellPlan, Drawn, Within
from app.analysis.stats.cells.stored import from_bytes, to_bytes
from app.analysis.stats.cells.sums import CellSums, add
from app.analysis.stats.cells.table import sampled_index_table
from app.analysis.stats.cells.view import View
from app.analysis.stats.cells.whole import whole_weights
from app.analysis.stats.comparisons.mover import correlations
from app.analysis.stats.comparisons.singles import WilsonUnits
from app.analysis.stats.designs.design import LonelyPsu
from app.analysis.stats.index import Formula, IndexTable, IntervalMethod
from app.analysis.stats.layout import Criterion, Level, Scoring, SumsLayout
from app.analysis.stats.ranks.intervals import RankMethod
from app.analysis.stats.ranks.smoothed_intervals import mover_rank_intervals
from app.analysis.stats.results import SampleKind
from app.analysis.stats.spread import Aggregation
from bench.machine import describe, peak_rss_mib

FACTORS = (4, 5, 6, 3, 4)
ITEMS, UNITS, STRATA, PSUS_EACH = sum(FACTORS), 300, 150, 10
PSUS = STRATA * PSUS_EACH
SIZES = (10_000, 100_000, 1_000_000)
GROWING = (10_000, 100_000, 1_000_000, 10_000_000)
FIXED_PAIRS = 6_000
PART = 1_000_000
# Answers of the little survey that loads the libraries before anything is timed.
LITTLE = 20_000
DIGITS = 2
LIMITS = {"cold": 1000.0, "warm": 200.0, "one": 2.0, "peak": 250.0}
R_SCRIPT = Path(__file__).with_name("stats.R")


def plan() -> CellPlan:
    """Sums of the survey: everything the index needs under TOP2."""
    of_item = [factor for factor, size in enumerate(FACTORS) for _ in range(size)]
    criteria = [Criterion(f"c{j}", j, f"f{factor}", "service") for j, factor in enumerate(of_item)]
    layout = SumsLayout.of(columns=ITEMS, levels=5, criteria=criteria)
    return CellPlan(layout, ("unit",), DIGITS, (Scoring.TOP2,), Drawn.CLUSTERS, Within.DOMAIN)


def make(folder: Path, rows: int, *, fixed: bool, seed: int = 20261122) -> None:
    """Write packed answers, weights, strata, sampling units and units of a survey."""
    random = np.random.default_rng(seed)
    if fixed:
        every = np.random.default_rng(1).choice(PSUS * UNITS, FIXED_PAIRS, replace=False)
        pair = np.concatenate([every, random.choice(every, rows - FIXED_PAIRS)]) if rows >= FIXED_PAIRS else every
        psu, unit = pair // UNITS, pair % UNITS
    else:
        psu = random.integers(0, PSUS, rows)
        home = psu // PSUS_EACH * 2 + random.integers(0, 2, rows)
        unit = np.where(random.random(rows) < 0.05, random.integers(0, UNITS, rows), home)
    weights = np.round(np.random.default_rng(2).uniform(5.0, 200.0, PSUS), DIGITS)[psu]
    pleased = np.clip(np.random.default_rng(3).normal(0.86, 0.08, PSUS), 0.3, 0.99)[psu]
    answers = np.empty((rows, ITEMS), dtype=np.uint8)
    for item in range(ITEMS):
        draw = random.random(rows)
        low = 1 + (draw * 9973 % 3).astype(np.uint8)
        high = 4 + (draw * 7919 % 1 < 0.45).astype(np.uint8)
        answers[:, item] = np.where(random.random(rows) < 0.04, 255, np.where(draw < pleased, high, low))
    np.save(folder / "answers.npy", answers)
    np.save(folder / "weights.npy", weights)
    np.save(folder / "psu.npy", psu.astype(np.uint16))
    np.save(folder / "unit.npy", unit.astype(np.uint16))


def sums_of(folder: Path) -> CellSums:
    """Cell sums from the packed answers in a folder."""
    names = {"stratum": STRATA, "psu": PSUS, "unit": UNITS}
    labels = {name: tuple(f"{number:05}" for number in range(count)) for name, count in names.items()}
    answers, weights, psu, unit = (np.load(folder / f"{name}.npy") for name in ("answers", "weights", "psu", "unit"))
    return from_answers(
        plan(),
        answers,
        weights=whole_weights(weights, digits=DIGITS),
        stratum=Labelled(psu // PSUS_EACH, labels["stratum"]),
        psu=Labelled(psu, labels["psu"]),
        domains=[Labelled(unit, labels["unit"])],
    )


def table_of(view: View, *, alone: IndexTable | None = None, aggregation: Aggregation) -> IndexTable:
    """All figures with their intervals; of one unit alone with what the table of all units pooled."""
    return sampled_index_table(
        view,
        formula=Formula.TOP2,
        aggregation=aggregation,
        confidence_level=0.95,
        sample_kind=SampleKind.PROBABILITY,
        method=IntervalMethod.SMOOTHED_WILSON,
        drawing=Drawing(LonelyPsu.FAIL),
        planned_icc=None,
        pooled=None if alone is None else alone.pooled,
    )


def ranks_of(view: View, table: IndexTable) -> npt.NDArray[np.int64]:
    """Simultaneous rank intervals of the overall index, villages shared by units taken into account."""
    place = table.position(Level.OVERALL)
    figures = index(view, Scoring.TOP2, table.aggregation, squares=False)
    chosen = [(place, unit) for unit in range(len(view.units))]
    covariance = figures.covariance(stages_of(view.sums, Drawing(LonelyPsu.FAIL)), chosen)
    units = WilsonUnits.of(table.value[:, place], table.n_eff[:, place], table.df[:, place])
    return mover_rank_intervals(
        units,
        correlation=correlations(covariance),
        method=RankMethod.TUKEY,
        confidence_level=0.95,
        sample_kind=SampleKind.PROBABILITY,
    ).low


def timed(run: Callable[[], object], times: int) -> tuple[float, float]:
    """Median wall-clock and CPU milliseconds."""
    wall, cpu = [], []
    for _ in range(times):
        started, used = time.perf_counter(), time.process_time()
        run()
        wall.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return statistics.median(wall), statistics.median(cpu)


def cold(folder: Path) -> dict[str, object]:
    """From the packed answers to every figure and interval, the first time in a process that has its libraries."""
    with TemporaryDirectory() as name:
        make(Path(name), LITTLE, fixed=False)
        table_of(View.of(sums_of(Path(name)), by=("unit",)), aggregation=Aggregation.RESPONDENT)
    names = ("answers", "weights", "psu", "unit")
    size = sum((folder / f"{name}.npy").stat().st_size for name in names)
    found: list[CellSums] = []

    def run() -> None:
        found[:] = [sums_of(folder)]
        table_of(View.of(found[0], by=("unit",)), aggregation=Aggregation.RESPONDENT)

    wall, cpu = timed(run, 1)
    peak = peak_rss_mib()
    again, again_cpu = timed(run, 3)
    (folder / "sums.bin").write_bytes(to_bytes(found[0]))
    cells = found[0].keys.cells
    times = {"cold": wall, "cold_cpu": cpu, "again": again, "again_cpu": again_cpu}
    return {**times, "peak": peak, "cells": cells, "input_mb": size / 1e6}


def warm(folder: Path) -> dict[str, object]:
    """From stored sums: all units, one unit, ranks."""
    stored = (folder / "sums.bin").read_bytes()
    read_ms, _ = timed(lambda: from_bytes(plan(), stored), 1)
    sums = from_bytes(plan(), stored)
    view = View.of(sums, by=("unit",))
    table = table_of(view, aggregation=Aggregation.RESPONDENT)
    found: dict[str, object] = {"cells": sums.keys.cells, "stored_mb": len(stored) / 1e6, "read": read_ms}
    for aggregation in Aggregation:
        name = "warm" if aggregation is Aggregation.RESPONDENT else f"warm {aggregation}"
        found[name], found[f"{name}_cpu"] = timed(
            lambda chosen=aggregation: table_of(View.of(sums, by=("unit",)), aggregation=chosen),  # type: ignore[misc]
            7,
        )
    one = iter(range(10_000))
    found["one"], found["one_cpu"] = timed(
        lambda: table_of(view.one(next(one) % UNITS), alone=table, aggregation=Aggregation.RESPONDENT), 51
    )
    found["peak"] = peak_rss_mib()
    found["ranks"], found["ranks_cpu"] = timed(lambda: ranks_of(view, table), 3)
    return found


def grown(folder: Path, rows: int) -> None:
    """Store sums of any number of answers over a fixed set of pairs, adding parts of a million."""
    parts = []
    for number, start in enumerate(range(0, rows, PART)):
        make(folder, min(PART, rows - start), fixed=True, seed=number)
        parts.append(sums_of(folder))
    (folder / "sums.bin").write_bytes(to_bytes(add(plan(), parts)))


def in_r(folder: Path, rows: int) -> None:
    """The same work by R's survey package, one item measured and scaled to all; only where R is there."""
    if shutil.which("Rscript") is None:
        print("Rscript is not installed: no figures of R's survey package beside these")
        return
    answers = np.load(folder / "answers.npy", mmap_mode="r")
    weights, psu, unit = (np.load(folder / f"{name}.npy") for name in ("weights", "psu", "unit"))
    first = answers[:, 0].astype(int)
    lines = zip(psu // PSUS_EACH, psu, unit, weights, first, strict=True)
    with (folder / "survey.csv").open("w", encoding="ascii") as file:
        file.write("stratum,psu,unit,weight,q\n")
        file.writelines(f"{h},{i},{g},{w},{'' if q == 255 else int(q >= 4)}\n" for h, i, g, w, q in lines)
    run = ["Rscript", "--vanilla", str(R_SCRIPT), str(folder / "survey.csv"), str(ITEMS)]
    done = subprocess.run(run, check=False, capture_output=True, text=True)
    print(f"R survey, {rows:,} responses: {(done.stdout or done.stderr).strip()}")


def child(part: str, folder: Path) -> dict[str, float]:
    """Run one part in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.stats", part, str(folder)], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> int:
    """Print both tables; 1 when a limit is missed at 1,000,000 responses."""
    print(describe())
    print(f"{ITEMS} items × {UNITS} units, {STRATA} strata × {PSUS_EACH} sampling units; ms, CPU ms in brackets")
    missed: list[str] = []
    with TemporaryDirectory(prefix="langnghe-stats-") as name:
        folder = Path(name)
        for rows in SIZES:
            make(folder, rows, fixed=False)
            found, stored = child("cold", folder), child("warm", folder)
            print(
                f"{rows:10,} responses, {found['cells']:6,.0f} cells: "
                f"cold {found['cold']:7.1f} ({found['cold_cpu']:.0f}), "
                f"again {found['again']:7.1f} ({found['again_cpu']:.0f}), peak {found['peak']:.0f} MiB · "
                f"warm all units {stored['warm']:6.1f} ({stored['warm_cpu']:.0f}), mean of criteria "
                f"{stored['warm MEAN_OF_CRITERIA']:.1f}, pooled {stored['warm POOLED']:.1f}, "
                f"one unit {stored['one']:5.2f} ({stored['one_cpu']:.2f}), ranks {stored['ranks']:.0f} more, "
                f"read {stored['read']:.0f} ({stored['stored_mb']:.1f} MB), peak {stored['peak']:.0f} MiB"
            )
            in_r(folder, rows)
            if rows == SIZES[-1]:
                worst = {"cold": found["cold"], "warm": stored["warm"], "one": stored["one"]}
                worst["peak"] = max(found["peak"], stored["peak"])
                missed = [name for name, limit in LIMITS.items() if worst[name] > limit]
                print(f"limits at {rows:,}: {LIMITS}; missed: {', '.join(missed) or 'none'}")
        print(f"the same {FIXED_PAIRS:,} pairs of unit and sampling unit, growing answers, warm")
        for rows in GROWING:
            grown(folder, rows)
            stored = child("warm", folder)
            print(
                f"{rows:10,} responses, {stored['cells']:6,.0f} cells: all units {stored['warm']:6.1f} "
                f"({stored['warm_cpu']:.0f}), one unit {stored['one']:5.2f} ({stored['one_cpu']:.2f})"
            )
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps({"cold": cold, "warm": warm}[sys.argv[1]](Path(sys.argv[2]))))
        sys.exit(0)
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
