"""Who can see a case, and why: the same grants that the policy asks, so the page and the policy cannot disagree."""

from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rights.grants import Holder
from app.accounts.roles import NAMES
from app.feedback.cases.holding import holding
from app.feedback.cases.models import Case
from app.web.permissions import Permission


def holders(session: Session, case: Case, on: date) -> list[Holder]:
    """Everybody for whom the case exists, each reason on its own line."""
    found = holding(session, case, Permission.CASES_READ, on)
    if case.is_private:
        private = {line.officer.id for line in holding(session, case, Permission.CASES_READ_PRIVATE, on)}
        found = [line for line in found if line.officer.id in private]
    return found


def lines(found: list[Holder], *, by_name: bool) -> list[str]:
    """Who they are: by role and place with a count, or each by name."""
    if by_name:
        return [f"{line.officer.full_name}: {_reason(line)}" for line in found]
    people = Counter(_reason(line) for line in found)
    return [f"{reason}: {count} người" for reason, count in people.items()]


def _reason(line: Holder) -> str:
    lent = " (được ủy quyền)" if line.grant.delegation_id is not None else ""
    return f"{NAMES[line.grant.role]}{lent}, {line.unit_name or 'toàn hệ thống'}"
