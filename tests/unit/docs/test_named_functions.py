"""What docs/statistics.md says computes a figure is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "statistics.md").read_text("utf-8")
STATS = ROOT / "app" / "analysis" / "stats"
# A module and the functions or classes named right behind it.
NAMED = re.compile(r"`([\w/]+\.py)`((?:,?\s+`\w+`)*)")


def places() -> list[tuple[Path, list[str]]]:
    found = [(name, re.findall(r"`(\w+)`", behind)) for name, behind in NAMED.findall(TEXT)]
    return [(ROOT / name if name.startswith(("app/", "tests/")) else STATS / name, names) for name, names in found]


def test_every_module_is_there():
    assert len(places()) > 30
    assert [str(path) for path, _ in places() if not path.is_file()] == []


def test_every_function_is_in_its_module():
    missing = [
        f"{path.name}: {name}"
        for path, names in places()
        for name in names
        if path.is_file() and not re.search(rf"^(?:def|class) {name}\b", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_every_room_is_there():
    rooms = re.findall(r"`(\w+)/`", TEXT)
    assert len(rooms) >= 5
    assert [room for room in rooms if not (STATS / room).is_dir()] == []
