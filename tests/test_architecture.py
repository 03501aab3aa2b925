"""The house style as tests: imports point down, the core loads alone, files stay small."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"
MODULES = sorted(APP.rglob("*.py"))
LONGEST_FILE = 400
VAGUE_NAMES = frozenset({"utils", "util", "helpers", "helper", "managers", "manager", "common", "misc"})


def _loaded_after(code: str) -> set[str]:
    """The modules that a fresh process holds after running ``code``."""
    command = [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"]
    return set(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split())


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_imports_point_down() -> None:
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_package_has_its_place_in_the_layers() -> None:
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = {path.name.removesuffix(".py") for path in APP.iterdir() if path.suffix == ".py" or _is_package(path)}
    assert {name for name in names - {"__init__"} if f"app.{name}" not in settings} == set()


def _is_package(path: Path) -> bool:
    return (path / "__init__.py").is_file()


def test_statistics_load_without_the_web_and_the_database() -> None:
    imports = "\n".join(f"import {name}" for name in _names(APP / "analysis" / "stats"))
    loaded = _loaded_after(imports)
    assert "app.analysis.stats.sums" in loaded
    assert loaded & {"flask", "sqlalchemy", "scipy.stats"} == set()


def test_no_module_loads_scipy_stats_when_imported() -> None:
    """It costs every web process two seconds and 80 MB (dependencies: statistics)."""
    imports = "\n".join(f"import {name}" for name in _names(APP))
    assert "scipy.stats" not in _loaded_after(imports)


def test_the_web_server_starts_without_heavy_libraries() -> None:
    loaded = _loaded_after("import app, app.survey.views, app.qr.officer_views, app.exports.officer_views")
    assert loaded & {"scipy", "typst", "openpyxl", "xlsxwriter", "huey", "alembic.autogenerate"} == set()


@pytest.mark.parametrize("folder", ["app", "tests", "tools", "bench", "migrations"])
def test_files_stay_small(folder: str) -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: lines for name, lines in sizes.items() if lines > LONGEST_FILE} == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in MODULES if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES] == []


def test_package_files_hold_one_docstring_only() -> None:
    for path in APP.rglob("*/__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1, path
        assert isinstance(body[0], ast.Expr), path


def test_only_the_clock_asks_the_time() -> None:
    """Runner and supervisor measure with the machine's own clock; everything else asks app/clock.py."""
    exempt = {APP / "clock.py", APP / "jobs" / "runner.py"}
    asking = ("datetime.now(", "date.today(", "datetime.utcnow(", "time.time(")
    found = [
        f"{path.relative_to(ROOT)}: {call}"
        for path in MODULES
        if path not in exempt
        for call in asking
        if call in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_services_never_commit() -> None:
    exempt = {APP / "db" / "session.py"}
    found = [path for path in MODULES if path not in exempt and ".commit()" in path.read_text(encoding="utf-8")]
    assert found == []


def test_no_file_names_this_machine() -> None:
    """Paths of a developer's machine and package hosts belong into no file."""
    files = list(ROOT.glob("requirements*.txt"))
    assert len(files) == 5
    assert [path for path in files if "://" in path.read_text(encoding="utf-8")] == []
