"""Documentation as a contract: what can be set, typed or added is written down."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app import config
from app.cli import GROUPS, init
from app.jobs.registry import JOBS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
LONGEST_HOWTO = 30
HOWTOS = (
    "add-a-question-set",
    "add-an-answer-type",
    "add-an-export",
    "add-a-list",
    "add-a-unit-type",
    "add-a-score-formula",
    "add-a-job",
    "add-a-permission",
    "translate-a-page",
    "translate-a-question-set",
    "publish-a-new-version",
    "check-a-receipt",
    "change-a-holiday",
    "change-a-deadline",
)


def _operations() -> str:
    return (DOCS / "operations.md").read_text(encoding="utf-8")


def _commands() -> Iterator[str]:
    yield f"flask {init.name}"
    for group in GROUPS:
        for name in group.commands:
            yield f"flask {group.name} {name}"


@pytest.mark.parametrize("name", sorted(config.SETTINGS))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{config.PREFIX}{name}`" in _operations()


def test_no_setting_is_documented_that_does_not_exist() -> None:
    rows = [line for line in _operations().splitlines() if line.startswith(f"| `{config.PREFIX}")]
    assert {row.split("`")[1].removeprefix(config.PREFIX) for row in rows} == set(config.SETTINGS)


@pytest.mark.parametrize("command", sorted(_commands()))
def test_every_command_is_documented(command: str) -> None:
    assert f"`{command}" in _operations()


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_command_says_what_it_is_for(group: click.Group) -> None:
    assert [name for name, command in group.commands.items() if not command.help] == []


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_is_documented(job: object) -> None:
    assert f"`{job.name}`" in _operations()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", HOWTOS)
def test_every_howto_exists_and_is_short(name: str) -> None:
    lines = (DOCS / "howto" / f"{name}.md").read_text(encoding="utf-8").splitlines()
    assert 5 <= len(lines) <= LONGEST_HOWTO


def test_there_is_no_howto_nobody_knows_of() -> None:
    assert {path.stem for path in (DOCS / "howto").glob("*.md")} == set(HOWTOS)


def test_decisions_are_numbered_without_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_make_target_is_explained() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    targets = [line for line in lines if line[:1].isalpha() and ":" in line and ":=" not in line]
    assert [line for line in targets if "## " not in line] == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in (*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md")
        for target in _link_targets(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


def _link_targets(text: str) -> Iterator[str]:
    for piece in text.split("](")[1:]:
        target = piece.partition(")")[0].partition("#")[0]
        if target and "://" not in target and not target.startswith("mailto:"):
            yield target
