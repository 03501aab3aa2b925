"""What can go wrong when a sender acts."""

from app.errors import Conflict, Invalid, Missing


class NoLonger(Conflict):
    """The act is not possible now; the message says why and what to do instead."""


class NotLikeThis(Invalid):
    """What was given cannot be taken; ``field`` names it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class NoSuchFile(Missing):
    """There is none with this number, it waits, it was refused, or it is somebody else's: the same words for all."""
