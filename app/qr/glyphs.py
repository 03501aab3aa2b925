"""Which characters a TrueType font can draw, read from its character map.

Cards are printed with vendored fonts and no others. A character the font lacks would stop the whole file (the
accessibility standard refuses text that cannot be shown), so it is found beforehand.
"""

import struct
from functools import cache
from pathlib import Path

_WINDOWS_UNICODE = (3, 1)
_SEGMENT_MAP = 4


@cache
def drawable(font: Path) -> frozenset[str]:
    """The characters of the Basic Multilingual Plane that the font has a glyph for.

    Raises ValueError when the file has no character map of format 4 (every font made for Windows has one).
    """
    data = font.read_bytes()
    start = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * index)
        (kind,) = struct.unpack_from(">H", data, start + offset)
        if (platform, encoding) == _WINDOWS_UNICODE and kind == _SEGMENT_MAP:
            return frozenset(_mapped(data, start + offset))
    raise ValueError(f"{font.name} has no Unicode character map")


def _table(data: bytes, tag: bytes) -> int:
    """Offset of a table in the font file (OpenType specification, table directory)."""
    (count,) = struct.unpack_from(">H", data, 4)
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError(f"font without table {tag.decode()}")


def _mapped(data: bytes, start: int) -> list[str]:
    """Characters of a format 4 subtable that lead to a glyph other than 0."""
    segments = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends, starts, deltas, offsets = (start + 14 + at * segments * 2 + (2 if at else 0) for at in range(4))
    found = []
    for segment in range(segments):
        end, first, delta, offset = (
            struct.unpack_from(">H", data, array + 2 * segment)[0] for array in (ends, starts, deltas, offsets)
        )
        for code in range(first, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                at = offsets + 2 * segment + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", data, at)
            if (offset == 0 or glyph) and (glyph + delta) & 0xFFFF:
                found.append(chr(code))
    return found
