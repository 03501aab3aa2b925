"""How a secret code is found again: by a keyed derivation, so that the database alone opens no case."""

from app.crypto.blind_index import blind_index
from app.feedback.cases.codes import normalise

PURPOSE = "case.code"


def code_index(code: str) -> bytes:
    """The bytes stored of a code, and looked for. One for cases and denunciations: neither look-up tells which."""
    return blind_index(PURPOSE, code, normalise=normalise)
