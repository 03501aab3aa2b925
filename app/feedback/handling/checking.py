"""What officers type, looked at before it is kept."""

from datetime import date

from app.feedback.cases.errors import FieldMissing
from app.web.text_input import clean, problem

MOST_WORDS = 10_000
LONGEST_WAIT = 366


def words_of(field: str, typed: str, most: int = MOST_WORDS) -> str:
    """The words, in one form of Unicode.

    Raises
    ------
    FieldMissing
        When there are none, or too many.
    """
    text = clean(typed).strip()
    if not text:
        raise FieldMissing(field, "Xin điền phần này.")
    if wrong := problem(text, most):
        raise FieldMissing(field, str(wrong))
    return text


def day_ahead(field: str, day: date, today: date) -> date:
    """A day after today, within a year."""
    if not 1 <= (day - today).days <= LONGEST_WAIT:
        raise FieldMissing(field, "Xin chọn một ngày sau hôm nay, trong vòng một năm.")
    return day
