"""Who is perhaps meant by "cô Hai": a hint to whoever hands a case out, never an exclusion by itself.

By the last name alone only the people of the counter are excluded: elsewhere too many are called alike.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.feedback.cases.models import Case
from app.feedback.cases.sender_words import words_of_sender
from app.feedback.conflicts.naming import Text

HINT = "Người gửi có nhắc đến người được gọi như vậy, có thể là: %s. Xin hỏi rõ trước khi giao."


def meant(session: Session, case: Case, people: Mapping[int, Officer]) -> str:
    """What to say of some officers whom the sender may have called by their last name; empty where there is none."""
    text = Text("\n".join(words_of_sender(session, case)))
    found = [f"{one.full_name} (“{called}”)" for one in people.values() if (called := text.called_as(one.full_name))]
    return HINT % "; ".join(sorted(set(found))) if found else ""
