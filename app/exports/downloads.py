"""From a finished file to a response: a name without surprises, nothing kept in any cache."""

import re
from collections.abc import Iterator
from datetime import date
from typing import IO

from werkzeug.wrappers import Response

from app.exports.services import MIME_TYPES, MadeFile
from app.i18n.folding import fold

UNSAFE = re.compile(r"[^a-z0-9]+")
SIMULATED_PREFIX = "mo-phong"
BLOCK = 1 << 16


def file_name(*parts: object, as_of: date, extension: str, simulated: bool) -> str:
    """An ASCII name of lower-case words: ket-qua-06652-2026-10-den-20261120.csv, mo-phong-… for simulated data."""
    words = [SIMULATED_PREFIX] if simulated else []
    words += [UNSAFE.sub("-", fold(str(part))).strip("-")[:60] for part in parts]
    words.append(f"den-{as_of:%Y%m%d}")
    return f"{'-'.join(word for word in words if word)}.{extension}"


def send(made: MadeFile, name: str) -> Response:
    """The file as a download; it is closed, and thereby gone, when the response has been sent."""
    response = Response(_blocks(made.file), direct_passthrough=True)
    response.call_on_close(made.file.close)
    return dress(response, MIME_TYPES[made.file_format], name, made.size)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block


def dress(response: Response, mime_type: str, name: str, size: int) -> Response:
    """Set the headers of a download."""
    response.headers["Content-Type"] = mime_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Length"] = str(size)
    response.headers["Cache-Control"] = "no-store"
    return response
