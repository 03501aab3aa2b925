"""Spots what looks like personal data in a free text, so that the page can warn before the text is sent.

A hint never refuses anything: the person may send the text on a second confirmation. Patterns favour the common
written forms; money ("250.000.000 đồng") and dates must not be flagged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.i18n.messages import Message, message


class HintKind(StrEnum):
    """What a piece of text looks like."""

    EMAIL = "email"
    DOSSIER = "dossier"
    CITIZEN_ID = "citizen_id"
    OLD_ID = "old_id"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Hint:
    """One suspicious piece: its kind, its place (characters) and the piece itself."""

    kind: HintKind
    start: int
    end: int
    text: str

    @property
    def message(self) -> Message:
        """The warning shown to the person."""
        return message(
            "“%(text)s” giống %(kind)s. Xin Ông/Bà xóa nếu không cần thiết.", text=self.text, kind=NAMES[self.kind]
        )


NAMES = {
    HintKind.EMAIL: message("địa chỉ thư điện tử"),
    HintKind.DOSSIER: message("mã hồ sơ"),
    HintKind.CITIZEN_ID: message("số căn cước"),
    HintKind.OLD_ID: message("số chứng minh nhân dân"),
    HintKind.PHONE: message("số điện thoại"),
}

_GAP = r"[ .\-\u00a0]?"
_BEFORE = r"(?<![\d.,\-])"
_AFTER = r"(?![.,]?\d)"
_TRUNK = rf"(?:\+{_GAP}84|\(\+84\)|84|0)"
_MOBILE = rf"[35789](?:{_GAP}\d){{8}}"
_LANDLINE = rf"2(?:{_GAP}\d){{9}}"
_MONEY = r"(?!\s*(?:đ|₫|vn[dđ]))"


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.ASCII | re.IGNORECASE)


# Order matters: a longer or more exact kind takes its piece first.
_PATTERNS: tuple[tuple[HintKind, re.Pattern[str]], ...] = (
    (HintKind.EMAIL, _pattern(r"[a-z0-9._%+\-]{1,64}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,8}")),
    # Agency code, date and serial, such as "H15.50.05.13-261008-0975".
    (HintKind.DOSSIER, _pattern(r"\b[a-z]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{4,7}\b")),
    # Twelve digits, the first three a province code below 100.
    (HintKind.CITIZEN_ID, _pattern(rf"{_BEFORE}0(?:{_GAP}\d){{11}}{_AFTER}")),
    (HintKind.PHONE, _pattern(rf"{_BEFORE}{_TRUNK}{_GAP}(?:{_MOBILE}|{_LANDLINE}){_AFTER}")),
    (HintKind.OLD_ID, _pattern(rf"{_BEFORE}\d{{3}} ?\d{{3}} ?\d{{3}}{_AFTER}{_MONEY}")),
)


def find_hints(text: str) -> tuple[Hint, ...]:
    """Return what looks like personal data in `text`, in order of place, without overlaps."""
    found: list[Hint] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if all(match.end() <= hint.start or match.start() >= hint.end for hint in found):
                found.append(Hint(kind, match.start(), match.end(), match.group()))
    return tuple(sorted(found, key=lambda hint: hint.start))
