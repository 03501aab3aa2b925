"""Units, counters and codes, put into the database as they are: no rules of the tree are checked."""

from datetime import date

from sqlalchemy.orm import Session

from app.i18n.folding import fold
from app.qr.models import Channel, QrCode
from app.qr.tokens import new_token
from app.units.models import Counter, Unit, UnitName, UnitParent, UnitSuccession
from app.units.successions import SuccessionKind

START = date(2025, 7, 1)


def make_unit(
    session: Session,
    code: str,
    *,
    name: str = "",
    parent: Unit | None = None,
    type_code: str = "ward",
    start: date = START,
    end: date | None = None,
) -> Unit:
    """A unit under a parent."""
    called = name or f"Phường {code}"
    unit = Unit(code=code, type=type_code, valid_from=start, valid_to=end, is_official=False)
    unit.names = [UnitName(valid_from=start, valid_to=end, name=called, folded=fold(called))]
    session.add(unit)
    session.flush()
    if parent is not None:
        session.add(UnitParent(unit_id=unit.id, parent_id=parent.id, valid_from=start, valid_to=end))
        session.flush()
    return unit


def make_counter(session: Session, unit: Unit, number: str = "1", *, name: str = "Hộ tịch") -> Counter:
    """A counter without opening hours."""
    counter = Counter(
        unit_id=unit.id, number=number, name=name, opening_hours={}, valid_from=unit.valid_from, valid_to=None
    )
    session.add(counter)
    session.flush()
    return counter


def make_code(session: Session, counter: Counter, *, retired_on: date | None = None) -> str:
    """A code on a counter; its token."""
    token = new_token()
    session.add(
        QrCode(
            token=token, counter_id=counter.id, channel=Channel.QR, issued_on=counter.valid_from, retired_on=retired_on
        )
    )
    session.flush()
    return token


def merge(session: Session, old: Unit, new: Unit, on: date) -> None:
    """End ``old`` the day before and let ``new`` follow it."""
    old.valid_to = date.fromordinal(on.toordinal() - 1)
    session.add(
        UnitSuccession(old_unit_id=old.id, new_unit_id=new.id, effective_on=on, kind=SuccessionKind.MERGE, share=None)
    )
    session.flush()
