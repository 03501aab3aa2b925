"""What carries messages away, and the four ways a try can end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from app.messages.catalogue import Rendered


class Ending(StrEnum):
    """How one try ended."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tried:
    """The end of one try; ``code`` is ours (a word and a number of the protocol), never words of the other side.

    ``wait``: how long the other side asks to be left alone, where it says so.
    """

    ending: Ending
    code: str = ""
    reference: str | None = None
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a transport is given."""

    message_id: str
    recipient: str
    language: str
    text: Rendered


class Transport(Protocol):
    """Carries messages of one channel.

    ``knows_repeats``: the other side knows a message by its number and takes it once, however often it is sent.
    """

    @property
    def knows_repeats(self) -> bool:
        """Whether a message may be sent again when nobody knows whether it went."""

    def send(self, parcel: Parcel) -> Tried:
        """Try once; never raises for anything the other side or the network does."""


Transports = Mapping[str, Transport]
