"""The group "Mức độ hài lòng" of QĐ 766/QĐ-TTg: A and B of cases, C of dossiers, each with what it is made of.

Nothing here ever stands in one column with the index of answers (SIPAS): this group counts silence as satisfaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy.orm import Session

from app.analysis.casework.lines import share
from app.calendar.periods import Period
from app.dossiers import queries as dossiers
from app.dossiers.queries import Span
from app.dossiers.shares import Counts
from app.feedback.oversight.figures import Fact, dossier_satisfaction, satisfaction
from app.i18n.formats import format_integer
from app.rules.kinds import Kind

FEW_OF = "chỉ hiện khi đủ số việc, để không lộ ai đánh giá không hài lòng"
FEW_CASES = "ít việc, không hiện"
NO_DOSSIERS = "chưa có số liệu hồ sơ của kỳ này"
SHARE_A = "Tỷ lệ phản ánh, kiến nghị xử lý đúng hạn"
SHARE_B = "Tỷ lệ hài lòng trong xử lý phản ánh, kiến nghị"
SHARE_C = "Tỷ lệ hài lòng trong tiếp nhận, giải quyết thủ tục hành chính"


@dataclass(frozen=True, slots=True)
class Line:
    """One share of the group: its letter, name, formula in words with the numbers of the period, and value."""

    letter: str
    name: str
    formula: str
    value: str


def lines(facts: Sequence[Fact], counts: Counts | None, today: date, *, least: int) -> list[Line]:
    """The three shares. ``counts``: dossiers of the same units and days, None where none may be seen or are known."""
    judged = satisfaction(facts, today)
    whole = judged.all_cases
    # B follows from ratings: over few cases it would tell who was dissatisfied.
    is_few = 0 < whole < least
    b = FEW_CASES if is_few else share(judged.b, whole)
    made_of = format_integer(judged.spoilt)
    return [
        Line(
            "A",
            SHARE_A,
            f"{format_integer(judged.in_time)} đúng hạn / {format_integer(judged.competent)} thuộc thẩm quyền",
            share(judged.a, judged.competent),
        ),
        Line(
            "B",
            SHARE_B,
            FEW_OF
            if is_few
            else f"({format_integer(whole)} − {made_of} không hài lòng hoặc quá hạn) / {format_integer(whole)}",
            b,
        ),
        _dossiers(facts, counts),
    ]


def counts_of(session: Session, allowed: frozenset[int] | None, period: Period, today: date) -> Counts | None:
    """The dossiers of these units in a period; None where there is no figure."""
    span = Span(period.first_day, min(period.last_day, today))
    found = sum((one.counts for one in dossiers.by_unit(session, allowed, span, today)), Counts())
    return found if found.settled or found.open else None


def _dossiers(facts: Sequence[Fact], counts: Counts | None) -> Line:
    if counts is None:
        return Line("C", SHARE_C, "", NO_DOSSIERS)
    complained = sum(fact.kind is Kind.PETITION and fact.has_procedure for fact in facts)
    late = counts.late + counts.open_late
    whole = counts.settled + counts.open_late
    value: Fraction | None = dossier_satisfaction(whole, late + complained)
    words = (
        f"({format_integer(whole)} − {format_integer(late)} trễ hạn − {format_integer(complained)} phản ánh có nêu "
        f"thủ tục) / {format_integer(whole)}; không biết hồ sơ nào vừa trễ vừa bị phản ánh nên trừ cả hai"
    )
    return Line("C", SHARE_C, words, share(value, whole))
