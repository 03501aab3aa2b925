"""Codes of an authenticator (TOTP, RFC 6238) and recovery codes (pure)."""

import hashlib
import hmac
from datetime import datetime

import pyotp

from app.accounts.passwords import new_one_time_password

SECONDS = 30
DRIFT = 1  # steps before and after the present one: telephones go wrong by some seconds
RECOVERY_CODES = 10
ISSUER = "Lắng Nghe"


def new_secret() -> str:
    """A secret for an authenticator: 160 bits as base32 text."""
    return pyotp.random_base32()


def address(secret: str, username: str) -> str:
    """What the square code of the enrolment page holds."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER))


def matching_step(secret: str, typed: str, now: datetime, last_step: int | None) -> int | None:
    """The time step whose code was typed, or None. Steps up to ``last_step`` were used before and are refused."""
    code = "".join(sign for sign in typed if sign.isdecimal() and sign.isascii())
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // SECONDS
    for step in range(present - DRIFT, present + DRIFT + 1):
        is_right = hmac.compare_digest(totp.at(step * SECONDS), code)
        if is_right and (last_step is None or step > last_step):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Codes of 79 bits each, to be printed."""
    return [new_one_time_password() for _ in range(RECOVERY_CODES)]


def recovery_hash(officer_id: int, typed: str) -> bytes:
    """What is kept of a recovery code. Random codes need no slow hash."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return hashlib.sha256(f"recovery\0{officer_id}\0{plain}".encode("utf-8", "replace")).digest()
