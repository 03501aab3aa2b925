"""Reads which events an address asks for, and names the people and units in them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.audit.errors import BadFilter
from app.audit.models import AuditEvent
from app.audit.queries import EventFilter, Word
from app.audit.tags import Action
from app.audit.words import WORDS
from app.feedback.cases.access import Viewer
from app.i18n.folding import fold_words
from app.oversight.subjects import hidden_subjects, known_case, subject_of_case
from app.units.import_cells import BadCell, read_date
from app.units.models import UnitName
from app.units.queries import names_on, unit_called
from app.units.scope import allowed_unit_ids
from app.web.permissions import Permission
from app.web.search import sought

MOST_WORDS = 6
MOST_NAMED = 500
_NUMBER = re.compile(r"\b(?:LN|PA)[-–][0-9A-Z]{5}[-–][0-9A-Z]{5}\b", re.IGNORECASE)
FIELDS = ("q", "case", "action", "actor", "unit", "from", "to")


def asked() -> dict[str, str]:
    """The filters of the present address, as typed."""
    return {name: request.args.get(name, "").strip() for name in FIELDS} | {"q": sought()}


def read_filter(session: Session, who: Viewer, given: Mapping[str, str]) -> EventFilter:
    """The events that an officer asks for and may see.

    Raises
    ------
    BadFilter
        For a day, officer, action, unit or number of a case that cannot be.
    """
    words, subject = given["q"], None
    if given["case"]:
        subject = subject_of_case(session, who.officer_id, given["case"])
    elif number := _NUMBER.search(words):
        # Who finds a number in a row copies it into the first box; one that is nobody's is looked for as words.
        subject = known_case(session, who.officer_id, number[0])
        words = words if subject is None else words.replace(number[0], " ")
    return EventFilter(
        action=_action(given["action"]),
        actor_id=_actor(session, given["actor"]),
        unit_id=_unit(session, given["unit"]),
        subject=subject,
        since=_day(given["from"]),
        until=_day(given["to"]),
        words=[_word(session, word) for word in fold_words(words).split()[:MOST_WORDS]],
        hidden=hidden_subjects(session, who.officer_id),
        allowed=allowed_unit_ids(session, who, Permission.AUDIT_READ, clock.local_date()),
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Names of officers and units by number; an unknown number gives the number."""

    officers: Mapping[int, str]
    units: Mapping[int, str]

    def officer(self, actor_id: int | None) -> str:
        """Who acted."""
        return "Hệ thống" if actor_id is None else self.officers.get(actor_id, f"Cán bộ {actor_id}")

    def unit(self, unit_id: int | None) -> str:
        """Which unit is concerned."""
        return "" if unit_id is None else self.units.get(unit_id, f"Đơn vị {unit_id}")


def names_in(session: Session, events: Iterable[AuditEvent]) -> Names:
    """The names that some events need."""
    shown = list(events)
    return names_of(session, {one.actor_id for one in shown}, {one.unit_id for one in shown})


def names_of(session: Session, actor_ids: Iterable[int | None], unit_ids: Iterable[int | None]) -> Names:
    """The names of officers and units."""
    wanted = sorted({one for one in actor_ids if one is not None})
    officers = session.execute(select(Officer.id, Officer.full_name).where(Officer.id.in_(wanted))).all()
    units = names_on(session, {one for one in unit_ids if one is not None}, clock.local_date())
    return Names({row.id: row.full_name for row in officers}, units)


def _word(session: Session, word: str) -> Word:
    people = session.execute(select(Officer.id, Officer.full_name, Officer.username)).all()
    named = select(UnitName.unit_id).where(UnitName.folded.contains(word, autoescape=True)).distinct()
    return Word(
        folded=word,
        actions=[action.value for action in Action if word in fold_words(f"{WORDS.get(action, '')} {action.value}")],
        actor_ids=[row.id for row in people if word in fold_words(f"{row.full_name} {row.username}")][:MOST_NAMED],
        unit_ids=list(session.scalars(named.limit(MOST_NAMED))),
    )


def _action(value: str) -> Action | None:
    if not value:
        return None
    try:
        return Action(value)
    except ValueError as error:
        raise BadFilter("Không có loại hành động này. Xin chọn lại ở khung lọc.") from error


def _actor(session: Session, value: str) -> int | None:
    if not value:
        return None
    if value.isdecimal() and len(value) < 10:
        return int(value)
    found = session.scalar(select(Officer.id).where(Officer.username == value.lower()))
    if found is None:
        raise BadFilter("Không có cán bộ nào mang tên đăng nhập hoặc số này.")
    return found


def _unit(session: Session, value: str) -> int | None:
    if not value:
        return None
    found = unit_called(session, value, clock.local_date())
    if found is None:
        raise BadFilter("Không có đơn vị nào mang mã này.")
    return found[0].id


def _day(value: str) -> date | None:
    if not value:
        return None
    try:
        return read_date(value)
    except BadCell as error:
        raise BadFilter("Ngày phải viết như 21/11/2026.") from error
