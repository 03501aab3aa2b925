"""There is one way in: nobody else decodes what people send, and nobody else stores it."""

import re
from pathlib import Path

APP = Path(__file__).resolve().parents[4] / "app"
SOURCES = {path.relative_to(APP).as_posix(): path.read_text(encoding="utf-8") for path in APP.rglob("*.py")}


def test_c1_c4_only_the_confined_process_loads_decoders() -> None:
    loading = re.compile(r"^\s*(?:from|import) (?:PIL|pypdf|pillow_heif)\b", re.MULTILINE)
    found = {name for name, source in SOURCES.items() if loading.search(source)}
    assert found
    assert {name for name in found if not name.startswith("files/gate/child/")} == set()


def test_c4_only_the_gate_stores_files_of_people() -> None:
    storing = re.compile(r"\bstore\.save\(")
    assert {name for name, source in SOURCES.items() if storing.search(source)} == {
        "exports/cases/services.py",  # what the product itself wrote
        "files/gate/blackening.py",
        "files/gate/checking.py",
        "files/gate/services.py",
    }


def test_c1_no_command_goes_through_a_shell() -> None:
    shell = re.compile(r"shell\s*=\s*True|os\.system\(|os\.popen\(|getoutput\(")
    assert {name for name, source in SOURCES.items() if shell.search(source)} == set()


def test_c8_only_the_gate_says_that_a_file_is_accepted() -> None:
    changing = {name for name, source in SOURCES.items() if '"state": FileState.ACCEPTED' in source}
    assert changing == {"files/gate/checking.py"}
    assert all("update(CheckedFile)" not in source for name, source in SOURCES.items() if name not in changing)
