"""Cleaning of what people type: one Unicode form, one kind of line break, nothing invisible."""

import re
import unicodedata

from app.i18n.messages import message

# Control characters except tab and line feed; marks that show nothing; direction overrides, which can make a text
# read differently from what is stored; code points that are no characters.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_BROKEN = "\ufffd"


def clean(raw: str) -> str:
    """Return `raw` in NFC with plain line breaks and without control, direction or invisible characters.

    What people see stays as typed; a lone surrogate becomes U+FFFD, which `problem` reports.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _SURROGATES.sub(_BROKEN, _UNWANTED.sub("", text)))


def problem(text: str, max_length: int) -> str | None:
    """Say in Vietnamese why a cleaned text cannot be taken, or None. Lengths are in characters."""
    if len(text) > max_length:
        over = len(text) - max_length
        return message(
            "Nội dung dài quá %(over)s ký tự (tối đa %(most)s). Xin Ông/Bà rút ngắn.", over=over, most=max_length
        )
    if _BROKEN in text:
        return message("Nội dung có ký tự bị hỏng (�). Xin Ông/Bà xóa hoặc gõ lại ký tự đó.")
    return None
