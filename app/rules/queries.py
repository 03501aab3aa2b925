"""Reads the rules: what holds on a day, one version for ever, the history of a matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.calendar.sources import Status
from app.rules.content import (
    BY_CODE,
    ApologyRule,
    ConflictRule,
    Content,
    CountingRule,
    DataRequestRule,
    KindRule,
    RetentionRule,
)
from app.rules.errors import NoRule
from app.rules.kinds import Kind
from app.rules.models import RuleVersion, RuleWithdrawal
from app.rules.stored import from_json

C = TypeVar("C", bound=Content)


@dataclass(frozen=True, slots=True)
class Rule(Generic[C]):
    """A version with its content typed. ``withdrawn_at``: it was taken back before it began."""

    id: int
    matter: str
    valid_from: date
    content: C
    legal_basis: str
    status: Status
    reason: str
    created_at: datetime
    created_by: int | None
    withdrawn_at: datetime | None = None


def rule_on(session: Session, matter: str, on: date) -> Rule[Content]:
    """The rule of a matter that holds on a day.

    Raises
    ------
    NoRule
        When there is none.
    """
    row = session.scalar(_in_force(matter).where(RuleVersion.valid_from <= on).limit(1))
    if row is None:
        raise NoRule("Chưa có quy định cho việc này. Xin báo quản trị hệ thống nạp quy định.")
    return _typed(row)


def kind_rule_on(session: Session, kind: Kind, on: date) -> Rule[KindRule]:
    """The rule of a kind of case that holds on a day."""
    return _as(rule_on(session, kind.matter, on), KindRule)


def kind_rules_on(session: Session, on: date) -> dict[Kind, Rule[KindRule]]:
    """The rules of all kinds that hold on a day, in the order of the kinds."""
    return {kind: kind_rule_on(session, kind, on) for kind in Kind}


def counting_on(session: Session, on: date) -> Rule[CountingRule]:
    """How days are counted for what begins on a day."""
    return _as(rule_on(session, "counting", on), CountingRule)


def retention_on(session: Session, on: date) -> Rule[RetentionRule]:
    """How long data of senders are kept."""
    return _as(rule_on(session, "retention", on), RetentionRule)


def data_requests_on(session: Session, on: date) -> Rule[DataRequestRule]:
    """The terms for requests about personal data."""
    return _as(rule_on(session, "data-requests", on), DataRequestRule)


def apology_on(session: Session, on: date) -> Rule[ApologyRule]:
    """The rule about letters of apology."""
    return _as(rule_on(session, "apology", on), ApologyRule)


def conflicts_on(session: Session, on: date) -> Rule[ConflictRule]:
    """Who must not see a case that begins on a day."""
    return _as(rule_on(session, "conflicts", on), ConflictRule)


def rule_version(session: Session, version_id: int) -> Rule[Content]:
    """One version, whatever holds now.

    Raises
    ------
    NoRule
        When there is none of that number.
    """
    found = session.execute(
        select(RuleVersion, RuleWithdrawal.withdrawn_at)
        .outerjoin(RuleWithdrawal, RuleWithdrawal.version_id == RuleVersion.id)
        .where(RuleVersion.id == version_id)
    ).one_or_none()
    if found is None:
        raise NoRule("Không có phiên bản quy định này.")
    return _typed(*found)


def kind_rule_version(session: Session, version_id: int) -> Rule[KindRule]:
    """One version of the rule of a kind: what a case began under."""
    return _as(rule_version(session, version_id), KindRule)


def counting_version(session: Session, version_id: int) -> Rule[CountingRule]:
    """One version of how days are counted."""
    return _as(rule_version(session, version_id), CountingRule)


def history(session: Session, matter: str) -> list[Rule[Content]]:
    """Every version of a matter, the one that begins last first; withdrawn ones too."""
    rows = session.scalars(
        select(RuleVersion)
        .where(RuleVersion.matter == matter)
        .order_by(RuleVersion.valid_from.desc(), RuleVersion.id.desc())
    ).all()
    gone = _withdrawals(session, [row.id for row in rows])
    return [_typed(row, gone.get(row.id)) for row in rows]


def _in_force(matter: str) -> Select[RuleVersion]:
    """The versions of a matter that were not withdrawn, the one that wins first."""
    withdrawn = select(RuleWithdrawal.version_id)
    return (
        select(RuleVersion)
        .where(RuleVersion.matter == matter, RuleVersion.id.not_in(withdrawn))
        .order_by(RuleVersion.valid_from.desc(), RuleVersion.id.desc())
    )


def _withdrawals(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    rows = session.execute(
        select(RuleWithdrawal.version_id, RuleWithdrawal.withdrawn_at).where(RuleWithdrawal.version_id.in_(ids))
    )
    return {row.version_id: row.withdrawn_at for row in rows}


def _typed(row: RuleVersion, withdrawn_at: datetime | None = None) -> Rule[Content]:
    return Rule(
        id=row.id,
        matter=row.matter,
        valid_from=row.valid_from,
        content=from_json(BY_CODE[row.matter].content, row.content, is_strict=False),
        legal_basis=row.legal_basis,
        status=row.status,
        reason=row.reason,
        created_at=row.created_at,
        created_by=row.created_by,
        withdrawn_at=withdrawn_at,
    )


def _as(rule: Rule[Content], kind: type[C]) -> Rule[C]:
    if not isinstance(rule.content, kind):
        raise NoRule("Phiên bản này thuộc quy định khác.")
    return rule  # type: ignore[return-value]  # the content was just looked at
