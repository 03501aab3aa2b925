"""Information about a breach of law, as its sender sees it: where it stands, in neutral words, and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.feedback.denunciations import queries as denunciations
from app.feedback.denunciations.models import Denunciation, DenunciationState
from app.feedback.denunciations.services import add_files as add_to_denunciation
from app.feedback.following.errors import NoLonger
from app.feedback.following.possible import ENOUGH_FILES, MOST_FILES, May
from app.files.gate.models import CheckedFile


@dataclass(frozen=True, slots=True)
class InformationSeen:
    """``steps``: day, state, and words meant for the sender."""

    public_number: str
    state: DenunciationState
    received_on: date
    steps: Sequence[tuple[date, DenunciationState, str]]
    files: Sequence[tuple[int, CheckedFile]]

    @property
    def adding(self) -> May:
        """Whether more files may be sent: it is never closed."""
        return May(is_possible=True) if len(self.files) < MOST_FILES else May(is_possible=False, why_not=ENOUGH_FILES)


def seen(session: Session, denunciation_id: str) -> InformationSeen:
    """The information behind a code."""
    row = session.get_one(Denunciation, denunciation_id)
    return InformationSeen(
        public_number=row.public_number,
        state=row.state,
        received_on=row.received_on,
        steps=list(_steps(session, denunciation_id)),
        files=denunciations.files_of(session, denunciation_id),
    )


def add_files(session: Session, denunciation_id: str, file_ids: Sequence[str]) -> None:
    """Put files to it."""
    row = session.get_one(Denunciation, denunciation_id, with_for_update=True)
    if len(denunciations.files_of(session, denunciation_id)) + len(file_ids) > MOST_FILES:
        raise NoLonger(ENOUGH_FILES)
    add_to_denunciation(session, denunciation_id, file_ids)
    row.version += 1


def _steps(session: Session, denunciation_id: str) -> Iterator[tuple[date, DenunciationState, str]]:
    """Only changes that the neutral words tell apart; a line with words for the sender always."""
    shown: DenunciationState | None = None
    for line in denunciations.lines(session, denunciation_id):
        state = DenunciationState.RECEIVED if line.state is DenunciationState.KEPT else line.state
        said = line.words if line.is_shown else ""
        if state is not shown or said:
            yield line.happened_on, state, said
        shown = state
