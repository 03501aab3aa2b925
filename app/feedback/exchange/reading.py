"""Reads what another system posted and asks (pure): a report, a question, or what is wrong in the words of the norm."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.clock import VIETNAM
from app.feedback.cases.reporters import Contact
from app.feedback.intake.reading import LEAST_CHARACTERS, MOST_CHARACTERS, MOST_LINE, problem_of_text, wrong_contact
from app.web.text_input import clean

# Parameters of the norm. Those in NOT_KEPT name a device, a place to the metre or an account: taken and not kept.
CONTACT = {"email": "email", "phone": "phone"}
NOT_KEPT = frozenset({"lat", "long", "address_id", "device_id", "account_id"})
# Of the service definition (attributes.py).
COUNTER, HAPPENED_ON = "counter", "happened_on"
ATTRIBUTES = {name: f"attribute[{name}]" for name in (COUNTER, HAPPENED_ON)}
TAKEN = frozenset(
    {
        *("jurisdiction_id", "service_code", "description", "address_string", "first_name", "last_name"),
        *(*CONTACT, *NOT_KEPT, *ATTRIBUTES.values()),
    }
)
ASKED = frozenset(
    {
        *("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status"),
        *("api_key", "page", "page_size"),
    }
)
MOST_IDS = 50
SEVERAL = frozenset({"service_request_id", "service_code", "status"})
"""What the norm lets stand several times in an address, or once with commas."""
MOST_PAGE_SIZE = 1000
"""As many as the norm gives at once; who asks for no page gets these."""
MOST_NAME = 255
STATES = frozenset({"open", "closed"})
# The website has words of its own for people; other systems read these, with the names of their fields.
WRONG = {
    "description": f"description is no text of {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters, place included",
    "name": "first_name or last_name is required with phone or email, at most 300 characters of plain text",
    "phone": "phone is no telephone number of 8 to 15 digits",
    "email": "email is no e-mail address",
}


class Refused(Exception):
    """What is wrong, with the number the norm gives it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


@dataclass(frozen=True, slots=True)
class Posted:
    """One report as it was posted. ``left_out``: what was sent and is not kept."""

    service_code: str
    text: str
    contact: Contact | None
    left_out: tuple[str, ...]
    counter: str = ""
    happened_on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What of the public cases is asked for."""

    ids: tuple[str, ...] = ()
    service_codes: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    states: frozenset[str] = STATES
    page: int = 1
    page_size: int = MOST_PAGE_SIZE


def posted(form: Mapping[str, Sequence[str]], notice: str) -> Posted:
    """A report out of a posted form; ``notice`` is what whoever gives contact data agrees to.

    Raises
    ------
    Refused
        400 for a field that is missing, unknown, given twice or cannot be.
    """
    _known(form, TAKEN | {"api_key"})
    code, text = _line(form, "service_code"), clean(_one(form, "description")).strip()
    if not code:
        raise Refused(400, "service_code is required")
    place = _line(form, "address_string")
    if place:
        text = f"{text}\nNơi xảy ra: {place}"
    if not text:
        raise Refused(400, "description is required")
    if problem_of_text(text) is not None:
        raise Refused(400, WRONG["description"])
    left_out = tuple(sorted(name for name in NOT_KEPT if _one(form, name).strip()))
    return Posted(
        service_code=code,
        text=text,
        contact=_contact(form, notice),
        left_out=left_out,
        counter=_line(form, ATTRIBUTES[COUNTER]),
        happened_on=_day(form, ATTRIBUTES[HAPPENED_ON]),
    )


def report_name(header: str) -> str:
    """The name that a system gave its report (``Idempotency-Key``), with or without quotation marks; "" for none.

    Raises
    ------
    Refused
        400 when it is too long or holds other signs than printable ASCII.
    """
    name = header.strip()
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = name[1:-1]
    if len(name) > MOST_NAME or not all("!" <= sign <= "~" for sign in name):
        raise Refused(400, f"Idempotency-Key has 1 to {MOST_NAME} printable ASCII characters without spaces")
    return name


def question(asked: Mapping[str, Sequence[str]]) -> Question:
    """What is asked for, out of an address. Requests asked for by their ids are given whatever else is asked.

    Raises
    ------
    Refused
        400 for a parameter that is unknown, given twice or cannot be.
    """
    _known(asked, ASKED, SEVERAL)
    ids, codes = (_several(asked, name) for name in ("service_request_id", "service_code"))
    states = frozenset(_several(asked, "status")) or STATES
    if not states <= STATES:
        raise Refused(400, "status is open or closed")
    if ids:
        return Question(ids=ids)
    return Question(
        service_codes=codes,
        first=_day(asked, "start_date"),
        last=_day(asked, "end_date"),
        states=states,
        page=_whole(asked, "page", 1, 100_000),
        page_size=_whole(asked, "page_size", MOST_PAGE_SIZE, MOST_PAGE_SIZE),
    )


def _contact(form: Mapping[str, Sequence[str]], notice: str) -> Contact | None:
    name = f"{_line(form, 'last_name')} {_line(form, 'first_name')}".strip()
    typed = {"name": name, "phone": _line(form, "phone"), "email": _line(form, "email"), "address": ""}
    if not any(typed.values()):
        return None
    wrong = wrong_contact(typed)
    if wrong:
        raise Refused(400, _words_of(typed, next(iter(wrong))))
    return Contact(name=name, phone=typed["phone"], email=typed["email"], notice=notice)


def _words_of(typed: Mapping[str, str], field: str) -> str:
    """What is wrong with contact data, in the fields of this interface."""
    if field == "phone" and not typed["phone"]:
        return "phone or email is required with a name; without any of them the report is anonymous"
    return WRONG[field]


def _known(given: Mapping[str, Sequence[str]], names: frozenset[str], several: frozenset[str] = frozenset()) -> None:
    for name, values in given.items():
        if name not in names:
            raise Refused(400, f"unknown parameter: {clean(name)[:40]}")
        if len(values) > 1 and name not in several:
            raise Refused(400, f"{name} was given twice")


def _one(given: Mapping[str, Sequence[str]], name: str) -> str:
    return "".join(given.get(name, ()))


def _line(given: Mapping[str, Sequence[str]], name: str) -> str:
    text = " ".join(clean(_one(given, name)).split())
    if len(text) > MOST_LINE:
        raise Refused(400, f"{name} is longer than {MOST_LINE} characters")
    return text


def _several(given: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    found = tuple(
        dict.fromkeys(part.strip() for part in clean(",".join(given.get(name, ()))).split(",") if part.strip())
    )
    if len(found) > MOST_IDS:
        raise Refused(400, f"at most {MOST_IDS} values for {name}")
    return found


def _day(given: Mapping[str, Sequence[str]], name: str) -> date | None:
    """The day in Việt Nam of a W3C timestamp such as 2026-11-22T00:00:00+07:00, or the day alone."""
    text = _one(given, name).strip().replace(" ", "+")
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo is None else moment.astimezone(VIETNAM)).date()
    except (ValueError, OverflowError):
        raise Refused(400, f"{name} is no date such as 2026-11-22T00:00:00+07:00") from None


def _whole(given: Mapping[str, Sequence[str]], name: str, default: int, most: int) -> int:
    text = _one(given, name).strip()
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 6 and 1 <= int(text) <= most):
        raise Refused(400, f"{name} is a number from 1 to {most}")
    return int(text)
