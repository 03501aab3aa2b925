"""The lines of the dashboard: figures of some cases as cells, each count a way down to the list it counted (pure).

Ratings are protected as one table: a mean of too few is not shown, nor one that would tell a hidden one by subtraction
from the line of all cases.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.analysis.stats.disclosure import protect_partition
from app.feedback.cases.queries import Measure
from app.feedback.oversight.figures import Fact, Figures, figures
from app.i18n.formats import format_decimal, format_integer, format_percent

NONE = "chưa có"
FEW = "ít phiếu"
HEADINGS = (
    ("Tiếp nhận", True),
    ("Đã trả lời", True),
    ("Đúng hạn (n)", True),
    ("Quá hạn", True),
    ("Chưa trả lời", True),
    ("Mở lại", True),
    ("Trùng lời", True),
    ("Điểm (n)", True),
    ("Số ngày (n)", True),
)
Narrowing = Mapping[str, str]
Link = Callable[[Narrowing], str]


@dataclass(frozen=True, slots=True)
class Group:
    """Some cases under a name, and what narrows the list to exactly these."""

    name: str
    facts: Sequence[Fact]
    narrowing: Narrowing


def columns(first: str) -> list[dict[str, object]]:
    """The headings of a table whose lines are called ``first``."""
    return [{"label": label, "numeric": is_number} for label, is_number in ((first, False), *HEADINGS)]


def lines(
    groups: Sequence[Group], link: Link, today: date, repeated: frozenset[str], *, least: int
) -> list[list[object]]:
    """One line for each group. Together the groups are all cases, whose line stands beside them."""
    counted = [figures(one.facts, today, least=least) for one in groups]
    shown = protect_partition([one.ratings for one in counted], threshold=least).shown
    return [
        _cells(group, found, link, repeated, is_rating_shown=is_shown)
        for group, found, is_shown in zip(groups, counted, shown, strict=True)
    ]


def share(found: Fraction | None, n: int) -> str:
    """A share with what it is of."""
    if found is None:
        return NONE
    return f"{format_percent(found.numerator / found.denominator, places=1)} ({format_integer(n)})"


def _cells(group: Group, one: Figures, link: Link, repeated: frozenset[str], *, is_rating_shown: bool) -> list[object]:
    def count(number: int, **more: str) -> object:
        words = format_integer(number)
        return {"text": words, "url": link({**group.narrowing, **more})} if number else words

    same = sum(fact.case_id in repeated for fact in group.facts)
    return [
        group.name,
        count(one.received),
        count(one.closed, state="closed"),
        share(one.in_time_share, one.dated),
        count(one.late, measure=Measure.MISSED.value),
        count(one.open, measure=Measure.UNFINISHED.value),
        count(one.reopened, measure=Measure.REOPENED.value),
        format_integer(same),
        _rating(one, is_shown=is_rating_shown),
        NONE
        if one.median_days is None
        else f"{format_decimal(one.median_days, places=1)} ({format_integer(one.timed)})",
    ]


def _rating(one: Figures, *, is_shown: bool) -> str:
    if not one.ratings:
        return NONE
    if one.mean_rating is None or not is_shown:
        return FEW
    return f"{format_decimal(one.mean_rating, places=1)} ({format_integer(one.ratings)})"
