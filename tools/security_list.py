"""Write docs/security-tests.md: which test keeps which line of the list of failures that comparable systems had.

Usage: python -m tools.security_list. Tests say the lines they keep at the start of their names (``test_a1_…``,
``test_c3_c9_…``), so the table is made from the names.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "security-tests.md"
NAMED = re.compile(r"^def (test_((?:[a-g]\d{1,2}_)+)\w+)\(", re.MULTILINE)

CHAPTERS = {
    "A": "Access on every path",
    "B": "Codes, tokens, sessions",
    "C": "Uploads",
    "D": "Injection and output",
    "E": "Outbound",
    "F": "Privacy inside the house",
    "G": "Record, time, load",
}
LINES = {
    "A1": "A file is refused like one that does not exist: full, part and HEAD",
    "A2": "An upload not yet sent belongs to the session that made it",
    "A3": "A file made for one officer is taken by nobody else",
    "A4": "A forbidden case changes no page, search or count",
    "A5": "What stands in a list may be opened, and the other way round",
    "A6": "No route has forgotten its guard",
    "A7": "No second act is smuggled in by a parameter",
    "A8": "Putting cases together widens nobody's sight",
    "A9": "Whoever handled a case loses it with the transfer",
    "A10": "A sender acts on their own case only",
    "A11": "What is hidden is hidden in every derived form",
    "A12": "Heads, addresses and referrers carry no content",
    "B1": "The public number opens nothing; the secret code is long and stored derived",
    "B2": "Known and unknown look and cost the same",
    "B3": "A forged address dodges no limit",
    "B4": "A limit locks nobody else out",
    "B5": "A refused attempt leaves a committed row",
    "B6": "A token serves one purpose, for a while",
    "B7": "Sessions are renewed and end",
    "B8": "No secret in cookie, address, log or referrer",
    "B9": "Headers about who somebody is are believed from nobody",
    "B10": "A one-time code serves once; one name is one account",
    "C1": "Nothing a file holds is executed",
    "C2": "Only what was made anew is given out, as a download",
    "C3": "What was refused is kept nowhere",
    "C4": "No metadata is left, whichever way a file came in",
    "C5": "Name, declared type and content agree",
    "C6": "Bombs and giants are refused before they are decoded",
    "C7": "Names are ours",
    "C8": "Without a scanner files wait and the case is taken",
    "C9": "No plain copy is left behind",
    "C10": "Only kinds of file that the gate makes anew",
    "D1": "No cell of a file is a formula",
    "D2": "Script in any text is shown as text",
    "D3": "Nothing asked for in an address comes back raw",
    "D4": "Templates of officers see named fields only",
    "D5": "Drawing a document reads no file and no network",
    "D6": "No header is injected through a name",
    "D7": "Our messages echo no free text",
    "D8": "No SQL through search or order",
    "D9": "No entities, no runaway patterns",
    "E1": "The server speaks to no address that somebody can type",
    "E2": "Receipts repeated, late or out of order change no end",
    "E3": "No message goes twice after a restart",
    "F1": "An internal note reaches no sender",
    "F2": "Nobody learns the list of officers",
    "F3": "Who sent a case shows nowhere without the right",
    "F4": "What is blacked out is gone",
    "F5": "The paper for the accused cannot name the sender",
    "F6": "No time, address or device of citizens is kept",
    "F7": "Small numbers are not shown",
    "F8": "Who was erased remains nowhere",
    "F9": "Officers neither delete nor edit what was received",
    "G1": "The record of acts cannot be bent",
    "G2": "The clock adds up",
    "G3": "Two officers do not overwrite each other",
    "G4": "Sizes are capped",
}
WAITING: dict[str, str] = {}
"""Lines that nothing in the program touches so far, and why."""


def found(folder: Path = ROOT / "tests") -> dict[str, list[tuple[str, str]]]:
    """The tests of each line: file and function."""
    tests: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for name, lines in NAMED.findall(path.read_text(encoding="utf-8")):
            for line in lines.upper().strip("_").split("_"):
                tests[line].append((path.relative_to(folder.parent).as_posix(), name))
    return dict(tests)


def markdown() -> str:
    """The page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    tests = found()
    yield "# Security tests"
    yield ""
    yield "Each line is a failure that a comparable system really had. The tests that keep it say so in their names."
    yield "Made by `python -m tools.security_list`. It is an error when a test named here is missing, when a line has"
    yield "none, or when a name says a line that is not here."
    for letter, title in CHAPTERS.items():
        yield from ("", f"## {letter}. {title}", "", "| | Kept | Tests |", "|---|---|---|")
        for line, kept in LINES.items():
            if line[0] == letter:
                yield f"| {line} | {kept} | {_cell(line, tests)} |"


def _cell(line: str, tests: dict[str, list[tuple[str, str]]]) -> str:
    if line not in tests:
        return f"– ({WAITING.get(line, 'none')})"
    files: defaultdict[str, list[str]] = defaultdict(list)
    for path, name in tests[line]:
        files[path].append(f"`{name}`")
    return "<br>".join(f"{path}: {', '.join(names)}" for path, names in files.items())


def main() -> int:
    """Write the page."""
    PAGE.write_text(markdown(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
