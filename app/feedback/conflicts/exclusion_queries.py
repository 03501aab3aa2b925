"""Exclusions as Home Affairs sees them: who was excluded from which case, by which rule; never the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.db.pages import Matching
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.conflicts.kinds import REASONS, Reason
from app.units import queries as units
from app.web.permissions import Permission

BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class ExclusionKey:
    """One exclusion, with the ids that its row needs."""

    case_id: str
    public_number: str
    unit_id: int
    concerned_unit_id: int
    officer_name: str
    rule: str
    since: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExclusionLine:
    """The same with the names of the units."""

    key: ExclusionKey
    unit_name: str
    concerned_unit_name: str


def exclusions(
    session: Session, viewer: Viewer, on: date, *, rule: str = "", is_lifted: bool | None = None
) -> Matching[ExclusionKey]:
    """The exclusions from cases that exist for a viewer who may know such things, the newest first."""
    statement = (
        select(
            Case.id,
            Case.public_number,
            Case.unit_id,
            Case.concerned_unit_id,
            Officer.full_name,
            CaseExclusion.rule,
            CaseExclusion.since,
            CaseExclusion.lifted_at,
        )
        .join(Case, Case.id == CaseExclusion.case_id)
        .join(Officer, Officer.id == CaseExclusion.officer_id)
        .where(access.visible(session, viewer, on, Permission.CASES_READ_OPENERS))
        .order_by(CaseExclusion.since.desc(), Case.public_number, Officer.id)
    )
    if is_lifted is not None:
        statement = statement.where(
            CaseExclusion.lifted_at.is_not(None) if is_lifted else CaseExclusion.lifted_at.is_(None)
        )
    if rule:
        by_rule = [one.value for one in Reason]
        statement = statement.where(
            CaseExclusion.rule.not_in(by_rule) if rule == BY_HAND else CaseExclusion.rule == rule
        )
    return Matching(session, statement, lambda row: ExclusionKey(*row))


def loaded(session: Session, keys: Sequence[ExclusionKey], on: date) -> list[ExclusionLine]:
    """The rows of some exclusions."""
    wanted = {unit_id for key in keys for unit_id in (key.unit_id, key.concerned_unit_id)}
    names = units.names_on(session, wanted, on)
    return [ExclusionLine(key, names.get(key.unit_id, ""), names.get(key.concerned_unit_id, "")) for key in keys]


def rule_words(code: str) -> str:
    """Why, in words; by hand an officer gave the reason, which stands in the case."""
    return REASONS[Reason(code)] if code in set(Reason) else "Cán bộ có thẩm quyền loại"
