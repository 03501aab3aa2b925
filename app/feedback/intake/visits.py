"""The edge of a visit: the browser's token, the page's form id, where to go next."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.feedback.intake import cookies, sessions
from app.feedback.intake.draft import Draft
from app.feedback.intake.sessions import LASTS, SHARED_LASTS, Purpose
from app.feedback.intake.steps import Step
from app.i18n.catalogues import LANGUAGES, chosen_language
from app.i18n.messages import message
from app.web.form_ids import BadFormId, FormId
from app.web.limits import limits
from app.web.pages import make_form_id, read_form_id

PATH = "/feedback"
SWITCH = "switch"
"""The button that shows a page in the other language, with what is typed on it: nothing is kept, nothing goes on."""
OLDEST_FORM = 24 * 3600  # seconds
STALE = message("Trang này đã mở từ lâu hoặc không đầy đủ. Nội dung vẫn còn dưới đây, xin bấm nút lần nữa.")
BUSY = message("Đang có nhiều người gửi cùng lúc. Xin Ông/Bà chờ một phút rồi gửi lại; nội dung vẫn còn trên trang.")


def token() -> str:
    """The token of this browser's intake, or an empty text."""
    return cookies.token_of(cookies.DOOR)


def form_id_of(of_token: str) -> str:
    """The form id of a page of a session: worth nothing in another one."""
    return make_form_id("door", sessions.digest(of_token).hex())


def read_form(purpose: str, bound_to: str, text: str) -> FormId | None:
    """A form id that came back, unless something is wrong with it."""
    try:
        form = read_form_id(purpose, bound_to, text)
    except BadFormId:
        return None
    return form if -60 <= form.age_seconds(clock.now()) <= OLDEST_FORM else None


def is_own_page(of_token: str, text: str) -> bool:
    """Whether a post came from a page of this very session."""
    return read_form("door", sessions.digest(of_token).hex(), text) is not None


def is_within_limits(of_token: str) -> bool:
    """Count a post of a session; other people behind the same address are not in its way."""
    return limits().allows_page(sessions.digest(of_token).hex())


def give(response: Response, of_token: str, draft: Draft, purpose: Purpose = Purpose.INTAKE) -> Response:
    """Let the browser keep its session."""
    lasts = (SHARED_LASTS if draft.is_shared else LASTS)[purpose]
    cookies.give(response, cookies.DOOR, of_token, paths(draft), int(lasts.total_seconds()))
    return response


def paths(draft: Draft) -> list[str]:
    """Where the cookie is sent: the pages of the door and, so that the way back shows what was typed, the first one."""
    return [PATH] if draft.is_shared or not draft.code else [PATH, f"/q/{draft.code}{PATH}"]


def other_than_default() -> str | None:
    """The language for an address; None for Vietnamese."""
    return None if chosen_language() == LANGUAGES[0] else chosen_language()


def address(endpoint: str, **values: Any) -> str:
    """Address of a page in the present language."""
    return url_for(endpoint, lang=other_than_default(), **values)


def in_other_language(endpoint: str, **values: Any) -> str:
    """Address of a page in the other language."""
    return url_for(endpoint, lang=None if other_than_default() else LANGUAGES[1], **values)


def to(endpoint: str, **values: Any) -> Response:
    """Go to a page after a post."""
    return redirect(address(endpoint, **values), 303)


def to_step(step: Step) -> Response:
    """Go to a page of the door."""
    return to("feedback_files.show") if step is Step.FILES else to("feedback.step", step=step.value)


def step_url(step: Step, *, is_edit: bool = False) -> str:
    """Address of a page of the door; ``is_edit``: it leads back to the last page."""
    edit = 1 if is_edit else None
    if step is Step.FILES:
        return address("feedback_files.show", edit=edit)
    return address("feedback.step", step=step.value, edit=edit)


def is_edit() -> bool:
    """Whether the page was opened from the last one."""
    return request.args.get("edit") == "1"
