"""Signing in is the beginning of most tests of officers' pages, and four fifths of it would be hashing on purpose.

Tests about passwords themselves ask for ``real_hashing``; servers and commands, which are processes of their own,
always have it.
"""

from argon2 import PasswordHasher

from app.accounts import passwords

REAL = passwords._HASHER
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, hash_len=32, salt_len=16)


def use(hasher: PasswordHasher) -> None:
    """Hash with this one from now on."""
    passwords._HASHER = hasher
    passwords.hash_of_nobody.cache_clear()
