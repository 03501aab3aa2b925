"""Messages of pure modules: Vietnamese text that remembers how it was made, so that a page can translate it."""

from collections.abc import Mapping


class Message(str):
    """A Vietnamese sentence; ``source`` is what the catalogues know, ``values`` what was put into it."""

    __slots__ = ("source", "values")

    source: str
    values: Mapping[str, object]


def message(source: str, /, **values: object) -> Message:
    """Make a message, such as ``message("Từ %(low)s đến %(high)s.", low=1, high=5)``.

    The source stands in the call itself, where tools/extract_messages.py finds it.
    """
    made = Message(source % values if values else source)
    made.source, made.values = source, values
    return made
