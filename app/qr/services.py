"""Issue, rotate and retire codes; count scans."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.errors import Conflict, Gone, Invalid, Missing
from app.qr.models import Channel, QrCode, QrScan
from app.qr.queries import CodeState, code_state, in_force
from app.qr.tokens import new_token
from app.units.models import Counter

LONGEST_GRACE_DAYS = 366


def issue(session: Session, counter_id: int, *, today: date, channel: Channel = Channel.QR) -> QrCode:
    """A first code for a counter and channel.

    Raises Missing for an unknown counter, Gone for a closed one, Conflict when a code is already in force: a second
    one would split the counter's answers and leave a card nobody knows of.
    """
    # The lock on the counter makes two officers who press at once get one code (SQLite locks the whole database).
    counter = session.get(Counter, counter_id, with_for_update=True)
    if counter is None:
        raise Missing("Không tìm thấy quầy này.")
    if counter.valid_to is not None and counter.valid_to < today:
        raise Gone("Quầy này đã đóng, không cấp mã mới được.")
    present = select(QrCode.id).where(QrCode.counter_id == counter_id, QrCode.channel == channel, in_force(today))
    if session.scalars(present.limit(1)).first() is not None:
        raise Conflict("Quầy này đang có mã dùng được. Nếu cần mã khác, hãy chọn “Đổi mã”.")
    return _new_code(session, counter_id, channel, today)


def issue_missing(
    session: Session, counter_ids: Iterable[int], *, today: date, channel: Channel = Channel.QR
) -> list[QrCode]:
    """A first code for each of these counters that is open and has none in force; the new codes."""
    wanted = sorted(set(counter_ids))
    statement = select(Counter).where(Counter.id.in_(wanted)).order_by(Counter.id).with_for_update()
    counters = [one for one in session.scalars(statement) if one.valid_to is None or one.valid_to >= today]
    present = select(QrCode.counter_id).where(QrCode.counter_id.in_(wanted), QrCode.channel == channel, in_force(today))
    served = set(session.scalars(present))
    return [_new_code(session, counter.id, channel, today) for counter in counters if counter.id not in served]


def rotate(session: Session, code_id: int, grace_days: int, *, today: date) -> QrCode:
    """A new code in place of one in force, which keeps working through `grace_days` more days; the new code.

    With 0 days the old code still works today. To stop a code that was tampered with at once, retire it and issue
    another. Raises Missing, Invalid (days out of range) and Conflict (already replaced or retired).
    """
    if not 0 <= grace_days <= LONGEST_GRACE_DAYS:
        raise Invalid(f"Số ngày dùng song song phải từ 0 đến {LONGEST_GRACE_DAYS}.")
    old = _locked(session, code_id)
    state = code_state(old.retired_on, old.grace_until, today)
    if state is CodeState.RETIRED:
        raise Conflict("Mã này đã ngừng dùng. Hãy cấp mã mới cho quầy.")
    if state is CodeState.GRACE:
        raise Conflict("Mã này đã được thay bằng mã khác.")
    new = _new_code(session, old.counter_id, old.channel, today)
    session.flush()  # the old code points at the new one, whose key comes from the database
    old.grace_until = today + timedelta(days=grace_days)
    old.replaced_by_id = new.id
    return new


def retire(session: Session, code_id: int, *, today: date) -> QrCode:
    """End a code from today on; it then leads to the friendly page. Retiring it again keeps the first date.

    Raises Missing for an unknown code.
    """
    code = _locked(session, code_id)
    if code.retired_on is None or code.retired_on > today:
        code.retired_on = today
    return code


def count_scan(session: Session, code_id: int, on: date, count: int = 1) -> None:
    """So many more scans of a code on a day. Nothing about who or when within the day is kept."""
    count_scans(session, {(code_id, on): count})


def count_scans(session: Session, counts: Mapping[tuple[int, date], int]) -> None:
    """The same for several codes and days at once; ``counts``: (code id, day) → further scans."""
    rows = [
        {"qr_code_id": code_id, "scanned_on": on, "count": count} for (code_id, on), count in sorted(counts.items())
    ]
    if not rows:
        return
    # The two dialects write the same sentence, but SQLAlchemy has one construct for each.
    dialect = session.get_bind().dialect.name
    table = cast("Table", QrScan.__table__)
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.qr_code_id, table.c.scanned_on],
            set_={"count": table.c.count + statement.excluded.count},
        ),
        rows,
    )


def _new_code(session: Session, counter_id: int, channel: Channel, today: date) -> QrCode:
    code = QrCode(token=new_token(), counter_id=counter_id, channel=channel, issued_on=today)
    session.add(code)
    return code


def _locked(session: Session, code_id: int) -> QrCode:
    code = session.get(QrCode, code_id, with_for_update=True)
    if code is None:
        raise Missing("Không tìm thấy mã QR này.")
    return code
