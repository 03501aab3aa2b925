"""What officers do with a case. Each act names the version of the case it was decided on: stale forms are refused.

Every act goes through ``cases.acting``. What a sender is told of it is a line of the history; the record of acts gets
codes and numbers, never words.
"""

import re
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.accounts.rights import grants
from app.audit.tags import Action
from app.calendar.days import Limit
from app.crypto.types import in_row
from app.feedback.cases import access, deadlines, pauses, reporters
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import WRONG_STATE, begin, end, reopen
from app.feedback.cases.checking import day_ahead, words_of
from app.feedback.cases.errors import FieldMissing, NotInThisState, StaleCase
from app.feedback.cases.kinds import Decision, Event, QuestionEnd, RequestKind, State
from app.feedback.cases.models import (
    Case,
    CaseExclusion,
    CaseExtension,
    CaseQuestion,
    CaseRequest,
    Reporter,
)
from app.feedback.conflicts.services import on_excluded, refresh
from app.feedback.handling import deciding
from app.feedback.routing import services as routing
from app.rules.content import Identity
from app.rules.kinds import Kind
from app.units.scope import allowed_unit_ids
from app.web.permissions import Permission

MOST_EXPLAINED = 2000
RULE = re.compile("[a-z_]{1,40}")
KEPT = "kept"
"""In the line of an acceptance: the case stays with whoever had been given it."""


def take_up(session: Session, viewer: Viewer, case_id: str, version: int, *, role: str = "") -> Case:
    """Begin to handle a case; for a kind whose term runs from acceptance this is the acceptance.

    Whoever was given the case keeps it, also when a head or a colleague accepts it; nobody's case becomes one's own.
    """
    case = begin(session, viewer, case_id, version, "take_up")
    detail = {} if case.assignee_id in (None, viewer.officer_id) else {"assignee": KEPT}
    if case.assignee_id is None:
        case.assignee_id = viewer.officer_id
    return end(session, viewer, case, "take_up", Event.TAKEN_UP, Action.CASE_TAKE_UP, None, detail, role=role)


def requalify(
    session: Session, viewer: Viewer, case_id: str, version: int, kind: Kind, reason: str, *, role: str = ""
) -> Case:
    """Treat a case as another kind, for a reason that the sender reads.

    It then stands under the law of that kind as of the day it was received; earlier pauses keep counting. What asks for
    identity and has none is information without a term.
    """
    case = begin(session, viewer, case_id, version, "requalify")
    said = words_of("reason", reason)
    if kind is Kind.DENUNCIATION:
        raise FieldMissing(
            "kind",
            "Tố cáo không xử lý như một đơn ở đây. Xin kết thúc đơn với kết quả không thuộc thẩm quyền và hướng dẫn "
            "người gửi nơi tố cáo; lãnh đạo cấp trên nhận tin tố cáo qua kênh riêng.",
        )
    if kind is case.kind:
        raise FieldMissing("kind", "Xin chọn loại khác với loại hiện nay của đơn.")
    before, case.kind = case.kind, kind
    deadlines.begin(session, case)
    rule = deadlines.rule_of(session, case)
    case.meets_form = rule is None or rule.identity is not Identity.REQUIRED or not case.is_anonymous
    detail = {"from": before.value, "to": kind.value}
    return end(session, viewer, case, "requalify", Event.REQUALIFIED, Action.CASE_REQUALIFY, said, detail, role=role)


def ask(
    session: Session, viewer: Viewer, case_id: str, version: int, text: str, answer_until: date, *, role: str = ""
) -> Case:
    """Ask the sender one question with a last day; the clock stands until an answer comes or the day has passed."""
    case = begin(session, viewer, case_id, version, "ask")
    said = words_of("text", text)
    today = clock.local_date()
    until = day_ahead("answer_until", answer_until, today, deadlines.question_until(session, case, today))
    number = _next(session, CaseQuestion, case)
    session.add(
        CaseQuestion(
            case_id=case.id,
            number=number,
            text=in_row(said, case.id),
            asked_by=viewer.officer_id,
            asked_at=clock.now(),
            answer_until=until,
            answer=None,
            ended_as=None,
            ended_on=None,
        )
    )
    pauses.begin(session, case, f"Câu hỏi số {number} gửi người gửi")
    detail = {"number": number, "until": until.isoformat()}
    return end(session, viewer, case, "ask", Event.ASKED, Action.CASE_ASK, None, detail, role=role)


def withdraw_question(session: Session, viewer: Viewer, case_id: str, version: int, *, role: str = "") -> Case:
    """Take the open question back; the clock runs again from now."""
    case = begin(session, viewer, case_id, version, "withdraw_question")
    question = session.scalars(
        select(CaseQuestion).where(CaseQuestion.case_id == case.id, CaseQuestion.ended_as.is_(None))
    ).one_or_none()
    if question is None:
        raise NotInThisState(WRONG_STATE)
    question.ended_as, question.ended_on = QuestionEnd.WITHDRAWN, clock.local_date()
    pauses.end(session, case)
    detail = {"number": question.number}
    return end(
        session,
        viewer,
        case,
        "withdraw_question",
        Event.QUESTION_WITHDRAWN,
        Action.CASE_RESUME,
        None,
        detail,
        role=role,
    )


def pause(session: Session, viewer: Viewer, case_id: str, version: int, document: str, *, role: str = "") -> Case:
    """Let the clock stand while others must answer; ``document`` is what caused it."""
    return _pause(session, viewer, case_id, version, document, "pause", role)


def suspend(session: Session, viewer: Viewer, case_id: str, version: int, document: str, *, role: str = "") -> Case:
    """Tạm đình chỉ: let the clock stand by a decision that somebody signed."""
    return _pause(session, viewer, case_id, version, document, "suspend", role)


def resume(session: Session, viewer: Viewer, case_id: str, version: int, *, role: str = "") -> Case:
    """Let the clock run again from now."""
    case = begin(session, viewer, case_id, version, "resume")
    pauses.end(session, case)
    return end(session, viewer, case, "resume", Event.RESUMED, Action.CASE_RESUME, role=role)


def extend(
    session: Session,
    viewer: Viewer,
    case_id: str,
    version: int,
    limit: Limit,
    signed_by: str,
    document: str,
    *,
    role: str = "",
) -> Case:
    """Make the term longer, as often and by as much as the law of the case allows."""
    case = begin(session, viewer, case_id, version, "extend")
    signer, paper = words_of("signed_by", signed_by), words_of("document", document)
    most = deadlines.extensions_left(session, case)
    if most is None:
        raise FieldMissing("limit", "Quy định áp dụng cho đơn này không cho gia hạn, hoặc đã gia hạn đủ số lần.")
    if limit.unit is not most.unit or limit.value > most.value:
        raise FieldMissing("limit", f"Mỗi lần được gia hạn nhiều nhất {most.words}.")
    session.add(
        CaseExtension(
            case_id=case.id,
            number=_next(session, CaseExtension, case),
            limit_value=limit.value,
            limit_unit=limit.unit.value,
            signed_by=in_row(signer, case.id),
            document=in_row(paper, case.id),
            decided_on=clock.local_date(),
        )
    )
    session.flush()  # the due date is reckoned from the table
    detail = {"days": limit.value, "unit": limit.unit.value}
    said = f"{paper}\nNgười ký: {signer}"
    return end(session, viewer, case, "extend", Event.EXTENDED, Action.CASE_EXTEND, said, detail, role=role)


def decide(
    session: Session,
    viewer: Viewer,
    case_id: str,
    version: int,
    request: int,
    decision: Decision,
    words: str,
    *,
    role: str = "",
) -> Case:
    """Accept or refuse in words what a sender asked for after the closing.

    Accepted, the case is open again and its term runs anew; a second-stage review lies with the unit that decided.
    Only whoever holds the permission at the deciding unit itself, not at one below it, may decide, and nobody on an
    answer in which they had a hand.
    """
    case = begin(session, viewer, case_id, version, "decide")
    asked = session.get(CaseRequest, (case.id, request), with_for_update=True)
    if asked is None or asked.decision is not None:
        raise NotInThisState("Đề nghị này đã được trả lời hoặc không có.")
    if not access.reaches(session, viewer, asked.unit_id, clock.local_date(), Permission.CASES_APPROVE):
        raise NotInThisState("Đề nghị này do cấp trên quyết định.")
    if deciding.is_own_answer(session, viewer, case, asked.unit_id):
        raise NotInThisState(deciding.OWN_ANSWER)
    said = words_of("words", words)
    asked.decision, asked.words = decision, in_row(said, case.id)
    asked.decided_by, asked.decided_at = viewer.officer_id, clock.now()
    session.flush()  # the new term is reckoned from the request
    is_review, is_accepted = asked.kind is RequestKind.SECOND_STAGE, decision is Decision.ACCEPTED
    if is_accepted:
        reopen(case)
        case.unit_id = asked.unit_id
    accepted = Event.REVIEW_TAKEN_UP if is_review else Event.REOPENED
    refused = Event.REVIEW_REFUSED if is_review else Event.REOPENING_REFUSED
    detail = {"number": request, "decision": decision.value}
    move = "decide" if is_accepted else None
    event = accepted if is_accepted else refused
    end(session, viewer, case, move, event, Action.CASE_DECIDE, said, detail, role=role)
    if is_accepted:
        routing.leave(session, case)
        refresh(session, case)  # nobody reviews their own answer, nor what is said of them
    return case


def set_private(session: Session, viewer: Viewer, case_id: str, version: int, reason: str, *, role: str = "") -> Case:
    """Show the case only to those who may see private ones."""
    return _set_private(session, viewer, case_id, version, reason, role, is_private=True)


def unset_private(session: Session, viewer: Viewer, case_id: str, version: int, reason: str, *, role: str = "") -> Case:
    """Show it again to all who may see the cases of its unit."""
    return _set_private(session, viewer, case_id, version, reason, role, is_private=False)


def exclude(
    session: Session,
    viewer: Viewer,
    case_id: str,
    version: int,
    officer_id: int,
    rule: str,
    words: str = "",
    *,
    role: str = "",
) -> Case:
    """Let a case not exist for an officer whom it concerns. Neither reason nor person is shown to the sender.

    The words, which the form always asks for, stand in the history.
    Nobody hides a case from those above: whose right to see cases reaches further than the right to hand them out of
    whoever excludes, such as Home Affairs, is excluded from above only.
    With nobody independent left the case goes a level up.
    """
    case = begin(session, viewer, case_id, version, "exclude")
    if session.get(Officer, officer_id) is None:
        raise FieldMissing("officer", "Xin chọn cán bộ.")
    if _reaches_further(session, viewer, officer_id):
        raise FieldMissing(
            "officer", "Cán bộ này xem đơn của cả đơn vị khác hoặc cấp trên; xin đề nghị cấp trên thực hiện."
        )
    if not RULE.fullmatch(rule):
        raise FieldMissing("rule", "Xin chọn lý do.")
    said = words_of("words", words, MOST_EXPLAINED) if words else None
    found = session.get(CaseExclusion, (case.id, officer_id))
    if found is None:
        session.add(CaseExclusion(case_id=case.id, officer_id=officer_id, rule=rule, since=clock.now()))
    elif found.lifted_at is not None:
        found.lifted_at, found.rule, found.since = None, rule, clock.now()
    if case.assignee_id == officer_id:
        case.assignee_id = None
    detail = {"officer": officer_id, "rule": rule}
    end(session, viewer, case, "exclude", Event.EXCLUDED, Action.CASE_EXCLUDE, said, detail, role=role, shown=False)
    on_excluded(session, case)
    return case


def erase_contact(session: Session, viewer: Viewer, case_id: str, version: int, *, role: str = "") -> Case:
    """Erase who sent a closed case before its day, for instance because they asked for it."""
    case = access.find(session, viewer, case_id, clock.local_date(), Permission.CASES_ERASE_CONTACT, locked=True)
    if case.version != version:
        raise StaleCase
    if case.state is not State.CLOSED or session.get(Reporter, case.id) is None:
        raise NotInThisState("Chỉ xóa được liên hệ của đơn đã kết thúc và có người gửi.")
    reporters.erase(session, case, viewer, reporters.new_batch(clock.local_date()), role=role)
    case.version += 1
    return case


def _pause(session: Session, viewer: Viewer, case_id: str, version: int, document: str, name: str, role: str) -> Case:
    case = begin(session, viewer, case_id, version, name)
    said = words_of("document", document)
    pauses.begin(session, case, said)
    detail = {"suspended": name == "suspend"}
    return end(session, viewer, case, name, Event.PAUSED, Action.CASE_PAUSE, said, detail, role=role)


def _set_private(
    session: Session, viewer: Viewer, case_id: str, version: int, reason: str, role: str, *, is_private: bool
) -> Case:
    case = begin(session, viewer, case_id, version, "set_private" if is_private else "unset_private")
    said = words_of("reason", reason)
    if case.is_private == is_private:
        raise NotInThisState(WRONG_STATE)
    case.is_private = is_private
    event = Event.MADE_PRIVATE if is_private else Event.MADE_OPEN
    action = Action.CASE_SET_PRIVATE if is_private else Action.CASE_UNSET_PRIVATE
    return end(session, viewer, case, None, event, action, said, role=role)


def _reaches_further(session: Session, viewer: Viewer, officer_id: int) -> bool:
    today = clock.local_date()
    theirs = grants.scopes(session, officer_id, today).get(Permission.CASES_READ)
    mine = allowed_unit_ids(session, viewer, Permission.CASES_ASSIGN, today)
    if theirs is None or mine is None:
        return False
    return theirs == grants.EVERYWHERE or not theirs <= mine


def _next(session: Session, table: type[CaseQuestion | CaseExtension], case: Case) -> int:
    return (session.scalar(select(func.max(table.number)).where(table.case_id == case.id)) or 0) + 1
