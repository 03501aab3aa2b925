"""Parts of addresses: numbers of rows no larger than a database can hold, words without control characters."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

LARGEST = 2_147_483_647  # of a four-byte integer column


class RowNumber(IntegerConverter):
    """A number in an address that can be the number of a row; any other address does not exist.

    Only plain digits, and few: Python reads digits of every script, and refuses very long numbers with another error.
    """

    regex = r"[0-9]{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)


class Word(UnicodeConverter):
    """A part of an address as people type it; with a control character in it (no database takes NUL) it is unknown."""

    def to_python(self, value: str) -> str:
        """Refuse what no text of ours can hold."""
        if any(ord(character) < 32 for character in value):
            raise ValidationError
        return str(super().to_python(value))


def init_converters(app: Flask) -> None:
    """Use them for every ``<int:…>`` and ``<…>``; called before any route is added."""
    app.url_map.converters["int"] = RowNumber
    app.url_map.converters["default"] = app.url_map.converters["string"] = Word
