"""Sending, and the page that shows the code once: taken from the sealed session, erased with "Tôi đã lưu mã"."""

import hashlib
from datetime import UTC, date, datetime, time

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.clock import VIETNAM
from app.db.session import reading as reading_session
from app.db.session import transaction
from app.errors import Missing
from app.feedback.cases.codes import printed
from app.feedback.cases.errors import ContactNeeded
from app.feedback.denunciations.errors import NobodyAbove
from app.feedback.following import calendar_file, receipt_keys, receipts
from app.feedback.intake import cookies, first_pages, pages, sending, sessions, slips, visits
from app.feedback.intake.draft import Draft
from app.feedback.intake.pages import NOTICE, Shown
from app.feedback.intake.reading import Posted, is_trapped
from app.feedback.intake.sent import Sent
from app.feedback.intake.sessions import Kept, Purpose
from app.feedback.intake.slips import Slip
from app.feedback.intake.standing import Answer, Standing, at
from app.feedback.intake.steps import Step
from app.i18n.catalogues import chosen_language, in_language
from app.rules.kinds import Kind
from app.web.access import public
from app.web.pages import is_simulated, site
from app.web.posted import posted_fields

blueprint = Blueprint("feedback_sent", __name__)

# Written down, for slips are also handed out by hosts that serve officers only.
FOLLOW_PATH = "/follow"
CHECK_PATH = "/receipts"


@blueprint.post("/feedback/check")
@public
def dispatch() -> Answer:
    """Send. A second post of the same intake finds it sent and is led to the same page."""
    try:
        return _dispatch(posted_fields(), visits.token())
    except (ContactNeeded, NobodyAbove) as error:  # nothing was stored
        where = Step.CONTACT if isinstance(error, ContactNeeded) else Step.CHECK
        with reading_session() as session:
            kept = sessions.load(session, visits.token(), Purpose.INTAKE)
            if kept is None:
                return first_pages.expired_page({}), 410
            shown = Shown(session, kept, Draft.of(kept.state), visits.token(), error=error.message)
            return pages.draw(where, shown), 400


def _dispatch(posted: Posted, token: str) -> Answer:
    is_within = visits.is_within_limits(token)
    with transaction() as session:
        found = at(session, token, Step.CHECK, posted, lock=True)
        if not isinstance(found, Standing):
            return found
        kept, draft = found.kept, found.draft
        is_stale = not visits.is_own_page(token, "".join(posted.get("form_id", ()))) or is_trapped(posted)
        if is_stale or not is_within:
            error, status = (visits.STALE, 400) if is_stale else (visits.BUSY, 429)
            return pages.draw(Step.CHECK, Shown(session, kept, draft, token, error=error)), status
        outcome = sending.send(session, kept, draft, language=chosen_language(), notice=in_language(NOTICE))
        sent = sealed(draft, outcome, tuple(pages.place_lines(session, draft)))
        sessions.save(session, kept, sent.state, purpose=Purpose.SENT, is_shared=draft.is_shared)
    return visits.give(visits.to("feedback_sent.show"), token, draft, Purpose.SENT)


@blueprint.get("/feedback/sent")
@public
def show() -> Answer:
    """Number, code, and ways to keep them."""
    found = _found()
    if found is None:
        return first_pages.expired_page({}, may_be_sent=True), 410
    kept, sent = found
    links = {name: visits.address(f"feedback_sent.{name}") for name in ("slip", "pdf", "receipt")}
    return render_template(
        "feedback/code.html",
        step=0,
        steps=0,
        errors=[],
        public_number=sent.public_number,
        code=printed(sent.code),
        received_on=sent.received,
        title_words=in_language(sent.words),
        place_line=" · ".join(sent.place_lines),
        warning="",
        is_information=sent.kind == Kind.DENUNCIATION,
        next_steps=[in_language(words) for words in sent.next_steps],
        slip_url=links["slip"],
        pdf_url=links["pdf"],
        receipt_url=links["receipt"],
        calendar_url=visits.address("feedback_sent.calendar") if sent.due else "",
        action_url=visits.address("feedback_sent.saved"),
        form_id=visits.form_id_of(visits.token()),
        until=f"{kept.expires_at.astimezone(VIETNAM):%H:%M}",
        language_url=visits.in_other_language("feedback_sent.show"),
        scripts=[] if sent.is_shared else ["draft"],
    )


@blueprint.get("/feedback/sent/slip")
@public
def slip() -> Answer:
    """The slip for a printer or a screenshot."""
    sent = _kept_sent()
    return render_template(
        "feedback/slip.html",
        public_number=sent.public_number,
        code=printed(sent.code),
        received_on=sent.received,
        due_line=_due_line(sent),
        place_line=" · ".join(sent.place_lines),
        follow_address=follow_address(),
        receipt=sent.receipt,
        back_url=visits.address("feedback_sent.show"),
    )


@blueprint.get("/feedback/sent/slip.pdf")
@public
def pdf() -> Response:
    """The same as a file."""
    body = slips.pdf(slip_of(_kept_sent()), simulated=_("DỮ LIỆU MÔ PHỎNG") if is_simulated() else "")
    return _download(body, "application/pdf", "phieu-tiep-nhan.pdf")


@blueprint.get("/feedback/sent/due.ics")
@public
def calendar() -> Response:
    """The due date for a calendar; nothing there is none."""
    sent = _kept_sent()
    if sent.due is None:
        raise Missing(_("Việc này không có hạn trả lời."))
    title = _("Lắng Nghe: hạn trả lời việc số %(number)s", number=sent.public_number)
    description = _("Xem trả lời tại %(address)s bằng mã bí mật trên phiếu.", address=follow_address())
    uid = hashlib.sha256(sent.public_number.encode()).hexdigest()[:32]
    # The day, not the minute: the file may lie in a calendar that others see.
    made_at = datetime.combine(date.fromisoformat(sent.received_on), time(), tzinfo=UTC)
    body = calendar_file.due_date_file(f"{uid}@lang-nghe", sent.due, made_at, title, description)
    return _download(body, calendar_file.MEDIA_TYPE, calendar_file.FILE_NAME)


@blueprint.get("/feedback/sent/receipt.txt")
@public
def receipt() -> Response:
    """The signed receipt, byte for byte."""
    return _download(_kept_sent().receipt.encode(), "text/plain; charset=utf-8", "bien-nhan.txt")


@blueprint.post("/feedback/sent")
@public
def saved() -> Answer:
    """The code was kept: erase it here, and let the browser forget its session."""
    posted, token = posted_fields(), visits.token()
    sent = None
    with transaction() as session:
        kept = sessions.load(session, token, Purpose.SENT, lock=True)
        if kept is not None and visits.is_own_page(token, "".join(posted.get("form_id", ()))):
            sent = Sent.of(kept.state)
            sessions.end(session, kept.token_hash)
    if kept is not None and sent is None:
        return visits.to("feedback_sent.show")
    response = visits.to("feedback_sent.thanks")
    draft = Draft(code=sent.origin if sent else "", is_shared=sent.is_shared if sent else False)
    cookies.take_back(response, cookies.DOOR, visits.paths(draft))
    return response


@blueprint.get("/feedback/thanks")
@public
def thanks() -> str:
    """Where the code was; nothing of it is here."""
    return render_template(
        "feedback/saved.html",
        step=0,
        steps=0,
        errors=[],
        follow_url=first_pages.follow_url(),
        again_url=visits.address("feedback.start"),
        language_url=visits.in_other_language("feedback_sent.thanks"),
    )


def slip_of(sent: Sent) -> Slip:
    """The words of a slip, in the language of the page."""
    lines = [
        (_("Mã bí mật"), printed(sent.code), True),
        (_("Số"), sent.public_number, True),
        (_("Ngày nhận"), sent.received, False),
    ]
    if due_line := _due_line(sent):
        lines.append((*due_line, False))
    if sent.place_lines:
        lines.append((_("Nơi xảy ra"), " · ".join(sent.place_lines), False))
    lines.append((_("Xem trả lời tại"), follow_address(), False))
    return Slip(
        title=_("Phiếu tiếp nhận"),
        language=chosen_language(),
        lines=lines,
        warning=_("Ai có mã này thì xem được việc này. Xin giữ kín; mất mã thì không ai cấp lại được."),
        receipt_title=_("Biên nhận"),
        receipt=sent.receipt,
    )


def _due_line(sent: Sent) -> tuple[str, str] | None:
    return None if sent.due_line is None else (in_language(sent.due_line[0]), in_language(sent.due_line[1]))


def follow_address() -> str:
    """The whole address of the page where a code is typed, as it is printed."""
    return f"{site().config.public_url}{FOLLOW_PATH}"


def sealed(draft: Draft, outcome: sending.Outcome, place_lines: tuple[str, ...]) -> Sent:
    """What the page after sending needs; the receipt is signed here, with the minute that is stored nowhere."""
    opened = outcome.opened
    key, _made = receipt_keys.open_key(site().config.data_dir)
    signed = receipts.make(
        key,
        opened,
        clock.now(),
        unit_name=outcome.receiving_unit_name,
        check_at=f"{site().config.public_url}{CHECK_PATH}",
    )
    return Sent(
        public_number=opened.public_number,
        code=opened.code,
        received_on=opened.received_on.isoformat(),
        due_on=opened.due_on.isoformat() if opened.due_on else "",
        kind=draft.kind,
        meets_form=not outcome.missing,
        receipt=signed.text,
        place_lines=place_lines,
        is_shared=draft.is_shared,
        origin=draft.code,
        missing=tuple(one.value for one in outcome.missing),
        needs_no_letter_back=draft.needs_no_letter_back,
    )


def _found() -> tuple[Kept, Sent] | None:
    with reading_session() as session:
        kept = sessions.load(session, visits.token(), Purpose.SENT)
    return None if kept is None else (kept, Sent.of(kept.state))


def _kept_sent() -> Sent:
    found = _found()
    if found is None:
        raise Missing(_("Trang này đã hết hạn. Mã bí mật chỉ hiện một lần, sau khi gửi."))
    return found[1]


def _download(body: bytes, mime_type: str, name: str) -> Response:
    response = Response(body)
    response.headers["Content-Type"] = mime_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
