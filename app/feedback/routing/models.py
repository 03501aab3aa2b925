"""Routes: which unit, and who there, gets the cases about a unit."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, by_value
from app.db.types import IntPk, Timestamp, UtcDateTime
from app.rules.kinds import Kind


class DeskRoute(Base):
    """Cases about a unit and all below it, of a field and a kind (None: any), go to a unit and maybe to an officer.

    A route is never changed: it ends and another one takes its place, so that the rows are their own history.
    """

    __tablename__ = "desk_route"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        CheckConstraint("kind IS NULL OR kind <> 'denunciation'", name="denunciations_are_never_routed"),
    )

    id: Mapped[IntPk]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field.id"))
    kind: Mapped[Kind | None] = mapped_column(by_value(Kind, "kind"))
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    set_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    set_at: Mapped[Timestamp]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
