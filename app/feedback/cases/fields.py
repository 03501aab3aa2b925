"""The field of administration a case is about: that of its procedure, else the only one of its counter.

Most senders name no procedure; a counter that serves one field alone says as much.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.feedback.cases.models import Case
from app.units.models import Procedure, counter_field

_OF_PROCEDURE = select(Procedure.field_id).where(Procedure.id == Case.procedure_id).scalar_subquery()
_OF_COUNTER = (
    select(func.min(counter_field.c.field_id))
    .where(counter_field.c.counter_id == Case.counter_id)
    .having(func.count() == 1)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class FieldsOf:
    """The same rule for many cases at once, from two small tables read once."""

    procedures: Mapping[int, int | None]
    counters: Mapping[int, int]

    def of(self, procedure_id: int | None, counter_id: int | None) -> int | None:
        """The field of a case with this procedure and counter."""
        own = None if procedure_id is None else self.procedures.get(procedure_id)
        return own if own is not None or counter_id is None else self.counters.get(counter_id)


def is_about(field_id: int) -> ColumnElement[bool]:
    """Condition: the case is about this field; 0 for those of which nothing is known."""
    field = func.coalesce(_OF_PROCEDURE, _OF_COUNTER)
    return field == field_id if field_id else field.is_(None)


def fields_of(session: Session) -> FieldsOf:
    """The fields of all procedures, and of all counters that have one alone."""
    one = counter_field.c
    alone = select(one.counter_id, func.min(one.field_id)).group_by(one.counter_id).having(func.count() == 1)
    procedures = session.execute(select(Procedure.id, Procedure.field_id)).all()
    return FieldsOf(dict(procedures), dict(session.execute(alone).all()))
