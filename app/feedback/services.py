"""Take what citizens write. Callers own the transaction."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import clock
from app.crypto.types import in_row
from app.feedback.errors import AlreadySent
from app.feedback.models import Feedback
from app.feedback.numbers import new_public_number
from app.i18n.messages import message

TRIES = 5


def open_feedback(session: Session, form_id: bytes, unit_id: int, counter_id: int, text: str) -> str:
    """Store a cleaned text for a unit and counter, today; its public number.

    Sending the same form again gives the same number and stores nothing, however many processes do it at once.

    Raises
    ------
    AlreadySent
        When the form came back with another text, which must not be lost unseen.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    for _ in range(TRIES):
        number = new_public_number()
        session.execute(
            insert(Feedback)
            .values(
                public_number=number,
                form_id=form_id,
                unit_id=unit_id,
                counter_id=counter_id,
                received_on=clock.local_date(),
                text=in_row(text, number),
            )
            # Either the form was sent before, or (hardly ever) the number is taken; the look-up below tells which.
            .on_conflict_do_nothing()
        )
        stored = session.scalar(select(Feedback).where(Feedback.form_id == form_id))
        if stored is not None:
            break
    else:
        raise RuntimeError("no free public number found")
    if stored.text != text:
        raise AlreadySent(
            message("Nội dung gửi lần trước đã được nhận. Nếu muốn gửi thêm nội dung này, xin bấm Gửi lần nữa.")
        )
    return stored.public_number
