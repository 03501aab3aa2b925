"""A text for the unit behind a code: no name, no contact, no file, no link to any answer. No GET sets a cookie."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import Missing
from app.feedback.cases.kinds import Channel
from app.feedback.cases.models import Case
from app.feedback.intake.services import Report, open_case
from app.i18n.catalogues import LANGUAGES, chosen_language, in_language
from app.i18n.formats import format_date
from app.qr.queries import resolve
from app.qr.tokens import normalise
from app.rules.kinds import Kind
from app.units.models import counter_label
from app.web import text_input
from app.web.access import public
from app.web.form_ids import BadFormId, FormId
from app.web.limits import limits
from app.web.pages import make_form_id, read_form_id
from app.web.posted import posted_fields
from app.web.privacy_hints import find_hints

blueprint = Blueprint("feedback", __name__)

MOST_CHARACTERS = 5000
OLDEST_FORM = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the text is for. ``unit_name`` names the units that stand for the counter's unit today."""

    token: str
    unit_id: int
    unit_name: str
    counter_id: int
    counter_name: str


@blueprint.get("/q/<token>/feedback")
@public
def new(token: str) -> str:
    """The form. Every code that ever stood on a counter has one, whatever became of code, counter, unit or round."""
    return _page(_recipient(token), "", [], [])


@blueprint.post("/q/<token>/feedback")
@public
def send(token: str) -> Response | tuple[str, int]:
    """Store the text once, then show its number."""
    recipient, posted = _recipient(token), posted_fields()
    text = text_input.clean("".join(posted.get("text", ())))
    form = _form("feedback", recipient, "".join(posted.get("form_id", ())))
    if form is None or not -60 <= form.age_seconds(clock.now()) <= OLDEST_FORM or any(posted.get("website", ())):
        stale = _("Trang này đã mở từ lâu hoặc không đầy đủ. Nội dung vẫn còn dưới đây, xin bấm Gửi lần nữa.")
        return _page(recipient, text, [stale], []), 400
    problem = text_input.problem(text, MOST_CHARACTERS) if text.strip() else _("Xin Ông/Bà viết nội dung rồi gửi.")
    if problem is not None:
        return _page(recipient, text, [problem], []), 400
    hints = [] if posted.get("send_as_is") == ["1"] else [in_language(hint.message) for hint in find_hints(text)]
    if hints:
        return _page(recipient, text, [], hints), 422
    if not limits().allows_post(form.value.hex(), recipient.token):
        busy = _("Đang có nhiều người gửi cùng lúc. Xin Ông/Bà chờ một phút rồi gửi lại; nội dung vẫn còn trên trang.")
        return _page(recipient, text, [busy], []), 429
    report = Report(
        Kind.SUGGESTION,
        Kind.SUGGESTION,
        text,
        recipient.unit_id,
        counter_id=recipient.counter_id,
        channel=Channel.COUNTER_CODE,
        language=chosen_language(),
    )
    with transaction() as session:
        opened = open_case(session, report)
    key = make_form_id("feedback-sent", recipient.token, bytes.fromhex(opened.case_id).ljust(16, b"\0"))
    return redirect(url_for("feedback.sent", token=recipient.token, key=key, lang=_other_than_default()), 303)


@blueprint.get("/q/<token>/feedback/sent/<key>")
@public
def sent(token: str, key: str) -> str:
    """The number of what was just sent. The address holds a signed key, never the number itself."""
    recipient = _recipient(token)
    form = _form("feedback-sent", recipient, key)
    with reading() as session:
        stored = None if form is None else session.get(Case, form.value[:12].hex())
    if stored is None:
        raise Missing(_("Không tìm thấy phản ánh này."))
    return render_template(
        "feedback/sent.html",
        unit_name=recipient.unit_name,
        counter_name=recipient.counter_name,
        public_number=stored.public_number,
        received_on=format_date(stored.received_on),
        language_url=_in_other_language("feedback.sent", token=recipient.token, key=key),
    )


def _recipient(token: str) -> Recipient:
    wanted = normalise(token)
    with reading() as session:
        found = resolve(session, wanted, clock.local_date())
    if found.place is None:
        raise Missing(_("Không tìm thấy mã này. Xin quét lại mã tại quầy, hoặc hỏi cán bộ hướng dẫn."))
    place = found.place
    return Recipient(
        token=wanted,
        unit_id=place.unit.id,
        unit_name=", ".join(unit.name for unit in found.successors) or place.unit.name,
        counter_id=place.counter_id,
        counter_name="" if found.has_ended else counter_label(place.counter_number, place.counter_name),
    )


def _form(purpose: str, recipient: Recipient, text: str) -> FormId | None:
    try:
        return read_form_id(purpose, recipient.token, text)
    except BadFormId:
        return None


def _page(recipient: Recipient, text: str, messages: list[str], personal_data: list[str]) -> str:
    language = _other_than_default()
    return render_template(
        "feedback/new.html",
        unit_name=recipient.unit_name,
        counter_name=recipient.counter_name,
        form_id=make_form_id("feedback", recipient.token),
        action_url=url_for("feedback.send", token=recipient.token, lang=language),
        back_url=url_for("survey.scan", token=recipient.token, lang=language),
        language_url=_in_other_language("feedback.new", token=recipient.token),
        text=text,
        errors=[{"field_id": "text", "message": in_language(message)} for message in messages],
        personal_data=personal_data,
    )


def _other_than_default() -> str | None:
    return None if chosen_language() == LANGUAGES[0] else chosen_language()


def _in_other_language(endpoint: str, token: str, key: str | None = None) -> str:
    return url_for(endpoint, lang=None if _other_than_default() else LANGUAGES[1], token=token, key=key)
