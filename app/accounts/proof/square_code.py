"""A square code as one SVG path, for the page on which an authenticator is enrolled (pure)."""

from dataclasses import dataclass

import qrcode

QUIET = 4  # modules of white around the code that readers need


@dataclass(frozen=True, slots=True)
class SquareCode:
    """What the template draws: the side of the picture in modules and the path of the dark ones."""

    side: int
    path: str


def square_code(text: str) -> SquareCode:
    """The code of a text."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    dark = (f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return SquareCode(len(rows), "".join(dark))
