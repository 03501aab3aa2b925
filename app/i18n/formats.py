"""Vietnamese numbers, percentages and dates. Rounding happens here and nowhere earlier: half up, from Decimal."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from app.clock import VIETNAM

NO_BREAK_SPACE = "\u00a0"
EN_DASH = "–"
MINUS = "−"

Number = Decimal | float | int


def round_half_up(number: Number, places: int) -> Decimal:
    """Round as school does: 2.345 to two places is 2.35, -0.5 is -1.

    A float is taken at its shortest decimal form, so that 0.845 counts as 0.845 and not as the binary number below.

    Raises
    ------
    ValueError
        For NaN and infinity.
    """
    exact = _exact(number)
    if not exact.is_finite():
        raise ValueError(f"{number} is not a number to print")
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def format_integer(number: int) -> str:
    """36525 as 36.525."""
    return format_decimal(number, places=0)


def format_decimal(number: Number, *, places: int) -> str:
    """1234.5 with one place as 1.234,5; negative numbers with a true minus sign."""
    rounded = round_half_up(number, places)
    text = f"{abs(rounded):,.{places}f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{text}" if rounded < 0 else text


def format_percent(fraction: Number, *, places: int) -> str:
    """0.841 with one place as 84,1 % with a no-break space before the sign."""
    return f"{format_percent_number(fraction, places=places)}{NO_BREAK_SPACE}%"


def format_percent_number(fraction: Number, *, places: int) -> str:
    """0.841 with one place as 84,1, for tables whose heading has the sign."""
    return format_decimal(as_percent(fraction), places=places)


def as_percent(fraction: Number) -> Decimal:
    """A fraction as an exact decimal number of percent."""
    return _exact(fraction) * 100


def format_percent_range(low: Number, high: Number, *, places: int) -> str:
    """0.819 and 0.863 as 81,9–86,1."""
    return f"{format_percent_number(low, places=places)}{EN_DASH}{format_percent_number(high, places=places)}"


def format_date(day: dt.date) -> str:
    """21/11/2026."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_moment(moment: dt.datetime) -> str:
    """A moment on a Vietnamese wall clock, to the minute: 14:05 ngày 21/11/2026."""
    local = moment.astimezone(VIETNAM)
    return f"{local.hour:02}:{local.minute:02} ngày {format_date(local.date())}"


def format_until(day: dt.date) -> str:
    """Up to the end of which day results reach: tính đến hết ngày 20/11/2026."""
    return f"tính đến hết ngày {format_date(day)}"


def format_day_range(first: dt.date, last: dt.date) -> str:
    """01/10/2026–31/10/2026, or the one day."""
    return format_date(first) if first == last else f"{format_date(first)}{EN_DASH}{format_date(last)}"


def _exact(number: Number) -> Decimal:
    if isinstance(number, Decimal):
        return number
    # float() takes the surprises out of numpy's own printed form.
    return Decimal(repr(float(number))) if isinstance(number, float) else Decimal(int(number))
