"""Imported answers of a sampled round with the design they were drawn by: strata, clusters, weights, populations."""

from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedBytes, EncryptedText
from app.db.base import Base, by_value
from app.db.types import Bytes, Code, IntPk, ShortText, Timestamp
from app.survey.sampled.targets import LONGEST_LABEL


class ImportMode(StrEnum):
    """What an import does to the answers that the round has: take their place, or stand beside them."""

    REPLACE = "replace"
    ADD = "add"


class SourceFormat(StrEnum):
    """What kind of file the answers came in."""

    CSV = "csv"
    XLSX = "xlsx"
    SAV = "sav"


class SampledSurvey(Base):
    """The shape of a round's design; a round without such a row has no imported answers.

    ``revision`` grows with every import, so that whoever keeps results can tell whether they are of today's answers.
    A weight is stored as a whole number of 10 to the minus ``weight_digits``: sums of weights are then exact and do
    not depend on the order of the rows.
    """

    __tablename__ = "sampled_survey"
    __table_args__ = (
        CheckConstraint("weight_digits BETWEEN 0 AND 18", name="weight_digits"),
        CheckConstraint("population_stages BETWEEN 0 AND 2", name="population_stages"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True, autoincrement=False)
    revision: Mapped[int]
    weight_digits: Mapped[int] = mapped_column(SmallInteger)
    has_strata: Mapped[bool]
    has_clusters: Mapped[bool]
    population_stages: Mapped[int] = mapped_column(SmallInteger)


class SampledImport(Base):
    """One import into a round: who, when, from which file (its SHA-256), how many rows, read in which way."""

    __tablename__ = "sampled_import"

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    imported_at: Mapped[Timestamp]
    mode: Mapped[ImportMode] = mapped_column(by_value(ImportMode, "mode"))
    source: Mapped[SourceFormat] = mapped_column(by_value(SourceFormat, "source"))
    checksum: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]
    mapping: Mapped[dict[str, object]] = mapped_column(JSON)
    is_replaced: Mapped[bool] = mapped_column(default=False)


class SampledCluster(Base):
    """A primary unit of a stratum, or, where people were drawn directly, the whole stratum (``psu`` is empty).

    ``first_population``: primary units (or people, where they were drawn directly) in the whole stratum.
    ``second_population``: people in this primary unit. Without a count the stage has no finite population correction.
    """

    __tablename__ = "sampled_cluster"
    __table_args__ = (
        UniqueConstraint("round_id", "stratum", "psu"),
        CheckConstraint("first_population > 0", name="first_population"),
        CheckConstraint("second_population > 0", name="second_population"),
    )

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    stratum: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    psu: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    first_population: Mapped[int | None]
    second_population: Mapped[int | None]


class SampledAnswer(Base):
    """One respondent: packed codes as in ``response``, the unit spoken of, cluster and weight. No order, no identity.

    The key is random, so that the order of the file, which may be that of a list of names, is not kept.
    """

    __tablename__ = "sampled_answer"
    __table_args__ = (CheckConstraint("weight > 0", name="weight"), {"sqlite_with_rowid": False})

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True, autoincrement=False)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    import_id: Mapped[int] = mapped_column(ForeignKey("sampled_import.id"))
    cluster_id: Mapped[int] = mapped_column(ForeignKey("sampled_cluster.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    weight: Mapped[int] = mapped_column(BigInteger)
    answers: Mapped[Bytes]


class SampledMapping(Base):
    """A saved way of reading the columns of a file for one question set."""

    __tablename__ = "sampled_mapping"
    __table_args__ = (UniqueConstraint("question_set_version_id", "name"),)

    id: Mapped[IntPk]
    question_set_version_id: Mapped[int] = mapped_column(ForeignKey("question_set_version.id"))
    name: Mapped[ShortText]
    content: Mapped[dict[str, object]] = mapped_column(JSON)


class SampledDraft(Base):
    """An uploaded file that waits for its officer's yes, a day at most.

    ``content`` is the table without the columns that look like personal data, compressed; ``mapping`` what was chosen
    so far, as JSON text, empty before the first choice. Both are encrypted.
    """

    __tablename__ = "sampled_draft"

    id: Mapped[Code] = mapped_column(primary_key=True)
    owner: Mapped[Code]
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"))
    created_at: Mapped[Timestamp]
    source: Mapped[SourceFormat] = mapped_column(by_value(SourceFormat, "source"))
    checksum: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(EncryptedBytes("sampled_draft.content", row="id"))
    mapping: Mapped[str] = mapped_column(EncryptedText("sampled_draft.mapping", row="id"))
