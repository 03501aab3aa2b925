"""What can go wrong with officers."""

from app.errors import Conflict, Invalid, Missing
from app.units.queries import UnknownUnit

__all__ = [
    "NotAUsername",
    "NotGrantable",
    "OwnAccount",
    "UnknownOfficer",
    "UnknownUnit",
    "UsernameTaken",
    "WeakPassword",
    "WrongPassword",
]


class UnknownOfficer(Missing):
    """No such officer, or not one the asker may manage."""


class UsernameTaken(Conflict):
    """Another officer signs in with this name."""


class NotAUsername(Invalid):
    """The name has signs that a user name cannot have."""


class WeakPassword(Invalid):
    """The new password breaks a rule."""


class WrongPassword(Invalid):
    """The present password is not right."""


class NotGrantable(Invalid):
    """The role does not fit the unit, or lies outside what the granting officer manages."""


class OwnAccount(Conflict):
    """An officer cannot do this to their own account."""
