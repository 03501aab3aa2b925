"""Deliveries of dossiers for tests."""

import hashlib
from datetime import date

from sqlalchemy.orm import Session

from app.dossiers import deliveries
from app.dossiers.deliveries import Sender, Taken
from app.dossiers.reading import parse
from app.files.tables import Record

NAMES = ("code", "unit", "procedure", "received", "due", "finished", "status", "name", "address")


def row(number: int, unit: str, received: str, due: str = "", finished: str = "", **more: str) -> dict[str, str]:
    """One dossier as a table holds it; finished ones are "Đã trả kết quả"."""
    values = dict.fromkeys(NAMES, "")
    status = "Đã trả kết quả" if finished else "Đang giải quyết"
    code = f"H15.50-{received[8:10]}{received[3:5]}{received[:2]}-{number:06}"
    return {**values, "code": code, "unit": unit, "received": received, "due": due, "finished": finished,
            "status": status, **more}  # fmt: skip


def deliver(session: Session, officer_id: int, rows: list[dict[str, str]], on: date) -> Taken:
    """Deliver rows as an officer would with a file."""
    records = [Record(number, one) for number, one in enumerate(rows, 2)]
    parsed = parse(records, deliveries.known(session, None, on), on)
    assert not parsed.errors, parsed.errors
    return deliveries.take(session, Sender(officer_id=officer_id), parsed, hashlib.sha256(repr(rows).encode()).digest())
