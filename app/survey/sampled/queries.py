"""What officers see of imports: how many answers a round has, what was imported when and by whom, saved mappings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.i18n.folding import fold_words
from app.survey.models import SurveyRound
from app.survey.sampled.errors import UnknownMapping
from app.survey.sampled.models import ImportMode, SampledAnswer, SampledImport, SampledMapping, SourceFormat
from app.survey.sampled.targets import ColumnMapping


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import as the list shows it."""

    imported_at: datetime
    officer: str
    mode: ImportMode
    source: SourceFormat
    row_count: int
    checksum: str
    is_replaced: bool


def answer_count(session: Session, round_id: int) -> int:
    """How many imported answers a round has."""
    return session.scalar(select(func.count()).where(SampledAnswer.round_id == round_id)) or 0


def imports_of(session: Session, round_id: int) -> list[ImportLine]:
    """The imports into a round, newest first."""
    statement = (
        select(SampledImport, Officer.full_name)
        .outerjoin(Officer, Officer.id == SampledImport.officer_id)
        .where(SampledImport.round_id == round_id)
        .order_by(SampledImport.id.desc())
    )
    return [
        ImportLine(one.imported_at, name or "", one.mode, one.source, one.row_count, one.checksum, one.is_replaced)
        for one, name in session.execute(statement)
    ]


def saved_mappings(session: Session, survey_round: SurveyRound) -> Mapping[int, str]:
    """Names of the mappings saved for the round's question set, by number."""
    statement = (
        select(SampledMapping.id, SampledMapping.name)
        .where(SampledMapping.question_set_version_id == survey_round.question_set_version_id)
        .order_by(SampledMapping.name)
    )
    return dict(session.execute(statement).all())


def saved_mapping(session: Session, survey_round: SurveyRound, mapping_id: int, names: list[str]) -> ColumnMapping:
    """A saved mapping for a file with columns of these ``names``, whose case and marks may differ from the saved ones.

    Raises
    ------
    UnknownMapping
        When the round's question set has no such mapping.
    """
    row = session.get(SampledMapping, mapping_id)
    if row is None or row.question_set_version_id != survey_round.question_set_version_id:
        raise UnknownMapping("Không tìm thấy cách đọc đã lưu này cho bộ câu hỏi của đợt.")
    saved = ColumnMapping.from_json(row.content)
    folded = {fold_words(name): key for name, key in saved.columns.items()}
    columns = {name: folded[fold_words(name)] for name in names if fold_words(name) in folded}
    return ColumnMapping(columns, saved.values, saved.nested)
