"""A report that arrives again, because the first answer did not reach the system that sent it, opens no second case.

A system that names its reports (header ``Idempotency-Key``) gets the same answer to the same name for a day, the
sender's code included: else a lost answer would leave that person without a way to follow. The code is not kept for
that. It is drawn from a salt, the text of the system's key, the name and the report, under the key of the
installation: neither the database nor whoever runs it can tell it, and once the salt is gone nobody can.

Without a name, the same report within some minutes is taken for the same. That is a guess, and two people may have
written the same words: the answer is the number and nothing that opens the case.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import clock
from app.crypto.blind_index import blind_index
from app.db.turns import take_turn
from app.feedback.cases.codes import new_code
from app.feedback.cases.keys import code_index
from app.feedback.cases.models import Case
from app.feedback.exchange.models import ExchangeSending
from app.feedback.exchange.reading import Refused

SALT_BYTES = 16
SAME_FOR = timedelta(minutes=10)
DRAWN_BYTES = 4096
USED = "Idempotency-Key was used for another report; every report has one of its own"


@dataclass(frozen=True, slots=True)
class Sending:
    """One POST: by which key (its number and its text), under which name ("": none), and all it says."""

    key_id: int
    key_text: str
    name: str
    report: str

    @property
    def report_mark(self) -> bytes:
        """By which the report is known, of this system alone."""
        return _mark("report", str(self.key_id), self.report)

    @property
    def mark(self) -> bytes:
        """By which this is known to be sent again."""
        return _mark("name", str(self.key_id), self.name) if self.name else self.report_mark

    def code(self, salt: bytes) -> str:
        """The sender's code of the case that this opens; the same for the same salt."""
        return new_code(_drawing(_mark("code", salt.hex(), self.key_text, self.name, self.report)))


@dataclass(frozen=True, slots=True)
class Before:
    """What the same report opened; ``code`` is "" where it is not told again."""

    public_number: str
    code: str


def report_of(form: Mapping[str, Sequence[str]]) -> str:
    """All that a form says but the key, in one order."""
    said = sorted((name, list(values)) for name, values in form.items() if name != "api_key")
    return json.dumps(said, ensure_ascii=True)


def before(session: Session, sending: Sending) -> Before | None:
    """What this report opened when it came before; None: it is new. The same system waits for its turn until then.

    Raises
    ------
    Refused
        422 when its name was used for another report.
    """
    take_turn(session, f"exchange-sending:{sending.key_id}")
    found = session.get(ExchangeSending, sending.mark)
    if found is None or found.expires_at <= clock.now():
        return None
    if found.report_mark != sending.report_mark:
        raise Refused(422, USED)
    case = session.get_one(Case, found.case_id)
    code = "" if found.salt is None else sending.code(found.salt)
    return Before(case.public_number, code if code and code_index(code) == case.code_index else "")


def new_salt(sending: Sending) -> bytes | None:
    """What the code is drawn with, so that it can be told again; None where it is told once."""
    return secrets.token_bytes(SALT_BYTES) if sending.name else None


def remember(session: Session, sending: Sending, salt: bytes | None, case_id: str) -> None:
    """Keep the marks of a report that has opened a case; those whose time is up go."""
    session.execute(delete(ExchangeSending).where(ExchangeSending.expires_at <= clock.now()))
    session.add(
        ExchangeSending(
            mark=sending.mark,
            report_mark=sending.report_mark,
            salt=salt,
            case_id=case_id,
            expires_at=_next_but_one_midnight() if sending.name else _end_of_guess(),
        )
    )


def _mark(what: str, *parts: str) -> bytes:
    return blind_index(f"exchange_sending.{what}", json.dumps(parts), normalise=str)


def _drawing(seed: bytes) -> Callable[[Sequence[str]], str]:
    """Draws signs from a seed, each as likely as the others."""
    stream = iter(hashlib.shake_256(seed).digest(DRAWN_BYTES))

    def choose(signs: Sequence[str]) -> str:
        fair = 256 - 256 % len(signs)
        return signs[next(one for one in stream if one < fair) % len(signs)]

    return choose


def _next_but_one_midnight() -> datetime:
    return datetime.combine(clock.local_date() + timedelta(days=2), time(), clock.VIETNAM)


def _end_of_guess() -> datetime:
    """Rounded up to ten minutes: the table must not tell the minute of an act."""
    moment = clock.now() + SAME_FOR
    past = timedelta(minutes=moment.minute % 10, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + SAME_FOR if past else moment
