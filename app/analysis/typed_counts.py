"""Reads a pasted table of counts (pure): one criterion a line, counts by level, then maybe printed percentages.

The table is checked and shown, nothing of it is stored, and none of it can reach the rollups.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from app.analysis.stats.validation import CountsRow, Finding, check_counts
from app.web import text_input

MOST_ROWS = 200
MOST_CHARACTERS = 20_000
COUNT = re.compile(r"-?\d{1,3}(?:\.\d{3})+|-?\d{1,9}")
PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?\s*%?")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a pasted table: its rows, what is wrong with them, or why it cannot be read (line → message)."""

    rows: tuple[CountsRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    unreadable: tuple[tuple[int, str], ...] = ()


def check_typed(text: str, *, levels: int, total: int, issued: int | None) -> Checked:
    """Read and check a pasted table. ``levels``: how many counts each line has; columns are cut at tab or semicolon."""
    rows: list[CountsRow] = []
    unreadable: list[tuple[int, str]] = []
    lines = [(number, line) for number, line in enumerate(text_input.clean(text).split("\n"), start=1) if line.strip()]
    if not lines or len(lines) > MOST_ROWS or len(text) > MOST_CHARACTERS:
        return Checked(unreadable=((1, f"Xin dán từ 1 đến {MOST_ROWS} dòng, mỗi dòng một tiêu chí."),))
    for number, line in lines:
        try:
            rows.append(_row(line, levels))
        except ValueError as error:
            unreadable.append((number, str(error)))
    if unreadable:
        return Checked(unreadable=tuple(unreadable))
    return Checked(tuple(rows), check_counts(rows, total=total, issued=issued))


def _row(line: str, levels: int) -> CountsRow:
    cells = [cell.strip() for cell in re.split(r"[\t;]", line)]
    while cells and not cells[-1]:
        cells.pop()
    name, numbers = cells[0] if cells else "", cells[1:]
    if len(numbers) not in (levels, 2 * levels):
        raise ValueError(
            f"cần tên và {levels} số phiếu, có thể thêm {levels} tỷ lệ; dòng này có {len(numbers)} cột số."
        )
    counts = tuple(_count(cell) for cell in numbers[:levels])
    return CountsRow(name, counts, tuple(_percent(cell) for cell in numbers[levels:]))


def _count(cell: str) -> int:
    if not COUNT.fullmatch(cell):
        raise ValueError(f"“{cell[:40]}” không phải số phiếu (ví dụ 2063 hoặc 2.063).")
    return int(cell.replace(".", ""))


def _percent(cell: str) -> Decimal:
    found = PERCENT.fullmatch(cell)
    if found is None:
        raise ValueError(f"“{cell[:40]}” không phải tỷ lệ (ví dụ 48,94).")
    return Decimal(f"{found[1]}.{found[2]}" if found[2] else found[1])
