"""Secrets of sign-in and what is kept of them (pure)."""

import hashlib
import hmac
import re
import secrets

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{1,58})[a-z0-9]")


def normalise_username(typed: str) -> str:
    """The user name as it is stored: without spaces around it, in lower case, so that case makes no twin account."""
    return typed.strip().lower()


def is_username(username: str) -> bool:
    """Whether a normalised name has 3 to 60 signs, all of them letters a–z, digits, or . _ @ - inside."""
    return _USERNAME.fullmatch(username) is not None


def account_key(secret_key: bytes, username: str) -> bytes:
    """What is kept of a name somebody tried to sign in with: 16 bytes that only this installation can compute.

    People type their password into the wrong field; the name itself is therefore never stored.
    """
    typed = normalise_username(username).encode("utf-8", "replace")
    return hmac.new(secret_key, b"account\0" + typed, hashlib.sha256).digest()[:16]


def device_mark(secret_key: bytes, key: bytes) -> str:
    """The mark of a browser that once signed in to an account.

    It opens nothing; it only keeps a flood of wrong guesses from elsewhere from slowing its owner down.
    """
    return hmac.new(secret_key, b"device\0" + key, hashlib.sha256).hexdigest()[:40]


def is_device_mark(secret_key: bytes, key: bytes, mark: str) -> bool:
    """Whether ``mark`` was given out for this account."""
    return hmac.compare_digest(mark.encode("utf-8", "replace"), device_mark(secret_key, key).encode())


def new_session_secret() -> str:
    """The 256-bit secret of a session, as it stands in the cookie."""
    return secrets.token_urlsafe(32)


def session_hash(secret: str) -> bytes:
    """What is kept of a session's secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
