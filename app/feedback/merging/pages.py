"""What the page of a case shows of cases handled together with it."""

from collections.abc import Callable, Collection
from datetime import date

from sqlalchemy.orm import Session

from app.feedback.cases import due_words
from app.feedback.cases.access import Viewer
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case
from app.feedback.cases.workflow import UNFINISHED
from app.feedback.merging import queries
from app.i18n.formats import format_moment
from app.web.permissions import Permission

Address = Callable[..., str]


def on_case_page(
    session: Session, viewer: Viewer, case: Case, on: date, url_for: Address, held: Collection[Permission]
) -> dict[str, object]:
    """What ``templates/cases/_merging.html`` needs."""
    found = queries.merged(session, viewer, case.id, on)
    led_by, led = found.led_by, found.led
    may_merge = Permission.CASES_MERGE in held
    is_free = led_by is None and not led and case.state in UNFINISHED
    is_to_answer = case.state is State.CLOSED and any(one.state in UNFINISHED for one in led)
    return {
        "led_by": led_by,
        "led": led,
        "due": due_words.due_lines(session, {one.case_id: (one.state, one.due_on) for one in led}, on),
        "story": found.story,
        "moment": format_moment,
        "case_url": lambda case_id: url_for("case_officer.show", case_id=case_id),
        "choose_url": url_for("case_merging.choose", case_id=case.id) if may_merge and is_free else None,
        "undo_url": url_for("case_merging.undo", case_id=case.id) if may_merge and led_by is not None else None,
        "answers_url": url_for("case_merging.answers", case_id=case.id) if is_to_answer else None,
        "version": case.version,
    }
