"""Passwords (pure but for the lists they are held against): rules that ask for length first, argon2id hashing.

Parameters: 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet), about 30 ms a check. An unknown user name
costs the same as a wrong password, so that the time of an answer does not tell which names exist.
"""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.accounts.breached import is_breached
from app.accounts.common_passwords import is_common
from app.i18n.folding import fold

LEAST_LENGTH = 12
MOST_LENGTH = 128  # characters; beyond it only the hashing time grows
LEAST_DIFFERENT = 5
ONE_TIME_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: it is read from paper
ONE_TIME_GROUPS = 4

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)


def hash_password(password: str) -> str:
    """The argon2id hash, with its parameters and salt, as one text."""
    return _HASHER.hash(normalise(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password fits the hash. None stands for an unknown user: the same work, then no."""
    try:
        _HASHER.verify(password_hash or hash_of_nobody(), normalise(password)[: MOST_LENGTH + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def new_one_time_password() -> str:
    """A random password in groups of four (79 bits), to be changed at the first sign-in."""
    groups = ("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(4)) for _ in range(ONE_TIME_GROUPS))
    return "-".join(groups)


def weakness(password: str, username: str, full_name: str) -> str | None:
    """Say in Vietnamese why a new password cannot be taken, or None.

    Length counts, not kinds of sign (NIST SP 800-63B §3.1.1.2); beyond it only what everybody tries first is refused.
    """
    text = normalise(password)
    if len(text) < LEAST_LENGTH:
        return f"Mật khẩu cần ít nhất {LEAST_LENGTH} ký tự. Một câu ngắn dễ nhớ là tốt."
    if len(text) > MOST_LENGTH:
        return f"Mật khẩu dài quá {MOST_LENGTH} ký tự. Xin Ông/Bà rút ngắn."
    if len(set(text)) < LEAST_DIFFERENT:
        return "Mật khẩu lặp lại quá ít ký tự. Xin Ông/Bà chọn mật khẩu khác."
    plain = _squeezed(text)
    if any(_squeezed(name) in plain for name in (username, full_name) if len(_squeezed(name)) >= LEAST_DIFFERENT):
        return "Mật khẩu không được chứa tên của Ông/Bà hoặc tên đăng nhập."
    return _known_to_others(text)


def _known_to_others(text: str) -> str | None:
    if is_common(fold(text)):
        return "Mật khẩu này quá phổ biến. Xin Ông/Bà chọn mật khẩu khác."
    if is_breached(text):
        return "Mật khẩu này đã từng bị lộ ở nơi khác. Xin Ông/Bà chọn mật khẩu khác."
    return None


def normalise(password: str) -> str:
    """One Unicode form, so that the same keys on another keyboard give the same password."""
    return unicodedata.normalize("NFKC", password)


def _squeezed(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(sign for sign in decomposed if sign.isalnum())


@cache
def hash_of_nobody() -> str:
    """A hash that no password fits and that takes as long to check as any other."""
    return _HASHER.hash(secrets.token_hex(16))
