"""Question-set versions, rounds, and answers in their two lives: today's staging and the closed days."""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Bytes, Code, IntPk, LocalDate, LongText, ShortText


class SetStatus(StrEnum):
    """A draft may be looked at; only a published version may be asked."""

    DRAFT = "draft"
    PUBLISHED = "published"


class SampleKind(StrEnum):
    """Who answers: drawn at random, everybody, or whoever scans the code."""

    OPEN = "open"
    PROBABILITY = "probability"
    CENSUS = "census"


class IndexFormula(StrEnum):
    """Value of a criterion: share satisfied, or mean level over the highest level."""

    TOP2 = "TOP2"
    MEAN5 = "MEAN5"


class Aggregation(StrEnum):
    """How criteria become an index."""

    MEAN_OF_CRITERIA = "MEAN_OF_CRITERIA"
    POOLED = "POOLED"
    RESPONDENT = "RESPONDENT"


class QuestionSetVersion(Base):
    """A question set as loaded from its file. A published version is frozen: ``content_hash`` says what it holds.

    ``is_uploaded``: it was made in the browser and is not among the files that come with the product.
    """

    __tablename__ = "question_set_version"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[IntPk]
    code: Mapped[Code]
    version: Mapped[int]
    title: Mapped[ShortText]
    content_hash: Mapped[str] = mapped_column(String(64))
    source: Mapped[LongText]
    status: Mapped[SetStatus] = mapped_column(by_value(SetStatus, "status"))
    published_on: Mapped[date | None] = mapped_column(Date)
    is_uploaded: Mapped[bool] = mapped_column(default=False, server_default=false())


class SurveyRound(Base):
    """One version asked in a part of the tree over some time. Version, kind, formula and aggregation never change."""

    __tablename__ = "survey_round"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),)

    id: Mapped[IntPk]
    name: Mapped[ShortText]
    question_set_version_id: Mapped[int] = mapped_column(ForeignKey("question_set_version.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    sample_kind: Mapped[SampleKind] = mapped_column(by_value(SampleKind, "sample_kind"))
    index_formula: Mapped[IndexFormula] = mapped_column(by_value(IndexFormula, "index_formula"))
    aggregation: Mapped[Aggregation] = mapped_column(by_value(Aggregation, "aggregation"))
    starts_on: Mapped[LocalDate]
    ends_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)

    question_set_version: Mapped[QuestionSetVersion] = relationship()


class TodaysResponse(Base):
    """An answer of a day not yet closed.

    ``form_id`` makes it exactly-once. Everything else, the counter included, is in ``payload`` (``staged.py``),
    encrypted with the key of the day, which day closing destroys: no log, backup or free page of the database can
    later tell who answered before whom, not even for a counter with one answer that day.
    """

    __tablename__ = "todays_response"
    __table_args__ = ({"sqlite_with_rowid": False},)

    form_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    answered_on: Mapped[LocalDate]
    payload: Mapped[Bytes]


class SpentForm(Base):
    """A form id whose day is closed but which a page may still send again. Holds nothing else, and is soon dropped."""

    __tablename__ = "spent_form"

    form_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    issued_on: Mapped[LocalDate] = mapped_column(index=True)


class Response(Base):
    """One answer of a closed day: packed codes under a random key; no time, no address, no order.

    The question-set version is the round's, which never changes. On SQLite the table is clustered by its key, so
    the key is the only index on both databases.
    """

    __tablename__ = "response"
    __table_args__ = ({"sqlite_with_rowid": False},)

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    answered_on: Mapped[date] = mapped_column(Date, primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    flags: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(2))
    answers: Mapped[Bytes]


class WrittenAnswer(Base):
    """A text or number answer, kept apart from the coded answers without any key to them, by month only.

    People write names and telephone numbers where nobody asks for them, so ``text`` is encrypted.
    """

    __tablename__ = "written_answer"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), index=True)
    month: Mapped[int]
    question_id: Mapped[Code]
    text: Mapped[str] = mapped_column(EncryptedText("written_answer.text", row="key"))
