"""Numbers for cells (pure): the same digits in every file as on the page."""

from decimal import Decimal

from app.i18n.formats import as_percent, round_half_up

EXCEL_DIGITS = 15


def shown_percent(fraction: float, places: int) -> Decimal:
    """A fraction as the number of percent that the page prints."""
    return round_half_up(as_percent(fraction), places)


def shown_decimal(number: float, places: int) -> Decimal:
    """A number as the page prints it."""
    return round_half_up(number, places)


def full_percent(fraction: float, places: int) -> float:
    """A fraction as a number of percent in full precision, which a spreadsheet shows with the digits of the page."""
    return _agreeing(as_percent(fraction), places)


def full_decimal(number: float, places: int) -> float:
    """A number in full precision, which a spreadsheet shows with the digits of the page."""
    return _agreeing(Decimal(repr(float(number))), places)


def _agreeing(exact: Decimal, places: int) -> float:
    """A spreadsheet rounds what it keeps in 15 digits, the page the number itself; where these differ the page wins."""
    page = round_half_up(exact, places)
    spreadsheet = round_half_up(Decimal(f"{exact:.{EXCEL_DIGITS}g}"), places)
    return float(exact if page == spreadsheet else page)
