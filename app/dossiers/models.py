"""Dossiers, their imports, counts entered whole, letters of apology."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Bytes, IntPk, LocalDate, ShortText, Timestamp
from app.dossiers.statuses import Status


class DossierImport(Base):
    """One delivery of dossiers: by an officer from a file, or by the one-stop software with its key."""

    __tablename__ = "dossier_import"
    __table_args__ = (CheckConstraint("(officer_id IS NULL) <> (key_id IS NULL)", name="by_one_of_both"),)

    id: Mapped[IntPk]
    imported_at: Mapped[Timestamp]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    key_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_key.id"))
    checksum: Mapped[Bytes] = mapped_column(comment="SHA-256 of the file")
    rows: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]


class Dossier(Base):
    """One dossier as last delivered. No name: who handed it in stands apart, and only where a letter is owed."""

    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint("(status = 'open') = (finished_on IS NULL)", name="open_is_not_finished"),
        CheckConstraint("finished_on IS NULL OR finished_on >= received_on", name="days_in_order"),
        Index("ix_dossier_unit_id_received_on", "unit_id", "received_on"),
        Index("ix_dossier_unit_id_finished_on", "unit_id", "finished_on"),
        Index("ix_dossier_status_due_on", "status", "due_on"),
    )

    id: Mapped[IntPk]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("procedure.id"), index=True)
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field.id"), index=True)
    received_on: Mapped[LocalDate]
    due_on: Mapped[date | None] = mapped_column(Date)
    finished_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[Status] = mapped_column(by_value(Status, "status"))
    import_id: Mapped[int] = mapped_column(ForeignKey("dossier_import.id"), index=True)


class DossierApplicant(Base):
    """To whom the letter goes: encrypted, kept only while a letter is owed and shortly after, then erased."""

    __tablename__ = "dossier_applicant"

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(
        EncryptedText("dossier_applicant.name", row="dossier_id"), comment="personal data"
    )
    address: Mapped[str | None] = mapped_column(EncryptedText("dossier_applicant.address", row="dossier_id"))
    erase_on: Mapped[LocalDate] = mapped_column(index=True)


class DossierCount(Base):
    """Counts of a unit and a stretch of days that came as totals, for times without single dossiers."""

    __tablename__ = "dossier_count"
    __table_args__ = (
        UniqueConstraint("unit_id", "first_on", "last_on", "field_id"),
        CheckConstraint("last_on >= first_on", name="days_in_order"),
        CheckConstraint("on_time + late <= settled", name="parts_of_the_whole"),
        CheckConstraint("received >= 0 AND settled >= 0 AND on_time >= 0 AND late >= 0", name="not_negative"),
    )

    id: Mapped[IntPk]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    first_on: Mapped[LocalDate]
    last_on: Mapped[LocalDate]
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field.id"))
    received: Mapped[int]
    settled: Mapped[int]
    on_time: Mapped[int]
    late: Mapped[int]
    source: Mapped[ShortText] = mapped_column(comment="the report the figures stand in")
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    entered_at: Mapped[Timestamp]


class ApologyLetter(Base):
    """A letter of apology owed for a dossier, the first or a further one.

    ``sent_on`` None: still owed. ``new_due_on`` None in one that was sent: it only says sorry.
    """

    __tablename__ = "apology_letter"
    __table_args__ = (
        CheckConstraint("new_due_on IS NULL OR sent_on IS NOT NULL", name="new_day_only_when_sent"),
        CheckConstraint("number >= 1", name="counted_from_one"),
        Index("ix_apology_letter_sent_on_owed_by", "sent_on", "owed_by"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rule_version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    owed_by: Mapped[LocalDate] = mapped_column(comment="the last day to send it in time")
    sent_on: Mapped[date | None] = mapped_column(Date)
    new_due_on: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str | None] = mapped_column(String(60), comment="number of the letter")
    reason: Mapped[str | None] = mapped_column(EncryptedText("apology_letter.reason", row="dossier_id"))
    signed_by: Mapped[str | None] = mapped_column(EncryptedText("apology_letter.signed_by", row="dossier_id"))
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
