"""Stored sums of sampled rounds: made once for each import, read by every page."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.analysis.rollups import set_of_round
from app.analysis.sampled.kept import Kept
from app.analysis.sampled.making import (
    MADE_BY,
    DesignFacts,
    facts_from_json,
    made,
    plan_of,
    questionnaire_from_json,
    questionnaire_to_json,
)
from app.analysis.sampled.models import SampledSums
from app.analysis.sampled.questionnaire import Questionnaire
from app.analysis.scores import CONFIDENCE
from app.analysis.stats.cells.stored import from_bytes, to_bytes
from app.analysis.stats.cells.sums import CellSums
from app.survey.models import SurveyRound
from app.survey.sampled.models import SampledSurvey
from app.survey.sampled.rows import sampled_rows

_READ: Kept[CellSums] = Kept(4)


@dataclass(frozen=True, eq=False)
class StoredSurvey:
    """The sums of a round, read; ``checksum`` names their content."""

    checksum: str
    sums: CellSums
    facts: DesignFacts
    questionnaire: Questionnaire


def is_current(session: Session, round_id: int) -> bool:
    """Whether the stored sums are of today's answers (also where there are none of either)."""
    revision = session.scalar(select(SampledSurvey.revision).where(SampledSurvey.round_id == round_id))
    stored = session.execute(
        select(SampledSums.revision, SampledSums.made_by).where(SampledSums.round_id == round_id)
    ).first()
    return revision is None or (stored is not None and tuple(stored) == (revision, MADE_BY))


@dataclass(frozen=True, eq=False)
class MadeSums:
    """What was made of a round's answers as they stood at a revision, not yet stored."""

    round_id: int
    revision: int
    content: bytes
    about: dict[str, object]


def make_sums(session: Session, survey_round: SurveyRound) -> MadeSums | None:
    """Make the sums of a round's answers, a second for 10,000 of them; None where there are none. Writes nothing."""
    rows = sampled_rows(session, survey_round)
    if rows is None:
        return None
    sums, facts, questionnaire = made(rows, confidence_level=CONFIDENCE)
    about: dict[str, object] = {"design": asdict(facts), "questionnaire": questionnaire_to_json(questionnaire)}
    return MadeSums(survey_round.id, rows.revision, to_bytes(sums), about)


def store_sums(session: Session, sums: MadeSums) -> None:
    """Store what was made, unless another import or another reader was faster."""
    statement = select(SampledSurvey.revision).where(SampledSurvey.round_id == sums.round_id).with_for_update()
    if session.scalar(statement) != sums.revision or is_current(session, sums.round_id):
        return
    session.execute(delete(SampledSums).where(SampledSums.round_id == sums.round_id))
    session.add(
        SampledSums(
            round_id=sums.round_id,
            revision=sums.revision,
            made_by=MADE_BY,
            checksum=hashlib.sha256(sums.content).hexdigest(),
            sums=sums.content,
            about=sums.about,
        )
    )


def stored_survey(session: Session, survey_round: SurveyRound) -> StoredSurvey | None:
    """The sums of a round as stored by ``make_sums``; None before the first import."""
    row = session.execute(
        select(SampledSums.checksum, SampledSums.about).where(SampledSums.round_id == survey_round.id)
    ).first()
    if row is None:
        return None
    about: dict[str, Any] = row.about
    facts = facts_from_json(about["design"])
    plan = plan_of(set_of_round(survey_round), facts)

    def read() -> CellSums:
        content = session.scalar(select(SampledSums.sums).where(SampledSums.round_id == survey_round.id))
        assert content is not None
        return from_bytes(plan, content)

    sums = _READ.get(row.checksum, read)
    return StoredSurvey(row.checksum, sums, facts, questionnaire_from_json(about["questionnaire"]))
