"""What in the copy for who is complained about could tell who sent the case (pure).

What only the case and its sender can mean is refused: its number, the given name, a part of the address. What may
be harmless, a day, an hour, a counter, is shown, and an officer has to look at it.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from app.feedback.answering.spotting import Piece, spots
from app.i18n.folding import fold, fold_words

_FORMS = frozenset(["ông", "bà", "anh", "chị", "cô", "chú", "bác", "cậu", "dì", "em", "cháu", "cụ", "thầy"])
_PLAIN_FORMS = frozenset(fold(one) for one in _FORMS)
_WORD = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(
    r"[,;\n]|\s-\s|(?<!thành)(?<!khu)\s"
    r"(?=(?:phường|xã|thị trấn|thị xã|quận|huyện|thành phố|tỉnh|tổ|khu|thôn|ấp|đường|phố|ngõ|ngách|hẻm)\s)",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"^(?:(?:so nha|nha so|so|nha|\d+[a-z]?|duong|pho) )+")
_KIND_OF_PLACE = re.compile(r"^(?:phuong|xa|thi tran|thi xa|quan|huyen|thanh pho|tp|tinh) ")
_NUMBERS = "một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười một|mười hai|mười"
_MEANWHILE = (
    (
        "ngày",
        (
            r"(?:ngày |hôm |sáng |trưa |chiều |tối )\d{1,2} ?[/.\-] ?\d{1,2}(?: ?[/.\-] ?\d{4})?|"
            r"\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?\d{4}|(?:ngày |hôm )?\d{1,2} tháng \d{1,2}(?: năm \d{4})?|"
            r"thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật"
        ),
    ),
    ("giờ", rf"(?:\d{{1,2}}|{_NUMBERS}) ?giờ(?: ?\d{{1,2}})?|\d{{1,2}} ?h ?(?:\d{{2}})?|\d{{1,2}}:\d{{2}}"),
    ("quầy", r"(?:quầy|cửa|bàn)(?: tiếp nhận)?(?: số)? \d+"),
)
_CLUES = re.compile(
    r"(?<![\w/])(?:" + "|".join(rf"(?P<{fold(name)}>{words})" for name, words in _MEANWHILE) + r")(?![\w/])",
    re.IGNORECASE,
)
_WORDS = {fold(name): f"{name}: người biết việc có thể đoán ra ai" for name, _expression in _MEANWHILE}


def tells_number(text: str, public_number: str) -> bool:
    """Whether the number of the case stands there, however it is written."""
    wanted = fold_words(public_number).replace(" ", "")
    return bool(wanted) and wanted in fold_words(text).replace(" ", "")


def given_name_in(text: str, name: str) -> str:
    """The given name of the sender as it stands in a text; empty where it does not, or is part of another's name."""
    known = _WORD.findall(unicodedata.normalize("NFC", name))
    if not known:
        return ""
    mine, given = {fold(one) for one in known}, known[-1]
    plain = unicodedata.normalize("NFC", text)
    words = list(_WORD.finditer(plain))
    for place, word in enumerate(words):
        is_it = word[0].casefold() == given.casefold() or (word[0].isascii() and fold(word[0]) == fold(given))
        if is_it and _is_meant(plain, words[: place + 1], mine):
            return word[0]
    return ""


def _is_meant(text: str, words: list[re.Match[str]], mine: set[str]) -> bool:
    """Whether the last of these words is the sender's name: after a form of address, or with a capital letter."""
    last = words[-1][0]
    run = [last]
    for before, after in pairwise(reversed(words)):
        # pairs from the end: ``after`` stands left of ``before``
        if text[after.end() : before.start()].strip():
            break
        left = after[0].casefold()
        if left in _FORMS or (last.isascii() and left in _PLAIN_FORMS):
            return set(map(fold, run)) <= mine
        if not after[0][0].isupper():
            break
        run.append(after[0])
    return last[0].isupper() and set(map(fold, run)) <= mine


def address_in(text: str, address: str, known: Iterable[str]) -> str:
    """The part of the sender's address that stands in a text; ``known``: names that the letter says anyway."""
    said, anyway = f" {fold_words(text)} ", f" {fold_words(' ; '.join(known))} viet nam "
    for part in _PARTS.split(unicodedata.normalize("NFC", address)):
        place = _KIND_OF_PLACE.sub("", _HOUSE.sub("", fold_words(part) + " ").strip())
        if " " in place and f" {place} " not in anyway and f" {place} " in said:
            return part.strip()
    return ""


def pieces(text: str, *, is_concerned: bool) -> list[Piece]:
    """The whole text in pieces, those to be looked at with words on them; empty where there is nothing to look at."""
    plain = unicodedata.normalize("NFC", text)
    found = [(spot.start, spot.end, spot.words) for spot in spots(plain)]
    if is_concerned:
        for clue in _CLUES.finditer(plain):
            if all(clue.end() <= start or clue.start() >= end for start, end, _words in found):
                found.append((clue.start(), clue.end(), _WORDS[clue.lastgroup or ""]))
    made, place = [], 0
    for start, end, words in sorted(found):
        made += [Piece(plain[place:start], ""), Piece(plain[start:end], words)]
        place = end
    return [one for one in (*made, Piece(plain[place:], "")) if one.text] if found else []
