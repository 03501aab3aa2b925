"""What an event may hold (pure): numbers, dates and codes; words only where a caller says that they are public.

Names, addresses and what people wrote contain blanks, so a plain text with a blank is refused: nobody puts a person
into the record by accident. ``PublicText`` lets words in that anybody may read, such as the name of an office.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum

from app.web.text_input import clean

CODE = re.compile(r"[A-Za-z0-9_.:/+,=%~-]{0,120}")
CHECKSUM = re.compile(r"[0-9a-f]{32,128}")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_TEXT = 300
HIDDEN = "[…]"
PERSONAL_WORDS = frozenset(
    {
        *("username", "user_name", "full_name", "fullname", "surname", "officer_name", "person", "identity"),
        *("reporter", "sender", "respondent", "contact", "phone", "telephone", "mobile", "email", "mail"),
        *("address", "street", "birth", "birthday", "dob", "age", "gender", "sex", "ethnicity"),
        *("cccd", "cmnd", "passport", "id_number", "ip", "user_agent", "location", "latitude", "longitude"),
        *("password", "passphrase", "secret", "token", "cookie", "otp", "totp", "pin", "session_id"),
        *("private_key", "recovery_code", "answer_text", "written_text", "body", "message", "note", "text"),
    }
)
"""Keys that are refused, alone or as the end of a longer one (``old_phone``)."""
_E_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# Not inside longer words: a key's name in hexadecimal signs is no telephone number.
_DIGITS = re.compile(r"(?<![0-9A-Za-z])(?:(?:\+?84|0)(?:[ .-]?\d){8,10}|\d{12})(?![0-9A-Za-z])")


class PublicText(str):
    """Words that are no secret and of no private person: the name of a unit, a counter, a saved mapping."""

    __slots__ = ()


class NotForTheRecordError(ValueError):
    """A caller wanted to record something that may be a secret or personal; a fault of the program, not of a person."""


def checked(values: Mapping[str, object]) -> dict[str, object]:
    """The values as JSON takes them.

    Raises
    ------
    NotForTheRecordError
        For a key that names something personal or secret, and for a value that is neither number, date, code nor
        ``PublicText``.
    """
    return {_key(key): _value(key, value) for key, value in values.items()}


def is_personal_key(key: str) -> bool:
    """Whether a key names a secret or something about a person."""
    parts = key.split("_")
    return any("_".join(parts[start:]) in PERSONAL_WORDS for start in range(len(parts)))


def without_contacts(text: str) -> str:
    """The text in one Unicode form, cut to length, with telephone numbers, identity numbers and addresses hidden."""
    plain = " ".join(clean(text).split())
    return _DIGITS.sub(HIDDEN, _E_MAIL.sub(HIDDEN, plain))[:LONGEST_TEXT]


def _key(key: str) -> str:
    if not KEY.fullmatch(key) or is_personal_key(key):
        raise NotForTheRecordError(f"The record takes no value called {key!r} (app/audit/values.py).")
    return key


def _value(key: str, value: object) -> object:
    if isinstance(value, Mapping):
        return checked(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [_value(key, one) for one in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    return _scalar(key, value)


def _scalar(key: str, value: object) -> object:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, PublicText):
        return without_contacts(value)
    if isinstance(value, str) and (CHECKSUM.fullmatch(value) or _is_code(value)):
        return str(value)
    raise NotForTheRecordError(
        f"The value of {key!r} is no number, date or code; words that anybody may read are marked PublicText."
    )


def _is_code(value: str) -> bool:
    return CODE.fullmatch(value) is not None and _E_MAIL.search(value) is None and _DIGITS.search(value) is None
