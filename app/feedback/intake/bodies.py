"""Reads what a form with files brought: files go straight into quarantine, each stands or falls alone."""

from contextlib import suppress
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from app.feedback.intake.reading import Posted
from app.feedback.intake.uploads import ALLOWED, MEGABYTE
from app.files.gate.kinds import shown_name
from app.files.gate.refusals import FileRefused
from app.files.gate.services import Taken, check_count, give_up, take
from app.i18n.messages import Message, message
from app.keys.start import store_of
from app.web.pages import site

MOST_BODY = ALLOWED.most_files * ALLOWED.most_bytes + MEGABYTE
MOST_DRAINED = 4 * MOST_BODY
MOST_FIELDS = 512 * 1024  # also what the reader may hold at once: well above the pieces it reads
AT_ONCE = 64 * 1024
BODY_TOO_LARGE = message(
    "Lần gửi này lớn hơn %(most)s MB nên không tệp nào được nhận. Xin gửi từng tệp một, hoặc chọn ảnh nhỏ hơn.",
    most=MOST_BODY // MEGABYTE,
)


@dataclass(frozen=True, slots=True)
class Received:
    """What one post brought: files in quarantine, files refused with the reason, the other fields.

    ``is_cut``: the body was too large, nothing of it was read.
    """

    posted: Posted
    taken: tuple[Taken, ...] = ()
    refused: tuple[tuple[str, Message | str], ...] = ()
    is_cut: bool = False


def received(*, is_wanted: bool = True) -> Received:
    """Read the body. One that is too large is read to its end and thrown away: browsers show no page before that."""
    request.max_content_length = MOST_BODY
    request.max_form_memory_size = MOST_FIELDS
    try:
        posted, files = dict(request.form.lists()), request.files.getlist("files")
    except RequestEntityTooLarge:
        drain()
        return Received({}, refused=(("", BODY_TOO_LARGE),), is_cut=True)
    taken, refused = [], []
    for number, file in enumerate(one for one in files if one.filename and is_wanted):
        try:
            check_count(number + 1, ALLOWED)
            taken.append(_taken(file))
        except FileRefused as error:
            refused.append((shown_name(file.filename or ""), error.message))
    return Received(posted, tuple(taken), tuple(refused))


def release(left: list[Taken]) -> None:
    """Erase files that no row names."""
    for one in left:
        give_up(store_of(site().config), one)


def drain() -> None:
    """Read what is left of a body, up to a bound."""
    body, left = request.environ["wsgi.input"], min(request.content_length or 0, MOST_DRAINED)
    with suppress(OSError):
        while left > 0 and (piece := body.read(min(AT_ONCE, left))):
            left -= len(piece)


def _taken(file: FileStorage) -> Taken:
    name, said = file.filename or "", file.content_type or ""
    return take(store_of(site().config), name, file.stream, allowed=ALLOWED, declared_type=said)
