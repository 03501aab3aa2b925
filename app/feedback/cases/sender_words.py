"""What a sender wrote, at any time; whether a text that others will read gives them away, by facts or by sentences."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback.cases.models import Case, CaseQuestion, CaseRating, CaseRequest, Reporter
from app.i18n.folding import fold_words

LEAST_PIECE = 5
PHONE_DIGITS = 9
LONGEST_RUN = 10
"""So many words of the sender in a row are a copy; fewer are the words anybody would use for the matter."""
SHORT_ANSWER = 7
_PIECE = re.compile(r"\S+")
_NOT_A_DIGIT = re.compile(r"\D")


def words_of_sender(session: Session, case: Case) -> tuple[str, ...]:
    """Everything the sender wrote: the text that opened the case, answers, what they asked for, what they think."""
    later = (
        select(CaseQuestion.answer).where(CaseQuestion.case_id == case.id).order_by(CaseQuestion.number),
        select(CaseRequest.reason).where(CaseRequest.case_id == case.id).order_by(CaseRequest.number),
        select(CaseRating.text).where(CaseRating.case_id == case.id).order_by(CaseRating.reply_number),
    )
    return (case.text, *(text for one in later for text in session.scalars(one) if text))


def tells_sender(session: Session, case: Case, text: str) -> bool:
    """Whether a name, address, e-mail or telephone number of the sender stands in a text, however it is written."""
    who = session.get(Reporter, case.id)
    if who is None or who.erased_on is not None:
        return False
    known = [fold_words(one) for one in (who.name, who.email, who.address) if one and len(one) >= LEAST_PIECE]
    phone = _NOT_A_DIGIT.sub("", who.phone or "")[-PHONE_DIGITS:]
    folded = fold_words(text)
    return any(one and one in folded for one in known) or (
        len(phone) == PHONE_DIGITS and phone in _NOT_A_DIGIT.sub("", text)
    )


def copied_of_sender(session: Session, case: Case, text: str) -> str:
    """``copied_from`` whatever the sender wrote. A short answer may be a place or a day that a letter has to name."""
    opened, *later = words_of_sender(session, case)
    found = (copied_from(opened, text), *(copied_from(one, text, SHORT_ANSWER) for one in later))
    return next((run for run in found if run), "")


def copied_from(original: str, text: str, least: int = 4) -> str:
    """The first run of many words that stands in both, as its sender wrote it; empty where there is none.

    ``least``: of a text shorter than such a run, so many words make a copy of the whole.
    """
    words, places = _words_and_places(original)
    runs = {tuple(words[start : start + LONGEST_RUN]): start for start in range(len(words) - LONGEST_RUN + 1)}
    if not runs:  # a short text is copied when all of it is
        whole = " ".join(words)
        return original.strip() if len(words) >= least and whole in fold_words(text) else ""
    given = fold_words(text).split()
    for start in range(len(given) - LONGEST_RUN + 1):
        found = runs.get(tuple(given[start : start + LONGEST_RUN]))
        if found is not None:
            return original[places[found][0] : places[found + LONGEST_RUN - 1][1]]
    return ""


def _words_and_places(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The folded words of a text, and where each stands in it."""
    found = [(word, piece.span()) for piece in _PIECE.finditer(text) for word in fold_words(piece[0]).split()]
    return [word for word, _span in found], [span for _word, span in found]
