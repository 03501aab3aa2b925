"""The units of systemd name commands that exist, folders that the documentation names, and walls that hold."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.jobs.cli import commands
from app.jobs.registry import JOBS

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "deploy" / "systemd"
SERVICES = ("langnghe-web.service", "langnghe-jobs.service", "langnghe-check.service")
PROGRAMS = "/srv/langnghe/app/.venv/bin/"
WALLS = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "PrivateUsers": "yes",
    "ProcSubset": "pid",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
    "ReadWritePaths": "/srv/langnghe/data",
    "User": "langnghe",
}


def _unit(name: str) -> dict[str, str]:
    """The keys of a unit; of one that stands several times the first."""
    found: dict[str, str] = {}
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(key, value)
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_a_real_command_behind_walls(name: str) -> None:
    service = _unit(name)
    program, *arguments = service["ExecStart"].split()
    assert program.startswith(PROGRAMS)
    assert (ROOT / ".venv" / "bin" / program.removeprefix(PROGRAMS)).exists()
    if program.endswith("flask"):
        assert arguments[0] == "jobs"
        assert arguments[1] in commands.commands
    else:
        assert arguments == ["--config", "gunicorn.conf.py", "wsgi:application"]
        assert (ROOT / "gunicorn.conf.py").is_file()
    for key, value in WALLS.items():
        assert service[key] == value, key


def test_every_unit_is_documented_and_named_by_another() -> None:
    names = {path.name for path in FOLDER.iterdir()}
    assert names == {*SERVICES, "langnghe-check.timer", "langnghe.target"}
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in operations for name in names)
    wanted = _unit("langnghe.target")["Wants"].split()
    assert names - {"langnghe.target", "langnghe-check.service"} == set(wanted)


def test_every_job_of_the_runner_is_documented() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [job.name for job in JOBS if f"`{job.name}`" not in operations] == []


def test_every_program_of_the_units_is_one_that_this_repository_installs() -> None:
    """Also of timers and reloads: nothing is named that only some machines have."""
    known = {f"{PROGRAMS}flask", f"{PROGRAMS}gunicorn", "/bin/kill"}
    named = {
        line.partition("=")[2].split()[0]
        for path in FOLDER.glob("*.service")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("Exec")
    }
    assert named <= known
    timer = _unit("langnghe-check.timer")
    assert timer.get("Unit", "langnghe-check.service") == "langnghe-check.service"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("name", SERVICES)
def test_systemd_finds_little_that_is_exposed(name: str) -> None:
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=15", str(FOLDER / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unrecognized option" in said.stderr:
        pytest.skip("a systemd without offline analysis")
    assert said.returncode == 0, said.stdout[-300:]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Places and users of the production machine are replaced by what is here; everything else is read as it is."""
    changes = {
        "User": "User=nobody",
        "Group": "Group=nogroup",
        "WorkingDirectory": "WorkingDirectory=/",
        "EnvironmentFile": "",
        "Documentation": "",
    }
    for path in FOLDER.iterdir():
        lines = []
        for line in path.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            tail = " ".join(value.split()[1:])
            lines.append(f"ExecStart=/bin/true {tail}" if key == "ExecStart" else changes.get(key, line))
        (tmp_path / path.name).write_text("\n".join(lines), encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    wrong = [line for line in said.stderr.splitlines() if str(tmp_path) in line and "Special user nobody" not in line]
    assert (said.returncode, wrong) == (0, [])
