"""Spots what may name a person in a text that others will read (pure).

A spot refuses nothing: whoever answers, asks or publishes looks at it and decides. On top of what the public forms
warn of (``app.web.privacy_hints``) it knows what officers write: names, addresses, accounts, plates. It rather
shows too much than too little; what it cannot know (a nickname, a rare name without a form of address) may be there.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from app.feedback.answering.person_names import UPPER, persons
from app.web.privacy_hints import find_hints


class SpotKind(StrEnum):
    """What a piece of text looks like."""

    EMAIL = "email"
    DOSSIER = "dossier"
    CITIZEN_ID = "citizen_id"
    OLD_ID = "old_id"
    PHONE = "phone"
    BANK = "bank"
    PASSPORT = "passport"
    INSURANCE = "insurance"
    PLATE = "plate"
    BIRTH = "birth"
    ADDRESS = "address"
    PERSON = "person"


WORDS = {
    SpotKind.EMAIL: "địa chỉ thư điện tử",
    SpotKind.DOSSIER: "mã hồ sơ",
    SpotKind.CITIZEN_ID: "số căn cước",
    SpotKind.OLD_ID: "số chứng minh nhân dân",
    SpotKind.PHONE: "số điện thoại",
    SpotKind.BANK: "số tài khoản",
    SpotKind.PASSPORT: "số hộ chiếu",
    SpotKind.INSURANCE: "số thẻ bảo hiểm",
    SpotKind.PLATE: "biển số xe",
    SpotKind.BIRTH: "ngày sinh, năm sinh",
    SpotKind.ADDRESS: "địa chỉ",
    SpotKind.PERSON: "tên người",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """One piece: where it stands (signs of the text as given), what it looks like, in code and in words."""

    start: int
    end: int
    kind: SpotKind
    words: str

    def piece(self, text: str) -> str:
        """What stands there."""
        return text[self.start : self.end]


class Piece(NamedTuple):
    """A part of a text; ``words`` say what it looks like, or are empty."""

    text: str
    words: str


def _pattern(expression: str, *, ignore_case: bool = True) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE if ignore_case else 0)


_DAY = r"\d{1,2}[./\-]\d{1,2}[./\-]\d{4}"
_NUMBER = r"\d{1,4}[a-z]?(?:[/\-]\d{1,4}[a-z]?){0,5}"
_WAY = r"đường|phố|ngõ|ngách|hẻm|kiệt|quốc lộ|tỉnh lộ"
_HAMLET = r"tổ dân phố|khu dân cư|khu phố|thôn|ấp|xóm|khóm|tổ|buôn|bản|sóc|phum"
_PLACE = r"xã|phường|thị trấn|thị xã|huyện|quận|thành phố|tp\.?|tỉnh"
# A name of a place: numbers and words that begin with a capital letter.
_NAME = rf"(?:\d{{1,4}}[A-Za-z]?|[{UPPER}][^\W\d_]{{0,9}})(?:[ \-](?:\d{{1,4}}|[{UPPER}][^\W\d_]{{0,9}})){{0,4}}"
_MORE = rf"(?:[ ,]{{1,3}}(?i:{_WAY}|{_HAMLET}|{_PLACE}) {_NAME}){{0,5}}"

# What is more exact stands earlier and takes its piece first.
_PATTERNS: tuple[tuple[SpotKind, re.Pattern[str]], ...] = (
    (
        SpotKind.BANK,
        _pattern(
            r"(?:(?<!\w)stk|số tài khoản|tài khoản(?: ngân hàng)?|account(?: number| no\.?)?)\W{0,3}"
            r"(?:số |là |của \w{1,20} )?\W{0,2}(?P<piece>\d(?:[ .\-]?\d){5,18})(?!\d)"
        ),
    ),
    (SpotKind.INSURANCE, _pattern(r"(?<!\w)(?P<piece>[a-z]{2}[ \-]?\d(?:[ \-]?\d){12})(?!\d)")),
    (SpotKind.PASSPORT, _pattern(r"(?<!\w)(?P<piece>[bcpnk]\d{7})(?!\w)")),
    (
        SpotKind.PLATE,
        _pattern(r"(?<![\w.,/])(?P<piece>\d{2}[ \-]?[a-zđ][a-z0-9]?[ \-.]{0,3}(?:\d{3}\.?\d{2}|\d{4}))(?![\d/])"),
    ),
    (
        SpotKind.BIRTH,
        _pattern(
            r"(?<!\w)(?P<piece>(?:ngày sinh|sinh ngày|sinh năm|năm sinh|sn)"
            rf"\W{{1,3}}(?:ngày )?(?:{_DAY}|\d{{4}}))(?!\d)"
        ),
    ),
    (
        SpotKind.ADDRESS,
        _pattern(rf"(?<!\w)(?P<piece>(?i:số nhà|nhà số|căn hộ|phòng trọ) {_NUMBER}{_MORE})", ignore_case=False),
    ),
    (
        SpotKind.ADDRESS,
        _pattern(
            rf"(?<![\w.,/])(?P<piece>(?i:số )?(?i:{_NUMBER})[ ,]{{1,3}}(?i:{_WAY}) {_NAME}{_MORE})", ignore_case=False
        ),
    ),
    (
        SpotKind.ADDRESS,
        _pattern(rf"(?<!\w)(?P<piece>(?i:{_HAMLET}|ngõ|ngách|hẻm|kiệt) {_NAME}{_MORE})", ignore_case=False),
    ),
)


def spots(text: str) -> tuple[Spot, ...]:
    """What looks personal in a text, in order of place, without overlaps."""
    plain, places = _composed(text)
    taken: list[tuple[int, int, SpotKind]] = []
    for start, end, kind in _candidates(plain):
        if all(end <= left or start >= right for left, right, _kind in taken):
            taken.append((start, end, kind))
    return tuple(Spot(places[start], places[end], kind, WORDS[kind]) for start, end, kind in sorted(taken))


def marked(text: str) -> list[Piece]:
    """The whole text in pieces, those that look personal with words on them: what a page shows."""
    found = spots(text)
    edges = [0, *(edge for spot in found for edge in (spot.start, spot.end)), len(text)]
    words = {spot.start: spot.words for spot in found}
    ends = {spot.end for spot in found}
    return [
        Piece(text[start:end], words.get(start, "") if end in ends else "")
        for start, end in pairwise(edges)
        if end > start
    ]


def _candidates(text: str) -> Iterator[tuple[int, int, SpotKind]]:
    for kind, pattern in _PATTERNS[:1]:  # an account may look like a telephone number
        yield from ((one.start("piece"), one.end("piece"), kind) for one in pattern.finditer(text))
    yield from ((hint.start, hint.end, SpotKind(hint.kind.value)) for hint in find_hints(text))
    for kind, pattern in _PATTERNS[1:]:
        yield from ((one.start("piece"), one.end("piece"), kind) for one in pattern.finditer(text))
    yield from ((start, end, SpotKind.PERSON) for start, end in persons(text))


def _composed(text: str) -> tuple[str, list[int]]:
    """The text in composed Unicode, and where each of its places lies in the text as given."""
    if unicodedata.is_normalized("NFC", text):
        return text, list(range(len(text) + 1))
    starts = [place for place, sign in enumerate(text) if not place or not unicodedata.combining(sign)]
    plain, places = "", []
    for start, end in pairwise([*starts, len(text)]):
        piece = unicodedata.normalize("NFC", text[start:end])
        plain += piece
        places += [start] * len(piece)
    return plain, [*places, len(text)]
