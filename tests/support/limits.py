"""The limits count real minutes; a test that lives through hours in a second ends them itself."""

from flask import Flask

from app.web.limits import EXTENSION


def end_minute(app: Flask) -> None:
    """Begin to count anew, as the limits do when a minute is over."""
    app.extensions[EXTENSION]._limiter.storage.reset()
