"""Views of the list that an officer saved: a name and a query, nobody else's; the policy decides anew each time."""

import secrets
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.crypto.types import in_row
from app.errors import Missing
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import FieldMissing
from app.feedback.inbox.models import SavedView

MOST = 20
MOST_NAME = 60
ID_BYTES = 12


class UnknownView(Missing):
    """There is no such view, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy bộ lọc này.")


def own(session: Session, officer_id: int) -> Sequence[SavedView]:
    """The views of an officer, in the order in which they were saved."""
    return session.scalars(
        select(SavedView).where(SavedView.officer_id == officer_id).order_by(SavedView.saved_at, SavedView.id)
    ).all()


def save(session: Session, officer_id: int, name: str, query: str) -> SavedView:
    """Keep a query under a name; a view of that name is changed.

    Raises
    ------
    FieldMissing
        When there is no name, nothing to keep, or too many are kept already.
    """
    called = words_of("name", name, MOST_NAME)
    if not query:
        raise FieldMissing("name", "Xin chọn điều kiện lọc trước khi lưu.")
    found = next((one for one in own(session, officer_id) if one.name == called), None)
    if found is None:
        count = session.scalar(select(func.count()).select_from(SavedView).where(SavedView.officer_id == officer_id))
        if (count or 0) >= MOST:
            raise FieldMissing("name", f"Đã có {MOST} bộ lọc. Xin bỏ bớt một bộ lọc trước.")
        key = secrets.token_hex(ID_BYTES)
        found = SavedView(id=key, officer_id=officer_id, name=in_row(called, key), saved_at=clock.now())
        session.add(found)
    found.query = in_row(query, found.id)
    return found


def drop(session: Session, officer_id: int, view_id: str) -> None:
    """Forget a view."""
    found = session.get(SavedView, view_id) if view_id.isascii() and view_id.isalnum() else None
    if found is None or found.officer_id != officer_id:
        raise UnknownView
    session.delete(found)
