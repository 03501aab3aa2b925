"""The slip a sender takes away, on paper (pure but for the process that sets it)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.qr.cards import FONTS, REGULAR, UNDRAWABLE
from app.qr.glyphs import drawable
from app.qr.typeset import typeset

LAYOUT = Path(__file__).with_name("slip.typ")


@dataclass(frozen=True, slots=True)
class Slip:
    """The words of a slip. ``lines``: (label, value, whether it is large); ``receipt``: as it was signed."""

    title: str
    language: str
    lines: Sequence[tuple[str, str, bool]]
    warning: str
    receipt_title: str
    receipt: str


def pdf(slip: Slip, *, simulated: str) -> bytes:
    """The slip as a sheet of A5. What stands on it goes to the other process through a pipe, never by its command."""
    data = {
        "title": _drawn(slip.title),
        "lang": slip.language,
        "simulated": _drawn(simulated),
        "lines": [
            {"label": _drawn(label), "value": _drawn(value), "large": is_large} for label, value, is_large in slip.lines
        ],
        "warning": _drawn(slip.warning),
        "receipt_title": _drawn(slip.receipt_title),
        "receipt": [_drawn(line) for line in slip.receipt.splitlines()],
    }
    return typeset(LAYOUT, FONTS, data)


def _drawn(text: str) -> str:
    known = drawable(REGULAR)
    signs = (" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in unicodedata.normalize("NFC", text))
    return "".join(sign if sign == " " or sign in known else UNDRAWABLE for sign in signs)
