"""What can go wrong when keys are made, rotated or retired: for whoever runs the server."""

from app.errors import Conflict


class RotationRunning(Conflict):
    """Another process is at it."""


class KeysNotMade(Conflict):
    """Keys cannot be made here: there are some, or the data were encrypted with others."""


class NothingToRotate(Conflict):
    """There is no newer key to go over to."""


class StillInUse(Conflict):
    """A key cannot be retired, because something is or may yet be encrypted with it."""
