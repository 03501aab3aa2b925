"""The case behind a code: its page, its files, its date for the calendar, and what its sender may do with it.

Everything is found through the session alone. No address names a case, so nobody can name somebody else's.
"""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.crypto.blind_index import blind_index
from app.db.session import reading, transaction
from app.feedback.following import acts, calendar_file, entry_views, information, pages, queries, services, visits
from app.feedback.following.acts import Given
from app.feedback.following.calendar_file import due_date_file
from app.feedback.following.errors import NoLonger, NoSuchFile
from app.feedback.following.pages import Shown
from app.feedback.following.services import What
from app.feedback.intake import bodies
from app.feedback.intake.bodies import Received
from app.feedback.intake.sessions import Kept
from app.feedback.intake.visits import SWITCH
from app.files.downloads import file_response
from app.files.gate.queries import content
from app.files.gate.services import Taken, enter
from app.i18n.catalogues import in_language
from app.i18n.messages import Message, message
from app.keys.start import store_of
from app.web.access import public
from app.web.form_ids import FormId
from app.web.pages import site
from app.web.posted import posted_fields

blueprint = Blueprint("follow_case", __name__)

TEXT_ACTS = "<any(rating, reopening, review, notices):act>"
FILE_ACTS = "<any(answer, files):act>"
STALE = message("Trang này đã mở từ lâu hoặc không đầy đủ. Nội dung vẫn còn dưới đây, xin bấm gửi lần nữa.")
BUSY = message("Ông/Bà gửi nhiều lần liên tiếp. Xin chờ một phút rồi gửi lại; nội dung vẫn còn trên trang.")
NO_FILE = message("Không tìm thấy tệp này.")
REMINDER = message("Hạn trả lời")
REMINDER_TEXT = message("Mở trang theo dõi và gõ mã để xem trả lời.")
Answer = AnyResponse | tuple[str, int] | str


@blueprint.get("/follow/case")
@public
def show() -> Answer:
    """The page; without a session the way leads to the code."""
    with reading() as session:
        kept = visits.kept(session)
        if kept is None:
            return visits.to("follow.start", why="ended")
        page = pages.draw(Shown(session, kept))
    visits.touch(kept)
    return page


@blueprint.get("/follow/files/<int:number>")
@public
def file(number: int) -> AnyResponse:
    """One of the sender's own files, as ours: fixed type, a name of ours, never shown in the page."""
    with reading() as session:
        kept = visits.kept(session)
        file_id = None if kept is None else _own_file(session, kept, number)
        if file_id is None:
            raise NoSuchFile(NO_FILE)
        return file_response(content(session, store_of(site().config), file_id), to_staff=False)


@blueprint.get("/follow/calendar")
@public
def calendar_entry() -> Answer:
    """The due date for the calendar of a telephone; nothing in it tells what it is about."""
    with reading() as session:
        kept = visits.kept(session)
        if kept is None or visits.followed(kept).what is not What.CASE:
            return visits.to("follow.start", why="ended")
        view = queries.view_of(session, visits.followed(kept).id)
    if view.due_on is None:
        return visits.to("follow_case.show")
    uid = blind_index("case.calendar", view.public_number, normalise=str).hex()
    body = due_date_file(f"{uid}@langnghe", view.due_on, clock.now(), in_language(REMINDER), in_language(REMINDER_TEXT))
    return Response(
        body,
        content_type=calendar_file.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{calendar_file.FILE_NAME}"'},
    )


@blueprint.post(f"/follow/{TEXT_ACTS}")
@public
def act(act: str) -> Answer:
    """Rate an answer, ask for another look, or choose whether to be told of news."""
    return _take(act, Received(posted_fields()))


@blueprint.post(f"/follow/{FILE_ACTS}")
@public
def act_with_files(act: str) -> Answer:
    """Answer a question, or send a file later. Files are looked at before the transaction, which stays short."""
    with reading() as session:
        is_alive = visits.kept(session) is not None
    received = bodies.received(is_wanted=is_alive)
    left = list(received.taken)
    try:
        return _take(act, received, left)
    finally:
        bodies.release(left)


def _take(act: str, received: Received, left: list[Taken] | None = None) -> Answer:
    """Do what was posted, once. Whatever is refused, the page shows what was typed and what to do."""
    given = acts.read(act, received.posted)
    form = visits.read_form(act, "".join(received.posted.get("form_id", ())))
    refused = [(name, in_language(why)) for name, why in received.refused]
    try:
        with transaction() as session:
            kept = visits.kept(session, lock=True)
            if kept is None:
                return entry_views.ended_page(act, given.text)
            if form is not None and visits.is_spent(kept, form):
                return visits.to("follow_case.show", done=act)
            if SWITCH in received.posted and form is not None:  # the other language: nothing is done
                return pages.draw(Shown(session, kept, _dropped(replace(given, wrong={}), received)))
            problem = _problem(given, form, received)
            if problem is not None or form is None:
                error, status = problem or (STALE, 400)
                return pages.draw(Shown(session, kept, _dropped(given, received), error, refused)), status
            _do(session, kept, given, _entered(session, left or []))
            visits.spend(session, kept, form, refused=refused)
    except NoLonger as no:
        return _refused(_dropped(given, received), no.message, refused)
    return visits.to("follow_case.show", done=act)


def _problem(given: Given, form: FormId | None, received: Received) -> tuple[Message | str, int] | None:
    if received.is_cut:
        return "", 413
    if form is None or visits.is_trapped(received.posted):
        return STALE, 400
    if not visits.allows_act(form):
        return BUSY, 429
    if given.act == acts.FILES and not received.taken:
        return ("" if received.refused else acts.CHOOSE_FILE), 400
    return ("", 400) if given.wrong else None


def _dropped(given: Given, received: Received) -> Given:
    return acts.without_files(given) if received.taken else given


def _do(session: Session, kept: Kept, given: Given, file_ids: Sequence[str]) -> None:
    found = visits.followed(kept)
    if found.what is What.INFORMATION:
        if given.act != acts.FILES:
            raise NoLonger(NO_FILE)
        information.add_files(session, found.id, file_ids)
    elif given.act == acts.ANSWER:
        services.answer_question(session, found.id, given.number, given.text, file_ids)
    elif given.act == acts.FILES:
        services.add_files(session, found.id, file_ids)
    elif given.act == acts.RATING:
        services.rate(session, found.id, given.number, int(given.score), given.text.strip())
    elif given.act == acts.REOPENING:
        services.ask_reopening(session, found.id, given.text)
    elif given.act == acts.NOTICES:
        services.choose_notices(session, found.id, wanted=given.score == "1")
    else:
        services.ask_second_stage(session, found.id, given.text)


def _entered(session: Session, left: list[Taken]) -> list[str]:
    """Rows for the files in quarantine; if the transaction is rolled back, the files go with it."""
    store = store_of(site().config)
    made = []
    while left:
        made.append(enter(session, store, left.pop(0)).id)
    return made


def _refused(given: Given, why: str, refused: Sequence[tuple[str, str]]) -> Answer:
    """The page after an act that is no longer possible, with what was typed."""
    with reading() as session:
        kept = visits.kept(session)
        if kept is None:
            return entry_views.ended_page(given.act, given.text)
        return pages.draw(Shown(session, kept, given, why, refused)), 409


def _own_file(session: Session, kept: Kept, number: int) -> str | None:
    """The id of an accepted picture of this sender; information shows none of its files again."""
    found = visits.followed(kept)
    if found.what is not What.CASE:
        return None
    mine = [one for at, _, one in queries.files_of(session, found.id) if at == number]
    return next((one.id for one in mine if queries.is_shown(one)), None)
