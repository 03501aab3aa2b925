"""The points of a case: what its sender wrote, taken apart by an officer, so that none stays without an answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.tags import Action
from app.crypto.types import in_row
from app.feedback.answering import composing
from app.feedback.answering.composing import MOST_POINT, MOST_POINTS, Answered, Point
from app.feedback.answering.models import CasePoint, CaseReplyPoint
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import begin, end
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import FieldMissing
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case

MOST_TYPED = MOST_POINTS * MOST_POINT
ONE_POINT = "one_point"
"""The field by which an officer says that a text that looks like several points is one."""


@dataclass(frozen=True, slots=True)
class Split:
    """How a case is taken apart just now; number 0 and no points: not at all, it is answered as one whole."""

    number: int
    points: tuple[Point, ...]


def split_of(session: Session, case_id: str) -> Split:
    """The points that hold just now."""
    newest = select(func.max(CasePoint.split)).where(CasePoint.case_id == case_id).scalar_subquery()
    rows = session.scalars(
        select(CasePoint).where(CasePoint.case_id == case_id, CasePoint.split == newest).order_by(CasePoint.number)
    ).all()
    points = tuple(Point(row.number, row.text) for row in rows)
    # Put together again, the case is one whole.
    return Split(rows[0].split if rows else 0, points if len(points) > 1 else ())


def proposed(session: Session, case: Case) -> str:
    """What stands in the form before anybody types: the points there are, or what the text itself tells."""
    present = split_of(session, case.id).points
    return composing.joined([one.text for one in present] or composing.suggested(case.text))


def overlooked(split: Split, text: str) -> list[str]:
    """The points that a text seems to have while nobody has taken it apart, nor said that it is one whole."""
    found = composing.told(text) if not split.number else []
    return found if len(found) > 1 else []


def require_looked_at(session: Session, case: Case, *, is_one: bool) -> None:
    """Refuse to answer as one whole what looks like several points, unless somebody says that it is one.

    Raises
    ------
    FieldMissing
        When nobody did.
    """
    if not is_one and (found := overlooked(split_of(session, case.id), case.text)):
        raise FieldMissing(
            ONE_POINT,
            f"Lời người gửi có vẻ gồm {len(found)} ý mà chưa chia. Xin chia thành từng ý, hoặc đánh dấu “Đơn này chỉ "
            "có một ý” rồi gửi lại.",
        )


def set_points(session: Session, viewer: Viewer, case_id: str, version: int, typed: str, *, role: str = "") -> Case:
    """Take a case apart, or put it together again by naming one point; the sender sees the points."""
    case = begin(session, viewer, case_id, version, "set_points")
    texts = composing.parted(words_of("points", typed, MOST_TYPED))
    if len(texts) > MOST_POINTS:
        raise FieldMissing("points", f"Nhiều nhất {MOST_POINTS} ý. Xin gộp bớt các ý gần nhau.")
    if any(len(text) > MOST_POINT for text in texts) and len(texts) > 1:
        raise FieldMissing("points", f"Mỗi ý dài nhất {MOST_POINT} ký tự. Xin viết gọn lại.")
    split = (session.scalar(select(func.max(CasePoint.split)).where(CasePoint.case_id == case.id)) or 0) + 1
    session.add_all(
        CasePoint(case_id=case.id, split=split, number=number, text=in_row(text, case.id))
        for number, text in enumerate(texts, start=1)
    )
    listed = "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1)) if len(texts) > 1 else None
    detail = {"count": len(texts)}
    return end(session, viewer, case, None, Event.POINTS_SET, Action.CASE_SET_POINTS, listed, detail, role=role)


def store_answered(session: Session, case_id: str, reply_number: int, said: Collection[Answered]) -> None:
    """Keep what was answered to each point with the reply of that number."""
    session.add_all(
        CaseReplyPoint(
            case_id=case_id,
            reply_number=reply_number,
            number=one.number,
            point=in_row(one.point, case_id),
            answer=in_row(one.answer, case_id),
            is_reason=one.is_reason,
        )
        for one in said
    )


def answered_by_reply(session: Session, case_id: str) -> Mapping[int, list[Answered]]:
    """What was answered to each point of a case, by number of the reply; replies to the whole are absent."""
    rows = session.scalars(
        select(CaseReplyPoint)
        .where(CaseReplyPoint.case_id == case_id)
        .order_by(CaseReplyPoint.reply_number, CaseReplyPoint.number)
    )
    found: dict[int, list[Answered]] = {}
    for row in rows:
        found.setdefault(row.reply_number, []).append(Answered(row.number, row.point, row.answer, row.is_reason))
    return found
