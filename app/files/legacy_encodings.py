"""Recognise Vietnamese text that is not Unicode: TCVN3 (ABC), VNI Windows and Windows-1258.

A file in one of them reads as nonsense ("§¬n vÞ", "Ñôn vò", "Ðõn viò") and nothing in it says why. So each candidate is
undone, and the one that turns the nonsense into possible Vietnamese syllables is the one it was. Tables: TCVN 5712:1993
(VN3) with the letters of the .VnTime fonts; the VNI Windows layout; code page 1258 of the standard library.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

LEGACY_NAMES = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI", "cp1258": "Windows-1258"}

_TCVN3_BYTES = (
    "A1Ă A2Â A3Ê A4Ô A5Ơ A6Ư A7Đ A8ă A9â AAê ABô ACơ ADư AEđ B5à B6ả B7ã B8á B9ạ BBằ BCẳ BDẵ BEắ C6ặ C7ầ C8ẩ "
    "C9ẫ CAấ CBậ CCè CEẻ CFẽ D0é D1ẹ D2ề D3ể D4ễ D5ế D6ệ D7ì D8ỉ DCĩ DDí DEị DFò E1ỏ E2õ E3ó E4ọ E5ồ E6ổ E7ỗ "
    "E8ố E9ộ EAờ EBở ECỡ EDớ EEợ EFù F1ủ F2ũ F3ú F4ụ F5ừ F6ử F7ữ F8ứ F9ự FAỳ FBỷ FCỹ FDý FEỵ"
)
_TCVN3 = {int(item[:2], 16): item[2:] for item in _TCVN3_BYTES.split()}

# VNI puts the marks behind the plain vowel; some letters have a code of their own.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323", "â": "\u0302", "ê": "\u0306",
    "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
_VNI_TABLE = {**_VNI_MARKS, **_VNI_LETTERS}
_VNI = str.maketrans({**_VNI_TABLE, **{old.upper(): new.upper() for old, new in _VNI_TABLE.items()}})

_WORD = re.compile(r"[^\s\x00-\x40\[-`{-\x7f]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_INITIAL = "(?:ngh|ng|nh|gh|gi|kh|kr|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
_NUCLEUS = (
    "(?:uyê|iê|yê|uô|ươ|oai|oay|oă|oa|oeo|oe|oo|uâ|uê|uơ|uya|uyu|uy|ia|ya|ua|ưa|ai|ao|au|ay|âu|ây|eo|êu|iêu|yêu|iu|oi|ôi|"
    "ơi|ui|ưi|ươi|uôi|ươu|ưu|[aăâeêioôơuưy])"
)
_SYLLABLE = re.compile(f"{_INITIAL}{_NUCLEUS}[iouy]?(?:ng|nh|ch|[cmnptk])?")
_STOPPED = re.compile("[cpt]$|ch$")
_NOT_BEFORE_STOPS = frozenset("\u0300\u0303\u0309")  # a syllable closed by a stop has the tone sắc, nặng or none
_ENOUGH = 0.6  # share of the marked words that must become possible syllables
_BETTER = 0.2  # and by how much that share must exceed the one of the text as it stands


def legacy_encoding(texts: Iterable[str]) -> str | None:
    """Return "tcvn3", "vni" or "cp1258" if ``texts`` were typed in that code table but read as Unicode, else None."""
    words = [word for text in texts if not text.isascii() for word in _WORD.findall(text) if not word.isascii()]
    as_it_stands = _share(words, lambda word: word) if words else 1.0
    if as_it_stands > 1 - _BETTER:
        return None
    shares = {name: _share(words, undo) for name, undo in _UNDO.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= max(_ENOUGH, as_it_stands + _BETTER) else None


def legacy_encoding_of_bytes(data: bytes) -> str | None:
    """The same for the bytes of a text file that is not UTF-8."""
    return legacy_encoding(data.decode("latin-1").splitlines())


def is_syllable(word: str) -> bool:
    """Whether ``word`` could be one Vietnamese syllable: sound letters in sound places, at most one tone."""
    return _is_syllable(unicodedata.normalize("NFC", word).lower())


@lru_cache(maxsize=20_000)
def _is_syllable(word: str) -> bool:
    decomposed = unicodedata.normalize("NFD", word)
    tones = [letter for letter in decomposed if letter in _TONES]
    toneless = unicodedata.normalize("NFC", "".join(letter for letter in decomposed if letter not in _TONES))
    if len(tones) > 1 or (_STOPPED.search(toneless) and not _NOT_BEFORE_STOPS.isdisjoint(tones)):
        return False
    return _SYLLABLE.fullmatch(toneless) is not None


def _share(words: list[str], undo: Callable[[str], str | None]) -> float:
    good = 0
    for word in words:
        undone = undo(word)
        good += undone is not None and is_syllable(undone)
    return good / len(words)


def _as_bytes(word: str) -> bytes | None:
    for encoding in ("latin-1", "cp1252"):
        try:
            return word.encode(encoding)
        except UnicodeEncodeError:
            continue
    return None


def _undo_tcvn3(word: str) -> str | None:
    data = _as_bytes(word)
    return None if data is None else "".join(_TCVN3.get(byte, chr(byte)) for byte in data)


def _undo_vni(word: str) -> str | None:
    data = _as_bytes(word)
    return None if data is None else unicodedata.normalize("NFC", data.decode("latin-1").translate(_VNI))


def _undo_cp1258(word: str) -> str | None:
    data = _as_bytes(word)
    return None if data is None else unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))


_UNDO: dict[str, Callable[[str], str | None]] = {"tcvn3": _undo_tcvn3, "vni": _undo_vni, "cp1258": _undo_cp1258}
