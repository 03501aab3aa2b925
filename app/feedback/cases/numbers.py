"""Public numbers (pure).

Ten random signs of the alphabet of the codes (44 bits): easy to write down and to read out, telling neither order nor
amount nor kind. A number opens nothing; it is only for asking the unit. The letters before are those of Lắng Nghe for
every kind (ADR 22); numbers that were given as "PA-…" stay what they are.
"""

import secrets

from app.qr.tokens import ALPHABET

PREFIX = "LN"
GROUPS = (5, 5)


def new_public_number() -> str:
    """Such as "LN-7KQ2M-9XF3H"."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(length)) for length in GROUPS)
    return "-".join((PREFIX, *groups))
