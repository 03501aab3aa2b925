"""Drops rows that have done their work. What is kept for how long stands in docs/architecture.md."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from app import clock
from app.accounts.kept.models import KeptPost
from app.accounts.models import OfficerSession, SignInAttempt
from app.accounts.sign_in import KEEP_ENDED
from app.db.base import Base
from app.feedback.cases.models import CodeAttempt
from app.feedback.exchange.models import ExchangeSending
from app.jobs.models import JobRun
from app.survey.authoring.models import QuestionSetDraft
from app.survey.sampled.models import SampledDraft
from app.units.models import ImportDraft

ATTEMPTS_KEPT = timedelta(days=30)
DRAFTS_KEPT = timedelta(days=1)
RUNS_KEPT = timedelta(days=400)


def purge(session: Session) -> str:
    """Drop what is old; says how many rows of each table went."""
    now = clock.now()
    old: dict[type[Base], ColumnElement[bool]] = {
        OfficerSession: OfficerSession.expires_at < now - KEEP_ENDED,
        KeptPost: KeptPost.expires_at <= now,
        SignInAttempt: SignInAttempt.attempted_at < now - ATTEMPTS_KEPT,
        ImportDraft: ImportDraft.created_at < now - DRAFTS_KEPT,
        SampledDraft: SampledDraft.created_at < now - DRAFTS_KEPT,
        QuestionSetDraft: QuestionSetDraft.expires_at <= now,
        JobRun: JobRun.started_at < now - RUNS_KEPT,
        CodeAttempt: CodeAttempt.hour < now - ATTEMPTS_KEPT,
        ExchangeSending: ExchangeSending.expires_at <= now,
    }
    gone = {
        table.__tablename__: len(
            session.execute(delete(table).where(is_old).returning(*table.__table__.primary_key)).all()
        )
        for table, is_old in old.items()
    }
    return ", ".join(f"{name} {count}" for name, count in gone.items())
