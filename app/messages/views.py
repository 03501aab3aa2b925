"""What the gateway tells about messages it took (docs/message-gateway.md). Signed, and silent about what exists."""

import hashlib
import hmac
import json

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.db.session import transaction
from app.errors import Missing, NotAllowed
from app.messages.services import note_receipt
from app.web.access import public
from app.web.pages import site

blueprint = Blueprint("gateway", __name__)

LONGEST = 4096
ARRIVED = {"delivered": True, "undelivered": False}


@blueprint.post("/gateway/receipts")
@public
def receipt() -> Response:
    """Note that a message arrived or did not. The same answer for unknown messages and known ends."""
    key = site().config.gateway_key
    if not key:
        raise Missing("Không tìm thấy trang này.")
    body = request.get_data(cache=False) if (request.content_length or 0) <= LONGEST else b""
    signature = request.headers.get("X-Langnghe-Signature", "")
    wanted = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    if not body or not hmac.compare_digest(signature.encode(), wanted.encode()):
        raise NotAllowed("Chữ ký của thông báo này không đúng.")
    told = _read(body)
    if told is None:
        return Response(status=400)
    with transaction() as session:
        note_receipt(session, told[0], arrived=told[1])
    return Response(status=204)


def _read(body: bytes) -> tuple[str, bool] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    number, status = told.get("id"), told.get("status")
    if not isinstance(number, str) or not isinstance(status, str) or status not in ARRIVED:
        return None
    if not number.isalnum() or not number.isascii():
        return None
    return number[:40], ARRIVED[status]
