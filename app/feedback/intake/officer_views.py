"""Staff write down what somebody says at the counter, on the telephone or in a letter, and hand over the slip.

Whoever writes it down is on the record; the right to write down is no right to read: afterwards the case is open to
them only if they may see it for another reason.
"""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, make_response, redirect, render_template, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading as reading_session
from app.db.session import transaction
from app.errors import Missing
from app.feedback.cases.errors import ContactNeeded
from app.feedback.intake import bodies, cookies, places, register_form, register_pages, sending, sessions, slips, visits
from app.feedback.intake.bodies import Received
from app.feedback.intake.pages import NOTICE, place_lines
from app.feedback.intake.reading import MOST_LINE, Posted, one
from app.feedback.intake.register_form import Entry
from app.feedback.intake.sent import Sent
from app.feedback.intake.sent_views import sealed, slip_of
from app.feedback.intake.services import open_case
from app.feedback.intake.sessions import LASTS, Purpose
from app.files.gate.services import Taken, enter
from app.keys.start import store_of
from app.units.unit_choice import choose_unit
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.pages import is_simulated, site
from app.web.permissions import Permission

blueprint = Blueprint("case_register", __name__, url_prefix="/officer/cases/register")

REGISTER = Permission.CASES_REGISTER
COOKIE = "register"
PATH = "/officer/cases/register"
TOO_OLD = "Trang này đã mở từ lâu. Nội dung vẫn còn dưới đây, xin bấm Vào sổ lần nữa; tệp phải chọn lại."
CHOOSE_PROCEDURE = "Xin chọn thủ tục, hoặc xóa ô tìm thủ tục."
GONE = "Phiếu này đã được đưa cho người dân hoặc đã hết hạn. Mã bí mật chỉ hiện một lần."
Answer = Response | tuple[str, int] | str


@blueprint.get("")
@requires(REGISTER)
def new() -> Answer:
    """The empty form."""
    with reading_session() as session:
        return register_pages.form_page(session, {}, register_pages.own_unit(actor()))


@blueprint.post("")
@requires(REGISTER)
def add() -> Answer:
    """Open the case and show the slip; the same page sent twice opens one case."""
    received = bodies.received()
    left = list(received.taken)
    try:
        require_token()
        return _add(received, left)
    except IntegrityError:  # the same page was sent at the same moment, and the other post was first
        return redirect(url_for(".slip"), 303)
    finally:
        bodies.release(left)


@blueprint.get("/slip")
@requires(REGISTER)
def slip() -> str:
    """The slip to print and hand over: number, code, receipt; nothing of what was said."""
    sent, refused = _kept()
    return render_template(
        "cases/registered.html",
        slip=slip_of(sent),
        public_number=sent.public_number,
        refused=refused,
        pdf_url=url_for(".pdf"),
        action_url=url_for(".handed_over"),
    )


@blueprint.get("/slip.pdf")
@requires(REGISTER)
def pdf() -> Response:
    """The slip as a file."""
    body = slips.pdf(slip_of(_kept()[0]), simulated="DỮ LIỆU MÔ PHỎNG" if is_simulated() else "")
    response = make_response(body)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="phieu-tiep-nhan.pdf"'
    return response


@blueprint.post("/slip")
@requires(REGISTER)
def handed_over() -> Response:
    """The slip is with the citizen: forget the code here."""
    require_token()
    with transaction() as session:
        kept = sessions.load(session, cookies.token_of(COOKIE), Purpose.SENT, lock=True)
        if kept is not None:
            # The row stays until it expires, empty, so that the page before cannot be sent again by a slip.
            sessions.save(session, kept, {"officer": actor().officer_id})
    response = redirect(url_for(".new", done="handed-over"), 303)
    cookies.take_back(response, COOKIE, [PATH])
    return response


def _add(received: Received, left: list[Taken]) -> Answer:
    posted = received.posted
    token = _token("".join(posted.get("page", ())))
    entry, suggestions = _entry(received, token)
    if token is None or not entry.is_valid:
        return _again(posted, entry, suggestions, 400 if entry.wrong else 422)
    try:
        with transaction() as session:
            if sessions.load(session, token, Purpose.SENT, lock=True) is None:
                sessions.begin(session, Purpose.SENT, {}, token=token)  # whoever sends the page twice stops here
                _open(session, token, entry, received, left)
    except ContactNeeded as error:
        entry.wrong["who"] = error.message
        return _again(posted, entry, (), 400)
    response = redirect(url_for(".slip"), 303)
    cookies.give(response, COOKIE, token, [PATH], int(LASTS[Purpose.SENT].total_seconds()))
    return response


def _entry(received: Received, token: str | None) -> tuple[Entry, Sequence[tuple[str, str]]]:
    """What was written down, and units to choose from where the one named is not clear."""
    posted, today = received.posted, clock.local_date()
    with reading_session() as session:
        choice = choose_unit(session, actor(), REGISTER, one(posted, "unit")[:MOST_LINE], today)
        counters = dict(places.counters(session, choice.unit_id, today)) if choice.unit_id else {}
        procedures = dict(places.procedures(session, one(posted, "sought_procedure")[:MOST_LINE], today))
    entry = register_form.read(posted, unit_id=choice.unit_id, counters=counters, procedures=procedures, today=today)
    if procedures and entry.draft.procedure_id is None:
        entry.wrong["procedure"] = CHOOSE_PROCEDURE
    if choice.unit_id is None:
        entry.wrong["unit"] = choice.problem
    if received.is_cut:
        entry.wrong[""] = received.refused[0][1]
    elif token is None:
        entry.wrong[""] = TOO_OLD
    return entry, choice.suggestions


def _again(posted: Posted, entry: Entry, suggestions: Sequence[tuple[str, str]], status: int) -> tuple[str, int]:
    with reading_session() as session:
        return register_pages.form_page(session, posted, entry.draft.unit_id, entry, suggestions), status


def _open(session: Session, token: str, entry: Entry, received: Received, left: list[Taken]) -> None:
    """Open the case and seal what the slip shows; files that were refused are named there."""
    assert entry.channel is not None
    store = store_of(site().config)
    file_ids = []
    while left:
        file_ids.append(enter(session, store, left[0]).id)
        left.pop(0)
    missing = entry.draft.missing(has_files=bool(file_ids))
    report = sending.report_of(entry.draft, tuple(file_ids), language="vi", notice=NOTICE, meets_form=not missing)
    opened = open_case(session, replace(report, channel=entry.channel, registered_by=actor().officer_id))
    unit_name = sending.receiving_unit(session, report.concerned_unit_id, is_information=False)
    outcome = sending.Outcome(opened, unit_name, missing)
    sent = sealed(entry.draft, outcome, tuple(place_lines(session, entry.draft)))
    kept = sessions.load(session, token, Purpose.SENT)
    assert kept is not None
    state = {"officer": actor().officer_id, "sent": sent.state, "refused": [list(one) for one in received.refused]}
    sessions.save(session, kept, state)


def _token(form_text: str) -> str | None:
    """The token of the session that a page will open: it is the page's own, so a page opens one case."""
    form = visits.read_form("register", actor().session_hash.hex(), form_text)
    return None if form is None else f"register-{form.value.hex()}"


def _kept() -> tuple[Sent, list[tuple[str, str]]]:
    with reading_session() as session:
        kept = sessions.load(session, cookies.token_of(COOKIE), Purpose.SENT)
    if kept is None or kept.state.get("officer") != actor().officer_id or "sent" not in kept.state:
        raise Missing(GONE)
    return Sent.of(kept.state["sent"]), [(name, words) for name, words in kept.state["refused"]]
