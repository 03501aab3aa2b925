"""Compression, and pages kept compressed.

``KeptPage`` holds a rendered page as compressed pieces around the one thing that differs between two citizens, the
form id: only that is compressed anew (a gzip member may consist of separately flushed deflate pieces).
"""

import gzip
import struct
import zlib
from dataclasses import dataclass

from flask import Flask, request
from werkzeug.wrappers import Response

PLACEHOLDER = "FORM-ID-STANDS-HERE"
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LEAST_BYTES = 600
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page cut at its placeholders; ``plain`` and ``packed`` have the same number of pieces."""

    plain: tuple[bytes, ...]
    packed: tuple[bytes, ...]

    @staticmethod
    def of(html: str) -> "KeptPage":
        """Cut and compress a rendered page that holds ``PLACEHOLDER`` where form ids belong."""
        plain = tuple(piece.encode() for piece in html.split(PLACEHOLDER))
        return KeptPage(plain, tuple(_deflate(piece, 9) for piece in plain))

    def response(self, form_id: str) -> Response:
        """The page with ``form_id`` in its places, compressed when the browser takes it."""
        value = form_id.encode()
        body = value.join(self.plain)
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return Response(body, mimetype="text/html")
        tail = struct.pack("<II", zlib.crc32(body), len(body))
        packed = GZIP_HEAD + _deflate(value, 1).join(self.packed) + b"\x03\x00" + tail
        response = Response(packed, mimetype="text/html")
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        return response


def _deflate(piece: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)


def init_compression(app: Flask) -> None:
    """Compress every other response that is worth it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if (
            response.is_streamed
            or response.direct_passthrough
            or "Content-Encoding" in response.headers
            or not (response.mimetype or "").startswith(COMPRESSIBLE)
            or "gzip" not in request.headers.get("Accept-Encoding", "")
        ):
            return response
        body = response.get_data()
        if len(body) >= LEAST_BYTES:
            response.set_data(gzip.compress(body, 5, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            response.headers.add("Vary", "Accept-Encoding")
        return response
