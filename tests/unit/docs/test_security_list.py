"""docs/security-tests.md says which test keeps which line, and does so truly."""

import re

import pytest

from tools.security_list import LINES, PAGE, WAITING, found

KEPT = [line for line in LINES if line[0] in "ABCFG" and line not in WAITING]


def test_every_test_on_the_page_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8")))
    assert named
    assert named <= {name for tests in found().values() for _path, name in tests}, "run: python -m tools.security_list"


def test_every_line_stands_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [line for line in KEPT if not re.search(rf"^\| {line} \|.*`test_", text, re.MULTILINE)] == []


@pytest.mark.parametrize("line", KEPT)
def test_every_line_has_a_test(line: str) -> None:
    assert found().get(line)


def test_no_test_names_a_line_that_does_not_exist() -> None:
    assert {line for line in found() if line[0] != "E"} - set(LINES) == set()


def test_a_line_that_waits_has_no_test_yet() -> None:
    assert set(WAITING) & set(found()) == set()
