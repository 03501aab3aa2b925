"""The tables of a case.

Acts of citizens are stored by date, acts of officers by time: at a counter the minute would name the person. Nothing
here bears an address, a device or a form; keys are random and tables of citizens' rows are clustered by them, so that
neither number nor place tells the order of arrival, and nothing joins a case to a survey answer.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, LocalDate, Timestamp, UtcDateTime
from app.feedback.cases.kinds import Channel, Decision, Event, Outcome, QuestionEnd, RequestKind, State
from app.rules.kinds import Kind

CLUSTERED = {"sqlite_with_rowid": False}
CASE = "feedback_case.id"
LISTED = ("unit_id", "state", "due_on", "is_private", "assignee_id", "closed_on", "received_on", "public_number", "id")


class Case(Base):
    """What a citizen wrote, to whom, and where it stands.

    ``public_number`` opens nothing. ``code_index`` is the keyed derivation of the secret code (None: there is none, as
    for rows of the first intake). ``unit_id`` handles the case, ``concerned_unit_id`` is the one it speaks of.
    ``rule_version_id`` and ``counting_version_id`` are the versions of the law, and of how days are counted, it began
    under and keeps. ``version`` counts the writes (stale forms).
    """

    __tablename__ = "feedback_case"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_with_an_outcome"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_on_a_day"),
        CheckConstraint("kind <> 'denunciation'", name="denunciations_have_their_own_table"),
        # All that lists are narrowed, counted and ordered by: they read the index and leave the long texts alone.
        Index("ix_feedback_case_lists", *LISTED),
        CLUSTERED,
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    public_number: Mapped[Code] = mapped_column(unique=True)
    code_index: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    kind: Mapped[Kind] = mapped_column(by_value(Kind, "kind"))
    kind_asked: Mapped[Kind] = mapped_column(by_value(Kind, "kind_asked"), comment="as the sender chose")
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id"))
    counting_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id"))
    meets_form: Mapped[bool] = mapped_column(default=True, comment="False: khiếu nại noted as information only")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    concerned_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"), index=True)
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("procedure.id"))
    channel: Mapped[Channel] = mapped_column(by_value(Channel, "channel"))
    language: Mapped[Code]
    is_anonymous: Mapped[bool]
    is_private: Mapped[bool] = mapped_column(default=False)
    is_remote: Mapped[bool] = mapped_column(default=False, comment="a remote area: longer legal terms")
    received_on: Mapped[LocalDate] = mapped_column(index=True)
    happened_on: Mapped[date | None] = mapped_column(Date)
    text: Mapped[str] = mapped_column(
        EncryptedText("feedback.text", row="public_number"), comment="may hold personal data"
    )
    state: Mapped[State] = mapped_column(by_value(State, "state"))
    outcome: Mapped[Outcome | None] = mapped_column(by_value(Outcome, "outcome"))
    due_on: Mapped[date | None] = mapped_column(Date, index=True, comment="recomputed; None: no legal term")
    calendar_version: Mapped[int | None]
    closed_on: Mapped[date | None] = mapped_column(Date)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), comment="staff who wrote it down")
    version: Mapped[int] = mapped_column(default=1)


class CaseFingerprint(Base):
    """Salted SHA-256 of what was received, stored once and never changed: an edited text shows."""

    __tablename__ = "case_fingerprint"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class CaseEvent(Base):
    """One line of the history, never changed or removed. ``at`` and ``officer_id`` only for acts of officers."""

    __tablename__ = "case_event"
    __table_args__ = (
        CheckConstraint("(at IS NULL) OR (officer_id IS NOT NULL)", name="time_of_officers_only"),
        CLUSTERED,
    )

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event: Mapped[Event] = mapped_column(by_value(Event, "event", is_checked=False))
    happened_on: Mapped[LocalDate]
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    role: Mapped[str | None] = mapped_column(String(60))
    is_shown: Mapped[bool] = mapped_column(comment="whether the sender sees it")
    detail: Mapped[dict[str, object]] = mapped_column(JSON, comment="codes, numbers and dates only")


class CaseWords(Base):
    """The words of a line of the history: a reason, a document. Apart, because encrypted values are rotated."""

    __tablename__ = "case_words"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(EncryptedText("case_words.text", row="case_id"))


class CasePause(Base):
    """The clock stood still. Ended by a sender it ends at midnight before that day, in the sender's favour."""

    __tablename__ = "case_pause"
    __table_args__ = (CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="in_order"), CLUSTERED)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[Timestamp]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    document: Mapped[str] = mapped_column(EncryptedText("case_pause.document", row="case_id"), comment="what caused it")


class CaseExtension(Base):
    """The term was made longer, by whom and with which document."""

    __tablename__ = "case_extension"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    limit_value: Mapped[int]
    limit_unit: Mapped[Code]
    signed_by: Mapped[str] = mapped_column(EncryptedText("case_extension.signed_by", row="case_id"))
    document: Mapped[str] = mapped_column(EncryptedText("case_extension.document", row="case_id"))
    decided_on: Mapped[LocalDate]


class CaseQuestion(Base):
    """A question of the unit to the sender, one at a time, with a last day; asked and answered without identity."""

    __tablename__ = "case_question"
    __table_args__ = (CheckConstraint("(ended_as IS NULL) = (ended_on IS NULL)", name="ends_on_a_day"), CLUSTERED)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(EncryptedText("case_question.text", row="case_id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    asked_at: Mapped[Timestamp]
    answer_until: Mapped[LocalDate]
    answer: Mapped[str | None] = mapped_column(EncryptedText("case_question.answer", row="case_id"))
    ended_as: Mapped[QuestionEnd | None] = mapped_column(by_value(QuestionEnd, "ended_as"))
    ended_on: Mapped[date | None] = mapped_column(Date)


class CaseReply(Base):
    """What the unit answered when it closed the case, one a closing. Internal notes will never be in this table."""

    __tablename__ = "case_reply"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[Outcome] = mapped_column(by_value(Outcome, "outcome"))
    text: Mapped[str] = mapped_column(EncryptedText("case_reply.text", row="case_id"))
    likeness: Mapped[bytes | None] = mapped_column(LargeBinary, comment="equal for answers that say the same; keyed")
    written_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    answered_at: Mapped[Timestamp]


class CaseAuthor(Base):
    """Who wrote on an answer before it was sent, kept when its drafts go: nobody judges their own. Only added to."""

    __tablename__ = "case_author"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="of the answer")
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)


class CaseOutcomeFact(Base):
    """What had to be said with the outcome of an answer: a reason, where the matter went, a document."""

    __tablename__ = "case_outcome_fact"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="of the answer")
    field: Mapped[Code] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(EncryptedText("case_outcome_fact.text", row="case_id"))


class CaseRating(Base):
    """What the sender thinks of a reply: once for each real closing."""

    __tablename__ = "case_rating"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"), CLUSTERED)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    reply_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    score: Mapped[int]
    text: Mapped[str | None] = mapped_column(EncryptedText("case_rating.text", row="case_id"))
    rated_on: Mapped[LocalDate]


class CaseRequest(Base):
    """A sender asks for reopening, or for a second-stage review one level up; an officer decides in words."""

    __tablename__ = "case_request"
    __table_args__ = (CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at_a_time"), CLUSTERED)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[RequestKind] = mapped_column(by_value(RequestKind, "kind"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True, comment="who decides")
    reason: Mapped[str] = mapped_column(EncryptedText("case_request.reason", row="case_id"))
    asked_on: Mapped[LocalDate]
    decision: Mapped[Decision | None] = mapped_column(by_value(Decision, "decision"))
    words: Mapped[str | None] = mapped_column(EncryptedText("case_request.words", row="case_id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseExclusion(Base):
    """An officer whom the case concerns, or their superior: for them it does not exist, on any path."""

    __tablename__ = "case_exclusion"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True, index=True)
    rule: Mapped[Code] = mapped_column(comment="why, as a code")
    since: Mapped[Timestamp]
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="by the level above; None: in force")


class CaseReading(Base):
    """Who opened a case, under which role, first and last: what the sender is told by role, Home Affairs by name."""

    __tablename__ = "case_reading"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(60))
    first_at: Mapped[Timestamp]
    last_at: Mapped[Timestamp]


class CaseFile(Base):
    """A file of a case. Whether it may be opened is decided by the case, each time."""

    __tablename__ = "case_file"
    __table_args__ = (CLUSTERED,)

    file_id: Mapped[Code] = mapped_column(ForeignKey("checked_file.id"), primary_key=True)
    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), index=True)
    number: Mapped[int] = mapped_column(comment="as the sender counts them")
    added_on: Mapped[LocalDate]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))


class Erased(StrEnum):
    """What of a case goes when its time is up."""

    FILES = "files"
    WORDS = "words"


class CaseErasure(Base):
    """A tombstone: files or words of a case were erased on a day, in a batch, by the rule."""

    __tablename__ = "case_erasure"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    what: Mapped[Erased] = mapped_column(by_value(Erased, "erased"), primary_key=True)
    erased_on: Mapped[LocalDate]
    batch: Mapped[Code]


class Reporter(Base):
    """Who sent an identified case: apart from it, encrypted, with a day on which it is erased.

    After erasure a tombstone stays: the row with every personal column empty, the day and the batch.
    """

    __tablename__ = "reporter"
    __table_args__ = (
        CheckConstraint(
            "(erased_on IS NULL) OR (name IS NULL AND phone IS NULL AND phone_index IS NULL"
            " AND email IS NULL AND address IS NULL)",
            name="erased_is_empty",
        ),
        CheckConstraint("(erased_on IS NULL) = (batch IS NULL)", name="erased_in_a_batch"),
        CLUSTERED,
    )

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    name: Mapped[str | None] = mapped_column(EncryptedText("reporter.name", row="case_id"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("reporter.phone", row="case_id"))
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    email: Mapped[str | None] = mapped_column(EncryptedText("reporter.email", row="case_id"))
    address: Mapped[str | None] = mapped_column(EncryptedText("reporter.address", row="case_id"))
    notice_hash: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of the notice agreed to")
    wants_notices: Mapped[bool] = mapped_column(default=False, server_default=false())
    erase_on: Mapped[LocalDate] = mapped_column(index=True)
    erased_on: Mapped[date | None] = mapped_column(Date)
    batch: Mapped[str | None] = mapped_column(String(40))


class CitizenSession(Base):
    """What a citizen has typed or opened, for a short while: no account, no address, all sealed.

    The cookie holds a random token, the table its SHA-256. ``purpose`` is ``intake``, ``sent`` or ``follow``;
    ``expires_at`` is rounded to ten minutes; the row and its pending files go with it.
    """

    __tablename__ = "citizen_session"
    __table_args__ = (CLUSTERED,)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    purpose: Mapped[Code]
    state: Mapped[str] = mapped_column(EncryptedText("citizen_session.state"), comment="may hold personal data")
    expires_at: Mapped[Timestamp] = mapped_column(index=True)


class PendingFile(Base):
    """A file of an intake not sent yet: bound to the session that made it, gone with it."""

    __tablename__ = "pending_file"
    __table_args__ = (UniqueConstraint("token_hash", "number"), CLUSTERED)

    file_id: Mapped[Code] = mapped_column(ForeignKey("checked_file.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(ForeignKey("citizen_session.token_hash"))
    number: Mapped[int]


class CodeAttempt(Base):
    """Wrong codes of an hour: a refused attempt leaves a committed row, without address or what was typed."""

    __tablename__ = "code_attempt"

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    refused: Mapped[int]


class ExchangeCase(Base):
    """A case that another system sent: with its key it may ask where the case stands. Never told by the minute."""

    __tablename__ = "exchange_case"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("exchange_key.id"), index=True)
