"""Sentences that came with an earlier release and were wrong, put right where they still stand.

A rule is never edited: the right sentence comes as a version of its own, from today on, or from the first day of a
version that has not begun. Words that officers have changed are theirs and stay.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.audit.services import record
from app.audit.tags import Action
from app.rules.content import KindRule, Words
from app.rules.first_load import first_versions
from app.rules.queries import Rule, history
from app.rules.services import insert


@dataclass(frozen=True, slots=True)
class Correction:
    """What a sentence of a rule's guidance said, and what it says now, in both languages."""

    matter: str
    was: Words
    now: Words
    reason: str


CORRECTIONS = (
    Correction(
        "kind:complaint",
        Words("giờ nhận được lưu lại.", "with its time of receipt."),
        Words(
            "ngày nhận được lưu lại; giờ nhận chỉ có trên biên nhận có chữ ký, xin giữ biên nhận.",
            "with its day of receipt; the time stands on the signed receipt alone, so please keep the receipt.",
        ),
        "Nói đúng: hệ thống lưu ngày nhận, giờ nhận chỉ có trên biên nhận",
    ),
)


def apply(session: Session, today: date) -> int:
    """Add the versions that are missing; how many. Calling it again does nothing."""
    made = 0
    for one in CORRECTIONS:
        for rule in _in_force_or_coming(session, one.matter, today):
            right = _corrected(one, rule.content)
            if right is not None:
                begins = max(rule.valid_from, today)
                insert(session, None, one.matter, right, begins, rule.legal_basis, rule.status, one.reason)
                made += 1
    if made:
        record(session, None, Action.LAW_LOAD, "rule:all", {"versions": made})
    return made


def _in_force_or_coming(session: Session, matter: str, today: date) -> Iterator[Rule[KindRule]]:
    """The version that holds today and those that will, the last word of each day."""
    days: dict[date, Rule[KindRule]] = {}
    for rule in history(session, matter):
        if rule.withdrawn_at is None and isinstance(rule.content, KindRule):
            last = days.get(rule.valid_from)
            if last is None or last.id < rule.id:
                days[rule.valid_from] = rule  # type: ignore[assignment]  # the content was looked at
    begun = [day for day in days if day <= today]
    yield from (days[day] for day in sorted(days) if day > today or day == max(begun, default=None))


def _corrected(one: Correction, content: KindRule) -> KindRule | None:
    """The content with the right sentence; None where it does not say what the product once said, word for word."""
    for known in first_versions():
        if known.matter == one.matter and isinstance(known.content, KindRule):
            right = known.content.guidance
            said = Words(right.vi.replace(one.now.vi, one.was.vi), right.en.replace(one.now.en, one.was.en))
            if content.guidance == said != right:
                return replace(content, guidance=right)
    return None
