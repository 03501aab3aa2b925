"""Sealing of rounds that have ended: one Merkle root over each kind of their answers (see ``app/audit/seals.py``)."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.audit import seals
from app.audit.proof.findings import Finding
from app.audit.seals import Source
from app.db.session import Database
from app.survey.models import Response, SurveyRound, WrittenAnswer
from app.survey.sampled.models import SampledAnswer, SampledCluster

READ_AT_ONCE = 2000


def seal_due(database: Database, *, today: date, closed_through: date) -> int:
    """Seal every round that has ended, whose last day is closed, and that has no seal; how many were sealed.

    The roots are computed while others may write, because the answers of such a round change no more; only the
    record is a transaction.
    """
    with database.reading() as session:
        due = _due(session, today, closed_through)
        roots = {one.id: seals.roots_of(session, one.id, SOURCES) for one in due}
    with database.transaction() as session:
        done = seals.sealed_rounds(session)
        for one in due:
            if one.id not in done:
                seals.seal(session, one.id, one.unit_id, roots[one.id])
    return len(due)


def check(session: Session) -> list[Finding]:
    """What has changed in the answers of sealed rounds."""
    return seals.check(session, SOURCES)


def _due(session: Session, today: date, closed_through: date) -> list[SurveyRound]:
    last = min(closed_through, today - timedelta(days=1))
    has_ended: ColumnElement[bool] = or_(SurveyRound.closed_on <= closed_through, SurveyRound.ends_on <= last)
    sealed = seals.sealed_rounds(session)
    rounds = session.scalars(select(SurveyRound).where(has_ended).order_by(SurveyRound.id))
    return [one for one in rounds if one.id not in sealed]


def _responses(session: Session, round_id: int) -> Iterator[bytes]:
    return _leaves(
        session,
        select(
            Response.key,
            Response.counter_id,
            Response.answered_on,
            Response.flags,
            Response.channel,
            Response.language,
            Response.answers,
        )
        .where(Response.round_id == round_id)
        .order_by(Response.key, Response.counter_id, Response.answered_on),
    )


def _written(session: Session, round_id: int) -> Iterator[bytes]:
    return _leaves(
        session,
        select(
            WrittenAnswer.key,
            WrittenAnswer.counter_id,
            WrittenAnswer.month,
            WrittenAnswer.question_id,
            WrittenAnswer.text,
        )
        .where(WrittenAnswer.round_id == round_id)
        .order_by(WrittenAnswer.key),
    )


def _sampled(session: Session, round_id: int) -> Iterator[bytes]:
    return _leaves(
        session,
        select(
            SampledAnswer.key,
            SampledAnswer.import_id,
            SampledAnswer.cluster_id,
            SampledAnswer.unit_id,
            SampledAnswer.weight,
            SampledAnswer.answers,
        )
        .where(SampledAnswer.round_id == round_id)
        .order_by(SampledAnswer.key),
    )


def _clusters(session: Session, round_id: int) -> Iterator[bytes]:
    return _leaves(
        session,
        select(
            SampledCluster.id,
            SampledCluster.stratum,
            SampledCluster.psu,
            SampledCluster.first_population,
            SampledCluster.second_population,
        )
        .where(SampledCluster.round_id == round_id)
        .order_by(SampledCluster.id),
    )


def _leaves(session: Session, statement: Select[*tuple[object, ...]]) -> Iterator[bytes]:
    """One JSON list a row, so that no two rows have the same bytes; read in pieces."""
    for row in session.execute(statement.execution_options(yield_per=READ_AT_ONCE)):
        parts = [cell.hex() if isinstance(cell, bytes) else cell for cell in row]
        yield json.dumps(parts, ensure_ascii=False, default=str, separators=(",", ":")).encode()


SOURCES: tuple[Source, ...] = (
    Source("responses", "phiếu trả lời", _responses),
    Source("written", "ý kiến viết", _written),
    Source("sampled", "phiếu của mẫu chọn", _sampled),
    Source("clusters", "cụm của mẫu chọn", _clusters),
)
