"""A paper as PDF, to print and sign. What people wrote goes in as data and is never markup."""

from dataclasses import asdict
from pathlib import Path

from app.documents.paper import MOTTO, PLACE_AND_DAY, SIGN_HERE, Paper, unbroken, without_controls
from app.qr.cards import FONTS, UNDRAWABLE
from app.qr.glyphs import drawable
from app.qr.typeset import typeset

MIME_TYPE = "application/pdf"
LAYOUT = Path(__file__).with_name("paper.typ")
SERIF = FONTS / "LiberationSerif-Regular.ttf"


def make(paper: Paper) -> bytes:
    """The file."""
    plain = without_controls(paper)
    data = asdict(plain) | {
        "office": unbroken(plain.office),
        "above": unbroken(plain.above),
        "motto": MOTTO,
        "place_and_day": PLACE_AND_DAY,
        "sign_here": SIGN_HERE,
        "number_line": plain.number_line,
        "paragraphs": plain.paragraphs,
        "receivers": (*plain.receivers, "Lưu: VT."),
    }
    return typeset(LAYOUT, FONTS, {name: _drawn(value) for name, value in data.items()})


def _drawn(value: str | tuple[str, ...] | list[str]) -> str | list[str]:
    if isinstance(value, str):
        known = drawable(SERIF)
        return "".join(sign if sign in known else UNDRAWABLE for sign in value)
    return [str(_drawn(one)) for one in value]
