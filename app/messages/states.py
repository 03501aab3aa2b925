"""Where a message stands and where it may go from there (pure)."""

from collections.abc import Mapping
from enum import StrEnum


class Channel(StrEnum):
    """How a message travels. ``phone`` is whatever the gateway makes of it: SMS, Zalo."""

    EMAIL = "email"
    PHONE = "phone"


class MessageState(StrEnum):
    """Readable values stay valid for ever, because rows bear them."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    MAYBE_SENT = "maybe_sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


FOLLOWING: Mapping[MessageState, frozenset[MessageState]] = {
    MessageState.WAITING: frozenset({MessageState.SENDING, MessageState.CANCELLED}),
    MessageState.SENDING: frozenset(
        {MessageState.WAITING, MessageState.SENT, MessageState.MAYBE_SENT, MessageState.FAILED}
    ),
    MessageState.SENT: frozenset({MessageState.DELIVERED, MessageState.UNDELIVERED}),
    # The other side may still tell that it arrived; it is never sent again.
    MessageState.MAYBE_SENT: frozenset({MessageState.DELIVERED, MessageState.UNDELIVERED}),
    MessageState.DELIVERED: frozenset(),
    MessageState.UNDELIVERED: frozenset(),
    MessageState.FAILED: frozenset(),
    MessageState.CANCELLED: frozenset(),
}

WORDS: Mapping[MessageState, str] = {
    MessageState.WAITING: "Chờ gửi",
    MessageState.SENDING: "Đang gửi",
    MessageState.SENT: "Đã gửi",
    MessageState.MAYBE_SENT: "Có thể đã gửi",
    MessageState.DELIVERED: "Đã đến",
    MessageState.UNDELIVERED: "Không đến được",
    MessageState.FAILED: "Không gửi được",
    MessageState.CANCELLED: "Đã hủy",
}


def before(state: MessageState) -> frozenset[MessageState]:
    """The states from which a message may come to ``state``."""
    return frozenset(one for one, following in FOLLOWING.items() if state in following)
