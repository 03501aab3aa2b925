"""The installation row: what kind of database this is."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.db.base import Base
from app.db.types import IntPk, LocalDate


class Installation(Base):
    """Exactly one row: when the installation began and whether everything in it is simulated."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[IntPk]
    created_on: Mapped[LocalDate]
    is_simulated: Mapped[bool]
