"""What the next nights would erase of closed cases, told before it is gone: by case, by rule, with counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.feedback.cases.erasing import columns_of_words, due, files_of, term
from app.feedback.cases.models import Erased
from app.files.gate.models import CheckedFile
from app.rules.queries import retention_on


@dataclass(frozen=True, slots=True)
class Erasable:
    """Files or words of a case that would go. ``count``: files that are still kept, or texts that stand."""

    public_number: str
    what: Erased
    closed_on: date
    count: int
    rule_id: int
    legal_basis: str
    kept_days: int


def erasable(session: Session, today: date) -> list[Erasable]:
    """Everything whose time is up today, as the nightly job would erase it; nothing is changed."""
    found = []
    for case, what in list(due(session, today)):
        assert case.closed_on is not None  # ``due`` reckons from that day
        rule = retention_on(session, case.closed_on)
        limit = term(rule.content, what)
        assert limit is not None
        count = _files(session, case.id) if what is Erased.FILES else 1 + _texts(session, case.id)
        found.append(Erasable(case.public_number, what, case.closed_on, count, rule.id, rule.legal_basis, limit.value))
    return found


def by_rule(found: Sequence[Erasable]) -> list[tuple[Erasable, int, int]]:
    """For each rule and kind an example, how many cases, how many files or texts."""
    examples: dict[tuple[Erased, int], Erasable] = {}
    cases: Counter[tuple[Erased, int]] = Counter()
    counts: Counter[tuple[Erased, int]] = Counter()
    for one in found:
        key = (one.what, one.rule_id)
        examples.setdefault(key, one)
        cases[key] += 1
        counts[key] += one.count
    return [(examples[key], cases[key], counts[key]) for key in sorted(examples)]


def _files(session: Session, case_id: str) -> int:
    kept = (CheckedFile.id.in_(files_of(session, case_id)), CheckedFile.stored_name.is_not(None))
    return session.scalar(select(func.count()).select_from(CheckedFile).where(*kept)) or 0


def _texts(session: Session, case_id: str) -> int:
    """The texts besides that of the case itself."""
    counted = [
        select(func.count(column)).where(column.table.c.case_id == case_id).scalar_subquery()
        for column in columns_of_words()
    ]
    return sum(session.execute(select(*counted)).one())
