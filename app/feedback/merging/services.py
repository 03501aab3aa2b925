"""Letting one case lead another, and taking that back. Both ends are asked about; neither loses anything of its own.

Each keeps its sender, text, files, due date and answer: nobody sees more than before. No line of the history says so
(``models.CaseMerge``); the record of acts has one line for each end, and neither names the other.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.feedback.answering import drafts
from app.feedback.answering.composing import WHOLE, Answer, Draft
from app.feedback.answering.points import split_of
from app.feedback.answering.spotting import spots
from app.feedback.cases import access, hands
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import begin
from app.feedback.cases.errors import FieldMissing, NotInThisState, UnknownCase
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case, CaseReply
from app.feedback.cases.readings import subject
from app.feedback.cases.sender_words import tells_sender
from app.feedback.cases.workflow import UNFINISHED
from app.feedback.merging.models import CaseMerge
from app.feedback.merging.queries import leads_any, link_of
from app.web.permissions import Permission

UNKNOWN_OTHER = "Không có đơn này trong những đơn Ông/Bà gộp được. Xin xem lại số đơn."
NOT_MERGED = "Đơn này không gộp với đơn nào."
OTHER_KIND = "Hai đơn khác loại, mỗi loại theo một trình tự của luật, nên không gộp được."
LEFT_OUT = "[…]"
OF_ANOTHER = (
    "Câu trả lời của đơn dẫn đầu cho biết người gửi đơn ấy là ai, nên không chép sang đơn của người khác. Xin viết câu "
    "trả lời riêng cho đơn này."
)
HAS_DRAFT = "Đơn này đã có bản nháp câu trả lời. Xin mở bản nháp để viết tiếp."


def merge(session: Session, viewer: Viewer, case_id: str, version: int, leading_id: str, *, role: str = "") -> Case:
    """Let another case lead this one; the permission is asked of both.

    Raises
    ------
    FieldMissing
        When the other one is none that may lead: hidden, finished, elsewhere, led itself.
    """
    _lock_in_order(session, case_id, leading_id)
    case = begin(session, viewer, case_id, version, "merge")
    leading = _other_end(session, viewer, leading_id)
    if leading.id == case.id:
        raise FieldMissing("leading", "Xin chọn một đơn khác.")
    if leading.state not in UNFINISHED:
        raise FieldMissing("leading", "Đơn đã chọn đã kết thúc.")
    if leading.unit_id != case.unit_id:
        raise FieldMissing("leading", "Chỉ gộp được các đơn do cùng một đơn vị xử lý. Xin chuyển đơn trước khi gộp.")
    if leading.kind is not case.kind:
        raise FieldMissing("leading", OTHER_KIND)
    if link_of(session, leading.id) is not None:
        raise FieldMissing("leading", "Đơn đã chọn đang đi theo một đơn khác. Xin chọn chính đơn ấy.")
    if link_of(session, case.id) is not None or leads_any(session, case.id):
        raise NotInThisState("Đơn này đã gộp với đơn khác. Muốn gộp lại, xin tách trước.")
    last = session.scalar(select(func.max(CaseMerge.number)).where(CaseMerge.case_id == case.id)) or 0
    session.add(
        CaseMerge(
            case_id=case.id,
            number=last + 1,
            leading_id=leading.id,
            merged_by=viewer.officer_id,
            merged_at=clock.now(),
        )
    )
    _write_down(session, viewer, Action.CASE_MERGE, case, leading, role)
    return case


def undo(session: Session, viewer: Viewer, case_id: str, version: int, *, role: str = "") -> Case:
    """Take two cases apart again, by whoever could merge them; each is as it was, with what happened since."""
    case = begin(session, viewer, case_id, version, "unmerge")
    link = link_of(session, case.id)
    if link is None:
        raise NotInThisState(NOT_MERGED)
    try:
        leading = access.find(session, viewer, link.leading_id, clock.local_date(), Permission.CASES_MERGE, locked=True)
    except UnknownCase:
        raise NotInThisState(NOT_MERGED) from None
    link.undone_by, link.undone_at = viewer.officer_id, clock.now()
    _write_down(session, viewer, Action.CASE_UNMERGE, case, leading, role)
    return case


def offer_answer(session: Session, viewer: Viewer, case_id: str) -> None:
    """Put the answer of the leading case into a draft of this one: read, changed and sent like any other answer.

    What looks personal in it belongs to somebody else and is left out.

    Raises
    ------
    NotInThisState
        When nothing leads it that was answered, somebody has begun to write, or the rest still tells who sent it.
    """
    today = clock.local_date()
    case = access.find(session, viewer, case_id, today, Permission.CASES_HANDLE, locked=True)
    link = link_of(session, case.id)
    if link is None or not access.may(session, viewer, link.leading_id, today, Permission.CASES_READ):
        raise NotInThisState(NOT_MERGED)
    reply = session.scalar(
        select(CaseReply).where(CaseReply.case_id == link.leading_id).order_by(CaseReply.number.desc()).limit(1)
    )
    leading = session.get_one(Case, link.leading_id)
    if reply is None or leading.state is not State.CLOSED:
        raise NotInThisState("Đơn dẫn đầu chưa được trả lời.")
    if drafts.newest(session, case.id) is not None:
        raise NotInThisState(HAS_DRAFT)
    text = without_persons(reply.text)
    if tells_sender(session, leading, text):
        raise NotInThisState(OF_ANOTHER)
    is_parted = bool(split_of(session, case.id).points)
    draft = (
        Draft(outcome=reply.outcome, general=text)
        if is_parted
        else Draft(outcome=reply.outcome, answers={WHOLE: Answer(text)})
    )
    wrote_it = {reply.written_by, *hands.authors(session, leading.id, reply.number)}
    drafts.save(session, viewer, case.id, 0, draft, others=sorted(wrote_it))


def without_persons(text: str) -> str:
    """A text whose pieces that look personal are left out."""
    for spot in reversed(spots(text)):
        text = text[: spot.start] + LEFT_OUT + text[spot.end :]
    return text


def _lock_in_order(session: Session, *case_ids: str) -> None:
    """Two officers who merge crosswise wait for each other, never for ever."""
    known = [one for one in case_ids if one.isascii() and one.isalnum()]
    session.execute(select(Case.id).where(Case.id.in_(known)).order_by(Case.id).with_for_update()).all()


def _other_end(session: Session, viewer: Viewer, leading_id: str) -> Case:
    try:
        return access.find(session, viewer, leading_id, clock.local_date(), Permission.CASES_MERGE, locked=True)
    except UnknownCase:
        raise FieldMissing("leading", UNKNOWN_OTHER) from None


def _write_down(session: Session, viewer: Viewer, action: Action, case: Case, leading: Case, role: str) -> None:
    for one in (case, leading):
        one.version += 1
        record(session, viewer.officer_id, action, subject(one.id), {}, one.unit_id, role=role or None)
