"""Cleaning of what people type: one Unicode form, one kind of line break, nothing invisible."""

import unicodedata

# Direction overrides can make a text read differently from what is stored; the others show nothing at all.
_INVISIBLE = frozenset("\u200b\u2060\ufeff\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BROKEN = "\ufffd"


def clean(raw: str) -> str:
    """Return `raw` in NFC with plain line breaks and without control, direction or invisible characters.

    What people see stays as typed; a lone surrogate becomes U+FFFD, which `problem` reports.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(_BROKEN if _is_surrogate(c) else c for c in text if not _is_unwanted(c))
    return unicodedata.normalize("NFC", kept)


def problem(text: str, max_length: int) -> str | None:
    """Say in Vietnamese why a cleaned text cannot be taken, or None. Lengths are in characters."""
    if len(text) > max_length:
        over = len(text) - max_length
        return f"Nội dung dài quá {over} ký tự (tối đa {max_length}). Xin Ông/Bà rút ngắn."
    if _BROKEN in text:
        return "Nội dung có ký tự bị hỏng (�). Xin Ông/Bà xoá hoặc gõ lại ký tự đó."
    return None


def _is_unwanted(character: str) -> bool:
    if character in "\n\t":
        return False
    return character in _INVISIBLE or unicodedata.category(character) == "Cc" or ord(character) & 0xFFFE == 0xFFFE


def _is_surrogate(character: str) -> bool:
    return unicodedata.category(character) == "Cs"
