"""Reminds those who send letters of apology, each working morning, of what must be sent by the next working day."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.contacts import queries as contacts
from app.accounts.contacts import services
from app.accounts.rights import grants
from app.calendar.queries import calendar
from app.db.session import Database
from app.dossiers.models import ApologyLetter, Dossier
from app.i18n.formats import format_date
from app.messages.worker import Waiting
from app.units import queries as units
from app.web.permissions import Permission

ABOUT = "letters"


def remind(database: Database) -> str:
    """One message to each who may send a letter that is due; callers see to it that it is a working morning."""
    with database.reading() as session:
        reach = contacts.reachable(session, single=False)
    count, today = 0, clock.local_date()
    for officer_id, reaches in reach.items():
        with database.transaction() as session:
            found = due(session, officer_id, today)
            if found is not None:
                values = {"count": str(found[0]), "until": format_date(found[1])}
                once = f"letters:{today:%Y%m%d}"
                count += services.tell(
                    session, reaches, "letter-owed", values, about=f"{ABOUT}:{officer_id}", once=once
                )
    return f"letters {count}"


def due(session: Session, officer_id: int, today: date) -> tuple[int, date] | None:
    """How many letters an officer may send and should by the next working day, and the first day among them."""
    roots = grants.scopes(session, officer_id, today).get(Permission.LETTERS_SEND)
    if roots is None:
        return None
    last = calendar(session).next_working_day(today)
    statement = (
        select(func.count(), func.min(ApologyLetter.owed_by))
        .join(Dossier, Dossier.id == ApologyLetter.dossier_id)
        .where(ApologyLetter.sent_on.is_(None), ApologyLetter.owed_by <= last)
    )
    if roots != grants.EVERYWHERE:
        statement = statement.where(Dossier.unit_id.in_(units.subtree_ids_of(session, roots, today)))
    count, first = session.execute(statement).one()
    return None if not count else (count, first)


def may_go(session: Session, waiting: Waiting) -> bool:
    """Whether such a message may still go: letters are still owed there, and the address is still the officer's."""
    kind, _, officer_id = waiting.about.partition(":")
    if kind != ABOUT:
        return True
    if not officer_id.isdecimal() or due(session, int(officer_id), clock.local_date()) is None:
        return False
    return contacts.is_current(session, int(officer_id), waiting.channel, waiting.recipient, single=False)
