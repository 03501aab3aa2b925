"""What proves who an officer is, besides the password: second factor, recovery codes, invitations, single sign-on."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base
from app.db.types import IntPk, ShortText, Timestamp, UtcDateTime


class SecondFactor(Base):
    """The secret an officer's authenticator shares with us, encrypted; in use once confirmed by a first code."""

    __tablename__ = "second_factor"

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True, autoincrement=False)
    secret: Mapped[str] = mapped_column("sealed_secret", EncryptedText("second_factor.sealed_secret", row="officer_id"))
    created_at: Mapped[Timestamp]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int | None] = mapped_column(Integer)


class RecoveryCode(Base):
    """One code for the day the telephone is lost. Only its hash is kept; used once."""

    __tablename__ = "recovery_code"

    id: Mapped[IntPk]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Invitation(Base):
    """A link by which an officer sets the first password. Only the hash of its secret is kept; used once."""

    __tablename__ = "invitation"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    created_at: Mapped[Timestamp]
    expires_at: Mapped[Timestamp]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SingleSignOnLink(Base):
    """Which person of the identity provider an officer is; made at the first such sign-in and then fixed."""

    __tablename__ = "single_sign_on_link"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True, autoincrement=False)
    issuer: Mapped[ShortText]
    subject: Mapped[ShortText]
    linked_at: Mapped[Timestamp]


class SingleSignOnStart(Base):
    """A sign-in under way at the identity provider; the row is taken out when it returns."""

    __tablename__ = "single_sign_on_start"

    state_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    nonce: Mapped[ShortText]
    code_verifier: Mapped[ShortText]
    next_path: Mapped[ShortText]
    created_at: Mapped[Timestamp]
