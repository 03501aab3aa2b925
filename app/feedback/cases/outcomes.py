"""What must be said besides the answer when a case ends in some ways: why it was not accepted, where it went.

Which outcome needs what stands in the table of ``workflow``; here are the words and the keeping.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.crypto.types import in_row
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import FieldMissing
from app.feedback.cases.kinds import Outcome
from app.feedback.cases.models import Case, CaseOutcomeFact
from app.feedback.cases.workflow import OUTCOME_FIELDS
from app.i18n.messages import Message, message

MOST = 1000


@dataclass(frozen=True, slots=True)
class OutcomeField:
    """One thing to be said: as its sender reads it, and what officers are told about it."""

    name: str
    label: Message
    ask: str
    hint: str


FIELDS: Mapping[str, OutcomeField] = {
    one.name: one
    for one in (
        OutcomeField(
            "refusal",
            message("Lý do không chấp nhận"),
            "Lý do không chấp nhận",
            "Chỉ điền khi kết quả là “Không chấp nhận”. Người gửi đọc được dòng này.",
        ),
        OutcomeField(
            "went_to",
            message("Nơi có thẩm quyền"),
            "Đã chuyển hoặc hướng dẫn đến đâu",
            "Chỉ điền khi kết quả là “Không thuộc thẩm quyền”: tên cơ quan, số và ngày văn bản nếu đã chuyển. Cơ quan "
            "có trong hệ thống này thì dùng “Chuyển đơn vị khác” thay vì kết thúc.",
        ),
        OutcomeField(
            "withdrawal",
            message("Người gửi rút"),
            "Người gửi rút khi nào, bằng cách nào",
            "Chỉ điền khi kết quả là “Đã rút”: đơn xin rút hoặc biên bản, ngày.",
        ),
        OutcomeField(
            "withdrawn_part",
            message("Phần đã rút"),
            "Phần đã rút",
            "Chỉ điền khi kết quả là “Đã rút một phần”: nội dung nào đã rút, ngày rút.",
        ),
        OutcomeField(
            "decision",
            message("Quyết định đình chỉ"),
            "Quyết định đình chỉ",
            "Chỉ điền khi kết quả là “Đình chỉ”: số, ngày, cơ quan ban hành, lý do.",
        ),
    )
}


def required(outcome: Outcome) -> tuple[str, ...]:
    """The names of what must be said with an outcome."""
    return OUTCOME_FIELDS.get(outcome, ())


def problems(outcome: Outcome, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was typed, by field; what belongs to another outcome is pointed out, never dropped."""
    wrong = {
        name: f"Kết quả này không có phần “{FIELDS[name].ask}”. Xin bỏ trống, hoặc chọn kết quả khác."
        for name in FIELDS
        if name not in required(outcome) and given.get(name, "").strip()
    }
    for name in required(outcome):
        try:
            words_of(name, given.get(name, ""), MOST)
        except FieldMissing as error:
            wrong[name] = error.message if given.get(name, "").strip() else f"Xin điền “{FIELDS[name].ask}”."
    return wrong


def checked(outcome: Outcome, given: Mapping[str, str]) -> dict[str, str]:
    """What is said, ready to be kept.

    Raises
    ------
    FieldMissing
        For the first thing that is wrong.
    """
    for name, words in problems(outcome, given).items():
        raise FieldMissing(name, words)
    return {name: words_of(name, given[name], MOST) for name in required(outcome)}


def store(session: Session, case: Case, number: int, said: Mapping[str, str]) -> None:
    """Keep it with the answer of that number."""
    session.add_all(
        CaseOutcomeFact(case_id=case.id, number=number, field=name, text=in_row(words, case.id))
        for name, words in said.items()
    )


def facts(session: Session, case_id: str) -> dict[int, list[tuple[Message, str]]]:
    """What was said with each answer of a case, by its number: the words for the sender, and what was typed."""
    rows = session.scalars(
        select(CaseOutcomeFact)
        .where(CaseOutcomeFact.case_id == case_id)
        .order_by(CaseOutcomeFact.number, CaseOutcomeFact.field)
    )
    found: dict[int, list[tuple[Message, str]]] = {}
    for row in rows:
        found.setdefault(row.number, []).append((FIELDS[row.field].label, row.text))
    return found
