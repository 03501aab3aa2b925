"""Drafts of an answer: kept with the case for all who handle it, each saving as a row, until the case is closed."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.crypto.types import in_row
from app.errors import Conflict
from app.feedback.answering.composing import MOST_ANSWER, MOST_COMPOSED, Answer, Draft, answered, composed, lacking
from app.feedback.answering.models import CaseDraft
from app.feedback.answering.points import Split, split_of, store_answered
from app.feedback.cases import access, hands, outcomes
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import WRONG_STATE
from app.feedback.cases.errors import FieldMissing, NotInThisState
from app.feedback.cases.kinds import Outcome
from app.feedback.cases.workflow import OPEN
from app.web.permissions import Permission
from app.web.text_input import clean, problem

KEPT = 50
"""How many savings of one case are kept; the earliest go."""
STALE = (
    "Bản nháp này vừa có người khác lưu. Xin xem bản của họ ở dưới; điều Ông/Bà viết còn nguyên trong các ô, lưu lại "
    "nếu vẫn đúng."
)


class StaleDraft(Conflict):
    """Somebody saved the draft since the form was drawn."""

    def __init__(self) -> None:
        super().__init__(STALE)


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it was saved; ``split`` is how the case was taken apart then."""

    number: int
    written_by: int
    saved_at: datetime
    split: int
    draft: Draft


def newest(session: Session, case_id: str, number: int | None = None) -> Saved | None:
    """The draft saved last, or the one of a number."""
    statement = select(CaseDraft).where(CaseDraft.case_id == case_id)
    if number is not None:
        statement = statement.where(CaseDraft.number == number)
    row = session.scalar(statement.order_by(CaseDraft.number.desc()).limit(1))
    if row is None:
        return None
    return Saved(row.number, row.written_by, row.saved_at, row.split, _read(row.outcome, row.content))


def save(
    session: Session, viewer: Viewer, case_id: str, base: int, draft: Draft, *, others: Collection[int] = ()
) -> int:
    """Keep a draft that was written on top of draft ``base`` (0: none); its number.

    Whoever changes a draft has written on the answer, and so have ``others`` whose words were taken over; whoever only
    looks has not, so the same words again make no new draft.

    Raises
    ------
    StaleDraft
        When somebody saved another one meanwhile.
    """
    case = access.find(session, viewer, case_id, clock.local_date(), Permission.CASES_HANDLE, locked=True)
    if case.state not in OPEN:
        raise NotInThisState(WRONG_STATE)
    last = newest(session, case.id)
    number = last.number if last else 0
    if base != number:
        raise StaleDraft
    split = split_of(session, case.id).number
    if last is not None and (last.split, last.draft) == (split, draft):
        return number
    hands.wrote(session, case.id, viewer.officer_id, *others)
    session.add(
        CaseDraft(
            case_id=case.id,
            number=number + 1,
            written_by=viewer.officer_id,
            saved_at=clock.now(),
            split=split,
            outcome=draft.outcome,
            content=in_row(_written(draft), case.id),
        )
    )
    session.execute(delete(CaseDraft).where(CaseDraft.case_id == case.id, CaseDraft.number <= number + 1 - KEPT))
    return number + 1


def erase(session: Session, case_id: str) -> None:
    """Drop the drafts of a case that was answered."""
    session.execute(delete(CaseDraft).where(CaseDraft.case_id == case_id))


def whole(session: Session, case_id: str, number: int) -> tuple[Saved, Split]:
    """The draft of a number with the points it answers, if it is the newest one and nothing is lacking.

    Raises
    ------
    StaleDraft
        When another one is the newest, or the points are others now.
    FieldMissing
        When something is lacking.
    """
    found, split = newest(session, case_id), split_of(session, case_id)
    if found is None or found.number != number or found.split != split.number:
        raise StaleDraft
    for field, words in problems(split, found.draft).items():
        raise FieldMissing(field, words)
    return found, split


def keep_as_answered(session: Session, case_id: str, reply_number: int, saved: Saved, split: Split) -> None:
    """Point by point, what a reply said; the drafts are of no use any longer."""
    store_answered(session, case_id, reply_number, answered(split.points, saved.draft))
    erase(session, case_id)


def problems(split: Split, draft: Draft) -> dict[str, str]:
    """What stands in the way of sending a draft, by field of the form."""
    wrong = dict(too_long(draft))
    if draft.outcome is None:
        wrong["outcome"] = "Xin chọn kết quả."
    else:
        wrong |= outcomes.problems(draft.outcome, draft.given)
    for number in lacking(split.points, draft):
        wrong[f"answer-{number}"] = (
            f"Xin trả lời ý {number}, hoặc nêu lý do không trả lời." if split.points else "Xin viết câu trả lời."
        )
    if not wrong and (said := problem(composed(split.points, draft), MOST_COMPOSED)):
        wrong["answer-1"] = f"Tính cả câu trả lời: {said}"
    return wrong


def too_long(draft: Draft) -> Mapping[str, str]:
    """What cannot even be kept as a draft."""
    texts = {"general": draft.general} | {f"answer-{number}": one.text for number, one in draft.answers.items()}
    texts |= draft.given
    return {name: str(said) for name, text in texts.items() if (said := problem(text, MOST_ANSWER))}


def _written(draft: Draft) -> str:
    return json.dumps(
        {
            "general": draft.general,
            "answers": {str(number): [one.text, one.is_reason] for number, one in draft.answers.items()},
            "given": dict(draft.given),
        },
        ensure_ascii=False,
    )


def _read(outcome: Outcome | None, content: str) -> Draft:
    found = json.loads(content)
    return Draft(
        outcome,
        found["general"],
        {int(number): Answer(text, is_reason) for number, (text, is_reason) in found["answers"].items()},
        found["given"],
    )


def cleaned(text: str) -> str:
    """What was typed, as it is kept and shown."""
    return clean(text).strip()
