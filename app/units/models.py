"""Units with dated names and parents, their successions, counters, fields and procedures."""

from datetime import date
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Integer, Numeric, Table, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, IntPk, LocalDate, Ordered, ShortText, Timestamp
from app.i18n.folding import fold, ordered
from app.units.successions import SuccessionKind


def _ordered_name(context: DefaultExecutionContext) -> str:
    return ordered(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


def _folded_counter(context: DefaultExecutionContext) -> str:
    given = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return folded_counter(given["number"], given["name"])


class Unit(Base):
    """An office, a level of government or a place of service, by dates; ``valid_to`` is its last day."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
    )

    id: Mapped[IntPk]
    code: Mapped[Code]
    type: Mapped[Code]
    valid_from: Mapped[LocalDate]
    valid_to: Mapped[date | None] = mapped_column(Date)
    is_official: Mapped[bool] = mapped_column(default=False)

    names: Mapped[list["UnitName"]] = relationship(order_by="UnitName.valid_from", cascade="all, delete-orphan")
    parents: Mapped[list["UnitParent"]] = relationship(
        foreign_keys="UnitParent.unit_id", order_by="UnitParent.valid_from", cascade="all, delete-orphan"
    )


class UnitName(Base):
    """The name a unit bore from one date to another.

    ``folded`` is the name without diacritics, for search; ``ordered`` is what lists go by: "Phường 2", "Phường 10".
    """

    __tablename__ = "unit_name"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    name: Mapped[ShortText]
    folded: Mapped[ShortText] = mapped_column(index=True)
    ordered: Mapped[Ordered] = mapped_column(default=_ordered_name, server_default=text("''"))


class UnitParent(Base):
    """The unit above, from one date to another."""

    __tablename__ = "unit_parent"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    parent_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)


class UnitSuccession(Base):
    """One unit followed by another on a date; ``share`` is the part that went over where a list gives it."""

    __tablename__ = "unit_succession"
    __table_args__ = (
        CheckConstraint("(kind = 'rename') = (old_unit_id = new_unit_id)", name="only_a_rename_points_at_itself"),
    )

    old_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    new_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    effective_on: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[SuccessionKind] = mapped_column(by_value(SuccessionKind, "kind"))
    share: Mapped[Decimal | None] = mapped_column(Numeric(7, 6))


class Field(Base):
    """A field of administration (lĩnh vực), such as hộ tịch or đất đai."""

    __tablename__ = "field"

    id: Mapped[IntPk]
    name: Mapped[ShortText] = mapped_column(unique=True)
    folded: Mapped[ShortText]


counter_field = Table(
    "counter_field",
    Base.metadata,
    Column("counter_id", Integer, ForeignKey("counter.id"), primary_key=True),
    Column("field_id", Integer, ForeignKey("field.id"), primary_key=True, index=True),
)


class Counter(Base):
    """A place where people are served. ``opening_hours`` maps ISO weekdays to ranges: {"1": [["07:30", "11:30"]]}.

    ``folded`` is number and name without diacritics, for search.
    """

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("unit_id", "number"),)

    id: Mapped[IntPk]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    number: Mapped[Code]
    name: Mapped[ShortText]
    folded: Mapped[ShortText] = mapped_column(default=_folded_counter, server_default=text("''"))
    opening_hours: Mapped[dict[str, list[list[str]]]] = mapped_column(JSON)
    valid_from: Mapped[LocalDate]
    valid_to: Mapped[date | None] = mapped_column(Date)

    unit: Mapped[Unit] = relationship()
    fields: Mapped[list[Field]] = relationship(secondary=counter_field, order_by=Field.name)

    @property
    def label(self) -> str:
        """Number and name as people read them at the counter."""
        return counter_label(self.number, self.name)


def counter_label(number: str, name: str) -> str:
    """Such as "Quầy 3 – Hộ tịch"."""
    return f"Quầy {number} – {name}"


def folded_counter(number: str, name: str) -> str:
    """What a search among counters looks into."""
    return fold(counter_label(number, name))[:300]


class Procedure(Base):
    """An administrative procedure; ``level`` is the level of government that settles it; an open end is unknown."""

    __tablename__ = "procedure"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),)

    id: Mapped[IntPk]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[ShortText]
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field.id"), index=True)
    level: Mapped[Code]
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    field: Mapped[Field | None] = relationship()


class ImportDraft(Base):
    """An uploaded table that waits for its officer's yes: parsed rows as JSON text, encrypted, bound to who made it."""

    __tablename__ = "import_draft"

    id: Mapped[Code] = mapped_column(primary_key=True)
    owner: Mapped[Code]
    kind: Mapped[Code]
    created_at: Mapped[Timestamp]
    rows: Mapped[str] = mapped_column(EncryptedText("import_draft.rows", row="id"))
