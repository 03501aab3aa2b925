"""How well a legal fact is known (pure). The mark is stored with the fact and shown to whoever relies on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.i18n.messages import Message, message


class Status(StrEnum):
    """From what a fact was taken."""

    VERIFIED = "verified"
    VERIFIED_2 = "verified-2"
    INFERRED = "inferred"
    UNVERIFIED = "unverified"
    PROJECTED = "projected"
    OWN = "own"


WORDS: Mapping[Status, Message] = {
    Status.VERIFIED: message("Đã đối chiếu văn bản"),
    Status.VERIFIED_2: message("Theo nguồn thứ cấp"),
    Status.INFERRED: message("Suy ra, chưa có văn bản nói rõ"),
    Status.UNVERIFIED: message("Chưa kiểm chứng"),
    Status.PROJECTED: message("Dự kiến, chưa có thông báo"),
    Status.OWN: message("Quy định riêng của cơ quan"),
}
"""What people read for each mark."""

NEEDS_CHECKING = frozenset({Status.INFERRED, Status.UNVERIFIED, Status.PROJECTED})
"""Marks that ask a human to read the document before relying on the fact."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: the document (and article), and how well that is known."""

    document: str
    status: Status
