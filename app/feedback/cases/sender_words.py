"""Whether a text that others will read gives its sender away: by what is known of them, or by their own sentences."""

import re

from sqlalchemy.orm import Session

from app.feedback.cases.models import Case, Reporter
from app.i18n.folding import fold_words

LEAST_PIECE = 5
PHONE_DIGITS = 9
LONGEST_RUN = 10
"""So many words of the sender in a row are a copy; fewer are the words anybody would use for the matter."""
_NOT_A_DIGIT = re.compile(r"\D")


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


def copied_from(original: str, text: str) -> str:
    """The first run of many words that stands in both, as its beginning; empty where there is none."""
    words = fold_words(original).split()
    runs = {tuple(words[start : start + LONGEST_RUN]) for start in range(len(words) - LONGEST_RUN + 1)}
    if not runs:  # a short text is copied when all of it is
        whole = " ".join(words)
        return whole if words and len(words) > 3 and whole in fold_words(text) else ""
    given = fold_words(text).split()
    for start in range(len(given) - LONGEST_RUN + 1):
        if tuple(given[start : start + LONGEST_RUN]) in runs:
            return " ".join(given[start : start + LONGEST_RUN])
    return ""
