"""The signed statement about a day's chain, as text that people can print and programs can check (pure)."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

TITLE = "Lang Nghe audit head 1"
LINES = ("number", "day", "rows", "hash", "state", "signed", "key")
FINAL, OPEN = "final", "open"
GROUP = 8


class NotAHeadError(ValueError):
    """A file that should hold a head does not."""


@dataclass(frozen=True, slots=True)
class Head:
    """``rows`` rows stood in the chain of ``day``, the last one with ``hash``; ``is_final``: the day is over.

    ``number`` counts all heads of the installation, so that a missing one shows.
    """

    number: int
    day: date
    rows: int
    hash: bytes
    is_final: bool
    signed_at: datetime
    key_id: str
    signature: bytes = b""

    def statement(self) -> bytes:
        """What is signed."""
        values = (
            str(self.number),
            self.day.isoformat(),
            str(self.rows),
            self.hash.hex(),
            FINAL if self.is_final else OPEN,
            self.signed_at.astimezone(UTC).isoformat(timespec="seconds"),
            self.key_id,
        )
        lines = [TITLE, *(f"{name}: {value}" for name, value in zip(LINES, values, strict=True))]
        return ("\n".join(lines) + "\n").encode()

    def text(self) -> str:
        """The statement with its signature: the content of an exported file."""
        return f"{self.statement().decode()}signature: {base64.b64encode(self.signature).decode()}\n"


def read_head(text: str) -> Head:
    """Read what ``Head.text`` wrote.

    Raises
    ------
    NotAHeadError
        When something is missing or malformed.
    """
    title, *lines = text.strip().splitlines() or [""]
    given = dict(re.findall(r"^([a-z]+): (.*)$", "\n".join(lines), re.MULTILINE))
    try:
        head = Head(
            number=int(given["number"]),
            day=date.fromisoformat(given["day"]),
            rows=int(given["rows"]),
            hash=bytes.fromhex(given["hash"]),
            is_final=given["state"] == FINAL,
            signed_at=datetime.fromisoformat(given["signed"]),
            key_id=given["key"],
            signature=base64.b64decode(given["signature"], validate=True),
        )
    except (KeyError, ValueError, binascii.Error) as error:
        raise NotAHeadError("not a head") from error
    if title != TITLE or head.text().strip() != text.strip():
        raise NotAHeadError("not a head")
    return head


def grouped(digest: bytes) -> str:
    """A hash in groups of eight signs, for paper."""
    text = digest.hex()
    return " ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))
