"""What officers type, looked at before it is kept."""

from datetime import date

from app.feedback.cases.errors import FieldMissing
from app.i18n.formats import format_date
from app.web.text_input import clean, problem

MOST_WORDS = 10_000


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


def day_ahead(field: str, day: date, today: date, last: date) -> date:
    """A day after today, not after the last one that the rule allows."""
    if day <= today:
        raise FieldMissing(field, f"Xin chọn một ngày sau hôm nay, chậm nhất là {format_date(last)}.")
    if day > last:
        raise FieldMissing(
            field,
            f"Theo quy định áp dụng cho vụ việc này, chỉ chờ trả lời chậm nhất đến hết ngày {format_date(last)}. "
            "Xin chọn ngày đó hoặc ngày sớm hơn.",
        )
    return day
