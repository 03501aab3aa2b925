"""What is said beside ranks and the comparison with the mean, so that the two do not contradict each other."""

import pytest

from app.analysis.sampled.standing import Difference, Standing, Verdict
from app.analysis.sampled.wording import holds_words, stricter_words
from app.analysis.stats.results import Interval


def standing(verdict: Verdict, above: int | None, below: int | None, *, low: int = 1, high: int = 12) -> Standing:
    against = Difference(-0.1, Interval(-0.15, -0.05), 0.0001, 0.001, verdict)
    return Standing(12, low, high, 12, "a", 0.8, against, above, below)


def test_pairs_are_counted_and_called_stricter_only_where_there_are_more_of_them() -> None:
    assert "cả 66 cặp đơn vị" in stricter_words(12)
    assert "chỉ có 12 phép so" in stricter_words(12)
    assert "khắt khe" not in stricter_words(3)


@pytest.mark.parametrize(
    ("found", "begins"),
    [
        (standing(Verdict.BELOW, 0, 0), "Kém hơn mức trung bình là rõ"),
        (standing(Verdict.ABOVE, 0, 0), "Cao hơn mức trung bình là rõ"),
        (standing(Verdict.BELOW, None, None), "Kém hơn mức trung bình là rõ"),  # too many units for pairs
        (standing(Verdict.ABOVE, None, None), "Cao hơn mức trung bình là rõ"),
    ],
)
def test_a_clear_mean_with_open_pairs_says_what_holds(found: Standing, begins: str) -> None:
    (said,) = holds_words(found)
    assert said.startswith(begins)
    assert said.endswith("chưa đủ số liệu để nói.")


@pytest.mark.parametrize(
    "found",
    [
        standing(Verdict.OPEN, 0, 0),
        standing(Verdict.BELOW, 0, 3),
        standing(Verdict.ABOVE, 1, 0),
        standing(Verdict.BELOW, None, None, low=4),
        standing(Verdict.ABOVE, None, None, high=9),
    ],
)
def test_nothing_is_added_where_the_words_agree(found: Standing) -> None:
    assert holds_words(found) == []
