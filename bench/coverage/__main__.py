"""`make coverage-study`: run the study, print its tables, write docs/coverage.md and docs/coverage.svg."""

import sys
import time
from pathlib import Path

from bench.coverage.chart import coverage_chart
from bench.coverage.plan import FULL
from bench.coverage.report import document, goals
from bench.coverage.study import run

DOCS = Path(__file__).resolve().parents[2] / "docs"
WORKERS = 2


def main(folder: Path) -> int:
    """Write the page and the chart into a folder; 1 when something that has to hold does not."""
    started = time.perf_counter()
    results = run(FULL, workers=WORKERS)
    page = document(results)
    (folder / "coverage.md").write_text(page, encoding="utf-8")
    (folder / "coverage.svg").write_text(coverage_chart(results.grid), encoding="utf-8")
    print(page)
    print(f"{time.perf_counter() - started:.0f} s; written to {folder / 'coverage.md'} and coverage.svg")
    return 0 if all(reached for _, _, reached in goals(results)[:-1]) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS))
