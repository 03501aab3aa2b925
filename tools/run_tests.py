"""Run the checks and tests in parts, say what each part took, and end with one line of counts.

``python -m tools.run_tests check`` runs what is fast, ``all`` runs everything CI runs.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
CODE = ("app", "tests", "tools", "bench", "migrations", "wsgi.py", "gunicorn.conf.py")


@dataclass(frozen=True, slots=True)
class Part:
    """A command, and whether it is a run of pytest whose tests are counted."""

    name: str
    command: tuple[str, ...]
    counts_tests: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a part did. A part that is not pytest counts as one failure or as nothing."""

    name: str
    seconds: float
    passed: int
    failed: int
    skipped: int


def _pytest(name: str, *arguments: str) -> Part:
    return Part(name, (PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments), counts_tests=True)


LINT = (
    Part("format", (PYTHON, "-m", "ruff", "format", "--check", "--quiet", *CODE)),
    Part("lint", (PYTHON, "-m", "ruff", "check", "--quiet", *CODE)),
    Part("types", (PYTHON, "-m", "mypy")),
    Part("packages", (PYTHON, "-m", "deptry", ".")),
)
FAST = _pytest("fast tests, SQLite", "-m", "not server and not browser", "--db", "sqlite")
SLOW = (
    _pytest("the same, PostgreSQL", "-m", "postgresql and not server and not browser", "--db", "postgresql"),
    _pytest("real servers, both databases", "-m", "server and not browser", "--db", "both"),
    _pytest("real browser", "-m", "browser", "--db", "sqlite"),
)
CHOICES = {"check": (*LINT, FAST), "all": (*LINT, FAST, *SLOW)}


def run(part: Part) -> Outcome:
    """Run one part, its output going to ours."""
    print(f"\n== {part.name}", flush=True)
    began = time.monotonic()
    if not part.counts_tests:
        status = subprocess.run(part.command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL).returncode
        return Outcome(part.name, time.monotonic() - began, 0, int(status != 0), 0)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = (*part.command, f"--junitxml={report}")
        status = subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL).returncode
        seconds = time.monotonic() - began
        return _counted(part, seconds, status, report)


def _counted(part: Part, seconds: float, status: int, report: Path) -> Outcome:
    if not report.is_file():
        return Outcome(part.name, seconds, 0, 1, 0)
    suites = ET.parse(report).getroot().iter("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    if status not in (0, 1) and failed == 0:  # 5: nothing was collected; 2 to 4: the run itself broke
        failed = 1
    return Outcome(part.name, seconds, max(0, total - failed - skipped), failed, skipped)


def main(choice: str) -> int:
    """Run all parts of a choice, also after a failure; gives the exit status."""
    outcomes = [run(part) for part in CHOICES[choice]]
    print("\n== what each part took")
    for outcome in outcomes:
        state = f"{outcome.failed} failed" if outcome.failed else "ok"
        counts = f"{outcome.passed} tests" if outcome.passed else ""
        print(f"  {outcome.name:30} {outcome.seconds:7.1f} s  {state:10} {counts}")
    print(f"  {'together':30} {sum(outcome.seconds for outcome in outcomes):7.1f} s")
    skipped = sum(outcome.skipped for outcome in outcomes)
    if skipped:
        print(f"  skipped: {skipped}")
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"{sum(outcome.passed for outcome in outcomes)} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in CHOICES:
        sys.exit(f"usage: python -m tools.run_tests {' | '.join(CHOICES)}")
    sys.exit(main(sys.argv[1]))
