"""Spots what looks like personal data in a free text, so that the page can warn before the text is sent.

A hint never refuses anything: the person may send the text on a second confirmation. Patterns favour the common
written forms; money ("250.000.000 đồng") and dates must not be flagged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


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
    def message(self) -> str:
        """The warning shown to the person."""
        return f"“{self.text}” giống {NAMES[self.kind]}. Xin Ông/Bà xoá nếu không cần thiết."


NAMES = {
    HintKind.EMAIL: "địa chỉ thư điện tử",
    HintKind.DOSSIER: "mã hồ sơ",
    HintKind.CITIZEN_ID: "số căn cước",
    HintKind.OLD_ID: "số chứng minh nhân dân",
    HintKind.PHONE: "số điện thoại",
}

_GAP = r"[ .\-\u00a0]?"
_BEFORE = r"(?<![\d.,\-])"
_AFTER = r"(?![.,]?\d)"
# Order matters: a longer or more exact kind takes its piece first.
_PATTERNS: tuple[tuple[HintKind, re.Pattern[str]], ...] = (
    (HintKind.EMAIL, re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}", re.ASCII)),
    # Dossier codes: method of Decree 20/2020 agency ids, "H15.50.05.13-261008-0975".
    (HintKind.DOSSIER, re.compile(r"\b[A-Z]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{4,7}\b", re.ASCII)),
    # Citizen identity numbers: 12 digits, the first three a province code below 100.
    (HintKind.CITIZEN_ID, re.compile(rf"{_BEFORE}0(?:{_GAP}\d){{11}}{_AFTER}", re.ASCII)),
    (HintKind.PHONE, re.compile(rf"{_BEFORE}(?:\+{_GAP}84|\(\+84\)|84|0){_GAP}(?:[23]{_GAP})?[2-9](?:{_GAP}\d){{8}}{_AFTER}", re.ASCII)),
    (HintKind.OLD_ID, re.compile(rf"{_BEFORE}\d{{3}}[ ]?\d{{3}}[ ]?\d{{3}}{_AFTER}(?!\s*(?:đ|₫|vn[dđ]|đồng))", re.ASCII | re.IGNORECASE)),
)  # fmt: skip


def find_hints(text: str) -> tuple[Hint, ...]:
    """Return what looks like personal data in `text`, in order of place, without overlaps."""
    found: list[Hint] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if all(match.end() <= hint.start or match.start() >= hint.end for hint in found):
                found.append(Hint(kind, match.start(), match.end(), match.group()))
    return tuple(sorted(found, key=lambda hint: hint.start))
