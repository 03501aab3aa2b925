"""What can go wrong when feedback arrives."""

from app.errors import Conflict


class AlreadySent(Conflict):
    """A form was sent before, with another text."""
