"""Officers, the roles they hold in a part of the tree, their sessions, and attempts to sign in."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.roles import Role
from app.db.base import Base, by_value
from app.db.types import IntPk, LocalDate, ShortText, Timestamp, UtcDateTime


class Officer(Base):
    """A person who may sign in. ``username`` and ``full_name`` are personal data of staff."""

    __tablename__ = "officer"

    id: Mapped[IntPk]
    username: Mapped[ShortText] = mapped_column(unique=True)
    full_name: Mapped[ShortText]
    password_hash: Mapped[ShortText]
    must_change_password: Mapped[bool]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Timestamp]


class RoleAssignment(Base):
    """A role in the subtree of a unit (no unit: everywhere), from one date to another."""

    __tablename__ = "role_assignment"

    id: Mapped[IntPk]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    role: Mapped[Role] = mapped_column(by_value(Role, "role"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    valid_from: Mapped[LocalDate]
    valid_to: Mapped[date | None] = mapped_column(Date)


class OfficerSession(Base):
    """A signed-in browser. Only the SHA-256 of the cookie's secret is kept.

    ``awaits`` names the step still missing (``second_factor``): until then it opens nothing. ``authenticated_at`` is
    when the officer last proved who they are. ``device`` is a coarse word such as "Chrome, Windows", for the officer's
    own list of sessions; no address and no browser string is kept.
    """

    __tablename__ = "officer_session"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    created_at: Mapped[Timestamp]
    expires_at: Mapped[Timestamp]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    authenticated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    awaits: Mapped[str | None] = mapped_column(String(24))
    device: Mapped[str | None] = mapped_column(String(60))


class SignInAttempt(Base):
    """One try to sign in. ``account_key`` is a keyed hash, so that names typed by mistake (passwords) are not kept."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[IntPk]
    account_key: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    attempted_at: Mapped[Timestamp]
    succeeded: Mapped[bool]
    officer_id: Mapped[int | None] = mapped_column(Integer, index=True)
    device: Mapped[str | None] = mapped_column(String(60))
    is_new_device: Mapped[bool | None] = mapped_column(Boolean)
