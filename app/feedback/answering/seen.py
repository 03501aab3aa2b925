"""An answer as its sender reads it (pure): one maker for the sender's page and for what officers see beforehand."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace

from app.feedback.answering.composing import Answered
from app.feedback.cases.answers import paragraphs
from app.i18n.formats import format_date


def reply_seen(
    number: int,
    *,
    outcome_words: str,
    facts: Sequence[tuple[str, str]],
    text: str,
    answered: Sequence[Answered],
    answered_on: date,
    score_words: str = "",
) -> SimpleNamespace:
    """What ``templates/feedback/following/_reply.html`` draws: the text, or each point with what is said to it."""
    return SimpleNamespace(
        number=number,
        outcome_words=outcome_words,
        facts=facts,
        text=[] if answered else paragraphs(text),
        points=[
            SimpleNamespace(
                number=one.number,
                point=paragraphs(one.point),
                answer=paragraphs(one.answer),
                is_reason=one.is_reason,
            )
            for one in answered
        ],
        answered_on=format_date(answered_on),
        score_words=score_words,
    )
