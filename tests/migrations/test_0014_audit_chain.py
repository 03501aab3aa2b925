"""Rows that were there before the chain are chained in their order, and the check finds them whole."""

import json
from datetime import date

from sqlalchemy import select, text

from app.audit.models import AuditEvent
from app.audit.proof.keys import PublicKeys
from app.audit.proof.verify import snapshot, verify
from app.audit.services import record
from app.audit.tags import Action
from app.db import migrate
from app.db.session import Database

ROW = (
    "INSERT INTO audit_event (id, occurred_at, action, actor_id, unit_id, subject, detail) "
    "VALUES (:id, :at, :action, :actor, :unit, :subject, :detail)"
)
OLD = (
    ("2026-11-01 01:00:00.000000", "code:issue", 1, None, "code:1", {"counter": 3, "channel": "qr"}),
    ("2026-11-01 16:59:59.123456", "mapping:save", 2, 5, "round:1", {"name": "Sở Nội vụ – mẫu Đ", "count": [1, 2]}),
    ("2026-11-01 17:00:00.000000", "session:refuse", None, None, "officer:unknown", {}),
    ("2026-10-31 01:00:00.000000", "day:close", None, None, "day:today", {"answers": None, "ok": True}),
)


def fill(database: Database) -> None:
    zone = "" if database.is_sqlite else "+00"
    with database.transaction() as session:
        for number, (at, action, actor, unit, subject, detail) in enumerate(OLD, start=1):
            values = {"id": number, "at": f"{at}{zone}", "action": action, "actor": actor, "unit": unit}
            session.execute(text(ROW), {**values, "subject": subject, "detail": json.dumps(detail, ensure_ascii=False)})
        if not database.is_sqlite:
            session.execute(text("SELECT setval('audit_event_id_seq', 4)"))


def test_old_rows_are_chained(unmigrated: Database) -> None:
    migrate.upgrade(unmigrated, "0013")
    fill(unmigrated)
    migrate.upgrade(unmigrated)
    with unmigrated.transaction() as session:
        record(session, 1, Action.CODE_PRINT, "code:1")
    with unmigrated.reading() as session:
        report = verify(snapshot(session), PublicKeys({}), None)
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert report.found == ()
    assert report.rows == len(OLD) + 1
    places = [(row.day, row.sequence) for row in rows[:4]]
    first, second = date(2026, 11, 1), date(2026, 11, 2)  # 17:00 UTC is midnight in Việt Nam; a day never goes back
    assert places == [(first, 1), (first, 2), (second, 1), (second, 2)]
    assert rows[1].folded == "round 1 so noi vu mau d 1 2"


def test_down_again_keeps_what_the_old_schema_holds(unmigrated: Database) -> None:
    migrate.upgrade(unmigrated, "0013")
    fill(unmigrated)
    migrate.upgrade(unmigrated, "0014")
    migrate.downgrade(unmigrated, "0013")
    with unmigrated.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_event")) == len(OLD)
        session.execute(text("DELETE FROM audit_event"))
