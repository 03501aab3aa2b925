"""What other systems may read: public answers as everybody reads them, and where the cases of one's own key stand."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.clock import VIETNAM
from app.feedback.cases.answers import OUTCOMES
from app.feedback.cases.kinds import CLASS_OF, State, StateClass
from app.feedback.cases.models import Case, ExchangeCase
from app.feedback.exchange.offers import OFFERED, Offer
from app.feedback.exchange.reading import Question
from app.feedback.handling.words import KINDS
from app.feedback.publishing.models import PublicAnswer
from app.feedback.publishing.queries import shown
from app.rules.kinds import Kind
from app.units import queries as units
from app.units.models import Counter, Unit, UnitName

Told = dict[str, str | bool | None]
ACTS = tuple(one for one in Action if one.value.startswith(("unit:", "counter:")))
"""What an officer does to units and counters changes what may be sent."""


def changed_at(session: Session, on: date) -> str:
    """When the services were last changed: by an act on units or counters, or by a day on which one came into force."""
    acted = session.scalar(select(func.max(AuditEvent.occurred_at)).where(AuditEvent.action.in_(ACTS)))
    days = (
        session.scalar(select(func.max(day)).where(day <= on))
        for day in (Unit.valid_from, Unit.valid_to, UnitName.valid_from, Counter.valid_from, Counter.valid_to)
    )
    first = datetime.combine(max((day for day in days if day is not None), default=on), time(), VIETNAM)
    moment = first if acted is None else max(first, acted.astimezone(VIETNAM))
    return moment.isoformat(timespec="seconds")


def public_cases(
    session: Session, asked: Question, on: date, inside: frozenset[int] | None, begin: int, most: int
) -> list[Told]:
    """Public answers of some units (None: all), newest month first; with nothing of the case but its public copy."""
    if "closed" not in asked.states:
        return []
    wanted = [shown()]
    if inside is not None:
        wanted.append(PublicAnswer.unit_id.in_(inside))
    if asked.ids:
        wanted.append(PublicAnswer.id.in_(asked.ids))
    if asked.service_codes:
        wanted.append(_of_services(session, asked.service_codes, on, PublicAnswer.kind, PublicAnswer.unit_id))
    if asked.first is not None:
        wanted.append(PublicAnswer.answered_month >= asked.first.replace(day=1))
    if asked.last is not None:
        wanted.append(PublicAnswer.answered_month <= asked.last)
    rows = session.scalars(
        select(PublicAnswer)
        .where(*wanted)
        .order_by(PublicAnswer.answered_month.desc(), PublicAnswer.id)
        .limit(most)
        .offset(begin)
    ).all()
    places = _offers(session, {row.unit_id for row in rows}, on)
    return [_public(row, *places[row.unit_id]) for row in rows]


def own_case(session: Session, key_id: int, number: str, on: date) -> Told | None:
    """Where a case stands that came in through a key, by its public number: state and dates, no word of it."""
    case = session.scalar(
        select(Case)
        .join(ExchangeCase, ExchangeCase.case_id == Case.id)
        .where(Case.public_number == number, ExchangeCase.key_id == key_id)
    )
    return None if case is None else _standing(case, _offers(session, {case.concerned_unit_id}, on))


def own_cases(
    session: Session, key_id: int, asked: Question, on: date, inside: frozenset[int] | None
) -> tuple[int, list[Told]]:
    """How many cases that came in through a key fit a question, and those of the page asked for, newest first."""
    wanted = [ExchangeCase.key_id == key_id]
    if len(asked.states) == 1:
        is_closed = Case.state.in_([one for one, kind in CLASS_OF.items() if kind is StateClass.DONE])
        wanted.append(is_closed if "closed" in asked.states else not_(is_closed))
    if inside is not None:
        wanted.append(Case.concerned_unit_id.in_(inside))
    if asked.ids:
        wanted.append(Case.public_number.in_(asked.ids))
    if asked.service_codes:
        wanted.append(_of_services(session, asked.service_codes, on, Case.kind_asked, Case.concerned_unit_id))
    if asked.first is not None:
        wanted.append(Case.received_on >= asked.first)
    if asked.last is not None:
        wanted.append(Case.received_on <= asked.last)
    sent = select(Case).join(ExchangeCase, ExchangeCase.case_id == Case.id).where(*wanted)
    count = session.scalar(select(func.count()).select_from(sent.subquery())) or 0
    # The number, not the moment of sending, stands next to the day: the order must not tell who came first.
    ordered = sent.order_by(Case.received_on.desc(), Case.public_number)
    rows = session.scalars(ordered.limit(asked.page_size).offset((asked.page - 1) * asked.page_size)).all()
    places = _offers(session, {row.concerned_unit_id for row in rows}, on)
    return count, [_standing(row, places) for row in rows]


def _standing(case: Case, places: dict[int, tuple[str, str]]) -> Told:
    # The kind and unit that were sent to, not where the case has gone since: that is for its sender to know.
    told = _told(case.public_number, case.kind_asked, *places[case.concerned_unit_id])
    is_closed = CLASS_OF[case.state] is StateClass.DONE
    return told | {
        "status": "closed" if is_closed else "open",
        "status_notes": _notes(case),
        "requested_datetime": _midnight(case.received_on),
        "updated_datetime": _midnight(case.closed_on or case.received_on),
        "expected_datetime": None if case.due_on is None else _midnight(case.due_on),
    }


def _public(row: PublicAnswer, code: str, name: str) -> Told:
    told = _told(row.id, row.kind, code, name)
    month = f"{row.answered_month:%m/%Y}"
    return told | {
        "status": "closed",
        "status_notes": f"{OUTCOMES[row.outcome]} ({month}). {row.answer or ''}",
        "description": "\n".join(part for part in (row.title, row.question) if part),
    }


def _told(key: str, kind: Kind, unit_code: str, unit_name: str) -> Told:
    """Every element of the norm, so that whoever reads finds them; empty where there is nothing to tell."""
    # A complaint is public too, but no other system can send one, so it has no service of its own.
    offer = Offer(kind, 0, unit_code, unit_name)
    return {
        "service_request_id": key,
        "status": "open",
        "status_notes": "",
        "service_name": f"{KINDS[kind]} – {unit_name}",
        "service_code": offer.code if kind in OFFERED else None,
        "description": None,
        "agency_responsible": unit_name,
        "service_notice": None,
        "requested_datetime": None,
        "updated_datetime": None,
        "expected_datetime": None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _of_services(
    session: Session,
    codes: Sequence[str],
    on: date,
    kinds: InstrumentedAttribute[Kind],
    unit_ids: InstrumentedAttribute[int],
) -> ColumnElement[bool]:
    conditions = []
    for code in codes:
        kind, _, unit_code = code.partition("-")
        unit = units.unit_by_code(session, unit_code, on) if unit_code.isascii() else None
        if unit is not None and kind in {one.value for one in OFFERED}:
            conditions.append(and_(kinds == Kind(kind), unit_ids == unit.id))
    return or_(*conditions) if conditions else false()


def _offers(session: Session, unit_ids: set[int], on: date) -> dict[int, tuple[str, str]]:
    names = units.names_on(session, unit_ids, on)
    codes = session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(unit_ids)))
    return {unit_id: (code, names.get(unit_id, code)) for unit_id, code in codes}


def _notes(case: Case) -> str:
    if case.outcome is not None:
        return str(OUTCOMES[case.outcome])
    return {
        State.RECEIVED: "Đã nhận",
        State.WAITING_FOR_SENDER: "Đang chờ người gửi trả lời câu hỏi của đơn vị",
    }.get(case.state, "Đang xử lý")


def _midnight(day: date) -> str:
    """A day as the norm writes moments: what citizens do is known by the day only."""
    return f"{day.isoformat()}T00:00:00+07:00"
