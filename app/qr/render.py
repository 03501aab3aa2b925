"""Draw a QR code: as SVG, as PNG and with block characters in a terminal. The matrix comes from `qrcode`."""

import struct
import zlib
from collections.abc import Iterator
from html import escape
from itertools import pairwise

# The margin the standard asks for, in modules.
QUIET_ZONE = 4

Matrix = tuple[tuple[bool, ...], ...]
Corner = tuple[int, int]


def matrix(text: str) -> Matrix:
    """The code of `text` as rows of modules, True = dark, with the quiet zone of four modules around it.

    Level Q: about a quarter of the code may be dirty or worn off. Text of digits, capitals and
    `$%*+-./: ` is written in alphanumeric mode. Raises ValueError when the text is empty or does not fit into the
    largest code (about 1,600 bytes).
    """
    from qrcode.constants import ERROR_CORRECT_Q
    from qrcode.exceptions import DataOverflowError
    from qrcode.main import QRCode

    if not text:
        raise ValueError("a code needs a text")
    code: QRCode = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(text, optimize=0)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise ValueError(f"text of {len(text)} characters does not fit into a code") from error
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


def svg_path(modules: Matrix) -> str:
    """Path data (one unit = one module) of the outlines of the dark areas.

    Outlines instead of one bar per row: neighbouring bars show hairlines between them in some viewers and printers.
    """
    return "".join(_subpath(loop) for loop in _outlines(modules))


def svg(text: str, *, title: str | None = None) -> str:
    """The code as an SVG document that scales to any size; `title` is what a screen reader says."""
    modules = matrix(text)
    size = len(modules)
    name = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img">{name}'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{svg_path(modules)}"/></svg>'
    )


def png(text: str, *, scale: int = 12) -> bytes:
    """The code as a black and white PNG of one bit a pixel, `scale` pixels a module."""
    if scale < 1:
        raise ValueError("scale must be at least 1")
    modules = matrix(text)
    size = len(modules) * scale
    rows = b"".join(_scan_line(row, scale) * scale for row in modules)
    header = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)  # 1 bit deep, greyscale, not interlaced
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def terminal(text: str) -> str:
    """The code for a terminal, two modules a character, black on white whatever colours the terminal uses."""
    modules = matrix(text)
    blank = (False,) * len(modules)
    lines = []
    for top in range(0, len(modules), 2):
        upper, lower = modules[top], modules[top + 1] if top + 1 < len(modules) else blank
        blocks = "".join(" ▄▀█"[2 * above + below] for above, below in zip(upper, lower, strict=True))
        lines.append(f"\x1b[38;5;16;48;5;231m{blocks}\x1b[0m\n")
    return "".join(lines)


def _scan_line(row: tuple[bool, ...], scale: int) -> bytes:
    """One line of pixels: filter byte 0, then the bits, 0 = black, padded with white to whole bytes."""
    bits = "".join(("0" if dark else "1") * scale for dark in row)
    bits += "1" * (-len(bits) % 8)
    return b"\x00" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _edges(modules: Matrix) -> dict[Corner, list[Corner]]:
    """Unit edges between dark and light, by their start, each with the dark module on its right hand."""
    size = len(modules)
    edges: dict[Corner, list[Corner]] = {}
    for y in range(size):
        for x in range(size):
            if not modules[y][x]:
                continue
            sides = (
                (y == 0 or not modules[y - 1][x], (x, y), (x + 1, y)),
                (x == size - 1 or not modules[y][x + 1], (x + 1, y), (x + 1, y + 1)),
                (y == size - 1 or not modules[y + 1][x], (x + 1, y + 1), (x, y + 1)),
                (x == 0 or not modules[y][x - 1], (x, y + 1), (x, y)),
            )
            for open_side, start, end in sides:
                if open_side:
                    edges.setdefault(start, []).append(end)
    return edges


def _outlines(modules: Matrix) -> Iterator[list[Corner]]:
    """Closed loops of corners around the dark areas; holes run the other way round (so any fill rule works)."""
    edges = _edges(modules)
    while edges:
        start = next(iter(edges))
        loop, here = [start], start
        while True:
            ends = edges[here]
            end = ends.pop()
            if not ends:
                del edges[here]
            if len(loop) > 1 and _straight(loop[-2], here, end):
                loop[-1] = end
            else:
                loop.append(end)
            here = end
            if here == start:
                break
        yield loop[:-1]


def _straight(first: Corner, middle: Corner, last: Corner) -> bool:
    return first[0] == middle[0] == last[0] or first[1] == middle[1] == last[1]


def _subpath(loop: list[Corner]) -> str:
    steps = [f"M{loop[0][0]} {loop[0][1]}"]
    for (x, y), (next_x, next_y) in pairwise(loop):
        steps.append(f"h{next_x - x}" if y == next_y else f"v{next_y - y}")
    return "".join(steps) + "z"
