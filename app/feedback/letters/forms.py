"""The letters there are (pure)."""

from enum import StrEnum


class Form(StrEnum):
    """Which letter. Readable values stay valid for ever."""

    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    TRANSFER = "transfer"
    REPLY = "reply"
    EXTENSION = "extension"
    CONCERNED = "concerned"
