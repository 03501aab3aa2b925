"""Pictures inside a PDF keep their pixels as they are and lose what a camera wrote beside them, place and time."""

import re
import zlib
from typing import Any

from pypdf.generic import DictionaryObject, NameObject

from app.files.gate.child.objects import listed, value_of
from app.files.gate.child.refused import UNREADABLE, Refused

MOST_PACKED_BYTES = 64 * 1024 * 1024
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_KEPT_APPLICATION_SEGMENTS = (0xE0, 0xEE)  # JFIF, and Adobe's, which tells how the colours are coded
_KEPT_BOXES = (b"jP  ", b"ftyp", b"jp2h", b"jp2c")


def strip(stream: Any) -> None:
    """Clean a stream that holds a JPEG or JPEG 2000 picture; any other stays. Raises ``Refused``."""
    names = [str(one) for one in listed(value_of(stream, "/Filter"))] or [""]
    if names[-1] not in ("/DCTDecode", "/DCT", "/JPXDecode"):
        if not {"/DCTDecode", "/DCT", "/JPXDecode"}.isdisjoint(names):
            raise Refused(UNREADABLE)
        return
    packed = stream._data  # noqa: SLF001 - the library offers the unpacked picture only
    if len(names) == 2 and names[0] in ("/FlateDecode", "/Fl") and not _has_parameters(stream):
        packed = _inflated(packed)
    elif len(names) != 1:
        raise Refused(UNREADABLE)
    stream._data = without_boxes(packed) if names[-1] == "/JPXDecode" else without_segments(packed)  # noqa: SLF001
    stream[NameObject("/Filter")] = NameObject(names[-1])


def without_segments(data: bytes) -> bytes:
    """A JPEG without application segments and comments, and without anything after its end."""
    start = data.find(b"\xff\xd8")
    if start < 0:
        raise Refused(UNREADABLE)
    kept, place = [b"\xff\xd8"], start + 2
    while True:
        found = _NEXT_MARKER.search(data, place)
        if found is None:  # cut off: what there is can still be seen
            kept.append(data[place:])
            break
        if found.start() > place:
            kept.append(data[place : found.start()])  # the coded picture
        marker, place = found[0][1], found.end()
        if marker == 0xD9:
            break
        length = int.from_bytes(data[place : place + 2], "big")
        if (0xE0 <= marker <= 0xEF and marker not in _KEPT_APPLICATION_SEGMENTS) or marker == 0xFE:
            place += max(2, length)
            continue
        kept.append(found[0] + data[place : place + max(2, length)])
        place += max(2, length)
    return b"".join([*kept, b"\xff\xd9"])


def without_boxes(data: bytes) -> bytes:
    """A JPEG 2000 file with the boxes of its picture only; a bare code stream stays as it is."""
    if data.startswith(b"\xff\x4f\xff\x51"):
        return data
    kept, place = [], 0
    while place + 8 <= len(data):
        length, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if length == 1:
            length = int.from_bytes(data[place + 8 : place + 16], "big")
        elif length == 0:
            length = len(data) - place
        if length < 8:
            raise Refused(UNREADABLE)
        if name in _KEPT_BOXES:
            kept.append(data[place : place + length])
        place += length
    return b"".join(kept)


def _has_parameters(stream: Any) -> bool:
    parameters = (one for one in listed(value_of(stream, "/DecodeParms")) if isinstance(one, DictionaryObject))
    return any(value_of(one, "/Predictor") not in (None, 1) for one in parameters)


def _inflated(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    found = unpacker.decompress(data, MOST_PACKED_BYTES)
    if unpacker.unconsumed_tail:
        raise Refused(UNREADABLE)
    return found
