"""The four legal kinds of a case (pure)."""

from enum import StrEnum


class Kind(StrEnum):
    """What a citizen sends. Values stay valid for ever: stored cases bear them."""

    SUGGESTION = "suggestion"
    PETITION = "petition"
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"

    @property
    def matter(self) -> str:
        """The code of the rule about this kind."""
        return f"kind:{self.value}"
