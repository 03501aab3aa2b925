"""What makes two reports likely to be about the same matter."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.feedback.merging.similarity import LIKELY, likeness, print_of

DAY = date(2026, 11, 20)
LATE = "Quầy hộ tịch mở cửa muộn ba mươi phút, nhiều người phải chờ ngoài nắng."


def much(one: str, other: str, counter: int | None = None, day: date | None = None) -> float:
    return likeness(print_of(one, counter, day, DAY), print_of(other, counter, day, DAY))


def test_the_same_matter_in_other_words_and_without_marks_is_likely() -> None:
    assert much(LATE, "quay ho tich mo cua muon 30 phut, ai cung phai cho ngoai nang", 1, DAY) >= LIKELY
    assert much(LATE, "Quầy hộ tịch mở cửa muộn.", 1) >= LIKELY
    assert much(LATE, LATE) >= 1


def test_another_matter_at_the_same_counter_on_the_same_day_is_not() -> None:
    assert much(LATE, "Cán bộ thu thêm tiền photo giấy khai sinh của tôi.", 1, DAY) < LIKELY
    assert much("", LATE, 1, DAY) == 0


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_symmetric_and_never_negative(one: str, other: str) -> None:
    assert much(one, other) == much(other, one) >= 0
