"""Adds versions of rules and takes back those that have not begun; recorded with old and new value and reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.audit.values import PublicText
from app.calendar.sources import Status
from app.db.turns import take_turn
from app.rules import queries
from app.rules.content import BY_CODE, Content
from app.rules.differences import changed
from app.rules.errors import BadRule, HasBegun, NoRule
from app.rules.models import RuleVersion, RuleWithdrawal
from app.rules.stored import to_json

LATEST_YEAR = 2100
TURN = "rules"


def add_version(
    session: Session,
    actor_id: int | None,
    matter: str,
    content: Content,
    *,
    valid_from: date,
    legal_basis: str,
    status: Status,
    reason: str,
) -> RuleVersion:
    """Let another rule hold for a matter from a day on, today at the earliest: the past is never rewritten.

    Raises
    ------
    BadRule
        For a day that has passed, a missing basis or reason, and a content that changes nothing.
    """
    today = clock.local_date()
    take_turn(session, TURN)
    _check(matter, content, legal_basis=legal_basis, reason=reason)
    if not today <= valid_from <= date(LATEST_YEAR, 12, 31):
        raise BadRule({"valid_from": "Ngày hiệu lực phải từ hôm nay trở đi; điều đã áp dụng thì không sửa lại."})
    before = _before(session, matter, valid_from)
    differences = changed(before.content if before else None, content)
    same_words = before is not None and (before.legal_basis, before.status) == (legal_basis, status)
    if not differences and same_words:
        raise BadRule({"": "Không có gì thay đổi so với quy định đang áp dụng ở ngày đó."})
    made = insert(session, actor_id, matter, content, valid_from, legal_basis, status, reason)
    record(
        session,
        actor_id,
        Action.RULE_ADD,
        f"rule:{made.id}",
        {"matter": matter, "valid_from": valid_from, "basis": PublicText(legal_basis), "status": status},
        old={f"{one.name}_fact": PublicText(one.old) for one in differences},
        new={f"{one.name}_fact": PublicText(one.new) for one in differences},
        reason=reason,
    )
    return made


def withdraw(session: Session, actor_id: int | None, version_id: int, reason: str) -> None:
    """Take back a version before its first day.

    Raises
    ------
    HasBegun
        When it holds already or was taken back before.
    BadRule
        Without a reason.
    """
    take_turn(session, TURN)
    rule = queries.rule_version(session, version_id)
    if not reason.strip():
        raise BadRule({"reason": "Xin ghi lý do."})
    if rule.withdrawn_at is not None:
        raise HasBegun("Phiên bản này đã được rút rồi.")
    if rule.valid_from <= clock.local_date():
        raise HasBegun("Phiên bản này đã có hiệu lực nên không rút được. Xin lập phiên bản mới.")
    session.add(RuleWithdrawal(version_id=version_id, reason=reason, withdrawn_at=clock.now(), withdrawn_by=actor_id))
    record(
        session,
        actor_id,
        Action.RULE_WITHDRAW,
        f"rule:{version_id}",
        {"matter": rule.matter, "valid_from": rule.valid_from},
        reason=reason,
    )


def insert(
    session: Session,
    actor_id: int | None,
    matter: str,
    content: Content,
    valid_from: date,
    legal_basis: str,
    status: Status,
    reason: str,
) -> RuleVersion:
    """Store a version that was checked: of an officer, or of the files that come with the product."""
    stored: Mapping[str, Any] = to_json(content)
    made = RuleVersion(
        matter=matter,
        valid_from=valid_from,
        content=dict(stored),
        legal_basis=legal_basis,
        status=status,
        reason=reason,
        created_at=clock.now(),
        created_by=actor_id,
    )
    session.add(made)
    session.flush()  # the record names the number
    return made


def _check(matter: str, content: Content, *, legal_basis: str, reason: str) -> None:
    known = BY_CODE.get(matter)
    if (
        known is None
        or not isinstance(content, known.content)
        or getattr(content, "kind", None)
        not in (
            None,
            *([matter.partition(":")[2]] if matter.startswith("kind:") else []),
        )
    ):
        raise BadRule({"": "Nội dung không thuộc quy định này."})
    problems = {}
    if not legal_basis.strip():
        problems["legal_basis"] = "Xin ghi căn cứ pháp lý (số văn bản, điều, khoản)."
    if not reason.strip():
        problems["reason"] = "Xin ghi lý do thay đổi."
    if problems:
        raise BadRule(problems)


def _before(session: Session, matter: str, on: date) -> queries.Rule[Content] | None:
    try:
        return queries.rule_on(session, matter, on)
    except NoRule:
        return None
