"""From which other system cases came, for whoever may know: those who handle them, and those who keep the keys.

A name such as that of a school's own program may say who the sender is, so it is told to no more officers than need it.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.connections.models import ExchangeKey
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.models import Case, ExchangeCase
from app.web.permissions import Permission

MAY_KNOW = (Permission.CASES_HANDLE, Permission.CASES_CONNECT)


def systems(session: Session, viewer: Viewer, case_ids: Collection[str], on: date) -> dict[str, str]:
    """The names of the systems that sent some cases, by case; those the viewer may not know are left out."""
    sent = (
        select(Case.id, ExchangeKey.name)
        .join(ExchangeCase, ExchangeCase.case_id == Case.id)
        .join(ExchangeKey, ExchangeKey.id == ExchangeCase.key_id)
        .where(Case.id.in_(case_ids), or_(*(access.visible(session, viewer, on, one) for one in MAY_KNOW)))
    )
    return dict(session.execute(sent).all())
