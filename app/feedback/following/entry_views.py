"""Entering the code, and leaving. Whatever is wrong with a code, nobody learns whether it opens something."""

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from app.db.session import transaction
from app.feedback.cases import codes
from app.feedback.cases.keys import code_index
from app.feedback.following import attempts, services, visits
from app.feedback.following.acts import MOST_CHARACTERS, WITH_TEXT
from app.feedback.intake import sessions
from app.feedback.intake.sessions import Purpose
from app.feedback.intake.visits import SWITCH
from app.i18n.catalogues import in_language
from app.i18n.messages import Message, message
from app.web import text_input
from app.web.access import public
from app.web.posted import posted_fields

blueprint = Blueprint("follow", __name__)

LONGEST_TYPED = 80
STALE = message("Trang này đã mở từ lâu hoặc không đầy đủ. Xin bấm Xem lần nữa.")
EMPTY = message("Xin nhập mã bí mật.")
SLIP = message(
    "Mã gõ chưa đúng: mã có %(count)s ký tự, và có ký tự kiểm tra không khớp. Xin so lại từng nhóm với giấy đã in.",
    count=codes.LENGTH,
)
LENGTH = message("Mã có %(count)s ký tự, Ông/Bà đã gõ %(typed)s. Xin so lại từng nhóm với giấy đã in.")
UNKNOWN = message("Không mở được bằng mã này. Xin so lại từng ký tự với giấy đã in.")
BUSY = message("Có quá nhiều lần thử. Xin chờ một phút rồi bấm Xem; mã vẫn còn trên trang.")
ENDED = message("Phiên xem đã kết thúc. Xin nhập lại mã để xem tiếp.")
LEFT = message("Đã kết thúc xem. Máy này không còn mở được việc của Ông/Bà.")
KEPT = message("Phiên xem đã hết giờ nên nội dung chưa được gửi. Xin nhập lại mã; nội dung còn nguyên dưới đây.")
Answer = Response | tuple[str, int] | str


@blueprint.get("/follow")
@public
def start() -> Answer:
    """The page on which the code is typed; the code is never part of an address."""
    notices = {"ended": ENDED, "left": LEFT}
    return entry_page(notice=notices.get(visits.asked("why"), ""))


@blueprint.post("/follow")
@public
def enter() -> Answer:
    """Open what a code opens. A refused try is counted in a transaction that commits."""
    posted = posted_fields()
    typed = text_input.clean("".join(posted.get("code", ())))[:LONGEST_TYPED]
    draft = _draft(posted)
    form = visits.read_entry_form("".join(posted.get("form_id", ())))
    if form is None or visits.is_trapped(posted):
        return entry_page(typed, STALE, draft=draft), 400
    if SWITCH in posted:
        return entry_page(typed, draft=draft)
    code = codes.normalise(typed)
    if not codes.is_well_formed(code):
        with transaction() as session:
            attempts.count_refused(session)
        return entry_page(typed, _slip(code), draft=draft), 400
    if not visits.allows_try(form, code_index(code)):
        response = make_response(entry_page(typed, BUSY, draft=draft), 429)
        response.headers["Retry-After"] = str(visits.WAIT_SECONDS)
        return response
    with transaction() as session:
        found = services.by_code(session, code)
        if found is None:
            attempts.count_refused(session)
        else:
            new = visits.begin(session, found, draft)
    if found is None:
        return entry_page(typed, UNKNOWN, draft=draft), 404
    return visits.give(visits.to("follow_case.show"), new)


@blueprint.post("/follow/end")
@public
def end() -> Answer:
    """Close the session at once, here and in the database. Without one there is nothing to close."""
    with transaction() as session:
        kept = sessions.load(session, visits.token(), Purpose.FOLLOW, lock=True)
        if kept is not None:
            sessions.end(session, kept.token_hash)
    return visits.take_back(visits.to("follow.start", why="left"))


def entry_page(
    typed: str = "", problem: Message | str = "", *, notice: Message | str = "", draft: dict[str, str] | None = None
) -> str:
    """The page, with what was typed before and with what was typed on a page whose time was over."""
    kept = draft or {}
    return render_template(
        "feedback/following/enter.html",
        form_id=visits.entry_form_id(),
        action_url=visits.address("follow.enter"),
        typed=typed,
        errors=[{"field_id": "code", "message": in_language(problem)}] if problem else [],
        notice=in_language(notice) if notice else "",
        kept_act=kept.get("act", ""),
        kept_text=kept.get("text", ""),
        receipts_url=visits.address("receipts.show"),
        door_url=visits.address("feedback.start"),
        switch_url=visits.in_other_language("follow.enter"),
    )


def ended_page(act: str = "", text: str = "") -> Answer:
    """Where a post arrives whose session is over: nothing typed is lost."""
    if not text.strip():
        return visits.to("follow.start", why="ended")
    return entry_page(notice=KEPT, draft={"act": act, "text": text}), 403


def _slip(code: str) -> Message | str:
    if not code:
        return EMPTY
    if len(code) != codes.LENGTH:
        return message(LENGTH.source, count=codes.LENGTH, typed=len(code))
    return SLIP


def _draft(posted: dict[str, list[str]]) -> dict[str, str]:
    act = "".join(posted.get("kept_act", ()))
    text = text_input.clean("".join(posted.get("kept_text", ())))[:MOST_CHARACTERS]
    return {"act": act, "text": text} if act in WITH_TEXT and text.strip() else {}
