"""Information about breaches of law as the level above sees it: its own list, its own page, its own count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.feedback.denunciations import access
from app.feedback.denunciations.access import Reader
from app.feedback.denunciations.models import (
    Denunciation,
    DenunciationEvent,
    DenunciationFile,
    DenunciationReading,
    DenunciationState,
    DenunciationWords,
)
from app.files.gate.models import CheckedFile
from app.i18n.folding import fold
from app.units import queries as units
from app.units.models import Counter, counter_label

PAGE_SIZE = 25
READ_AT_ONCE = 200
FIRST_WORDS = 160
ORDER = (Denunciation.received_on.desc(), Denunciation.public_number)


@dataclass(frozen=True, slots=True)
class DenunciationLine:
    """One line of the list."""

    id: str
    public_number: str
    received_on: date
    state: DenunciationState
    concerned_unit_name: str
    first_words: str


@dataclass(frozen=True, slots=True)
class DenunciationPage:
    """Some lines, latest day first; ``total`` counts all that match, ``number`` begins at 1."""

    lines: tuple[DenunciationLine, ...]
    number: int
    total: int

    @property
    def last_number(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step, with its words; ``at`` and ``role`` only for acts of officers."""

    sequence: int
    state: DenunciationState
    happened_on: date
    at: datetime | None
    role: str | None
    words: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class DenunciationView:
    """All that its page shows."""

    id: str
    public_number: str
    version: int
    state: DenunciationState
    received_on: date
    concerned_unit_name: str
    counter_name: str
    text: str
    files: tuple[tuple[int, CheckedFile], ...]
    history: tuple[HistoryLine, ...]
    readers_by_role: Mapping[str, int]


def page(
    session: Session,
    reader: Reader,
    on: date,
    *,
    search: str = "",
    state: DenunciationState | None = None,
    number: int = 1,
) -> DenunciationPage:
    """One page of what exists for this reader. Texts are encrypted, so a search opens every one of them."""
    conditions = [access.visible(session, reader, on)]
    if state is not None:
        conditions.append(Denunciation.state == state)
    offset = (max(1, number) - 1) * PAGE_SIZE
    if sought := fold(search.strip()):
        found = _with_words(session, conditions, sought)
        total = len(found)
        conditions, offset = [Denunciation.id.in_(found[offset : offset + PAGE_SIZE])], 0
    else:
        total = session.scalar(select(func.count()).select_from(Denunciation).where(*conditions)) or 0
    rows = session.scalars(
        select(Denunciation).where(*conditions).order_by(*ORDER).limit(PAGE_SIZE).offset(offset)
    ).all()
    names = units.names_on(session, {row.concerned_unit_id for row in rows}, on)
    return DenunciationPage(tuple(_line(row, names) for row in rows), max(1, number), total)


def one(session: Session, reader: Reader, denunciation_id: str, on: date) -> DenunciationView:
    """Everything about one; raises ``UnknownDenunciation``."""
    found = access.find(session, reader, denunciation_id, on)
    counter = None if found.counter_id is None else session.get(Counter, found.counter_id)
    return DenunciationView(
        id=found.id,
        public_number=found.public_number,
        version=found.version,
        state=found.state,
        received_on=found.received_on,
        concerned_unit_name=units.name_on(session, found.concerned_unit_id, on),
        counter_name="" if counter is None else counter_label(counter.number, counter.name),
        text=found.text,
        files=tuple(files_of(session, found.id)),
        history=tuple(lines(session, found.id)),
        readers_by_role=_readers(session, found.id),
    )


def files_of(session: Session, denunciation_id: str) -> list[tuple[int, CheckedFile]]:
    """Its files, each with its number."""
    rows = session.execute(
        select(DenunciationFile.number, CheckedFile)
        .join(CheckedFile, CheckedFile.id == DenunciationFile.file_id)
        .where(DenunciationFile.denunciation_id == denunciation_id)
        .order_by(DenunciationFile.number)
    )
    return [(number, file) for number, file in rows]


def lines(session: Session, denunciation_id: str) -> list[HistoryLine]:
    """Every step, in order."""
    words = {
        row.sequence: row
        for row in session.scalars(
            select(DenunciationWords).where(DenunciationWords.denunciation_id == denunciation_id)
        )
    }
    events = session.scalars(
        select(DenunciationEvent)
        .where(DenunciationEvent.denunciation_id == denunciation_id)
        .order_by(DenunciationEvent.sequence)
    )
    return [
        HistoryLine(
            sequence=event.sequence,
            state=event.state,
            happened_on=event.happened_on,
            at=event.at,
            role=event.role,
            words=said.text if (said := words.get(event.sequence)) else "",
            is_shown=said is not None and said.is_shown,
        )
        for event in events
    ]


def _line(row: Denunciation, names: Mapping[int, str]) -> DenunciationLine:
    return DenunciationLine(
        id=row.id,
        public_number=row.public_number,
        received_on=row.received_on,
        state=row.state,
        concerned_unit_name=names.get(row.concerned_unit_id, ""),
        first_words=row.text[:FIRST_WORDS],
    )


def _with_words(session: Session, conditions: list[ColumnElement[bool]], sought: str) -> list[str]:
    rows = session.execute(
        select(Denunciation.id, Denunciation.public_number, Denunciation.text)
        .where(*conditions)
        .order_by(*ORDER)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    return [key for key, number, text in rows if sought in number.lower() or sought in fold(text)]


def _readers(session: Session, denunciation_id: str) -> dict[str, int]:
    rows = session.execute(
        select(DenunciationReading.role, func.count())
        .where(DenunciationReading.denunciation_id == denunciation_id)
        .group_by(DenunciationReading.role)
    )
    return {row[0]: row[1] for row in rows}
