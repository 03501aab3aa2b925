"""Width, height and movement of a picture, from its header alone: nothing is decoded (pure)."""

from dataclasses import dataclass
from typing import IO

from app.files.gate.kinds import Kind

MOST_SEGMENTS = 4000
MOST_META_BYTES = 1 << 20
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


class BadHeader(Exception):
    """The header is cut off or makes no sense."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a header says."""

    width: int
    height: int
    is_animated: bool = False


def picture(content: IO[bytes], kind: Kind) -> Picture:
    """Read the header; the place in ``content`` is anywhere afterwards. Raises ``BadHeader``."""
    content.seek(0)
    reader = {Kind.JPEG: _jpeg, Kind.PNG: _png, Kind.WEBP: _webp, Kind.HEIC: _heic}[kind]
    found = reader(content)
    if not found.width or not found.height:
        raise BadHeader
    return found


def _take(content: IO[bytes], count: int) -> bytes:
    data = content.read(count)
    if len(data) != count:
        raise BadHeader
    return data


def _number(data: bytes, byteorder: str = "big") -> int:
    return int.from_bytes(data, "little" if byteorder == "little" else "big")


def _jpeg(content: IO[bytes]) -> Picture:
    """Walk the segments up to the frame header; one that tells its height only at the end (DNL) is no camera's."""
    _take(content, 2)
    for _ in range(MOST_SEGMENTS):
        if _take(content, 1) != b"\xff":
            raise BadHeader
        marker = 0xFF
        while marker == 0xFF:
            marker = _take(content, 1)[0]
        if marker in _WITHOUT_LENGTH:
            continue
        length = _number(_take(content, 2))
        if marker in (0xD8, 0xD9, 0xDA) or length < 2:
            raise BadHeader
        if marker in _FRAMES:
            frame = _take(content, 5)
            return Picture(_number(frame[3:5]), _number(frame[1:3]))
        content.seek(length - 2, 1)
    raise BadHeader


def _png(content: IO[bytes]) -> Picture:
    start = _take(content, 29)
    if start[12:16] != b"IHDR":
        raise BadHeader
    _take(content, 4)
    for _ in range(MOST_SEGMENTS):
        length, name = _number(_take(content, 4)), _take(content, 4)
        if name in (b"acTL", b"fcTL", b"fdAT"):
            return Picture(_number(start[16:20]), _number(start[20:24]), is_animated=True)
        if name in (b"IDAT", b"IEND"):
            return Picture(_number(start[16:20]), _number(start[20:24]))
        content.seek(length + 4, 1)
    raise BadHeader


def _webp(content: IO[bytes]) -> Picture:
    head = _take(content, 30)
    form, data = head[12:16], head[20:30]
    if form == b"VP8X":
        width, height = _number(data[4:7], "little") + 1, _number(data[7:10], "little") + 1
        return Picture(width, height, is_animated=bool(data[0] & 0x02))
    if form == b"VP8L" and data[0] == 0x2F:
        bits = _number(data[1:5], "little")
        return Picture((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if form == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        return Picture(_number(data[6:8], "little") & 0x3FFF, _number(data[8:10], "little") & 0x3FFF)
    raise BadHeader


def _heic(content: IO[bytes]) -> Picture:
    """The largest of the sizes in the ``meta`` box: the whole picture, its tiles and its thumbnail have one each."""
    for _ in range(MOST_SEGMENTS):
        length, name = _number(_take(content, 4)), _take(content, 4)
        if name == b"meta" and 12 <= length <= MOST_META_BYTES:
            sizes = list(_sizes(_take(content, length - 8)[4:]))
            if not sizes:
                raise BadHeader
            return max(sizes, key=lambda one: one.width * one.height)
        if length < 8:
            raise BadHeader
        content.seek(length - 8, 1)
    raise BadHeader


def _sizes(boxes: bytes) -> list[Picture]:
    found: list[Picture] = []
    place = 0
    while place + 8 <= len(boxes):
        length, name = _number(boxes[place : place + 4]), boxes[place + 4 : place + 8]
        inside = boxes[place + 8 : place + length]
        if length < 8:
            raise BadHeader
        if name in (b"iprp", b"ipco"):
            found += _sizes(inside)
        elif name == b"ispe" and len(inside) >= 12:
            found.append(Picture(_number(inside[4:8]), _number(inside[8:12])))
        place += length
    return found
