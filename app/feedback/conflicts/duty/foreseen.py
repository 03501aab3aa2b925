"""What a change of the roster means for cases: counted before it is saved, and told once it is.

Only cases that whoever changes the roster may see just before are counted, so that no count tells of others.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.models import Case
from app.feedback.conflicts.touched import Touched

NONE = "Trong các đơn Ông/Bà được xem, không đơn nào thay đổi."


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many cases somebody is excluded or let in again, how many go up or come back."""

    shut: int = 0
    up: int = 0
    let: int = 0
    back: int = 0

    @property
    def as_query(self) -> dict[str, Any]:
        """For the address of the page that tells it."""
        return {name: count for name, count in asdict(self).items() if count}

    @classmethod
    def of_query(cls, asked: Mapping[str, str]) -> "Counts":
        """From such an address; what is no small number counts as none."""
        texts = {one.name: asked.get(one.name, "") for one in fields(cls)}
        return cls(
            **{name: int(text) for name, text in texts.items() if text.isascii() and text.isdecimal() and len(text) < 7}
        )

    @property
    def words(self) -> str:
        """As a sentence."""
        parts = (
            (self.shut, "đơn có thêm người không còn được xem"),
            (self.up, "đơn chuyển lên cấp trên vì đơn vị không còn người độc lập"),
            (self.let, "đơn có người lại được xem"),
            (self.back, "đơn trở về đơn vị đã giữ trước đây"),
        )
        said = "; ".join(f"{count} {words}" for count, words in parts if count)
        return f"Trong các đơn Ông/Bà được xem: {said}." if said else NONE


def counted(session: Session, viewer: Viewer, counter_ids: Collection[int], act: Callable[[], Touched]) -> Counts:
    """Do it, and count what came of it among the cases the viewer knew."""
    known = session.scalars(
        select(Case.id).where(
            Case.counter_id.in_(list(counter_ids)), access.visible(session, viewer, clock.local_date())
        )
    ).all()
    found = act().within(known)
    return Counts(len(found.shut), len(found.up), len(found.let), len(found.back))


def foreseen(session: Session, viewer: Viewer, counter_ids: Collection[int], act: Callable[[], Touched]) -> Counts:
    """The same without doing it: everything is undone."""
    attempt = session.begin_nested()
    try:
        return counted(session, viewer, counter_ids, act)
    finally:
        attempt.rollback()


def tried(
    session: Session, viewer: Viewer, counter_ids: Collection[int], act: Callable[[], Touched], *, is_sure: bool
) -> tuple[Counts, bool]:
    """Do it at once where it changes no case the viewer knows, or when they have seen what it changes.

    What came or would come of it, and whether it was done.
    """
    if not is_sure and (ahead := foreseen(session, viewer, counter_ids, act)) != Counts():
        return ahead, False
    return counted(session, viewer, counter_ids, act), True
