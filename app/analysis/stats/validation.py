"""Checks of counts somebody typed in: rows that do not add up, percentages cut off or wrong. Findings, never repairs.

Such tables never enter the rollups. The first table this met is a one-stop centre's report for the first quarter of
2019 with two rows that do not add up and percentages cut off instead of rounded (method-and-law.md section 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from app.analysis.stats.errors import BadInputError
from app.i18n.formats import format_decimal, format_integer, round_half_up

HUNDRED = Decimal(100)


class FindingKind(StrEnum):
    """What is wrong with a typed table."""

    SUM_DIFFERS = "sum_differs"
    PERCENT_CUT_OFF = "percent_cut_off"
    PERCENT_WRONG = "percent_wrong"
    RETURNED_ABOVE_ISSUED = "returned_above_issued"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class CountsRow:
    """One typed row: counts by level, and the percentages printed beside them (empty when none were)."""

    name: str
    counts: tuple[int, ...]
    printed_percents: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the row (None for the whole table), the column from 0, what kind, and a sentence in Vietnamese."""

    row: int | None
    column: int | None
    kind: FindingKind
    message: str


def check_counts(rows: Sequence[CountsRow], *, total: int, issued: int | None = None) -> tuple[Finding, ...]:
    """Every fault of a table of counts.

    Parameters
    ----------
    rows : sequence of CountsRow
        Percentages as Decimal with exactly the digits that were printed.
    total : int
        Number of forms the table states; percentages are checked against it.
    issued : int, optional
        Forms handed out.

    Raises
    ------
    BadInputError
        When a row has another number of percentages than of counts.
    """
    findings: list[Finding] = []
    if issued is not None and total > issued:
        text = f"Số phiếu thu về ({format_integer(total)}) lớn hơn số phiếu phát ra ({format_integer(issued)})."
        findings.append(Finding(None, None, FindingKind.RETURNED_ABOVE_ISSUED, text))
    for position, row in enumerate(rows):
        if row.printed_percents and len(row.printed_percents) != len(row.counts):
            message = f"row {row.name!r} has {len(row.counts)} counts and {len(row.printed_percents)} percentages"
            raise BadInputError(message)
        findings += _check_row(position, row, total)
    return tuple(findings)


def _check_row(position: int, row: CountsRow, total: int) -> list[Finding]:
    findings = [
        Finding(position, column, FindingKind.NEGATIVE, f"Dòng “{row.name}”: số phiếu không được là số âm.")
        for column, count in enumerate(row.counts)
        if count < 0
    ]
    added = sum(row.counts)
    if added != total:
        difference = format_integer(abs(added - total))
        side = "nhiều hơn" if added > total else "ít hơn"
        text = (
            f"Dòng “{row.name}”: các mức cộng lại là {format_integer(added)} phiếu, "
            f"{side} tổng đã ghi ({format_integer(total)}) {difference} phiếu."
        )
        findings.append(Finding(position, None, FindingKind.SUM_DIFFERS, text))
    if total > 0:
        for column, (count, printed) in enumerate(zip(row.counts, row.printed_percents, strict=False)):
            findings += _check_percent(position, column, row.name, printed, HUNDRED * count / Decimal(total))
    return findings


def _check_percent(position: int, column: int, name: str, printed: Decimal, exact: Decimal) -> list[Finding]:
    """Compare with the exact percentage at as many places as were printed, half up."""
    exponent = printed.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    right = round_half_up(exact, places)
    if printed == right:
        return []
    cut_off = printed == exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)
    kind = FindingKind.PERCENT_CUT_OFF if cut_off else FindingKind.PERCENT_WRONG
    fault = "bị cắt bớt, chưa làm tròn" if cut_off else "không đúng"
    text = (
        f"Dòng “{name}”, cột {column + 1}: tỷ lệ {format_decimal(printed, places=places)}\u00a0% {fault}; "
        f"tính từ số phiếu là {format_decimal(right, places=places)}\u00a0%."
    )
    return [Finding(position, column, kind, text)]
