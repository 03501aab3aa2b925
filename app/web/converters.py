"""Parts of addresses: the numbers of rows, no larger than a database can hold."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2_147_483_647  # of a four-byte integer column


class RowNumber(IntegerConverter):
    """A number in an address that can be the number of a row; any other address does not exist.

    Only plain digits, and few: Python reads digits of every script, and refuses very long numbers with another error.
    """

    regex = r"[0-9]{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)


def init_converters(app: Flask) -> None:
    """Use it for every ``<int:…>``; called before any route is added."""
    app.url_map.converters["int"] = RowNumber
