"""The page of a case: what stands on it, in the order in which it went."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.roles import words_of
from app.feedback.answering import approvals
from app.feedback.cases import deadlines, due_words, lateness, misses, origins, outcomes, readings, reminders
from app.feedback.cases.access import Viewer
from app.feedback.cases.answers import OUTCOMES
from app.feedback.cases.attached import file_lines
from app.feedback.cases.details import CaseView
from app.feedback.cases.due_words import DueLine
from app.feedback.cases.history import HistoryLine
from app.feedback.cases.kinds import Channel, Event, State
from app.feedback.cases.models import Case
from app.feedback.cases.workflow import BY_NAME, MOVES, Move, moves_from
from app.feedback.conflicts.lifting import liftable
from app.feedback.handling import answer_page, said, viewers, words
from app.feedback.handling.act_page import open_requests
from app.feedback.letters import pages as letter_pages
from app.feedback.merging import pages as merging_pages
from app.feedback.publishing import pages as publishing_pages
from app.feedback.redaction import pages as redaction_pages
from app.feedback.routing import pages as routing_pages
from app.feedback.routing.steps import due_steps
from app.i18n.formats import format_date, format_moment
from app.web.permissions import Permission

Address = Callable[..., str]
_MAIN = {
    State.RECEIVED: "take_up",
    State.WAITING_FOR_OTHERS: "resume",
    State.SUSPENDED: "resume",
}
_OFTEN = frozenset({"close", "approve_answer", "ask", "assign", "take", "transfer", "send_back"})
"""What is done with most cases; the rest is folded, so that a phone shows what the citizen wrote."""

ASKED = frozenset(
    {
        *(Permission.CASES_READ_OPENERS, Permission.CASES_READ_CONTACT, Permission.CASES_HANDLE),
        *(Permission.CASES_APPROVE, Permission.CASES_MERGE, Permission.CASES_PUBLISH, Permission.CASES_REDACT),
        *(move.permission for move in MOVES),
    }
)
"""What the acts and parts of the page ask for."""

LANGUAGES = {"vi": "Tiếng Việt", "en": "Tiếng Anh"}


def context(
    session: Session,
    viewer: Viewer,
    view: CaseView,
    on: date,
    url_for: Address,
    held: Collection[Permission],
) -> dict[str, object]:
    """What ``templates/cases/one.html`` needs. ``held``: of ``ASKED``, what the viewer may do with the case."""
    case = session.get_one(Case, view.case_id)
    by_name = Permission.CASES_READ_OPENERS in held
    sees_contact = view.has_contact or view.contact_erased_on is not None
    may_contact = Permission.CASES_READ_CONTACT in held
    contact_url = url_for("case_officer.contact", case_id=view.case_id) if sees_contact and may_contact else None
    acts = _acts(session, viewer, case, on, url_for, held)
    return {
        "one": view,
        "facts_of_case": _facts(view, _channel(session, viewer, view, on)),
        "due": _due(session, view, on),
        "steps": due_steps(session, case, on),
        "versions": _versions(session, view, case),
        "files": file_lines(
            view.files,
            lambda number: url_for("case_officer.file", case_id=view.case_id, number=number),
            may_open=view.is_anonymous or may_contact,
        ),
        "story": _story(session, view),
        "acts": [act for act in acts if act["is_main"] or act["name"] in _OFTEN],
        "more_acts": [act for act in acts if not (act["is_main"] or act["name"] in _OFTEN)],
        "may_ask": any(act["name"] == "ask" for act in acts),
        "contact_url": contact_url,
        "publishing": publishing_pages.on_case_page(session, case, url_for, held),
        "redaction": redaction_pages.on_case_page(session, case, url_for, held),
        "letters": letter_pages.on_case_page(session, case, url_for, held),
        "merging": merging_pages.on_case_page(session, viewer, case, on, url_for, held),
        "viewers": viewers.lines(viewers.holders(session, case, on), by_name=by_name),
        "openers": _openers(session, view, by_name=by_name),
        "kind_words": words.KINDS,
        "state_words": words.STATES,
        "state_tags": words.TAGS,
        "role_words": words_of,
        "answering_of_case": answer_page.on_case_page(session, case, held),
        "reminders_given": reminders.given(session, view.case_id),
        "missed_terms": misses.sentences(session, case),
        "note_url": url_for("case_notes.add", case_id=view.case_id),
        "answer_url": url_for("case_answer.form", case_id=view.case_id),
        **said.words_for(session, list(view.history)),
    }


def _due(session: Session, view: CaseView, on: date) -> DueLine:
    """The due date, what it is the date of, and why."""
    since = lateness.standing_since(session, [view.case_id]).get(view.case_id)
    label = "Hạn báo có thụ lý không:" if view.awaits_acceptance else "Hạn trả lời"
    working = deadlines.calendar_of(session)
    return DueLine(
        due_words.remaining(view.state, view.due_on, on, working, since, label),
        due_words.is_overdue(view.state, view.due_on, on, since),
        due_words.sentences(view.reckoning),
    )


def _facts(view: CaseView, channel: str) -> list[tuple[str, str]]:
    """What is known of a case besides its text, each with its label."""
    asked = f"{words.KINDS[view.kind]} (người gửi chọn: {words.KINDS[view.kind_asked]})"
    found = (
        ("Loại", words.KINDS[view.kind] if view.kind == view.kind_asked else asked),
        ("Nhận ngày", format_date(view.received_on)),
        ("Xảy ra ngày", format_date(view.happened_on) if view.happened_on else ""),
        ("Nói về", " – ".join(part for part in (view.concerned_unit_name, view.counter_name) if part)),
        ("Đơn vị xử lý", view.unit_name),
        ("Thủ tục", view.procedure_name),
        ("Cách gửi", channel),
        ("Ngôn ngữ", "" if view.language == "vi" else LANGUAGES.get(view.language, view.language)),
        ("Vùng sâu, vùng xa", "Có, thời hạn dài hơn" if view.is_remote else ""),
        ("Hình thức", "" if view.meets_form else "Chưa đủ điều kiện của đơn: ghi nhận là thông tin, có hướng dẫn"),
        ("Người xử lý", view.names.get(view.assignee_id or 0, "" if view.closed_on else "Chưa giao cho ai")),
        ("Kết quả", OUTCOMES[view.outcome] if view.outcome else ""),
    )
    return [(label, value) for label, value in found if value]


def _channel(session: Session, viewer: Viewer, view: CaseView, on: date) -> str:
    """How it came in; of another system its name, where the viewer may know it."""
    name = ""
    if view.channel is Channel.OTHER_SYSTEM:
        name = origins.systems(session, viewer, [view.case_id], on).get(view.case_id, "")
    return ": ".join(part for part in (words.CHANNELS[view.channel], name) if part)


def _versions(session: Session, view: CaseView, case: Case) -> list[str]:
    """On which versions of the law and of the calendar the date rests."""
    found = []
    rule = deadlines.version_of(session, case)
    if rule is not None:
        found.append(
            f"Quy định áp dụng: {rule.legal_basis}; áp dụng từ {format_date(rule.valid_from)} (phiên bản {rule.id})."
        )
    if view.reckoning is not None:
        found.append(f"Lịch làm việc: phiên bản {view.reckoning.calendar_version}.")
    return found


def _story(session: Session, view: CaseView) -> list[tuple[HistoryLine, str]]:
    """The lines, each with what was written; an answer with what its outcome asked for, such as why not."""
    asked = outcomes.facts(session, view.case_id)
    found = []
    for line in view.history:
        facts = asked.get(_number(line), []) if line.event is Event.CLOSED else []
        found.append((line, "\n".join([*(f"{label.source}: {words}" for label, words in facts), _told(view, line)])))
    return found


def _number(line: HistoryLine) -> int:
    value = line.detail.get("number")
    return value if isinstance(value, int) else 0


def _told(view: CaseView, line: HistoryLine) -> str:
    """What somebody wrote with a step: question, answer, reply, rating, request. Reasons stand in the line itself."""
    number = line.detail.get("number")
    questions = {one.number: one for one in view.questions}
    replies = {one.number: one for one in view.replies}
    requests = {one.number: one for one in view.requests}
    if line.event is Event.ASKED and number in questions:
        return questions[number].text
    if line.event is Event.ANSWERED_BY_SENDER and number in questions:
        return questions[number].answer or ""
    if line.event is Event.CLOSED and number in replies:
        return replies[number].text
    if line.event is Event.RATED and number in replies and replies[number].score:
        reply = replies[number]
        return "\n".join(part for part in (f"{reply.score}/5", reply.rating_text) if part)
    if line.event in (Event.REOPENING_ASKED, Event.REVIEW_ASKED) and number in requests:
        return requests[number].reason
    return ""


def _acts(
    session: Session, viewer: Viewer, case: Case, on: date, url_for: Address, held: Collection[Permission]
) -> list[Mapping[str, object]]:
    """The moves that the state of the case allows and this viewer may make, what it waits for first.

    A decision stands there once for each request.
    """
    found = [*_waiting(session, viewer, case, url_for, held), *_answer(case, url_for, held)]
    for move in moves_from(case.state):
        if move.permission not in held or not _fits(session, viewer, move, case, on):
            continue
        url = url_for("case_acts.form", case_id=case.id, act=move.name.replace("_", "-"))
        if move.name != "decide":
            found.append({"name": move.name, "label": move.label, "url": url, "is_main": _is_main(move, case)})
            continue
        for asked in open_requests(session, viewer, case, on):
            label = f"Trả lời: {words.REQUESTS[asked.kind].lower()}"
            address = f"{url}?request={asked.number}"
            found.append({"name": move.name, "label": label, "url": address, "is_main": True})
    return sorted(found, key=lambda act: not act["is_main"])


def _waiting(
    session: Session, viewer: Viewer, case: Case, url_for: Address, held: Collection[Permission]
) -> list[Mapping[str, object]]:
    """The answer that waits for approval, for whoever may approve it, or at least read it as its authors do."""
    waiting = approvals.waiting(session, case)
    if waiting is None:
        return []
    url = url_for("case_answer.approval", case_id=case.id)
    is_own = approvals.is_own(session, case.id, viewer.officer_id, waiting.asked_by)
    if Permission.CASES_APPROVE in held and not is_own:
        return [{"name": "approve_answer", "label": "Xem và duyệt trả lời", "url": url, "is_main": True}]
    if {Permission.CASES_HANDLE, Permission.CASES_APPROVE} & set(held):
        return [{"name": "approve_answer", "label": "Xem câu trả lời chờ duyệt", "url": url, "is_main": False}]
    return []


def _answer(case: Case, url_for: Address, held: Collection[Permission]) -> list[Mapping[str, object]]:
    """Writing the answer, which has pages of its own."""
    move = BY_NAME["close"]
    if case.state not in move.from_states or move.permission not in held:
        return []
    url, is_main = url_for("case_answer.form", case_id=case.id), case.state is State.IN_PROGRESS
    return [{"name": move.name, "label": move.label, "url": url, "is_main": is_main}]


def _fits(session: Session, viewer: Viewer, move: Move, case: Case, on: date) -> bool:
    """Whether there is anything to do: an open case is not opened once more."""
    if move.name == "lift_exclusion":
        return bool(liftable(session, viewer, case, on))
    if move.name == "extend":
        return deadlines.extensions_left(session, case) is not None
    fitting = {"set_private": not case.is_private, "unset_private": case.is_private}.get(move.name, True)
    return fitting and routing_pages.fits(session, move.name, case)


def _is_main(move: Move, case: Case) -> bool:
    """Whether this is what a case in this state waits for."""
    return move.name == _MAIN.get(case.state)


def _openers(session: Session, view: CaseView, *, by_name: bool) -> list[str]:
    if by_name:
        return [
            f"{one.full_name} ({words_of(one.role)}): lần đầu {format_moment(one.first_at)}, lần cuối "
            f"{format_moment(one.last_at)}"
            for one in readings.openers_by_name(session, view.case_id)
        ]
    return [f"{words_of(role)}: {count} người" for role, count in view.openers.items()]
