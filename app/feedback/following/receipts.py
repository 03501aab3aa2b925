"""Signed receipts: proof, for whoever asks, that something was received.

A receipt is a short Vietnamese text. Its minute stands on the receipt alone, for the database keeps the date only. Each
line ends in four check signs, so that a line typed wrongly or altered is named; what counts is the signature over all
lines above it, exactly as they stand. What was written is on it as a salted fingerprint: it tells nobody the content,
but whoever has the content can show that it is the one received.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from app.audit.proof.keys import PublicKeys, SigningKey
from app.clock import VIETNAM
from app.feedback.cases.fingerprints import digest
from app.rules.kinds import Kind
from app.web.text_input import clean

TITLE = "BIÊN NHẬN CỦA LẮNG NGHE – MẪU 1"
NUMBER, RECEIVED, UNIT, CHECK_AT = "Số", "Nhận lúc", "Nơi nhận", "Nơi kiểm tra"
SALT, FINGERPRINT, KEY, SIGNATURE = "Muối", "Dấu nội dung (SHA-256)", "Khóa ký", "Chữ ký"
SIGNED = (NUMBER, RECEIVED, UNIT, CHECK_AT, SALT, FINGERPRINT, KEY)
LABELS = (*SIGNED, SIGNATURE)
LONGEST = 20_000

_GROUP = 8
_LINE = re.compile(r"(?P<label>[^:|]+): (?P<value>[^|]*) \| (?P<check>[0-9a-f]{4})")
_MOMENT = re.compile(r"(\d\d):(\d\d) ngày (\d\d)/(\d\d)/(\d{4}) \(giờ Việt Nam\)")
_SPACES = re.compile(r"\s+")


class Received(Protocol):
    """What a receipt is about; the result of opening a case is one."""

    @property
    def public_number(self) -> str:
        """The number that opens nothing."""

    @property
    def salt(self) -> bytes:
        """The salt of the fingerprint."""

    @property
    def digest(self) -> bytes:
        """The fingerprint of what was written."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The text that is handed over, to be kept exactly as it is."""

    text: str


class Finding(StrEnum):
    """What a check found."""

    GENUINE = "genuine"
    NO_RECEIPT = "no-receipt"
    CUT = "cut"
    ADDED = "added"
    ALTERED = "altered"
    UNKNOWN_KEY = "unknown-key"
    BAD_SIGNATURE = "bad-signature"
    OTHER_TEXT = "other-text"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``lines``: the labels concerned, or the foreign lines; ``values``: what the receipt says, by label."""

    finding: Finding
    lines: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    is_text_checked: bool = False

    @property
    def is_genuine(self) -> bool:
        """Whether the receipt is whole and signed by a key that is believed."""
        return self.finding is Finding.GENUINE


def make(key: SigningKey, opened: Received, moment: datetime, *, unit_name: str, check_at: str) -> Receipt:
    """The receipt of something received at a moment.

    ``unit_name`` is the unit that received it: for information about a breach of law the one above the unit concerned,
    never that one. ``check_at`` is the address of the page that checks receipts.
    """
    here = moment.astimezone(VIETNAM)
    values = {
        NUMBER: opened.public_number,
        RECEIVED: f"{here:%H:%M} ngày {here:%d/%m/%Y} (giờ Việt Nam)",
        UNIT: _one_line(unit_name.replace("|", "/")),
        CHECK_AT: check_at,
        SALT: opened.salt.hex(),
        FINGERPRINT: _grouped(opened.digest),
        KEY: key.key_id,
    }
    statement = "".join(f"{line}\n" for line in (TITLE, *(_line(label, values[label]) for label in SIGNED)))
    signature = base64.b64encode(key.sign(statement.encode())).decode()
    return Receipt(f"{statement}{_line(SIGNATURE, signature)}\n")


def check(text: str, public_keys: PublicKeys, content: str | None = None) -> Verdict:
    """Whether a text is a receipt signed by one of the keys and, where ``content`` is given, a receipt for that."""
    lines = list(_lines(text))
    found, foreign = _sorted_out(lines)
    if not found and TITLE not in lines:
        return Verdict(Finding.NO_RECEIPT)
    values = tuple((label, found[label][0]) for label in LABELS if label in found)
    missing = tuple(label for label in LABELS if label not in found)
    if missing or TITLE not in lines:
        return Verdict(Finding.CUT, missing or (TITLE,), values)
    if foreign:
        return Verdict(Finding.ADDED, foreign, values)
    altered = tuple(label for label in LABELS if found[label][1] != _check_signs(label, found[label][0]))
    if altered:
        return Verdict(Finding.ALTERED, altered, values)
    return _signed(dict(values), values, public_keys, content)


def moment_of(values: tuple[tuple[str, str], ...]) -> datetime | None:
    """The minute of receipt that a receipt names."""
    match = _MOMENT.fullmatch(dict(values).get(RECEIVED, ""))
    if match is None:
        return None
    hour, minute, day, month, year = (int(part) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)
    except ValueError:
        return None


def _signed(
    values: dict[str, str], listed: tuple[tuple[str, str], ...], public_keys: PublicKeys, content: str | None
) -> Verdict:
    if values[KEY] not in public_keys.by_id:
        return Verdict(Finding.UNKNOWN_KEY, (values[KEY],), listed)
    statement = "".join(f"{line}\n" for line in (TITLE, *(_line(label, values[label]) for label in SIGNED)))
    if not public_keys.have_signed(values[KEY], _base64(values[SIGNATURE]), statement.encode()):
        return Verdict(Finding.BAD_SIGNATURE, (), listed)
    if content is None:
        return Verdict(Finding.GENUINE, (), listed)
    if not _is_content(values, listed, content):
        return Verdict(Finding.OTHER_TEXT, (), listed, is_text_checked=True)
    return Verdict(Finding.GENUINE, (), listed, is_text_checked=True)


def _is_content(values: dict[str, str], listed: tuple[tuple[str, str], ...], content: str) -> bool:
    """Whether the fingerprint is that of the content, whatever kind it was received as: a receipt does not tell."""
    moment = moment_of(listed)
    wanted = values[FINGERPRINT].replace(" ", "")
    if moment is None:
        return False
    salt, day = _hex(values[SALT]), date(moment.year, moment.month, moment.day)
    cleaned = clean(content)
    return any(
        digest(salt, values[NUMBER], day, kind, text).hex() == wanted
        for kind in Kind
        for text in {cleaned, cleaned.strip(), cleaned.rstrip("\n")}
    )


def _sorted_out(lines: list[str]) -> tuple[dict[str, tuple[str, str]], tuple[str, ...]]:
    """Label → value and check signs; and the lines that belong to no receipt."""
    found: dict[str, tuple[str, str]] = {}
    foreign = []
    titles = 0
    for line in _joined(lines):
        match = _LINE.fullmatch(line)
        if line == TITLE:
            titles += 1
            if titles > 1:
                foreign.append(line)
        elif match is not None and match["label"] in LABELS and match["label"] not in found:
            found[match["label"]] = (match["value"], match["check"])
        elif _label_of(line) in LABELS and _label_of(line) not in found:
            found[_label_of(line)] = (line.partition(": ")[2], "")  # its check signs were cut off
        else:
            foreign.append(line)
    return found, tuple(foreign)


def _label_of(line: str) -> str:
    return line.partition(": ")[0]


def _joined(lines: list[str]) -> list[str]:
    """The lines, those put together again that a mail program broke before their check signs."""
    joined: list[str] = []
    for line in lines:
        is_begun = bool(joined) and _label_of(joined[-1]) in LABELS and not _LINE.fullmatch(joined[-1])
        if is_begun and line != TITLE and _label_of(line) not in LABELS and not _LINE.fullmatch(line):
            with_space = f"{joined[-1]} {line}"
            tight = f"{joined[-1]}{line}"
            joined[-1] = tight if _is_whole(tight) or not _LINE.fullmatch(with_space) else with_space
        else:
            joined.append(line)
    return joined


def _is_whole(line: str) -> bool:
    match = _LINE.fullmatch(line)
    return match is not None and match["check"] == _check_signs(match["label"], match["value"])


def _lines(text: str) -> Iterator[str]:
    for line in clean(text[:LONGEST]).splitlines():
        if made := _one_line(line):
            yield made


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _line(label: str, value: str) -> str:
    return f"{label}: {value} | {_check_signs(label, value)}"


def _check_signs(label: str, value: str) -> str:
    return hashlib.sha256(f"{label}: {value}".encode()).hexdigest()[:4]


def _grouped(raw: bytes) -> str:
    text = raw.hex()
    return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace(" ", ""), validate=True)
    except (binascii.Error, ValueError):
        return b""
