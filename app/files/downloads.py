"""The one response for files people sent. Who may have one is decided before, by the row that refers to the file."""

from collections.abc import Iterator
from itertools import chain

from werkzeug.wrappers import Response

from app.errors import Missing
from app.files.gate.models import MediaType
from app.files.gate.queries import Content

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "none",
}
STAFF_ONLY = frozenset({MediaType.PDF})
"""A picture is bare pixels. A document may still hold what harms somebody's reader, so it is not handed on to citizens
under our name: the sender has it, and staff have been told what a download is."""


def file_response(content: Content, *, to_staff: bool, is_redrawn: bool = False) -> Response:
    """A download with a type and name of ours. A range asked for is not given: the whole file is, always.

    ``is_redrawn``: this system drew it anew from pixels, so that also a document holds nothing but pictures.

    Raises
    ------
    Missing
        For a document, unless it goes to staff or was drawn here.
    EncryptionError
        When the stored file was changed. Later pieces can only break the response off.
    """
    if content.media_type in STAFF_ONLY and not (to_staff or is_redrawn):
        raise Missing("Không tìm thấy tệp này.")
    pieces = iter(content.pieces)
    first = next(pieces, b"")  # begun here, so that a changed file gets an error page, and closing closes what is open
    response = Response(_sent(first, pieces), direct_passthrough=True, mimetype=content.media_type.value)
    response.headers["Content-Disposition"] = f'attachment; filename="{content.download_name}"'
    response.headers["Content-Length"] = str(content.size)
    response.headers.update(HEADERS)
    return response


def _sent(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield from chain((first,), pieces)
