"""Publishing the copy of an answer, correcting it, taking it down. The case itself is never changed by any of it."""

import secrets
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.tags import Action
from app.clock import VIETNAM
from app.crypto.types import in_row
from app.feedback.answering.spotting import spots
from app.feedback.cases import deadlines
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import begin, end
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import FieldMissing, NotInThisState
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case, CaseReply
from app.feedback.cases.sender_words import tells_sender
from app.feedback.publishing import attached
from app.feedback.publishing.copies import MOST_REASON, MOST_TEXT, MOST_TITLE, Act, Basis, Copy, month_of
from app.feedback.publishing.models import PublicAnswer, PublicAnswerVersion
from app.i18n.folding import fold
from app.qr.tokens import ALPHABET
from app.rules.queries import kind_rule_on
from app.units.models import Unit

KEY_LENGTH = 12
PRIVATE = "Đơn đang ở chế độ không công khai nên không công khai câu trả lời được."
NOT_THIS_KIND = "Theo quy định áp dụng, câu trả lời của loại đơn này không công khai."
NO_REPLY = "Đơn kết thúc mà không có câu trả lời nên không có gì để công khai."
SHOWN_ALREADY = "Câu trả lời này đang được công khai. Muốn đổi nội dung, xin dùng “Sửa bản công khai”."
NOT_SHOWN = "Câu trả lời này không được công khai."
LOOK_AT_SPOTS = (
    "Nội dung còn chỗ giống thông tin cá nhân. Xin bỏ đi; nếu những chỗ ấy không cho biết ai là ai, xin xác nhận đã "
    "xem từng chỗ."
)
NAMES_SENDER = "Phần này còn họ tên, số điện thoại, thư điện tử hoặc địa chỉ của người gửi. Xin bỏ đi."


def why_not(session: Session, case: Case) -> str:
    """Why an answer may not be public, in words; empty where it may."""
    if case.is_private:
        return PRIVATE
    rule = deadlines.rule_of(session, case) or kind_rule_on(session, case.kind, case.received_on).content
    if not rule.may_be_public:
        return NOT_THIS_KIND
    return "" if _last_reply(session, case) is not None else NO_REPLY


def publish(session: Session, viewer: Viewer, case_id: str, version: int, copy: Copy, *, role: str = "") -> Case:
    """Let everybody read an edited copy; after it was taken down once, for a reason that the sender reads."""
    case = begin(session, viewer, case_id, version, "publish")
    if refused := why_not(session, case):
        raise NotInThisState(refused)
    reply = _last_reply(session, case)
    assert reply is not None
    found = _found(session, case)
    if found is not None and found.is_shown:
        raise NotInThisState(SHOWN_ALREADY)
    checked = _checked(session, case, copy, needs_reason=found is not None)
    if found is None:
        key = "".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH)).lower()
        found = PublicAnswer(id=key, case_id=case.id, version=0)
        session.add(found)
    found.unit_id, found.kind, found.outcome = case.unit_id, case.kind, reply.outcome
    found.answered_month = month_of(reply.answered_at.astimezone(VIETNAM).date())
    _show(session, viewer, found, checked, Act.PUBLISHED)
    return _end(session, viewer, case, found, Event.PUBLISHED, Action.CASE_PUBLISH, checked.reason, role)


def correct(session: Session, viewer: Viewer, case_id: str, version: int, copy: Copy, *, role: str = "") -> Case:
    """Put another copy in the place of the one shown, for a reason that the sender reads; the earlier one is kept."""
    case = begin(session, viewer, case_id, version, "correct_public")
    if refused := why_not(session, case):
        raise NotInThisState(refused)
    found = _shown(session, case)
    checked = _checked(session, case, copy, needs_reason=True)
    _show(session, viewer, found, checked, Act.CORRECTED)
    return _end(session, viewer, case, found, Event.PUBLIC_CORRECTED, Action.CASE_CORRECT_PUBLIC, checked.reason, role)


def withdraw(session: Session, viewer: Viewer, case_id: str, version: int, reason: str, *, role: str = "") -> Case:
    """Take the copy down for a reason that the sender reads: page, list, search and feed lose it at once."""
    case = begin(session, viewer, case_id, version, "unpublish")
    found = _shown(session, case)
    said = words_of("reason", reason, MOST_REASON)
    found.is_shown, found.version = False, found.version + 1
    found.title = found.question = found.answer = found.folded = None
    attached.take_down(session, case.id)
    session.add(
        PublicAnswerVersion(
            case_id=case.id,
            number=found.version,
            act=Act.WITHDRAWN,
            reason=in_row(said, case.id),
            made_by=viewer.officer_id,
            made_at=clock.now(),
        )
    )
    return _end(session, viewer, case, found, Event.UNPUBLISHED, Action.CASE_UNPUBLISH, said, role)


def _show(session: Session, viewer: Viewer, found: PublicAnswer, copy: Copy, act: Act) -> None:
    found.is_shown, found.version = True, found.version + 1
    found.title, found.question, found.answer = copy.title, copy.question, copy.answer
    found.folded = fold(copy.whole)
    session.flush()  # its versions and files are kept by the number it now has
    attached.put(session, found.case_id, copy.files)
    session.add(
        PublicAnswerVersion(
            case_id=found.case_id,
            number=found.version,
            act=act,
            basis=copy.basis,
            agreement=in_row(copy.agreement, found.case_id) if copy.agreement else None,
            title=in_row(copy.title, found.case_id),
            question=in_row(copy.question, found.case_id),
            answer=in_row(copy.answer, found.case_id),
            reason=in_row(copy.reason, found.case_id) if copy.reason else None,
            files=list(copy.files) or None,
            made_by=viewer.officer_id,
            made_at=clock.now(),
        )
    )


def _end(
    session: Session,
    viewer: Viewer,
    case: Case,
    found: PublicAnswer,
    event: Event,
    action: Action,
    words: str,
    role: str,
) -> Case:
    detail = {"number": found.version, "public": found.id, "unit": session.get_one(Unit, found.unit_id).code}
    return end(session, viewer, case, None, event, action, words or None, detail, role=role)


def _checked(session: Session, case: Case, copy: Copy, *, needs_reason: bool) -> Copy:
    """The copy in one form of Unicode, if it may be read by everybody; raises ``FieldMissing``."""
    title = " ".join(words_of("title", copy.title, MOST_TITLE).split())
    question = words_of("question", copy.question, MOST_TEXT)
    answer = words_of("answer", copy.answer, MOST_TEXT)
    agreement = words_of("agreement", copy.agreement, MOST_REASON) if copy.basis is Basis.AGREED else ""
    reason = words_of("reason", copy.reason, MOST_REASON) if needs_reason else ""
    checked = replace(copy, title=title, question=question, answer=answer, agreement=agreement, reason=reason)
    if copy.basis is Basis.ANONYMISED:
        _check_sender(session, case, checked)
    if not copy.is_checked and spots(checked.whole):
        raise FieldMissing("is_checked", LOOK_AT_SPOTS)
    attached.check(session, case.id, copy.files, are_seen=copy.are_seen)
    return checked


def _check_sender(session: Session, case: Case, copy: Copy) -> None:
    """What says who the sender is does not go out without their consent, however it is written."""
    for field in ("title", "question", "answer"):
        if tells_sender(session, case, getattr(copy, field)):
            raise FieldMissing(field, NAMES_SENDER)


def _found(session: Session, case: Case) -> PublicAnswer | None:
    return session.scalar(select(PublicAnswer).where(PublicAnswer.case_id == case.id).with_for_update())


def _shown(session: Session, case: Case) -> PublicAnswer:
    found = _found(session, case)
    if found is None or not found.is_shown:
        raise NotInThisState(NOT_SHOWN)
    return found


def _last_reply(session: Session, case: Case) -> CaseReply | None:
    return session.scalar(
        select(CaseReply).where(CaseReply.case_id == case.id).order_by(CaseReply.number.desc()).limit(1)
    )
