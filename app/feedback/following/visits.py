"""The edge of following: the browser's token, the session behind it, form ids, limits, addresses.

A session lives at least twenty minutes after the last page or post. Reading a page only pushes its end on; nothing that
a sender or an office would notice changes by a GET.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import redirect, request, url_for
from limits import parse
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import transaction
from app.feedback.following.services import Followed, What
from app.feedback.intake import cookies, sessions
from app.feedback.intake.sessions import LASTS, Kept, Purpose
from app.i18n.catalogues import LANGUAGES, chosen_language
from app.web.form_ids import BadFormId, FormId
from app.web.limits import limits
from app.web.pages import make_form_id, read_form_id

PATH = "/follow"
COOKIE_SECONDS = 12 * 3600
OLDEST_FORM = 24 * 3600  # seconds
IDLE = LASTS[Purpose.FOLLOW] - sessions.ROUNDED
MOST_SPENT = 40
PER_DEVICE = parse("12/minute")
PER_CODE = parse("12/minute")
PER_ADDRESS = parse("240/minute")
WAIT_SECONDS = 60


def token() -> str:
    """The token of this browser, or an empty text."""
    return cookies.token_of(cookies.FOLLOW)


def kept(session: Session, *, lock: bool = False) -> Kept | None:
    """What this browser follows, if its time is not over."""
    return sessions.load(session, token(), Purpose.FOLLOW, lock=lock)


def followed(of: Kept) -> Followed:
    """What a session opens."""
    return Followed(What(of.state["what"]), of.state["id"])


def begin(session: Session, found: Followed, draft: Mapping[str, str]) -> str:
    """A fresh session; the one this browser had is over."""
    if old := token():
        sessions.end(session, sessions.digest(old))
    state: dict[str, Any] = {"what": found.what.value, "id": found.id, "spent": []}
    return sessions.begin(session, Purpose.FOLLOW, {**state, "draft": dict(draft)})


def touch(of: Kept) -> None:
    """Push the end of a session on when it comes near."""
    if of.expires_at - clock.now() >= IDLE:
        return
    with transaction() as session:
        again = sessions.load(session, token(), Purpose.FOLLOW, lock=True)
        if again is not None:
            sessions.save(session, again, again.state)


def spend(session: Session, of: Kept, form: FormId, **more: Any) -> None:
    """Remember that a form has done its work, so that sending it again does nothing."""
    spent = [*of.state.get("spent", ()), form.value.hex()][-MOST_SPENT:]
    sessions.save(session, of, {**of.state, "draft": {}, "refused": [], **more, "spent": spent})


def is_spent(of: Kept, form: FormId) -> bool:
    """Whether the form was sent before."""
    return form.value.hex() in of.state.get("spent", ())


def entry_form_id() -> str:
    """The form id of the page on which a code is typed."""
    return make_form_id("follow", "")


def read_entry_form(text: str) -> FormId | None:
    """The same when it comes back, unless something is wrong with it."""
    return _read("follow", "", text)


def form_id(act: str) -> str:
    """The form id of an act; worth nothing in another session or for another act."""
    return make_form_id(f"follow-{act}", sessions.digest(token()).hex())


def read_form(act: str, text: str) -> FormId | None:
    """The same when it comes back."""
    return _read(f"follow-{act}", sessions.digest(token()).hex(), text)


def _read(purpose: str, bound_to: str, text: str) -> FormId | None:
    try:
        form = read_form_id(purpose, bound_to, text)
    except BadFormId:
        return None
    return form if -60 <= form.age_seconds(clock.now()) <= OLDEST_FORM else None


def allows_try(form: FormId, index: bytes) -> bool:
    """Count a typed code. Device and code come first; an address is a hall full of people and has a wide ceiling."""
    found = limits()
    within = [
        found.hit(PER_DEVICE, "follow-form", form.value.hex()),
        found.hit(PER_CODE, "follow-code", index.hex()),
        found.hit(PER_ADDRESS, "follow-network", found.network()),
    ]
    return all(within)


def allows_act(form: FormId) -> bool:
    """Count a post of a session."""
    return limits().allows_post(form.value.hex(), sessions.digest(token()).hex())


def give(response: Response, new: str) -> Response:
    """Let the browser keep its session; the row decides how long it lives."""
    cookies.give(response, cookies.FOLLOW, new, [PATH], COOKIE_SECONDS)
    return response


def take_back(response: Response) -> Response:
    """Let the browser forget it."""
    cookies.take_back(response, cookies.FOLLOW, [PATH])
    return response


def address(endpoint: str, **values: Any) -> str:
    """Address of a page in the present language."""
    return url_for(endpoint, lang=_other_than_default(), **values)


def in_other_language(endpoint: str, **values: Any) -> str:
    """Address of a page in the other language."""
    return url_for(endpoint, lang=None if _other_than_default() else LANGUAGES[1], **values)


def to(endpoint: str, **values: Any) -> Response:
    """Go to a page after a post."""
    return redirect(address(endpoint, **values), 303)


def until_words(idle: timedelta = IDLE) -> int:
    """Minutes a page may lie unused."""
    return int(idle.total_seconds() // 60)


def _other_than_default() -> str | None:
    return None if chosen_language() == LANGUAGES[0] else chosen_language()


def is_trapped(posted: Mapping[str, Sequence[str]]) -> bool:
    """Whether a field that people cannot see was filled in."""
    return any(posted.get("website", ()))


def asked(name: str) -> str:
    """A value in the address."""
    return request.args.get(name, "")
