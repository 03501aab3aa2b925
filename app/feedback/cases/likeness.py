"""Which answers say the same: a keyed mark beside each, so that figures find repeated answers and open no text.

Equal but for numbers, case, tone marks and punctuation gives an equal mark. Without the index key a mark tells nothing
but which answers are alike; an answer goes to a sender and is no secret of theirs. Turning the encryption keys leaves
marks as they are (see ``app/crypto/blind_index.py``), and a mark goes with the words of its answer.
"""

import re

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.crypto.blind_index import blind_index
from app.feedback.cases.models import CaseErasure, CaseReply, Erased
from app.i18n.folding import fold_words

PURPOSE = "case_reply.text"
NUMBERS = re.compile(r"\d+")
AT_ONCE = 50


def mark_of(text: str) -> bytes:
    """The mark of an answer."""
    return blind_index(PURPOSE, text, normalise=bare_words)


def bare_words(text: str) -> str:
    """What two answers have in common that differ in numbers and in the way they are typed only."""
    return NUMBERS.sub("#", fold_words(text))


def mark_missing(session: Session, most: int = AT_ONCE) -> int:
    """Mark answers that were stored before there were marks; how many. Erased ones stay without."""
    erased = exists().where(CaseErasure.case_id == CaseReply.case_id, CaseErasure.what == Erased.WORDS)
    found = session.scalars(
        select(CaseReply)
        .where(CaseReply.likeness.is_(None), ~erased)
        .order_by(CaseReply.case_id, CaseReply.number)
        .limit(most)
        .with_for_update()
    ).all()
    for reply in found:
        reply.likeness = mark_of(reply.text)
    return len(found)
