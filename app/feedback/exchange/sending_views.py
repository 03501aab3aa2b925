"""Open311 GeoReport v2, the part that writes: what people told another system opens a case here, once."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app import clock
from app.accounts.connections.services import CASES, opened_by
from app.db.session import transaction
from app.feedback.cases.codes import printed
from app.feedback.exchange import services
from app.feedback.exchange.edge import JSON, NO_KEY, XML, answer, answering, jurisdiction, one_more
from app.feedback.exchange.reading import Posted, Refused, posted, report_name
from app.feedback.exchange.repeats import Sending, report_of
from app.feedback.exchange.services import Sent
from app.feedback.exchange.written import Entry
from app.i18n.catalogues import in_language
from app.i18n.messages import message
from app.web.access import public
from app.web.pages import site

blueprint = Blueprint("sending", __name__)

MOST_BYTES = 64 * 1024
NOTICE = "Họ tên, liên hệ do hệ thống %(name)s chuyển đến, chỉ dùng để trả lời người gửi."
KEEP_CODE = message("Mã tra cứu của người gửi, chỉ hiện một lần: %(code)s. Tra cứu tại %(place)s.")
SENT_BEFORE = message(
    "Nội dung này vừa được gửi đến dưới số này nên không mở việc thứ hai. Mã tra cứu đã hiện ở lần trả lời trước."
)
NOT_KEPT = "Không lưu: {}."
NO_FORM = "send the fields as a form (Content-Type: application/x-www-form-urlencoded), not as JSON or XML"
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
REPLAYED = "Idempotency-Replayed"


@blueprint.post("/requests.json", defaults=JSON)
@blueprint.post("/requests.xml", defaults=XML)
@public
@answering
def send(form: str) -> Response:
    """Open a case. The answer holds the sender's code: nobody can find it out later."""
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(413, "the report is too large")
    given, today = _form(), clock.local_date()
    text = "".join(given.get("api_key", ()))
    one_more(text)
    with transaction() as session:
        key = opened_by(session, CASES, text)
        if key is None:
            raise Refused(403, NO_KEY)
        told = posted(given, NOTICE % {"name": key.name})
        jurisdiction(session)
        name = report_name(request.headers.get("Idempotency-Key", ""))
        sent = services.send(session, key, Sending(key.id, text.strip(), name, report_of(given)), told, today)
    entry: Entry = {"service_request_id": sent.public_number, "service_notice": _notice(sent, told), "account_id": None}
    made = answer([entry], form, "service_requests", "request", 201 if sent.code else 200)
    if not sent.is_new:
        made.headers[REPLAYED] = "true"
    return made


def _notice(sent: Sent, told: Posted) -> str:
    """What the person who wrote is to be told."""
    if not sent.code:
        return in_language(SENT_BEFORE)
    place = f"{site().config.public_url}/follow"
    notice = in_language(message(KEEP_CODE.source, code=printed(sent.code), place=place))
    return f"{notice} {NOT_KEPT.format(', '.join(told.left_out))}" if told.left_out else notice


def _form() -> Mapping[str, Sequence[str]]:
    """What was posted as a form; files are not taken."""
    if request.content_length and request.mimetype not in FORMS:
        raise Refused(415, NO_FORM)
    if request.files:
        raise Refused(400, "media is not taken")
    found: MultiDict[str, str] = request.form
    return found.to_dict(flat=False)
