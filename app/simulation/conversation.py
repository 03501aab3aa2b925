"""One simulated person's way through the public pages (pure): requests out, replies in, as a browser would do it.

The addresses and form ids come out of the pages; only the first address is known, from the code on the counter.
"""

import html
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

FORM_ID = re.compile(r'name="form_id" value="([^"]+)"')
TAGS = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)
ACTION = re.compile(r'<form[^>]* method="post" action="([^"]+)"')
KIND = re.compile(r'name="kind" value="([a-z]+)" checked')
PROCEDURE = re.compile(r'<select id="procedure".*?<option value="(\d+)"', re.DOTALL)
COUNTER = re.compile(r'<option value="(\d+)" selected>')

# Seconds after the code was scanned. Few different moments, so that many people can share a clock.
TAP_AFTER = 4
HASTY_TAP_AFTER = 1
LOOK_AFTER = 5
HASTY_SEND_AFTER = 8
SEND_AFTER = 150
FEEDBACK_AFTER = 200


class UnexpectedPageError(Exception):
    """A page did not answer as it answers people; the message names the step, the status and the page's text."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """What one person does. ``answers``: field name → value of the details page, None to stop after the tap.

    ``comment`` is sent as it is even where the page warns of personal data; ``feedback`` is a text for the unit, and
    ``about`` what its sender says it is about, ``procedure`` words to find the procedure by, if one is named.
    """

    token: str
    overall_field: str
    tap: int
    answers: Mapping[str, str] | None = None
    feedback: str | None = None
    about: str = "bad_service"
    procedure: str = ""
    language: str = "vi"
    hasty: bool = False
    again: bool = False
    trapped: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; ``form`` None means GET. ``at``: seconds after the scan; ``cookie``: what the browser sends along."""

    at: int
    path: str
    form: Mapping[str, str] | None = None
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``location`` is where a redirect leads, as path and query; ``cookie``: one it set, if any."""

    status: int
    body: str
    location: str | None = None
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a person left behind."""

    tapped: bool
    details: bool
    feedback: bool


Conversation = Generator[Ask, Reply, Outcome]


def visit(visitor: Visitor) -> Conversation:
    """The steps of one visit; raises UnexpectedPageError as soon as a page is not what people get."""
    page = _expect(200, "scan", (yield Ask(0, _first_address(visitor))))
    form = {"form_id": _form_id(page), "website": "https://x.example" if visitor.trapped else ""}
    form[visitor.overall_field] = str(visitor.tap)
    at = HASTY_TAP_AFTER if visitor.hasty else TAP_AFTER
    onward = _expect(303, "tap", (yield Ask(at, _action(page), form))).location or ""
    sent = False
    if visitor.answers is not None:
        sent = yield from _details(visitor, onward, visitor.answers)
    if visitor.feedback is not None:
        yield from _feedback(visitor, visitor.feedback)
    return Outcome(tapped=True, details=sent, feedback=visitor.feedback is not None)


def _first_address(visitor: Visitor) -> str:
    query = {"lang": visitor.language} if visitor.language != "vi" else {}
    query |= {"again": "1"} if visitor.again else {}
    return f"/q/{visitor.token}" + (f"?{urlencode(query)}" if query else "")


def _details(visitor: Visitor, address: str, answers: Mapping[str, str]) -> Generator[Ask, Reply, bool]:
    page = _expect(200, "details", (yield Ask(LOOK_AFTER, address)))
    form = {"form_id": _form_id(page), "website": "", **answers}
    at = HASTY_SEND_AFTER if visitor.hasty else SEND_AFTER
    reply = yield Ask(at, _action(page), form)
    if reply.status == 422:  # the page asks whether a text with personal data is meant
        reply = yield Ask(at, _action(reply), {**form, "form_id": _form_id(reply), "send_as_is": "1"})
    _expect(303, "send", reply)
    return True


def _feedback(visitor: Visitor, text: str) -> Generator[Ask, Reply, None]:
    """Through the door page by page, without files and without a name, until the code is said to be kept."""
    page = _expect(200, "feedback", (yield Ask(FEEDBACK_AFTER, f"/q/{visitor.token}/feedback")))
    form = {"text": text, "about": visitor.about, "send_as_is": "1"}
    page, cookie = yield from _onward("what happened", page, form, "")
    page, cookie = yield from _onward("kind", page, {"kind": _found(KIND, page)}, cookie)
    counter = COUNTER.search(page.body)
    place = {"counter": counter[1] if counter else ""}
    if visitor.procedure:
        place |= {"sought_procedure": visitor.procedure}
        page, cookie = yield from _onward("procedure", page, {**place, "find": "procedure"}, cookie)
        place |= {"procedure": _found(PROCEDURE, page)}
    page, cookie = yield from _onward("place", page, {**place, "go": "1"}, cookie)
    page, cookie = yield from _onward("files", page, {"go": "1"}, cookie)
    page, cookie = yield from _onward("contact", page, {"who": "anonymous"}, cookie)
    page, cookie = yield from _onward("check", page, {}, cookie)
    yield from _onward("code", page, {}, cookie)


def _onward(step: str, page: Reply, fields: Mapping[str, str], cookie: str) -> Generator[Ask, Reply, tuple[Reply, str]]:
    """Send the form of a page and open the page it leads to; the cookie that browser then has."""
    form = {"form_id": _form_id(page), "website": "", **fields}
    sent = _expect(303, step, (yield Ask(FEEDBACK_AFTER, _action(page), form, cookie)))
    cookie = sent.cookie or cookie
    shown = _expect(200, f"after {step}", (yield Ask(FEEDBACK_AFTER, sent.location or "", None, cookie)))
    return shown, cookie


def _expect(status: int, step: str, reply: Reply) -> Reply:
    if reply.status != status:
        text = " ".join(TAGS.sub(" ", reply.body).split())
        message = f"{step}: {reply.status} instead of {status}: {text[:300]}"
        raise UnexpectedPageError(message)
    return reply


def _form_id(page: Reply) -> str:
    return _found(FORM_ID, page)


def _action(page: Reply) -> str:
    parts = urlsplit(_found(ACTION, page))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _found(pattern: re.Pattern[str], page: Reply) -> str:
    match = pattern.search(page.body)
    if match is None:
        message = f"no {pattern.pattern} in the page"
        raise UnexpectedPageError(message)
    return html.unescape(match.group(1))
