"""The interface by which the one-stop software delivers dossiers (docs/dossier-interface.md)."""

import hashlib
import json

from flask import Blueprint, request
from limits import parse
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app import clock
from app.accounts.connections.services import DOSSIERS, opened_by
from app.db.session import transaction
from app.dossiers import deliveries, reading
from app.dossiers.deliveries import Sender
from app.dossiers.errors import ImportRefused
from app.dossiers.reading import TITLES
from app.files.sheets import MAX_CELL_CHARACTERS
from app.files.tables import Record
from app.units import queries as units
from app.web.access import public
from app.web.limits import limits
from app.web.text_input import clean

blueprint = Blueprint("dossier_interface", __name__)

MOST_BYTES = 5 * 1024 * 1024
MOST_DOSSIERS = 5_000
MOST_ERRORS = 200
PER_KEY = parse("120/minute")


@blueprint.post("/interface/dossiers")
@public
def deliver() -> Response:
    """Take a delivery whole or not at all; the key in the head tells whose units it may speak of."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        return _answer(401, error="Thiếu khóa kết nối trong đầu Authorization.")
    if not limits().hit(PER_KEY, "dossiers", hashlib.sha256(text.encode()).hexdigest()):
        return _answer(429, error="Gửi quá nhanh. Xin gửi lại sau một phút.")
    body = _body()
    with transaction() as session:
        key = opened_by(session, DOSSIERS, text)
        if key is None:
            return _answer(401, error="Khóa kết nối không đúng hoặc đã bị thu hồi.")
        records = _records(body)
        if isinstance(records, str):
            return _answer(400, error=records)
        today = clock.local_date()
        allowed = frozenset(units.subtree_ids_of(session, frozenset({key.unit_id}), today))
        parsed = reading.parse(records, deliveries.known(session, allowed, today), today)
        faults = [{"dossier": one.row, "field": one.column, "error": one.message} for one in parsed.errors]
        try:
            taken = deliveries.take(session, Sender(key_id=key.id), parsed, hashlib.sha256(body).digest())
        except ImportRefused as error:
            return _answer(422, error=error.message, faults=faults[:MOST_ERRORS])
        key.last_used_on = today
    unknown = list(parsed.unknown_procedures[:MOST_ERRORS])
    return _answer(200, added=taken.added, changed=taken.changed, unchanged=taken.same, unknown_procedures=unknown)


def _body() -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge
    return request.get_data(cache=False)


def _records(body: bytes) -> list[Record] | str:
    """The dossiers of a body, numbered from 1, or what is wrong with it."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return "Nội dung không phải JSON."
    rows = told.get("dossiers") if isinstance(told, dict) else None
    if not isinstance(rows, list) or not rows or len(rows) > MOST_DOSSIERS:
        return f"Cần một danh sách “dossiers” có từ 1 đến {MOST_DOSSIERS} hồ sơ."
    found = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            return f"Hồ sơ thứ {number}: mọi trường phải là chữ."
        unknown = sorted(str(name)[:40] for name in set(row) - set(TITLES))
        if unknown:
            return f"Hồ sơ thứ {number}: không có trường “{unknown[0]}”."
        values = {name: clean(str(row.get(name, ""))[:MAX_CELL_CHARACTERS]).strip() for name in TITLES}
        found.append(Record(number, values))
    return found


def _answer(status: int, **content: object) -> Response:
    made = Response(json.dumps(content, ensure_ascii=False), status=status, mimetype="application/json")
    made.headers["Cache-Control"] = "no-store"
    if status == 429:
        made.headers["Retry-After"] = str(PER_KEY.get_expiry())
    return made
