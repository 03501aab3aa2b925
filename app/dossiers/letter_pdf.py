"""The letter of apology as a PDF to print and sign (form 04; layout of the state's documents, NĐ 30/2020).

Number, place and day stay blank: they are the office's to write. What is not known yet is dotted.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.dossiers.letter_queries import LetterView
from app.i18n.formats import format_date
from app.qr.cards import FONTS, UNDRAWABLE
from app.qr.glyphs import drawable
from app.qr.typeset import typeset

LAYOUT = Path(__file__).with_name("letter.typ")
SERIF = FONTS / "LiberationSerif-Regular.ttf"
BLANK = "…………"


def data_of(found: LetterView, names: Sequence[str], *, simulated: str = "") -> dict[str, str]:
    """What stands in the letter. ``names``: the unit, then those above it."""
    letter = found.owed or (found.letters[-1] if found.letters else None)
    dossier = found.dossier
    return {
        "title": f"Văn bản xin lỗi {dossier.code}",
        "office": names[0] if names else found.unit_name,
        "above": names[1] if len(names) > 1 else "",
        "name": found.name or BLANK,
        "address": found.address,
        "code": dossier.code,
        "procedure": found.procedure,
        "received": format_date(dossier.received_on),
        "due": format_date(dossier.due_on) if dossier.due_on else BLANK,
        "reason": (letter.reason if letter else None) or BLANK,
        "new_due": format_date(letter.new_due_on) if letter and letter.new_due_on else BLANK,
        "signed_by": (letter.signed_by if letter else None) or "",
        "simulated": simulated,
    }


def make(data: Mapping[str, str]) -> bytes:
    """The PDF. What people wrote goes in as data and is never markup."""
    return typeset(LAYOUT, FONTS, {key: _plain(value) for key, value in data.items()})


def _plain(text: str) -> str:
    known = drawable(SERIF)
    signs = (" " if unicodedata.category(sign)[0] == "C" else sign for sign in unicodedata.normalize("NFC", text))
    return "".join(sign if sign in known else UNDRAWABLE for sign in signs)
