"""Receiving and acting on information about a breach of law. Nothing is ever removed, nobody is told by message."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row
from app.feedback.denunciations import access
from app.feedback.denunciations.access import Reader
from app.feedback.denunciations.acts import BY_NAME, MOST_PLACE, MOST_WORDS, Act
from app.feedback.denunciations.errors import NotFromHere, StaleDenunciation, WordsMissing
from app.feedback.denunciations.models import (
    Denunciation,
    DenunciationEvent,
    DenunciationFile,
    DenunciationReading,
    DenunciationState,
    DenunciationWords,
)
from app.web.text_input import clean, problem

ID_BYTES = 12
STALE = "Người khác vừa cập nhật tin này. Xin xem diễn biến mới; lời Ông/Bà đã viết còn nguyên, gửi lại nếu vẫn đúng."


@dataclass(frozen=True, slots=True)
class Told:
    """What was told and about whom; there is no field for who told it."""

    public_number: str
    code_index: bytes
    concerned_unit_id: int
    counter_id: int | None
    text: str
    file_ids: tuple[str, ...] = ()


def receive(session: Session, told: Told, on: date) -> str:
    """Store it for the level above the unit concerned; the id of its row."""
    key = secrets.token_hex(ID_BYTES)
    session.add(
        Denunciation(
            id=key,
            public_number=told.public_number,
            code_index=told.code_index,
            unit_id=access.level_above(session, told.concerned_unit_id, on),
            concerned_unit_id=told.concerned_unit_id,
            counter_id=told.counter_id,
            received_on=on,
            text=in_row(told.text, key),
            state=DenunciationState.RECEIVED,
            version=1,
        )
    )
    session.flush()  # the rows below point to it
    session.add(DenunciationEvent(denunciation_id=key, sequence=1, state=DenunciationState.RECEIVED, happened_on=on))
    add_files(session, key, told.file_ids)
    return key


def add_files(session: Session, denunciation_id: str, file_ids: Iterable[str]) -> None:
    """Put files to it, numbered after those that are there."""
    there = select(func.max(DenunciationFile.number)).where(DenunciationFile.denunciation_id == denunciation_id)
    first = (session.scalar(there) or 0) + 1
    for number, file_id in enumerate(file_ids, start=first):
        session.add(DenunciationFile(file_id=file_id, denunciation_id=denunciation_id, number=number))


def opened(session: Session, reader: Reader, denunciation_id: str, role: str) -> None:
    """Record that somebody opened it: each time in the record of acts, first and last time beside it."""
    now = clock.now()
    found = session.get(DenunciationReading, (denunciation_id, reader.officer_id))
    if found is None:
        session.add(
            DenunciationReading(
                denunciation_id=denunciation_id,
                officer_id=reader.officer_id,
                role=role[:60],
                first_at=now,
                last_at=now,
            )
        )
    else:
        found.last_at = now
    # Without a unit: whoever reads the record of a part of the tree must not count what concerns it.
    record(session, reader.officer_id, Action.DENUNCIATION_READ, _subject(denunciation_id))


def file_opened(session: Session, reader: Reader, denunciation_id: str, number: int) -> None:
    """Record that somebody took one of its files."""
    record(session, reader.officer_id, Action.DENUNCIATION_READ, _subject(denunciation_id), {"file": number})


def act(
    session: Session,
    reader: Reader,
    denunciation_id: str,
    version: int,
    name: str,
    *,
    words: str,
    place: str = "",
    is_shown: bool = False,
    role: str = "",
) -> None:
    """Take one of the allowed steps, with a reason in words.

    Parameters
    ----------
    version
        The version the officer saw.
    name
        The act, as in ``acts.ACTS``.
    words
        Why, or what is to be done; always asked for.
    place
        Where it went, for an act that passes it on.
    is_shown
        Whether whoever sent it reads the words.

    Raises
    ------
    UnknownDenunciation, StaleDenunciation, NotFromHere, WordsMissing
    """
    today = clock.local_date()
    found = access.find(session, reader, denunciation_id, today, locked=True)
    step = BY_NAME.get(name)
    if found.version != version:
        raise StaleDenunciation(STALE)
    if step is None or found.state not in step.begins:
        raise NotFromHere("Tin đang ở trạng thái không làm được việc này. Xin xem các việc có thể làm ở dưới.")
    text = _words(step, words, place)
    sequence = _next(session, denunciation_id)
    session.add(
        DenunciationEvent(
            denunciation_id=denunciation_id,
            sequence=sequence,
            state=step.leads_to,
            happened_on=today,
            at=clock.now(),
            officer_id=reader.officer_id,
            role=role[:60] or None,
        )
    )
    session.add(
        DenunciationWords(
            denunciation_id=denunciation_id, sequence=sequence, text=in_row(text, denunciation_id), is_shown=is_shown
        )
    )
    found.state = step.leads_to
    found.version += 1
    detail = {"act": step.name, "shown": is_shown}
    record(session, reader.officer_id, Action.DENUNCIATION_ACT, _subject(denunciation_id), detail)


def _words(step: Act, words: str, place: str) -> str:
    text, where = clean(words).strip(), " ".join(clean(place).split())
    if step.needs_place and not where:
        raise WordsMissing("place", "Xin ghi tên cơ quan, đơn vị nhận.")
    if wrong := problem(where, MOST_PLACE):
        raise WordsMissing("place", str(wrong))
    if not text:
        raise WordsMissing("words", "Xin ghi lý do, căn cứ hoặc việc sẽ làm.")
    if wrong := problem(text, MOST_WORDS):
        raise WordsMissing("words", str(wrong))
    return f"Nơi nhận: {where}\n{text}" if step.needs_place else text


def _next(session: Session, denunciation_id: str) -> int:
    last = select(func.max(DenunciationEvent.sequence)).where(DenunciationEvent.denunciation_id == denunciation_id)
    return (session.scalar(last) or 0) + 1


def _subject(denunciation_id: str) -> str:
    return f"denunciation:{denunciation_id}"
